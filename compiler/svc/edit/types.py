"""What an edit is, and how edits become a text."""

from __future__ import annotations

from collections.abc import Iterable

from svc.edit.changes import Change
from svc.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters `start` to `end` (exclusive) of a text are replaced; equal ends insert."""

    start: int
    end: int
    text: str


class RefusedError(Exception):
    """An edit that cannot be made, or whose result is not what was meant; the message says why."""


class ReviewError(Exception):
    """Changes that a person should look at, for what the file itself shows; the message says what that is."""

    def __init__(self, why: str, steps: tuple[Change, ...]) -> None:
        super().__init__(why)
        self.steps = steps


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits; line breaks in new text are those of the file. Raises RefusedError when two overlap."""
    newline = "\r\n" if "\r\n" in text else "\n"
    parts: list[str] = []
    position = 0
    for edit in sorted(set(edits)):
        if edit.start < position:
            raise RefusedError("two edits overlap")
        parts += [text[position : edit.start], edit.text.replace("\n", newline)]
        position = edit.end
    return "".join([*parts, text[position:]])
