"""`svc lint --fix`: findings become edits, one at a time and each proved, until nothing is left that can be fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from svc.diagnostics import Diagnostic, Fix, Route
from svc.edit.changes import Change
from svc.edit.differences import differences
from svc.edit.types import Edit, RefusedError, ReviewError, apply
from svc.edit.yaml import change
from svc.fixes import specs, table
from svc.kubernetes.read import read as objects
from svc.parse import parse
from svc.policy.types import Policy
from svc.records import dataclass, replace
from svc.source import Source
from svc.targets.docker.read import read_dockerfile
from svc.targets.docker.types import Instruction
from svc.targets.terraform.syntax import read_in_part
from svc.targets.terraform.types import Block
from svc.tree import Data

PASSES = 8
READ_AGAIN = 4_000_000
"""Characters of one file: each fix that a report carries reads the whole file again, and may be as long as the file."""

Texts = Mapping[str, str]
Lint = Callable[[Texts], Sequence[Diagnostic]]
"""Judges files by name, their texts taking the place of what is on disk."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A finding that could have been fixed, and why it was not."""

    finding: Diagnostic
    reason: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """`texts` holds the files that changed; `left` is what is found in the result."""

    texts: dict[str, str]
    applied: tuple[Diagnostic, ...]
    refused: tuple[Refusal, ...]
    left: tuple[Diagnostic, ...]


def fix(files: Texts, lint: Lint, policies: Sequence[Policy], *, unsafe: bool = False) -> Fixed:
    """The files with every finding fixed that can be: safe fixes, or with `unsafe` all."""
    known = {one.id: one for one in policies if one.fix == "safe" or (unsafe and one.fix == "unsafe")}
    texts = dict(files)
    applied: dict[tuple[object, ...], Diagnostic] = {}
    refused: dict[tuple[object, ...], Refusal] = {}
    found = tuple(lint(texts))
    moved = set(texts)  # what was refused may be possible once something else has changed
    for _ in range(PASSES):
        open_ = [(key, one) for key, one in _keyed(found) if _open(one, known, texts, unsafe)]
        todo = [
            (key, one) for key, one in open_ if key not in refused or (key not in applied and one.place.file in moved)
        ]
        before = dict(texts)
        for key, one in _backwards(_without_followers(todo)):
            refused.pop(key, None)
            if key in applied:
                refused[key] = Refusal(one, "the finding stays after the edit")
                continue
            try:
                _allowed(one, texts)
                texts[one.place.file] = _fixed(one, known, before[one.place.file], texts[one.place.file], unsafe)
                applied[key] = one
            except RefusedError as error:
                refused[key] = Refusal(one, str(error))
        moved = {name for name, text in texts.items() if text != before[name]}
        if not moved:
            break
        found = tuple(lint(texts))
    changed = {name: text for name, text in texts.items() if text != files[name]}
    left = {key for key, _ in _keyed(found)}
    return Fixed(changed, tuple(applied.values()), tuple(refused[key] for key in refused if key in left), found)


def with_edits(
    diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], policies: Sequence[Policy]
) -> list[Diagnostic]:
    """The findings with the edits that would fix them, each by itself; no fix where it would be refused, nor for the
    findings of a file that has so many that reading it for each would not end."""
    known = {one.id: one for one in policies if one.fix in ("safe", "unsafe")}
    texts = {name: source.text for name, source in sources.items()}
    made, read = [], Counter[str]()
    for one in diagnostics:
        fix = None
        if read[one.place.file] < READ_AGAIN and _open(one, known, texts, unsafe=True):
            read[one.place.file] += len(texts[one.place.file])
            fix = _worked_out(one, known, texts)
        made.append(replace(one, fix=fix))
    return made


def _worked_out(one: Diagnostic, known: Mapping[str, Policy], texts: Texts) -> Fix | None:
    text = texts[one.place.file]
    safe = _open(one, {id_: policy for id_, policy in known.items() if policy.fix == "safe"}, texts, unsafe=False)
    grades: tuple[Literal["safe", "unsafe"], ...] = ("safe", "unsafe") if safe else ("unsafe",)
    for safety in grades:
        try:
            _allowed(one, texts)
            edits = tuple(differences(text, _fixed(one, known, text, text, safety == "unsafe")))
        except RefusedError:
            continue
        return Fix(safety, one.help or one.message, edits) if edits else None
    return None


