"""Where things end in HCL text: strings with nested templates, comments, heredocs, brackets, expressions."""

from __future__ import annotations

import re

from svc.patterns import regex

NAME = r"[^\W\d][\w-]*"
"""The pattern of a name: letters of any language, no digit in front."""
_PAIRS = {"(": ")", "[": "]", "{": "}"}
HEREDOC = regex(r"<<-?\s*([A-Za-z_][A-Za-z0-9_-]*)[ \t]*\n")
_STRING = regex(r'"(?:[^"\\$%\n]|\\.|[$%](?![{$%]))*"', re.S)
"""A string without templates and without anything that looks like one."""
_IN_STRING = regex(r'[^"\\$%\n]*')
_CODE = regex(r'[^"<#/]*')
_IN_BRACKETS = regex(r'[^"<()\[\]{}]*')
_IN_EXPRESSION = regex(r'[^"<(\[{}\n]*')
_IN_PART = {separators: regex(rf'[^"<(\[{{{separators}]*') for separators in (",", ",\n")}
_BLANK = regex(r"[ \t\n]*")
_SPACE = regex(r"[ \t]*")


class TerraformError(Exception):
    """A text that is not HCL, with the line where that shows."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}" if file else f"line {line}: {message}")
        self.file = file
        self.line = line
        self.message = message


def clean(text: str, name: str = "", lines: bool = True) -> str:
    """The text without comments, so that every line stays what it was. `lines`: those within a comment, too, which end no
    argument; a space stands for each where they do not."""
    out: list[str] = []
    position = 0
    text = text.replace("\r\n", "\n")
    while position < len(text):
        end = _after(_CODE, text, position)
        if end > position:
            out.append(text[position:end])
            position = end
            continue
        char = text[position]
        if char == '"':
            end = string_end(text, position, name)
            out.append(text[position:end])
        elif (heredoc := HEREDOC.match(text, position)) is not None:
            end = heredoc_end(text, heredoc, name)
            out.append(text[position:end])
        elif char == "#" or text.startswith("//", position):
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
        elif text.startswith("/*", position):
            end = text.find("*/", position + 2)
            if end < 0:
                raise TerraformError(name, text.count("\n", 0, position) + 1, "a comment is not closed")
            end += 2
            out.append(re.sub(r"[^\n]", " ", text[position:end]) if lines else " " * (end - position))
        else:
            end = position + 1
            out.append(char)
        position = end
    return "".join(out)


def _after(pattern: re.Pattern[str], text: str, position: int) -> int:
    """The position after what a pattern, which fits everywhere, takes."""
    found = pattern.match(text, position)
    return found.end() if found is not None else position


def heredoc_end(text: str, match: re.Match[str], name: str = "") -> int:
    """The position behind the last line of a heredoc; `match`: its beginning, with the word that ends it as first group."""
    end = re.compile(rf"^[ \t]*{re.escape(match[1])}[ \t]*$", re.MULTILINE).search(text, match.end())
    if end is None:
        raise TerraformError(name, text.count("\n", 0, match.start()) + 1, f"the heredoc {match[1]} is not closed")
    return end.end()


def string_end(text: str, position: int, name: str = "") -> int:
    """The position after a quoted string that starts at `position`; strings within `${}` are its own."""
    simple = _STRING.match(text, position)
    if simple is not None:
        return simple.end()
    index = _after(_IN_STRING, text, position + 1)
    while index < len(text):
        char = text[index]
        if char == "\\":
            index += 2
        elif char == '"':
            return index + 1
        elif text[index : index + 3] in ("$${", "%%{"):
            index += 3
        elif text[index : index + 2] in ("${", "%{"):
            index = balanced_end(text, index + 1, name)
        elif char == "\n":
            break
        else:
            index += 1
        index = _after(_IN_STRING, text, index)
    raise TerraformError(name, text.count("\n", 0, position) + 1, "a string is not closed")


def balanced_end(text: str, position: int, name: str = "") -> int:
    """The position after the string or bracket that opens at `position`."""
    if text[position] == '"':
        return string_end(text, position, name)
    stack: list[str] = []
    index = position
    while (index := _after(_IN_BRACKETS, text, index)) < len(text):
        char = text[index]
        if char == '"':
            index = string_end(text, index, name)
            continue
        if char == "<" and (heredoc := HEREDOC.match(text, index)) is not None:
            index = heredoc_end(text, heredoc, name)
            continue
        if char in _PAIRS:
            stack.append(_PAIRS[char])
        elif char in ")]}":
            if not stack or stack.pop() != char:
                raise TerraformError(name, text.count("\n", 0, index) + 1, f"unexpected {char!r}")
            if not stack:
                return index + 1
        index += 1
    raise TerraformError(name, text.count("\n", 0, position) + 1, f"{text[position]!r} is not closed")


def end_of_expression(text: str, position: int, name: str = "") -> int:
    """The end of an attribute's expression: the line's end, or the closing brace of a block on one line."""
    index = position
    while (index := _after(_IN_EXPRESSION, text, index)) < len(text):
        char = text[index]
        if char == "<" and (heredoc := HEREDOC.match(text, index)) is not None:
            return heredoc_end(text, heredoc, name)
        if char == '"' or char in _PAIRS:
            index = balanced_end(text, index, name)
        elif char == "}" or char == "\n":
            return index
        else:
            index += 1
    return index


def split_top(text: str, separators: str) -> list[str]:
    """The non-empty parts of a text between separators that are in no string, bracket or heredoc."""
    parts: list[str] = []
    start = index = 0
    between = _IN_PART[separators]
    while (index := _after(between, text, index)) < len(text):
        char = text[index]
        if char == "<" and (heredoc := HEREDOC.match(text, index)) is not None:
            index = heredoc_end(text, heredoc)
        elif char == '"' or char in _PAIRS:
            index = balanced_end(text, index)
        elif char in separators:
            parts.append(text[start:index].strip())
            start = index = index + 1
        else:
            index += 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def skip_blank(text: str, position: int, newlines: bool = True) -> int:
    """The position of the next thing that is no white space; without `newlines`, on this line or at its end."""
    return _after(_BLANK if newlines else _SPACE, text, position)


def split_outside(text: str, *signs: str) -> list[str] | None:
    """The parts of a text between signs that follow each other outside of strings and brackets; None without them."""
    parts: list[str] = []
    start = index = 0
    wanted = list(signs)
    while index < len(text):
        char = text[index]
        if char == '"' or char in _PAIRS:
            index = balanced_end(text, index)
        elif wanted and text.startswith(wanted[0], index):
            parts.append(text[start:index].strip())
            start = index = index + len(wanted.pop(0))
        else:
            index += 1
    return None if wanted else [*parts, text[start:].strip()]
