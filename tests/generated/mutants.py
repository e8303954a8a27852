"""Changes of a rendered text, line by line: what a slip of a template, a bad merge or a bit that flips would do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Lines = tuple[str, ...]
_WORD = re.compile(r"[A-Za-z0-9]+")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])\d+(?![A-Za-z0-9])")
_KEY = re.compile(r"^(\s*(?:- )?\"?)([A-Za-z])([^:=\s]*)(?=\"?\s*[:={\s])")
_QUOTED = re.compile(r"([\"'])((?:(?!\1)[^\\])*)\1")
_BARE = re.compile(r"(?<=[:=-] )([^\s\"'{\[#|>&*!][^\"'#]*)$")
_LIST = re.compile(r"\[([^\[\]]+)\]")
_MEANT = re.compile(r"^# (syntax|check|escape)=(\S+)")
_ACTION = re.compile(r"\{\{.*?\}\}")
_VALUE = re.compile(r"\.Values(?:\.\w+)+")


def mutants(lines: Lines, at: int) -> Iterator[tuple[str, str]]:
    """(operator, text) of every change that concerns the line at a place; texts end as the lines do."""
    line = lines[at]
    seen = {"".join(lines)}
    for name, changed in (
        *_moves(lines, at),
        *((name, (*lines[:at], one, *lines[at + 1 :])) for name, one in _changes(line)),
    ):
        text = "".join(changed)
        if text not in seen:
            seen.add(text)
            yield name, text
    for name, one in _actions(line, lines):
        text = "".join((*lines[:at], one, *lines[at + 1 :]))
        if text not in seen:
            seen.add(text)
            yield name, text


def _moves(lines: Lines, at: int) -> Iterator[tuple[str, Sequence[str]]]:
    """Lines dropped, doubled, swapped, indented; items of lists with all that belongs to them."""
    line = lines[at]
    yield "line dropped", (*lines[:at], *lines[at + 1 :])
    yield "line doubled", (*lines[:at], line, *lines[at:])
    if at + 1 < len(lines):
        yield "lines swapped", (*lines[:at], lines[at + 1], line, *lines[at + 2 :])
    yield "indented more", (*lines[:at], f"  {line}", *lines[at + 1 :])
    if line.startswith("  "):
        yield "indented less", (*lines[:at], line[2:], *lines[at + 1 :])
    if line.lstrip().startswith("- "):
        end = _end(lines, at)
        if end > at + 1:
            yield "item dropped", (*lines[:at], *lines[end:])
            yield "item doubled", (*lines[:end], *lines[at:end], *lines[end:])


def _end(lines: Lines, at: int) -> int:
    """Where the item ends that begins here."""
    deep = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > deep:
        end += 1
    return end


def _changes(line: str) -> Iterator[tuple[str, str]]:
    """Every word, number, quote and inline list of a line."""
    for found in _WORD.finditer(line):
        yield "word changed", f"{line[: found.end()]}x{line[found.end() :]}"
    for found in _NUMBER.finditer(line):
        yield "number off by one", f"{line[: found.start()]}{int(found[0]) + 1}{line[found.end() :]}"
    key = _KEY.match(line)
    if key:
        yield "case of a key", f"{key[1]}{key[2].swapcase()}{line[key.end(2) :]}"
    for found in _QUOTED.finditer(line):
        yield "quotes dropped", f"{line[: found.start()]}{found[2]}{line[found.end() :]}"
    bare = _BARE.search(line)
    if bare:
        yield "quotes added", f'{line[: bare.start()]}"{bare[1].strip()}"\n'
    for found in _LIST.finditer(line):
        items = found[1].split(", ")
        for changed in (items[:-1], [*items, items[-1]]):
            yield "inline item", f"{line[: found.start()]}[{', '.join(changed)}]{line[found.end() :]}"
    meant = _MEANT.match(line)
    if meant:
        yield "directive in a comment", f"# {meant[1]}={meant[2]}x\n"
        yield "directive in a comment", f"#  # {line[2:]}"


def _actions(line: str, lines: Lines) -> Iterator[tuple[str, str]]:
    """Every action of a template."""
    for found in _ACTION.finditer(line):
        for name, action in _action(found[0], lines):
            yield name, f"{line[: found.start()]}{action}{line[found.end() :]}"


def _action(action: str, lines: Lines) -> Iterator[tuple[str, str]]:
    for value in _VALUE.finditer(action):
        other = next((one for one in _VALUE.findall("".join(lines)) if one != value[0]), ".Values.nameOverride")
        yield "another value", f"{action[: value.start()]}{other}{action[value.end() :]}"
    for word, other in (("| quote", ""), ("| int64", ""), ("toJson ", ""), (" not ", " "), ("{{-", "{{"), ("-}}", "}}"), ("| trimSuffix \"-\"", ""), ("else", "end"), ("with ", "if "), ("range ", "with "), (".Release.", ".Chart."), ("or ", "and "), ("hasKey", "not hasKey")):  # fmt: skip
        if word in action:
            yield f"{word.strip()} changed", action.replace(word, other, 1)
    deep = re.search(r"nindent (\d+)", action)
    if deep:
        yield "nindent changed", action.replace(deep[0], f"nindent {int(deep[1]) - 2}")
        yield "nindent changed", action.replace(deep[0], f"nindent {int(deep[1]) + 2}")
    condition = re.match(r"\{\{-? if (?!not )(.*?) ?\}\}", action)
    if condition:
        yield "condition negated", action.replace(condition[1], f"not {condition[1]}" if " " not in condition[1] or condition[1].startswith("(") else f"not ({condition[1]})")  # fmt: skip
