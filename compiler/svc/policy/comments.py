"""Waivers that stand in comments, ours and those that other linters read.

    # svc: ignore=ID[,ID] [until=2027-03-31] [owner=team] reason=text to the end of the line
    # svc: ignore-file=ID reason=...

A comment after something speaks of its line; one on a line of its own of what begins on the next line, whole.
Other tools' comments (hadolint, BuildKit, Checkov, Trivy, tfsec, TFLint, zizmor) are taken by the ids that they name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from svc.diagnostics import Diagnostic, Place, Severity, Span
from svc.patterns import regex
from svc.policy.waive import Waiver
from svc.records import dataclass, field
from svc.source import Source

Extent = Callable[[int], int]
"""Line on which something begins -> line on which it ends; both from 1."""

_OURS = regex(r"#\s*svc:\s*(?P<what>[\w-]+)=(?P<ids>[^\s#]*)(?P<rest>.*)$")
_FOREIGN = (
    regex(r"#\s*hadolint\s+(?P<file>global\s+)?ignore=(?P<ids>[\w,\s]+)(?:#.*)?$"),
    regex(r"#\s*(?:checkov|bridgecrew):skip=(?P<ids>[\w,]+)(?::(?P<reason>.*))?$"),
    regex(r"#\s*(?:trivy|tfsec):ignore:(?P<ids>[\w,-]+)"),
    regex(r"#\s*zizmor:\s*ignore\[(?P<ids>[\w,\s-]+)\](?P<reason>.*)$"),
    regex(r"#\s*tflint-ignore(?P<file>-file)?:\s*(?P<ids>[\w,\s]+)(?:#.*)?$"),
    regex(r"#\s*(?P<directive>check)\s*=\s*(?:error=\w+;)?skip=(?P<ids>[\w,]+)"),
)
"""`file`, `directive`: it speaks of the whole file; a directive does above everything else alone."""
_HEAD = regex(r"[A-Za-z_]")
_FROM = regex(r"(?im)^[ \t]*FROM[ \t]+\S")
_MEANT = regex(r"#\s*svc:\s*(?P<what>ignore-file|ignore|allow|disable|skip|waive|noqa|nolint)(?![\w-]|\s*=)")
"""What somebody may have meant as a waiver: it does not cover anything, and that is said."""
_HINTS = ("ignore", "skip=", "svc:")
_HINT = regex(r"(?m)^[^#\n]*#[^\n]*(?:ignore|skip=|svc:)")
"""Asked from the beginning of each line, since a line may hold a million signs of comments."""
_ADVICE = "write `# svc: ignore=<policy> until=2027-03-31 reason=why it is accepted`"
_WORDS = regex(r"(?P<key>until|owner|reason)=")


@dataclass(slots=True)
class Comments:
    waivers: list[Waiver] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)


def waivers_in(source: Source, extent: Extent | None = None, inside: Callable[[int], bool] | None = None) -> Comments:
    """The waivers in a text's comments. `inside(line)`: the line belongs to a text value and holds no comment."""
    found = Comments()
    if not any(word in source.text for word in _HINTS) or not _HINT.search(source.text):
        return found
    lines = source.lines
    reach = extent or (lambda line: _indented_end(lines, line))
    for number, text in enumerate(lines, 1):
        if "#" not in text or not _HINT.search(text) or (inside is not None and inside(number)):
            continue
        alone = text.lstrip().startswith("#")
        start = _next(lines, number) if alone else number
        stretch = (start, reach(start) if alone else number)
        _ours(source, number, text, stretch, found)
        _foreign(source, number, text, _as_they_reach(source, number, text, stretch), found)
    return found


def _ours(source: Source, number: int, text: str, stretch: tuple[int, int], found: Comments) -> None:
    match = _OURS.search(text)
    meant = _MEANT.search(text) if match is None else None
    if meant is not None:
        place = Place(source.name, Span(number, meant.start() + 1, number, len(text) + 1))
        message = f"`svc: {meant['what']}` without `=` waives nothing"
        found.problems.append(Diagnostic("waiver-malformed", Severity.ERROR, message, place, _ADVICE))
    if match is None:
        return
    place = Place(source.name, Span(number, match.start() + 1, number, len(text) + 1))
    words = _said(match["rest"])
    wrong = _wrong(match["what"], match["ids"], words)
    if wrong:
        found.problems.append(Diagnostic("waiver-malformed", Severity.ERROR, wrong, place, _ADVICE))
        return
    lines = None if match["what"] == "ignore-file" else stretch
    until = date.fromisoformat(words["until"]) if "until" in words else None
    for name in match["ids"].split(","):
        waiver = Waiver(name, (), words["reason"], place, until, words.get("owner", ""), source.name)
        found.waivers.append(_inline(waiver, lines))


