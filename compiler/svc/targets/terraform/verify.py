"""Embedded proof: the text means what was judged, every argument is one that the provider has, every reference exists."""

from __future__ import annotations

from collections.abc import Iterator

from svc.targets.protocol import Fault, Files
from svc.targets.terraform.arguments import check_arguments
from svc.targets.terraform.proofs import NAMESPACES, Names, declared, exported, name_of, of_file, of_values
from svc.targets.terraform.read import read_attributes, read_blocks
from svc.targets.terraform.references import of_block
from svc.targets.terraform.scan import TerraformError
from svc.targets.terraform.tables import tables
from svc.targets.terraform.types import PROVIDED, Block, Module


def verify(module: Module, files: Files) -> tuple[Fault, ...]:
    if not module.files or _proved(module, files):
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


def _proved(module: Module, files: Files) -> bool:
    """Whether there is no fault, from what is known of each piece of text; where one is, the files are read for its line."""
    needed: list[Names] = []
    made: list[Names] = []
    try:
        for name, blocks in module.files.items():
            read = of_file(files.get(f"{module.path}/{name}", ""))
            if not read.faultless or not read.says(blocks):
                return False
            needed.append(read.needs)
            made.append(read.declares)
        for name, values in module.values.items():
            if of_values(files.get(f"{module.path}/{name}", "")) != values.attributes:
                return False
    except TerraformError:
        return False
    return frozenset().union(*needed) <= frozenset().union(*made)


def _difference(read: tuple[Block, ...], meant: tuple[Block, ...]) -> int:
    return next((one.line for one, other in zip(read, meant, strict=False) if one != other), 1)


def _proofs(read: dict[str, tuple[Block, ...]]) -> Iterator[Fault]:
    known = tables()
    names = frozenset[tuple[str, ...]]().union(*(declared(blocks) for blocks in read.values()))
    for path, blocks in read.items():
        for block in blocks:
            if block.type in PROVIDED:
                schema = known.schema(block.type, block.labels[0])
                if schema is None:
                    message = f"{block.type} {block.labels[0]} is not in the schema that we have"
                    yield Fault("arguments", path, block.line, message)
                else:
                    for line, message in check_arguments(block, schema):
                        yield Fault("arguments", path, line, message)
            for line, message in _dangling(block, names):
                yield Fault("references", path, line, message)


def _dangling(block: Block, names: Names) -> Iterator[tuple[int, str]]:
    for line, reference in of_block(block):
        if reference[0] in NAMESPACES or block.type == "terraform":
            continue
        name = name_of(reference)
        if name not in names:
            yield line, f"{'.'.join(name)} is not declared"
        elif not exported(reference):
            yield line, f"{reference[0]} has no attribute {reference[2]}"