def _open(one: Diagnostic, known: Mapping[str, Policy], texts: Texts, unsafe: bool) -> bool:
    if one.place.file not in texts or not one.counts:
        return False
    if _is_spec(one.place.file, texts[one.place.file]):
        safety = "safe" if one.id in specs.WORDS else table.SPECS[one.id][0] if one.id in table.SPECS else ""
        return safety == "safe" or (unsafe and safety == "unsafe")
    return one.policy and one.id in known


def _is_spec(name: str, text: str) -> bool:
    if "svc/" not in text or not name.endswith((".yaml", ".yml", ".json")):
        return False
    return any(specs.kind_of(document) for document in _parsed(Source(name, text)).documents[:1])


_parsed = lru_cache(maxsize=4)(parse)
"""The findings of a file come one after the other."""


def _key(one: Diagnostic) -> tuple[object, ...]:
    return (one.place.file, one.id, one.identity, one.place.route, one.message)


_Keyed = tuple[tuple[object, ...], Diagnostic]


def _keyed(found: Sequence[Diagnostic]) -> Iterator[_Keyed]:
    """Findings by what they are: two objects of one name and file have the same, and are told apart by their order."""
    seen: Counter[tuple[object, ...]] = Counter()
    for one in found:
        key = _key(one)
        yield (*key, seen[key]), one
        seen[key] += 1


def _without_followers(found: Sequence[_Keyed]) -> list[_Keyed]:
    first: dict[tuple[str, str], Diagnostic] = {}
    for _, one in found:
        first.setdefault((one.place.file, one.id), one)
    return [pair for pair in found if pair[1].id not in table.FIRST or first[pair[1].place.file, pair[1].id] is pair[1]]


def _backwards(found: Sequence[_Keyed]) -> list[_Keyed]:
    """Later instructions and items first, so that what is inserted or removed moves none that is still to be edited."""

    def order(pair: _Keyed) -> tuple[object, ...]:
        one = pair[1]
        parts = tuple((0, -part, "") if isinstance(part, int) else (1, 0, part) for part in one.place.route)
        return (one.place.file, parts, one.id)

    return sorted(found, key=order)


def _fixed(one: Diagnostic, known: Mapping[str, Policy], judged: str, text: str, unsafe: bool) -> str:
    """`text` with a finding fixed that was made in `judged`, an earlier state of the same file."""
    if one.fix is not None and one.fix.refused:
        raise RefusedError(one.fix.refused)
    if _is_spec(one.place.file, text):
        source, before = Source(one.place.file, text), Source(one.place.file, judged)
        if one.id in specs.WORDS:
            return specs.renewed(one, source)
        return specs.settled(one, before, source, table.SPECS[one.id][1])
    policy = known[one.id]
    if one.id in table.DOCKER:
        return _by_unix_lines(text, lambda plain: _dockerfile(one, policy, plain))
    if one.id in table.TERRAFORM:
        if one.place.file.endswith(".json"):
            raise RefusedError("there is no edit for Terraform's JSON syntax")
        return _by_unix_lines(text, lambda plain: _terraform(one, policy, plain))
    if one.id not in table.DATA and one.id not in table.QUOTED:
        raise RefusedError("there is no edit for it")
    number, prefix = _object(one, policy, Source(one.place.file, judged))
    source = Source(one.place.file, text)
    data = _parsed(source).documents[number].get(prefix)
    for step in _steps(one, data, unsafe):
        moved = replace(step, route=(*prefix, *step.route))
        source = Source(source.name, change(source, number, moved))
    return source.text


def _allowed(one: Diagnostic, texts: Texts) -> None:
    """Raises RefusedError where what stands in other files forbids a fix."""
    if one.id in table.MODULES:
        table.MODULES[one.id](one.place.route, one.place.file, texts)


