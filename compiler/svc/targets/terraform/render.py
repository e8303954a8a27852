"""A module to its files."""

from __future__ import annotations

from collections.abc import Iterator

from svc.targets.protocol import Rendered
from svc.targets.terraform.readme import readme
from svc.targets.terraform.types import KEY, Module, Values
from svc.targets.terraform.write import Printed, write_attributes, write_blocks

_HOW = {
    "tfvars": "pass them as TF_VAR_<name>, or in a -var-file of your own.",
    "tfbackend": "pass them to terraform init as -backend-config=<name>=<value>.",
}


def render(module: Module) -> Rendered:
    files: dict[str, str] = {}
    printed: dict[str, Printed] = {}
    for name, blocks in module.files.items():
        path = f"{module.path}/{name}"
        printed[path] = write_blocks(blocks, module.header)
        files[path] = printed[path].text
    for name, values in module.values.items():
        files[f"{module.path}/{name}"] = "\n".join(_values(module.header, values, name))
    if module.files:
        files[f"{module.path}/README.md"] = readme(module)
    return Rendered(
        files,
        lambda: {(KEY, at): (path, line) for path, one in printed.items() for at, line in one.at.items() if at},
    )


def _values(header: str, values: Values, name: str) -> Iterator[str]:
    yield f"# {header}"
    yield ""
    if values.attributes:
        yield write_attributes(values.attributes).text
    if values.missing:
        yield f"# The spec does not know these: {_HOW[name.rpartition('.')[2]]}"
        yield from (f"# - {name}: {text}" for name, text in values.missing)
        yield ""
