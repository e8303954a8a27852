"""Two texts become the few replacements that lead from one to the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from svc.diagnostics import Replacement, Span
from svc.patterns import regex

_BREAK = regex(r"\r\n|\n|\r")


def differences(old: str, new: str) -> Iterator[Replacement]:
    """By lines first; within changed lines, what is the same at both ends is left out."""
    before, after = _lines(old), _lines(new)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    same = _same(before, after)
    rest = _same(before[same:][::-1], after[same:][::-1])
    middle = before[same : len(before) - rest], after[same : len(after) - rest]
    for kind, *ends in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
        a, b, c, d = (same + one for one in ends)
        if kind != "equal":
            gone, put = "".join(before[a:b]), "".join(after[c:d])
            head = _common(gone, put)
            tail = _common(gone[head:][::-1], put[head:][::-1])
            start, end = starts[a] + head, starts[b] - tail
            yield Replacement(_span(old, start, end), put[head : len(put) - tail])


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines at the start are the same: what compares the others takes the square of lines that repeat."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines(text: str) -> list[str]:
    ends = [match.end() for match in _BREAK.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if end > start]


def _common(one: str, other: str) -> int:
    """How many characters at the start are the same; the two halves of a Windows line break stay together."""
    count = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    while count and {one[count - 1], one[count : count + 1], other[count : count + 1]} >= {"\r", "\n"}:
        count -= 1
    return count


def _span(text: str, start: int, end: int) -> Span:
    return Span(*_position(text, start), *_position(text, end))


def _position(text: str, index: int) -> tuple[int, int]:
    ends = [match.end() for match in _BREAK.finditer(text, 0, index)]
    return len(ends) + 1, index - (ends[-1] if ends else 0) + 1
