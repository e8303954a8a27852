"""What of a text of Terraform cannot be read, and the blocks that can be all the same.

The grammar (`grammar.py`, and that of bodies here) says where the faults are; the blocks are made by the reader (`read.py`),
which is lenient. A block with a fault in its structure is left out; one with a fault in the value of an argument is there,
with what the reader makes of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterator, Mapping, Sequence

from svc.patterns import regex
from svc.records import dataclass
from svc.targets.terraform.cursor import Cursor, SyntaxFault
from svc.targets.terraform.grammar import HEREDOC, expression, quoted
from svc.targets.terraform.read import TerraformError, read_blocks
from svc.targets.terraform.scan import NAME, end_of_expression
from svc.targets.terraform.types import Block
from svc.targets.terraform.wording import ended

_NAME = r"[A-Za-z_][\w-]*"
_LABELS = rf'[ \t]+(?:"[^"\n]*"?|{_NAME})'
_HEAD = regex(
    rf"^(?:(?:resource|data|ephemeral){_LABELS}{_LABELS}|(?:module|variable|output|provider|check){_LABELS}"
    r"|(?:terraform|locals|moved|import|removed))[ \t]*\{",
    re.MULTILINE,
)
"""Where a block of a file begins, at the beginning of its line."""
_OPEN = regex(r"(?:a comment|the heredoc \S+) is not closed")
_ENDING = regex(rf"^[ \t]*({NAME})[ \t\r]*$", re.MULTILINE)
"""A line that may end a heredoc."""
_PATH = rf"{_NAME}(?:\.{_NAME}|\[[0-9]+\])*"
_PLAIN = rf'(?:"(?:[^"\\$%\n]|\$\{{{_PATH}\}})*"|[0-9]+|{_PATH})'
_LINE = regex(rf"{_NAME}[ \t]*=[ \t]*(?:{_PLAIN}|\[(?!for\b)(?:{_PLAIN}(?:,[ ]?{_PLAIN})*)?\])[ \t]*\n[ \t\n]*")
"""Arguments that need no second look, each on a line of its own."""

_OUTSIDE = (
    "an argument stands outside of every block",
    "Put it into a block; the value of a variable stands in a `.tfvars` file, a name for a value in `locals`.",
)
_AMONG_VALUES = (
    "a block stands in a file of values",
    "Put it into a `.tf` file; here is `name = value` for each variable.",
)
Faults = Sequence[tuple[bool, SyntaxFault]]
"""Each with whether it is one in the structure."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A fault: its line and column, from 1, whether the block that has it was left out, and the line of the argument that
    has it in its value, 0 for a fault in the structure."""

    line: int
    column: int
    message: str
    help: str
    left_out: bool
    argument: int = 0


def read_in_part(text: str, name: str = "") -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of a `.tf` file, and why there are no more of them."""
    plain = text.replace("\r\n", "\n")
    if not any(True for _ in faults(plain)):
        try:
            return read_blocks(plain, name), ()
        except TerraformError as error:
            return (), (Unread(error.line, 1, error.message, "", True),)
    blocks: list[Block] = []
    told: list[Unread] = []
    for start, end, found in _segments(plain):
        before, segment = "\n" * plain.count("\n", 0, start), plain[start:end]
        broken = next((fault.intact for structural, fault in found if structural), None)
        try:
            read = read_blocks(before + segment[:broken], name)
        except TerraformError:
            read, broken = (), 0
        blocks += read
        told += [_placed(plain, start, fault, broken is not None) for _, fault in found]
    return tuple(blocks), tuple(told)


def unread(text: str) -> tuple[Unread, ...]:
    """The faults of a `.tfvars` file."""
    plain = text.replace("\r\n", "\n")
    return tuple(_placed(plain, 0, fault, structural) for structural, fault in faults(plain, values=True))


def _placed(text: str, start: int, fault: SyntaxFault, left_out: bool) -> Unread:
    at = start + fault.at
    column = at - text.rfind("\n", 0, at)
    argument = 0 if fault.argument is None else text.count("\n", 0, start + fault.argument) + 1
    return Unread(text.count("\n", 0, at) + 1, column, fault.message, fault.help, left_out, argument)


def _segments(text: str) -> Iterator[tuple[int, int, Faults]]:
    """Where each block of a file begins and ends, as far as that shows, and its faults; a comment and a heredoc are in one
    piece."""
    heads = sorted({0, *(found.start() for found in _HEAD.finditer(text))})
    ends = [*heads[1:], len(text)]
    lines: dict[str, list[int]] = {}
    for line in _ENDING.finditer(text):
        lines.setdefault(line[1], []).append(line.end())
    at = 0
    while at < len(heads):
        start, last = heads[at], at
        found = own = tuple(faults(text[start : ends[at]]))
        while (opened := _opened(found)) is not None:
            closed = _closed(text, start + opened, ends[last], lines)
            if closed < 0:
                last, found = at, own
                break
            last = bisect_left(ends, closed)
            found = tuple(faults(text[start : ends[last]]))
        yield start, ends[last], found
        at = last + 1


