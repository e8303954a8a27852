"""Whether a text is an expression of HCL: the grammar of the language, without its meaning. It makes no values, which
`read.py` does.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re

from svc.patterns import regex
from svc.targets.terraform.cursor import Cursor
from svc.targets.terraform.scan import NAME
from svc.targets.terraform.wording import instead

_OPERATOR = regex(r"\|\||&&|[=!<>]=|[<>+*/%-]")
_UNARY = regex(r"[-!]")
_NUMBER = regex(r"[0-9]+(?:\.[0-9]+)*(?:[eE][+-]?[0-9]+)?")
_INDEX = regex(r"[0-9]++(?!\.[0-9])|\*")
HEREDOC = regex(rf"<<-?({NAME})\r?\n")
_LITERAL = regex(r'(?:[^"\\$%\n]+|\$\$\{|%%\{|[$%](?!\{)|\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}))*')
_LINES = regex(r"(?:[^$%]+|\$\$\{|%%\{|[$%](?!\{))*")
_CLOSED_BY = {"if": "endif", "for": "endfor"}


def expression(here: Cursor, lines: bool) -> None:
    """Past an expression. Raises SyntaxFault."""
    _operand(here, lines)
    while (sign := _OPERATOR.match(here.text, here.skip(lines))) is not None:
        here.at = sign.end()
        _operand(here, lines)
    if here.takes("?", lines):
        expression(here, lines)
        if not here.takes(":", lines):
            raise here.fail(
                f"expected `:` and what the value is otherwise, found {here.found}",
                "A condition has three parts: `condition ? one : other`.",
            )
        expression(here, lines)


def _operand(here: Cursor, lines: bool) -> None:
    while (sign := _UNARY.match(here.text, here.skip(lines))) is not None:
        here.at = sign.end()
    _term(here, lines)
    _path(here, lines)


def _term(here: Cursor, lines: bool) -> None:
    sign = here.text[here.at : here.at + 1]
    if sign == '"':
        quoted(here)
    elif sign == "(":
        here.at += 1
        expression(here, False)
        _close(here, ")")
    elif sign == "[":
        _tuple(here)
    elif sign == "{":
        _object(here)
    elif sign.isdigit() and (number := _NUMBER.match(here.text, here.at)) is not None:
        if number[0].count(".") > 1:
            raise here.fail(f"`{number[0]}` is no number", f'Write a text in double quotes: "{number[0]}".')
        here.at = number.end()
    elif here.name(lines):
        _called(here, lines)
    elif (heredoc := HEREDOC.match(here.text, here.at)) is not None:
        _heredoc(here, heredoc.end(), heredoc[1])
    else:
        raise here.fail(f"expected a value, found {here.found}", instead(here))


def _called(here: Cursor, lines: bool) -> None:
    """What follows a name that may be one of a function."""
    parts = 1
    while here.takes("::", lines):
        parts += 1
        if not here.name(lines):
            raise here.fail(
                f"expected the name of a function, found {here.found}", "Write `provider::NAME::FUNCTION(`."
            )
    if not here.takes("(", lines):
        if parts > 1:
            raise here.fail(f"expected `(`, found {here.found}", "A function is called: write `(` and its arguments.")
        return
    while not here.takes(")", False):
        expression(here, False)
        if here.takes("...", False):
            _close(here, ")")
            return
        if not here.takes(",", False):
            _close(here, ")", "`,` or `)` after an argument")
            return


def _path(here: Cursor, lines: bool) -> None:
    while True:
        if here.takes("[", lines):
            if not here.takes("*", False):
                expression(here, False)
            _close(here, "]")
        elif here.sees(".", lines) and not here.sees("...", lines):
            here.at += 1
            index = _INDEX.match(here.text, here.skip(lines))
            if index is not None:
                here.at = index.end()
            elif not here.name(lines):
                raise here.fail(
                    f"expected a name after `.`, found {here.found}", "Write the attribute's name; a key: `[...]`."
                )
        else:
            return


def _tuple(here: Cursor) -> None:
    here.at += 1
    if _loop(here, "]"):
        return
    while not here.takes("]", False):
        expression(here, False)
        if not here.takes(",", False):
            _close(here, "]", "`,` or `]` after an item")
            return


def _object(here: Cursor) -> None:
    here.at += 1
    if _loop(here, "}"):
        return
    while True:
        here.skip(False)
        if here.takes("}", True):
            return
        expression(here, True)
        if here.sees("=>", True) or not (here.takes("=", True) or here.takes(":", True)):
            raise here.fail(
                f"expected `=` and a value after a key, found {here.found}", "Write `key = value` for each entry."
            )
        expression(here, True)
        if here.takes("}", True):
            return
        if not here.takes(",", True) and not here.takes("\n", True):
            raise here.fail(
                f"expected `,`, `}}` or the end of the line after an entry, found {here.found}",
                "Put each entry on a line of its own, or `,` between them.",
            )


def _loop(here: Cursor, closing: str) -> bool:
    """Past a `for` in brackets, where there is one."""
    start = here.at
    if not here.takes_word("for", False):
        here.at = start
        return False
    write = "[for item in list : item]" if closing == "]" else "{ for key, value in map : key => value }"
    form = f"Write `{write}`."
    _named(here, form)
    expression(here, False)
    if not here.takes(":", False):
        raise here.fail(f"expected `:` after what `for` goes through, found {here.found}", form)
    expression(here, False)
    arrow = here.at
    if here.takes("=>", False) != (closing == "}"):
        wrong = "a list has no keys" if closing == "]" else "a mapping needs a key and `=>`"
        raise here.fail(f"{wrong} in its `for`", form, arrow)
    if closing == "}":
        expression(here, False)
        here.takes("...", False)
    if here.takes_word("if", False):
        expression(here, False)
    _close(here, closing, f"`{closing}` at the end of `for`")
    return True


def _named(here: Cursor, form: str) -> None:
    """The names that `for` gives, and `in`."""
    if not here.name(False) or (here.takes(",", False) and not here.name(False)):
        raise here.fail(f"expected a name after `for`, found {here.found}", form)
    if not here.takes_word("in", False):
        raise here.fail(f"expected `in` after the names of `for`, found {here.found}", form)


def _close(here: Cursor, closing: str, expected: str = "") -> None:
    if not here.takes(closing, False):
        message = f"expected {expected or f'`{closing}`'}, found {here.found}"
        raise here.fail(message, f"Write what is missing before {here.found}.")


def quoted(here: Cursor, templates: bool = True) -> None:
    """Past a text in double quotes."""
    start = here.at
    here.at += 1
    opened: list[tuple[int, str]] = []
    while True:
        literal = _LITERAL.match(here.text, here.at)
        here.at = literal.end() if literal is not None else here.at
        sign = here.text[here.at : here.at + 1]
        if sign == '"':
            here.at += 1
            _all_closed(here, opened)
            return
        if sign in ("", "\n"):
            raise here.fail(
                "a string is not closed", 'Write `"` where it ends; a text of several lines is `<<-EOT`.', start
            )
        if sign == "\\":
            shown = here.text[here.at : here.at + 2]
            raise here.fail(f"`{shown}` is no escape of a text", f"A backslash itself is two: `\\{shown}`.")
        if not templates:
            raise here.fail("a template in a name", "Write the name itself.")
        _put_in(here, opened)


def _heredoc(here: Cursor, start: int, name: str) -> None:
    opening, end = here.at, re.compile(rf"^[ \t]*{name}[ \t\r]*$", re.MULTILINE).search(here.text, start)
    if end is None:
        raise here.fail(f"the heredoc {name} is not closed", f"Write `{name}` on a line of its own where it ends.")
    opened: list[tuple[int, str]] = []
    inner = Cursor(here.text, start)
    while True:
        literal = _LINES.match(here.text, inner.at, end.start())
        inner.at = literal.end() if literal is not None else inner.at
        if inner.at >= end.start():
            break
        _put_in(inner, opened)
        if inner.at > end.start():
            raise here.fail(f"the heredoc {name} ends within `${{ }}`", "Close it with `}`.", opening)
    _all_closed(inner, opened)
    here.at = end.end()


def _put_in(here: Cursor, opened: list[tuple[int, str]]) -> None:
    """Past `${ }` or `%{ }`; `opened`: the `if` and `for` of the text that are not closed."""
    start, value = here.at, here.text[here.at] == "$"
    here.at += 3 if here.text.startswith("~", here.at + 2) else 2
    if value:
        if here.sees("}", False):
            raise here.fail(
                "`${}` holds nothing", "Write what is put in there; the characters themselves are `$${`.", start
            )
        expression(here, False)
    else:
        _directive(here, start, opened)
    if not here.takes("~}", False) and not here.takes("}", False):
        sign = "$" if value else "%"
        raise here.fail(
            f"expected `}}` at the end of `{sign}{{`, found {here.found}",
            f"Write `}}` there; the characters themselves are `{sign}{sign}{{`.",
        )


def _directive(here: Cursor, start: int, opened: list[tuple[int, str]]) -> None:
    word = here.name(False)
    if word in _CLOSED_BY:
        opened.append((start, word))
        if word == "for":
            _named(here, "Write `%{ for item in list }`.")
        expression(here, False)
        return
    around = opened[-1][1] if opened else ""
    if word == "else" and around == "if":
        opened[-1] = start, "else"
    elif word and word == {**_CLOSED_BY, "else": "endif"}.get(around):
        opened.pop()
    elif word in ("else", "endif", "endfor"):
        raise here.fail(f"`%{{ {word} }}` closes nothing", "Write what it belongs to before it.", start)
    else:
        raise here.fail(
            f"expected `if`, `else`, `endif`, `for` or `endfor` after `%{{`, found {f'`{word}`' if word else here.found}",
            "The characters themselves are `%%{`.",
            start,
        )


def _all_closed(here: Cursor, opened: list[tuple[int, str]]) -> None:
    if opened:
        at, word = opened[-1]
        ending = {**_CLOSED_BY, "else": "endif"}[word]
        raise here.fail(f"`%{{ {word} }}` is not closed", f"Write `%{{ {ending} }}` where it ends.", at)
