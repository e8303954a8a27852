"""Modules that others of the run call: it is these that choose the providers which a module is planned with, and those that
are called may complete what is handed to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from svc.lint.walk import LOCK
from svc.patterns import regex
from svc.records import replace
from svc.source import Source

if TYPE_CHECKING:
    from svc.lint.ahead import Entry
    from svc.targets.terraform.types import Block, Module

_SOURCE = regex(r"\bsource\"?[ \t]*[=:][ \t]*\"(\.\.?/[^\"$%\\]*)\"")
_DECLARED = regex(r"^[ \t]*resource[ \t]+\"(\w+)\"", re.MULTILINE)
_CHOICE = regex(r"\brequired_providers\b|\bprovider\b")
_CHOOSING = ("terraform", "provider")


def with_callers(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The modules of a run, each with what those choose that call it, or that call one of these, and what it calls."""
    callers: dict[str, set[str]] = {}
    known = {str(one.file.absolute()): one for one in entries}
    for folder, one in known.items():
        for source in one.sources:
            for found in _SOURCE.findall(source.text) if "module" in source.text else ():
                callers.setdefault(normpath(f"{folder}/{found}"), set()).add(folder)
    chosen = {one: _chosen(known[one]) for one in sorted({each for several in callers.values() for each in several})}
    for folder, one in known.items():
        above = sorted(_above(folder, callers)) if folder in callers else ()
        made = {repr(choice): choice for each in above if (choice := chosen[each]) is not None}
        called = _called(folder, one, known)
        yield replace(one, callers=tuple(made.values()), called=called) if made or called else one


def _called(folder: str, entry: Entry, known: Mapping[str, Entry]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, tuple[str, ...]] = {}
    for source in entry.sources:
        for path in _SOURCE.findall(source.text) if "module" in source.text else ():
            other = known.get(normpath(f"{folder}/{path}"))
            sources = other.sources if other is not None else ()
            if types := {type_ for each in sources for type_ in _DECLARED.findall(each.text)}:
                found[path] = tuple(sorted(types))
    return tuple(sorted(found.items()))


def _above(folder: str, callers: Mapping[str, Set[str]]) -> set[str]:
    found: set[str] = set()
    left = list(callers[folder])
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += callers.get(one, ())
    return found - {folder}


def _chosen(entry: Entry) -> Module | None:
    """The blocks of a module that choose providers, and what its lock file has; None where it chooses nothing."""
    from svc.targets.terraform.types import Module
    from svc.targets.terraform.versions import locked

    locks = next((locked(one.text) for one in entry.sources if one.name.endswith(LOCK)), {})
    read = (_blocks(one) for one in entry.sources if Path(one.name).suffix in (".tf", ".tofu", ".json"))
    blocks = tuple(block for several in read for block in several if block.type in _CHOOSING)
    return Module("", {"": blocks}, locked=locks) if blocks or locks else None


def _blocks(source: Source) -> Sequence[Block]:
    """Nothing of a file that cannot be read, which is said where it is judged."""
    from svc.parse import parse_one
    from svc.targets.terraform.read import TerraformError, read_blocks
    from svc.targets.terraform.read_json import read_document

    if not _CHOICE.search(source.text) or source.name.endswith(".tfvars.json"):
        return ()
    if source.name.endswith(".json"):
        parsed = parse_one(source)
        return () if parsed.problems else read_document(parsed.documents[0])
    try:
        return read_blocks(source.text, source.name)
    except TerraformError:
        return ()
