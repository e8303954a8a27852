"""Whether a module takes it that a variable becomes sensitive: what is made of it is sensitive too, and Terraform refuses
that in an output that is not, in `for_each`, in what an error says and in the id of an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from svc.diagnostics import Route
from svc.edit.types import RefusedError
from svc.records import dataclass
from svc.targets.named import TERRAFORM
from svc.targets.terraform.read_json import read_file
from svc.targets.terraform.references import attributes, code, paths, texts
from svc.targets.terraform.scan import TerraformError
from svc.targets.terraform.types import PROVIDED, Attribute, Block

_ASIDE = frozenset({"count", "depends_on", "provider", "providers", "ignore_changes", "replace_triggered_by"})
"""What they are given makes nothing else sensitive."""


@dataclass(frozen=True, slots=True)
class _Use:
    """The names in an expression, what is made of it, and why it may not be sensitive."""

    names: frozenset[str]
    makes: tuple[str, ...] = ()
    refused: str = ""


def taken(variable: Route, file: str, given: Mapping[str, str]) -> None:
    """Raises RefusedError where Terraform would refuse the module that a file is of, or may, once a variable is sensitive."""
    folder = file.rpartition("/")[0]
    files = [
        (name, text) for name, text in given.items() if name.endswith(TERRAFORM) and name.rpartition("/")[0] == folder
    ]
    found = {f"var.{variable[1]}"}
    left = _uses(tuple(files))
    while True:
        reading: list[_Use] = []
        rest: list[_Use] = []
        for one in left:
            (reading if any(_reads(path, found) for path in one.names) else rest).append(one)
        for one in reading:
            if one.refused:
                raise RefusedError(one.refused)
        more = {made for one in reading for made in one.makes} - found
        if not more:
            return
        found |= more
        left = rest


def _reads(path: str, found: set[str]) -> bool:
    """Whether a name is one of these, lies in one, or has one in it."""
    parts = path.split(".")
    if any(".".join(parts[:length]) in found for length in range(2, len(parts) + 1)):
        return True
    return len(parts) <= 3 and any(one.startswith(f"{path}.") for one in found)


@lru_cache(maxsize=4)
def _uses(files: tuple[tuple[str, str], ...]) -> Sequence[_Use]:
    return tuple(use for name, text in files for block in _blocks(name, text) for use in _of_block(block))


def _blocks(name: str, text: str) -> Sequence[Block]:
    try:
        return read_file(name, text.replace("\r\n", "\n"))
    except (TerraformError, IndexError):
        raise RefusedError(f"{name} cannot be read, and may use it") from None


def _of_block(block: Block) -> Iterator[_Use]:
    title = f"`{'.'.join((block.type, *block.labels))}`"
    shown = block.type == "output" and block.attributes.get("sensitive") is not True
    for part in block.body:
        for attribute in (part,) if isinstance(part, Attribute) else (one for _, one, _ in attributes(part, ())):
            names = frozenset() if attribute.name in _ASIDE else _names(attribute)
            if not names:
                continue
            refused = ""
            if attribute.name == "for_each":
                refused = f"`for_each` of {title} reads it, and takes nothing sensitive"
            elif attribute.name == "error_message":
                refused = f"`error_message` of {title} shows it, and takes nothing sensitive"
            elif block.type == "import":
                refused = "an `import` block reads it, and takes nothing sensitive"
            elif shown and attribute is part and attribute.name == "value":
                refused = f"{title} shows it, and would have to be sensitive too"
            yield _Use(names, tuple(_made(block, part, attribute)), refused)


def _made(block: Block, part: Attribute | Block, attribute: Attribute) -> Iterator[str]:
    """What is sensitive when an attribute is; of a module that is given it, everything may be."""
    if block.type == "locals":
        yield f"local.{attribute.name}"
    elif block.type == "module" and block.labels:
        yield f"module.{block.labels[0]}"
    elif block.type in PROVIDED and len(block.labels) == 2:
        names = (part.name,) if isinstance(part, Attribute) else (part.type, *part.labels)
        yield from (f"{block.own_name}.{name}" for name in names)


def _names(attribute: Attribute) -> frozenset[str]:
    """The names in a value, each as far as its path goes, without indices."""
    found: set[str] = set()
    for text in texts(attribute.value):
        try:
            inner = code(text)
        except TerraformError:
            inner = text
        found.update(".".join(path) for path in paths(inner) if len(path) > 1)
    return frozenset(found)