def _opened(found: Faults) -> int | None:
    """Where the comment or the heredoc begins that does not end in a segment with these faults."""
    return next((fault.at for _, fault in found if _OPEN.fullmatch(fault.message)), None)


def _closed(text: str, opened: int, after: int, lines: Mapping[str, Sequence[int]]) -> int:
    """Where what opened there ends behind a place; -1 where it does not."""
    heredoc = HEREDOC.match(text, opened)
    if heredoc is None:
        found = text.find("*/", after)
        return found + 2 if found >= 0 else -1
    ends = lines.get(heredoc[1], ())
    one = bisect_right(ends, after)
    return ends[one] if one < len(ends) else -1


def faults(text: str, values: bool = False) -> Iterator[tuple[bool, SyntaxFault]]:
    """The faults of a text, up to the first in its structure; whether it is one. `values`: of a `.tfvars` file."""
    here = Cursor(text)
    try:
        yield from _body(here, None, values)
    except SyntaxFault as fault:
        yield True, fault
    except RecursionError:
        yield True, SyntaxFault(0, "nested too deep to be read", "Give parts of it names in `locals`.")


def _body(here: Cursor, opened: int | None, values: bool = False) -> Iterator[tuple[bool, SyntaxFault]]:
    """Arguments and blocks up to the end of the text, or of the block that opened there. A file has blocks alone, one of
    values arguments alone."""
    intact = here.at
    try:
        while True:
            here.skip(False)
            while (values or opened is not None) and (plain := _LINE.match(here.text, here.at)) is not None:
                here.at = plain.end()
            here.skip(False)
            if here.at >= len(here.text):
                if opened is None:
                    return
                raise here.fail("a block is not closed", "Write `}` where it ends.", opened)
            if opened is not None and here.takes("}", True):
                return
            start = here.at
            argument = yield from _part(here)
            if opened is None and argument is not values:
                yield False, SyntaxFault(start, *(_OUTSIDE if argument else _AMONG_VALUES))
            intact = here.at
    except SyntaxFault as fault:
        fault.intact = intact
        raise


def _part(here: Cursor) -> Generator[tuple[bool, SyntaxFault], None, bool]:
    """Past an argument or a block; whether it was an argument."""
    start = here.at
    name = here.name(True)
    if not name:
        raise here.fail(f"expected an argument or a block, found {here.found}", _no_name(here))
    if here.sees("=", True) and not here.sees("==", True):
        here.at += 1
        yield from _argument(here, name, start)
        return True
    while not here.sees("{", True):
        if here.sees('"', True):
            quoted(here, templates=False)
        elif not here.name(True):
            raise here.fail(f"expected `=` or `{{` after `{name}`, found {here.found}", _no_block(here, name))
    here.at += 1
    yield from _contents(here, start)
    if here.skip(True) < len(here.text) and not here.takes("\n", True):
        raise here.fail(f"expected the end of the line after a block, found {here.found}", "Write it on the next line.")
    return False


def _contents(here: Cursor, opened: int) -> Iterator[tuple[bool, SyntaxFault]]:
    """What a block has: lines, or one argument in its own line."""
    if here.sees("\n", True) or here.at >= len(here.text):
        yield from _body(here, opened)
        return
    if here.takes("}", True):
        return
    name, many = here.name(True), "A block on one line has one argument and no block: put each on a line of its own."
    if not name or not here.takes("=", True):
        raise here.fail(f"expected an argument, found {here.found}", many)
    expression(here, True)
    if not here.takes("}", True):
        raise here.fail(f"expected `}}` after the value of `{name}`, found {here.found}", many)


def _argument(here: Cursor, name: str, start: int) -> Iterator[tuple[bool, SyntaxFault]]:
    if here.sees("\n", True) or here.at >= len(here.text):
        raise here.fail(f"argument `{name}` has no value", "Write its value in the same line, or remove it.", start)
    value = here.at
    try:
        expression(here, True)
        if here.skip(True) < len(here.text) and not here.takes("\n", True):
            raise here.fail(
                f"expected the end of the line after the value of `{name}`, found {here.found}", ended(here)
            )
    except SyntaxFault as fault:
        try:
            here.at = end_of_expression(here.text, value)
        except TerraformError:
            raise fault from None
        fault.argument = start
        yield False, fault


def _no_name(here: Cursor) -> str:
    sign = here.text[here.at : here.at + 1]
    if sign == "}":
        return "Remove it, or write the block's beginning."
    if sign in ("?", ":", "&", "|", "+", "-", "*", "/", "."):
        return "Put the sign at the end of the line before, or the whole value in parentheses."
    if here.text.startswith(("<<<<<<<", "=======", ">>>>>>>"), here.at):
        return "Resolve the conflict of the merge."
    return "Write the name of an argument or of a block, without quotes." if sign == '"' else "Write `name = value`."


def _no_block(here: Cursor, name: str) -> str:
    if here.sees("=", True):
        return "A block has no `=`: write `{` behind its names."
    if here.at >= len(here.text) or here.text[here.at] == "\n":
        return f"Write `{name} = value`, or the `{{` of a block in the same line."
    return f"Write `{name} = value` for an argument, `{name} {{` for a block."