def _inline(waiver: Waiver, lines: tuple[int, int] | None) -> Waiver:
    from svc.records import replace

    return replace(waiver, lines=lines, inline=True)


def _said(rest: str) -> dict[str, str]:
    """`until=… owner=… reason=…`; the reason goes to the end of the line."""
    words: dict[str, str] = {}
    rest = rest.strip()
    while rest:
        match = _WORDS.match(rest)
        if match is None:
            words["?"] = rest.split()[0]
            return words
        after = rest[match.end() :]
        if match["key"] == "reason":
            words["reason"] = after.strip()
            return words
        value, _, rest = after.partition(" ")
        words[match["key"]], rest = value, rest.strip()
    return words


def _wrong(what: str, ids: str, words: dict[str, str]) -> str:
    if what not in ("ignore", "ignore-file"):
        return f"`svc: {what}=` is no comment that svc knows; known are `ignore=` and `ignore-file=`"
    if not all(ids.split(",")):
        return f"`{what}=` names no policy"
    if "?" in words:
        return f"`{words['?']}` is not understood: after the policies come `until=`, `owner=` and, last, `reason=`"
    if not words.get("reason"):
        return "a waiver needs a reason: the comment has no `reason=`"
    try:
        date.fromisoformat(words.get("until", "2000-01-01"))
    except ValueError:
        return f"`until={words['until']}` is not a date such as 2027-03-31"
    return ""


def _foreign(source: Source, number: int, text: str, stretch: tuple[int, int], found: Comments) -> None:
    for pattern in _FOREIGN:
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groupdict()
        place = Place(source.name, Span(number, match.start() + 1, number, len(text) + 1))
        reason = (groups.get("reason") or "").strip(" :-") or f"comment: {match[0].lstrip('# ').strip()}"
        for name in re.split(r"[,\s]+", match["ids"].strip()):
            waiver = Waiver(name, (), reason, place, file=source.name, foreign=True)
            whole = groups.get("file") or (groups.get("directive") and _on_top(source.lines, number))
            found.waivers.append(_inline(waiver, None if whole else stretch))


def _on_top(lines: Sequence[str], number: int) -> bool:
    """Whether nothing but comments stands above a line."""
    return all(one.lstrip().startswith("#") for one in lines[: number - 1])


def _as_they_reach(source: Source, number: int, text: str, stretch: tuple[int, int]) -> tuple[int, int]:
    """Checkov's comments speak of the whole block of Terraform, and of the whole Dockerfile, that they stand in."""
    if not _FOREIGN[1].search(text):
        return stretch
    lines = source.lines
    if source.name.endswith((".tf", ".tofu")):
        inside = range(number, 0, -1) if _depth(text) or not text.lstrip().startswith("#") else ()
        first = next((one for one in inside if _HEAD.match(lines[one - 1])), 0)
        return (first, max(stretch[1], _indented_end(lines, first))) if first else stretch
    whole = not source.name.endswith((".yaml", ".yml")) and _FROM.search(source.text)
    return (1, len(lines)) if whole else stretch


def _next(lines: Sequence[str], number: int) -> int:
    """The first line after `number` that is neither blank nor a comment."""
    for offset, text in enumerate(lines[number:], number + 1):
        if text.strip() and not text.lstrip().startswith("#"):
            return offset
    return number


def _indented_end(lines: Sequence[str], start: int) -> int:
    """The last line of what begins on `start`: deeper lines, and a bracket that closes it."""
    depth = _depth(lines[start - 1])
    end = start
    for offset, text in enumerate(lines[start:], start + 1):
        if not text.strip():
            continue
        closes = _depth(text) == depth and text.lstrip()[0] in "}])"
        same = _depth(text) == depth and text.lstrip().startswith("- ") and lines[start - 1].rstrip().endswith(":")
        if _depth(text) <= depth and not closes and not same:
            break
        end = offset
        if closes:
            break
    return end


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())


def stretches(spans: Iterator[tuple[int, int]]) -> Extent:
    """An extent from known first and last lines: Dockerfile instructions, for one."""
    ends = dict(spans)
    return lambda line: ends.get(line, line)
