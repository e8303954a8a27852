"""Embedded proof: the text means what was judged, every argument is one that the provider has, every reference exists."""

from __future__ import annotations

from collections.abc import Iterator

from svc.targets.protocol import Fault, Files
from svc.targets.terraform.arguments import check_arguments
from svc.targets.terraform.read import read_attributes, read_blocks
from svc.targets.terraform.references import of_block
from svc.targets.terraform.scan import TerraformError
from svc.targets.terraform.tables import Tables, tables
from svc.targets.terraform.types import Block, Module

_NAMESPACES = {"each", "count", "self", "path", "terraform", "statement", "option", "record"}


def verify(module: Module, files: Files) -> tuple[Fault, ...]:
    if not module.files:
        return ()
    found: list[Fault] = []
    read: dict[str, tuple[Block, ...]] = {}
    for name, blocks in module.files.items():
        path = f"{module.path}/{name}"
        try:
            read[path] = read_blocks(files.get(path, ""), name)
        except TerraformError as error:
            found.append(Fault("read-back", path, error.line, error.message))
            continue
        if read[path] != blocks:
            found.append(
                Fault("read-back", path, _difference(read[path], blocks), "the text differs from what was judged")
            )
    for name, values in module.values.items():
        path = f"{module.path}/{name}"
        if read_attributes(files.get(path, ""), name) != values.attributes:
            found.append(Fault("read-back", path, 1, "the values differ from what was judged"))
    return (*found, *_proofs(read))


def _difference(read: tuple[Block, ...], meant: tuple[Block, ...]) -> int:
    return next((one.line for one, other in zip(read, meant, strict=False) if one != other), 1)


def _proofs(read: dict[str, tuple[Block, ...]]) -> Iterator[Fault]:
    known = tables()
    declared = _declared(read)
    for path, blocks in read.items():
        for block in blocks:
            if block.type in ("resource", "data", "ephemeral"):
                schema = known.schema(block.type, block.labels[0])
                if schema is None:
                    message = f"{block.type} {block.labels[0]} is not in the schema that we have"
                    yield Fault("arguments", path, block.line, message)
                else:
                    for line, message in check_arguments(block, schema):
                        yield Fault("arguments", path, line, message)
            for line, message in _dangling(block, declared, known):
                yield Fault("references", path, line, message)


def _declared(read: dict[str, tuple[Block, ...]]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for block in (one for blocks in read.values() for one in blocks):
        match block.type:
            case "variable":
                found.add(("var", block.labels[0]))
            case "locals":
                found |= {("local", name) for name in block.attributes}
            case "resource":
                found.add(block.labels)
            case "data" | "ephemeral":
                found.add((block.type, *block.labels))
    return found


def _dangling(block: Block, declared: set[tuple[str, ...]], known: Tables) -> Iterator[tuple[int, str]]:
    for line, (first, second, third) in of_block(block):
        if first in _NAMESPACES or block.type == "terraform":
            continue
        name: tuple[str, ...] = (first, second, third) if first in ("data", "ephemeral") else (first, second)
        if name not in declared:
            yield line, f"{'.'.join(name)} is not declared"
        elif (
            first not in ("var", "local", "data", "ephemeral") and third and not known.exports("resource", first, third)
        ):
            yield line, f"{first} has no attribute {third}"
