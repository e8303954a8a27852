"""A place in a text of HCL that moves on, and what cannot be read there."""

from __future__ import annotations

from svc.patterns import regex
from svc.targets.terraform.scan import NAME

_NAME = regex(NAME)
_BLANK = regex(r"(?:[ \t\r]+|/\*(?:[^*]|\*(?!/))*\*/|(?:#|//)[^\n]*)*")
_BLANK_LINES = regex(r"(?:[ \t\r\n]+|/\*(?:[^*]|\*(?!/))*\*/|(?:#|//)[^\n]*)*")
_SKIPPED = " \t\r\n/#"
"""What white space and comments begin with."""
_FOUND = regex(r"[^\W\d][\w.-]*|[0-9][\w.]*|=>|==|&&|\|\||\S")


class SyntaxFault(Exception):
    """What Terraform cannot read, where that shows, and what to write instead.

    `argument`: where the argument begins that has it in its value. `intact`: where what stands around it was read last."""

    def __init__(self, at: int, message: str, help_: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.help = help_
        self.argument: int | None = None
        self.intact = 0


class Cursor:
    """`lines`, of its methods: whether a line's end means something there; in brackets it does not."""

    __slots__ = ("at", "text")

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at

    def skip(self, lines: bool) -> int:
        """Past white space and comments."""
        if self.text[self.at : self.at + 1] not in _SKIPPED:
            return self.at
        found = (_BLANK if lines else _BLANK_LINES).match(self.text, self.at)
        self.at = found.end() if found is not None else self.at
        if self.text.startswith("/*", self.at):
            raise self.fail("a comment is not closed", "Write `*/` where it ends.")
        return self.at

    def sees(self, sign: str, lines: bool) -> bool:
        return self.text.startswith(sign, self.skip(lines))

    def takes(self, sign: str, lines: bool) -> bool:
        there = self.sees(sign, lines)
        self.at += len(sign) if there else 0
        return there

    def name(self, lines: bool) -> str:
        """The name that stands there; empty where none does."""
        found = _NAME.match(self.text, self.skip(lines))
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def takes_word(self, word: str, lines: bool) -> bool:
        found = _NAME.match(self.text, self.skip(lines))
        there = found is not None and found[0] == word
        self.at += len(word) if there else 0
        return there

    @property
    def found(self) -> str:
        """What stands there, in words for a message."""
        if self.at >= len(self.text):
            return "the end of the file"
        if self.text[self.at] == "\n":
            return "the end of the line"
        found = _FOUND.match(self.text, self.at)
        return f"`{found[0] if found is not None else self.text[self.at]}`"

    def fail(self, message: str, help_: str, at: int | None = None) -> SyntaxFault:
        return SyntaxFault(self.at if at is None else at, message, help_)
