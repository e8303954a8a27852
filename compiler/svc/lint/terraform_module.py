"""The files of a Terraform module as one artifact, and what of them cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from svc.diagnostics import Diagnostic, Place, Route, Severity, Span
from svc.lint.linted import Linted
from svc.lint.terraform import Places
from svc.lint.walk import LOCK
from svc.policy.comments import waivers_in
from svc.source import Source, by_lines
from svc.targets.protocol import Subject
from svc.targets.terraform.read import TerraformError, read_attributes
from svc.targets.terraform.references import attributes
from svc.targets.terraform.syntax import Unread, read_in_part, unread
from svc.targets.terraform.types import Block, Module, Values
from svc.targets.terraform.versions import locked

if TYPE_CHECKING:
    from svc.lint.ahead import Entry

_LONGEST = 1024 * 1024
_IN_JSON = "Write what stands in `${ }` as in a `.tf` file; the characters themselves are `$${`."
_NO_JSON = "JSON has no comments, no comma behind the last entry and double quotes."
_VALUES = (".tfvars", ".tfvars.json")


def terraform(entry: Entry, linted: Linted) -> None:
    """One module: all `.tf` files of a folder, the `.tfvars` files that give it values, and the file of its providers."""
    locks = [one for one in entry.sources if one.name.endswith(LOCK)]
    sources = [one for one in entry.sources if one not in locks]
    whole, called = entry.whole, dict(entry.called)
    blocks: dict[str, tuple[Block, ...]] = {}
    values: dict[str, Values] = {}
    doubtful: set[Route] = set()
    for source in sources:
        if len(source.text) > _LONGEST:
            message = f"larger than the limit of {_LONGEST} characters for a Terraform file"
            linted.say(Diagnostic("file-too-large", Severity.ERROR, message, Place(source.name), "split the file"))
            continue
        if source.name.endswith(".json"):
            try:
                _json(source, blocks, values, linted)
            except TerraformError as error:
                _say(source, (Unread(error.line, 1, error.message, _IN_JSON, True),), linted)
            continue
        if source.name.endswith(".tfvars"):
            _values(source, values, linted)
            continue
        blocks[source.name], faults = read_in_part(source.text, source.name)
        whole = whole and not any(one.left_out for one in faults)
        doubtful.update(_doubtful(blocks[source.name], faults))
        _say(source, faults, linted)
        linted.answer(waivers_in(source))
    if blocks:
        read = len(blocks) == sum(not one.name.endswith(_VALUES) for one in sources)
        chosen = locked(locks[0].text) if locks else {}
        whole = whole and read
        module = Module(entry.folder, blocks, values, whole=whole, locked=chosen, callers=entry.callers, called=called)
        places = Places(module, {one.name: one.text for one in sources})
        subject = Subject("terraform", module.path, module.path, module, doubtful=frozenset(doubtful))
        linted.add(subject, places.place)


def _doubtful(blocks: Sequence[Block], faults: Sequence[Unread]) -> Iterator[Route]:
    """The arguments whose values cannot be read."""
    lines = {one.argument for one in faults if one.argument}
    for block in blocks if lines else ():
        yield from (route for _, part, route in attributes(block, block.address) if part.line in lines)


def _say(source: Source, faults: Sequence[Unread], linted: Linted) -> None:
    moved = by_lines(source.text)
    for one in faults:
        place = Place(source.name, moved(Span(one.line, one.column, one.line, one.column)))
        linted.say(Diagnostic("terraform-syntax", Severity.ERROR, one.message, place, one.help))


def _values(source: Source, values: dict[str, Values], linted: Linted) -> None:
    faults = unread(source.text)
    _say(source, faults, linted)
    linted.answer(waivers_in(source))
    try:
        values[source.name] = Values(read_attributes(source.text, source.name))
    except TerraformError as error:
        if not faults:
            _say(source, (Unread(error.line, 1, error.message, "", True),), linted)


def _json(source: Source, blocks: dict[str, tuple[Block, ...]], values: dict[str, Values], linted: Linted) -> None:
    import json

    from svc.parse import parse_one
    from svc.targets.terraform.read_json import read_document, read_values

    parsed = parse_one(source)
    linted.say(*parsed.problems)
    if parsed.problems:
        return
    try:
        json.loads(source.text.removeprefix("\ufeff"), parse_int=str, parse_float=str)  # only its syntax is asked
    except json.JSONDecodeError as error:  # YAML is more than JSON
        place = Place(source.name, Span(error.lineno, error.colno, error.lineno, error.colno))
        linted.say(Diagnostic("terraform-syntax", Severity.ERROR, f"this is no JSON: {error.msg}", place, _NO_JSON))
        return
    if source.name.endswith(".tfvars.json"):
        values[source.name] = Values(read_values(parsed.documents[0]))
    else:
        blocks[source.name] = read_document(parsed.documents[0])
