"""What is written instead of what people write in HCL by the habits of other languages."""

from __future__ import annotations

from svc.targets.terraform.cursor import Cursor

_VALUE = "Write a value: a text in double quotes, a number, a list, a mapping or a name such as `var.name`."
_QUOTES = 'Write double quotes: `"..."`.'
_INSTEAD = {
    **dict.fromkeys("'`\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb", _QUOTES),
    "$": "Write the name alone, `var.name`; `${ }` stands in texts only.",
    ".": "Write a digit before the point: `0.5`.",
    "?": "Write `coalesce(a, b)`, or `condition ? one : other`.",
    "<": "A heredoc begins with `<<-EOT` and nothing behind it in its line, not even a blank.",
    "\u00a0": "Write a plain blank instead of the one that does not break.",
}
_WORDS = {"and": "&&", "or": "||", "then": "?", "else": ":", "is": "=="}


def instead(here: Cursor) -> str:
    """Where a value is expected."""
    return _INSTEAD.get(here.text[here.at : here.at + 1], _VALUE)


def ended(here: Cursor) -> str:
    """Where an argument should have ended."""
    sign = here.text[here.at : here.at + 1]
    word = here.found.strip("`")
    if word in _WORDS:
        return f"Write `{_WORDS[word]}` for `{word}`."
    if sign in (",", ";"):
        return f"Remove the `{sign}`: an argument ends with its line."
    if sign == "}":
        return "Write `}` on a line of its own."
    if sign in _INSTEAD:
        return _INSTEAD[sign]
    return "An argument has one value and ends with its line: put the next one on a line of its own, a text in double quotes."
