"""What `cue` prints on standard error, as diagnostics at CUE's own file, line and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from svc.cue_stage import PREFIX, Staged
from svc.diagnostics import Diagnostic, Place, Related, Severity, Span, ordered
from svc.patterns import regex
from svc.records import dataclass, field
from svc.source import Source

_POSITION = regex(r"    (?P<file>.+?\.cue):(?P<line>\d+)(?::(?P<column>\d+))?$")
_FOLDED = regex(r"(?:(?P<path>.+): )?(?P<count>\d+) errors in empty disjunction$")
_OTHER_FORM = "(mismatched types "
"""Said of every alternative of another type: of a short form, of null. What is said of the right type tells more."""
_WORD = regex(r'"(?:[^"\\\n]|\\.)*"|[\w$#.-]+|.')


@dataclass(slots=True)
class _Message:
    text: str
    positions: list[tuple[str, int, int]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)


def errors(stderr: str, staged: Staged, failed: Sequence[Path]) -> list[Diagnostic]:
    """One diagnostic a message, each once; one without a position is said of the first spec that failed."""
    fallback = staged.shown((failed or staged.specs)[0])
    return list(ordered(_diagnostic(one, staged, fallback) for one in _messages(stderr)))


def _messages(stderr: str) -> list[_Message]:
    found: list[_Message] = []
    open_parts = 0
    for line in stderr.split("\n"):
        position = _POSITION.match(line)
        if position and found:
            place = (position["file"], int(position["line"]), int(position["column"] or 1))
            if place not in found[-1].positions:
                found[-1].positions.append(place)
        elif line.startswith("    ") and found:
            found[-1].text += f" {line.strip().removesuffix(':')}"
        elif line.strip() and not line.startswith("// "):
            text = line.strip().removesuffix(":")
            if open_parts and found:
                found[-1].parts.append(text)
                open_parts -= 1
                continue
            found.append(_Message(text))
            folded = _FOLDED.match(text)
            open_parts = int(folded["count"]) if folded else 0
    return found


def _diagnostic(message: _Message, staged: Staged, fallback: str) -> Diagnostic:
    places = [_place(position, staged) for position in message.positions]
    known = [place for place in places if place is not None]
    own = {staged.shown(file) for file in staged.specs}
    spoken = [place for place in known if place.file in own] or known or [Place(fallback)]
    first = spoken[-1 if message.parts else 0]
    related = tuple(Related("also here", place) for place in known if place != first)
    telling = [part for part in message.parts if not _FOLDED.match(part) and _OTHER_FORM not in part]
    text = _said(telling[-1] if telling else message.text, staged)
    parts = "; ".join(dict.fromkeys(_said(part, staged) for part in (telling[:-1] if telling else message.parts)))
    return Diagnostic("cue-error", Severity.ERROR, text, first, parts, related)


def _place(position: tuple[str, int, int], staged: Staged) -> Place | None:
    """Where a position in the stage is in the user's files; CUE counts columns in bytes."""
    path = position[0].removeprefix("./")
    file = staged.origin.get(path)
    if file is None:
        return None
    source = staged.source(file)
    line, column = position[1], position[2]
    if path in staged.shifted and line == 1:
        column = max(1, column - len(PREFIX))
    return Place(source.name, _span(source, line, column))


def _span(source: Source, line: int, column: int) -> Span:
    lines = source.text.split("\n")
    line = min(line, len(lines))
    raw = lines[line - 1].rstrip("\r")
    start = len(raw.encode()[: column - 1].decode("utf-8", errors="ignore"))
    word = _WORD.match(raw, start)
    return Span(line, start + 1, line, (word.end() if word else start) + 1)


def _said(text: str, staged: Staged) -> str:
    """A message in the user's words: without the names of the stage."""
    for target, file in staged.origin.items():
        text = text.replace(f"./{target}", staged.shown(file))
    text = re.sub(r"svc\.invalid/(?:spec|module)\d+(?::\w+)?", "this spec", text)
    return re.sub(r"^[\w./-]+(?::\w+)?: import failed: ", "import failed: ", text)
