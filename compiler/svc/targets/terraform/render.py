"""A module to its files."""

from __future__ import annotations

from collections.abc import Iterator

from svc.targets.protocol import Lines, Rendered
from svc.targets.terraform.readme import readme
from svc.targets.terraform.types import KEY, Module, Values
from svc.targets.terraform.write import lines, write_attributes, write_blocks

_HOW = {
    "tfvars": "pass them as TF_VAR_<name>, or in a -var-file of your own.",
    "tfbackend": "pass them to terraform init as -backend-config=<name>=<value>.",
}


def render(module: Module) -> Rendered:
    files: dict[str, str] = {}
    for name, blocks in module.files.items():
        files[f"{module.path}/{name}"] = write_blocks(blocks, module.header)
    for name, values in module.values.items():
        files[f"{module.path}/{name}"] = "\n".join(_values(module.header, values, name))
    if module.files:
        files[f"{module.path}/README.md"] = readme(module)
    return Rendered(files, lambda: _lines(module))


def _lines(module: Module) -> Lines:
    """Where each route of each file is."""
    return {
        (KEY, at): (f"{module.path}/{name}", line)
        for name, blocks in module.files.items()
        for at, line in lines(blocks, module.header).items()
        if at
    }


def _values(header: str, values: Values, name: str) -> Iterator[str]:
    yield f"# {header}"
    yield ""
    if values.attributes:
        yield f"{write_attributes(values.attributes)}\n"
    if values.missing:
        yield f"# The spec does not know these: {_HOW[name.rpartition('.')[2]]}"
        yield from (f"# - {name}: {text}" for name, text in values.missing)
        yield ""