def _steps(one: Diagnostic, data: Data, unsafe: bool) -> tuple[Change, ...]:
    try:
        if one.id in table.QUOTED:
            return table.QUOTED[one.id](data, one.place.route, one.message)
        return table.DATA[one.id](data, one.place.route)
    except ReviewError as error:
        if unsafe:
            return error.steps
        raise RefusedError(f"{error}; --unsafe-fixes does it all the same") from None


def _by_unix_lines(text: str, edit: Callable[[str], str]) -> str:
    """An edit of a text whose line breaks may all be those of Windows: they stay so."""
    plain = text.replace("\r\n", "\n")
    if "\r" in plain or text.count("\r\n") not in (0, plain.count("\n")):
        raise RefusedError("the file has line breaks of several kinds")
    if plain == text:
        return edit(text)
    return edit(plain).replace("\n", "\r\n")


def _object(one: Diagnostic, policy: Policy, source: Source) -> tuple[int, Route]:
    """The document and the route in it of the object that a finding is about: the one at the finding's place."""
    documents = _parsed(source).documents
    if policy.surface not in ("kubernetes", "across"):
        return 0, ()
    for read in objects(documents):
        there = (*read.prefix, *one.place.route) in read.document.nodes
        if there and read.place(one.place.route).span == one.place.span:
            return next(i for i, document in enumerate(documents) if document is read.document), read.prefix
    raise RefusedError("the object cannot be found in this file; fix what it is generated from")


def _dockerfile(one: Diagnostic, policy: Policy, text: str) -> str:
    index, before = one.place.route[1], read_dockerfile(Source(one.place.file, text))
    old = before.dockerfile.instructions
    if not isinstance(index, int) or index >= len(old) or (span := old[index].span) is None:
        raise RefusedError("the instruction cannot be found")
    if old[index].keyword == "ONBUILD":
        raise RefusedError("the instruction is triggered by ONBUILD")
    starts = _offsets(text)
    start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
    edit = table.DOCKER[one.id](text, start, end, old[index], policy.params)
    result = apply(text, [edit])
    read = read_dockerfile(Source(one.place.file, result))
    new = list(read.dockerfile.instructions)
    removed = not edit.text and edit.end - edit.start >= end - start
    inserted = len(new) == len(old) + 1
    if inserted or (not removed and len(new) == len(old)):
        del new[index]
    others = [_bare(part) for number, part in enumerate(old) if inserted or number != index]
    same = [each.message for each in read.problems] == [each.message for each in before.problems]
    if not same or others != [_bare(part) for part in new] or _remarks(text) != _remarks(result):
        raise RefusedError("something else would change too")
    return result


def _bare(one: Instruction) -> Instruction:
    return replace(one, comment=())


def _remarks(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.split("\n") if line.strip().startswith("#"))


def _offsets(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _terraform(one: Diagnostic, policy: Policy, text: str) -> str:
    route = one.place.route
    old, faults = read_in_part(text)
    fit = [part for part in old if part.address and route[: len(part.address)] == part.address]
    if faults or not fit:
        raise RefusedError("the file cannot be read as a whole" if faults else "the block cannot be found")
    longest = max(len(part.address) for part in fit)
    there = [part for part in fit if len(part.address) == longest]
    block = next((part for part in there if set(route[len(part.address) :][:1]) & part.attributes.keys()), there[0])
    edit: Edit = table.TERRAFORM[one.id](text, block, route, policy.params)
    result = apply(text, [edit])
    new, faults = read_in_part(result)
    changed = [index for index, (a, b) in enumerate(zip(old, new, strict=False)) if a != b]
    alone = not faults and len(old) == len(new) and [old[index] for index in changed] == [block]
    if not alone or not _one_argument(block, new[changed[0]]):
        raise RefusedError("something else would change too")
    return result


def _one_argument(old: Block, new: Block) -> bool:
    """Whether two blocks differ in one argument that was added or given another value."""
    same = [part for part in new.body if part in old.body]
    return len(same) >= len(old.body) - 1 and len(new.body) - len(same) == 1 and old.labels == new.labels
