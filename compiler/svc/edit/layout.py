"""The one layout of a spec: two spaces, keys in the language's order, comments beside what they speak of.

`laid_out` proves its result: the same data, the same comments, and nothing left to change. Flow collections and
scalars stay as they are written; maps whose keys are names of the user's keep their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from svc.diagnostics import Route
from svc.edit.cst import Node, Written, written
from svc.edit.types import RefusedError
from svc.parse import parse
from svc.source import Source
from svc.tree import same

Order = Callable[[Route, Sequence[str]], Sequence[str]]
"""Route of a mapping and its keys -> the keys in the order in which they are written."""


def laid_out(source: Source, order: Order) -> str:
    """The text in its layout. Raises RefusedError when that cannot be had without a change of meaning."""
    for chosen in (order, _as_written):  # an alias may need its anchor above it
        text = _printed(source, chosen)
        if _proved(source, text) and _printed(Source(source.name, text), chosen) == text:
            return text
    raise RefusedError("its layout cannot be changed without a change of what it says")


def _as_written(_route: Route, keys: Sequence[str]) -> Sequence[str]:
    return keys


def _proved(source: Source, text: str) -> bool:
    old, new = parse(source), parse(Source(source.name, text))
    if new.problems or not same([one.data for one in old.documents], [one.data for one in new.documents]):
        return False
    return written(source.text).comments() == written(text).comments()


def _printed(source: Source, order: Order) -> str:
    text = source.text.replace("\r\n", "\n")
    made = written(text if text.endswith("\n") else text + "\n")
    if len(made.roots) != 1 or made.roots[0].kind != "map" or made.roots[0].flow or made.roots[0].anchor:
        raise RefusedError("it is not one block of keys and values")
    printer = _Printer(made, order)
    lines, cursor = printer.collection(made.roots[0], (), 0, 0)
    lines += [line.strip() for line in made.text[cursor:].split("\n")]
    newline = "\r\n" if "\r\n" in source.text else "\n"
    return newline.join(_spaced(lines)) + newline


def _spaced(lines: list[str]) -> list[str]:
    """At most one blank line in a row, none at either end; blank lines within text blocks are marked and stay."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return ["" if line == _BLANK else line for line in kept]


_BLANK = "\0"


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """The comments up to the first blank line, which speak of the whole file, and what follows."""
    for index, line in enumerate(lines):
        if not line:
            return lines[: index + 1], lines[index + 1 :]
        if not line.startswith("#"):
            break
    schema = [line for line in lines[:1] if line.startswith("# yaml-language-server:")]
    return schema, lines[len(schema) :]


class _Printer:
    def __init__(self, made: Written, order: Order) -> None:
        self.text = made.text
        self.order = order

    def collection(self, node: Node, route: Route, column: int, cursor: int) -> tuple[list[str], int]:
        """The lines of a block collection whose text begins after `cursor`, and where the next line begins."""
        chunks: list[tuple[str, list[str]]] = []
        heads = node.keys or node.values
        for index, value in enumerate(node.values):
            start = heads[index].start
            above = self.text[cursor : max(cursor, self.text.rfind("\n", 0, start) + 1)]
            lines = [" " * column + line.strip() if line.strip() else "" for line in above.split("\n")[:-1]]
            part: str | int = node.keys[index].text if node.keys else index
            entry, cursor = self.entry(node, index, value, (*route, part), column)
            foot, cursor = self.foot(cursor, column, self.column(heads[index]), value)
            chunks.append((str(part), [*lines, *entry, *foot]))
        head: list[str] = []
        if node.kind == "map":
            wanted = list(self.order(route, [name for name, _ in chunks]))
            if not route and chunks:  # the file's own head stays at the top
                head, rest = _parted(chunks[0][1])
                chunks[0] = (chunks[0][0], rest)
            chunks.sort(key=lambda chunk: wanted.index(chunk[0]))
        return [*head, *(line for _, lines in chunks for line in lines)], cursor

    def column(self, node: Node) -> int:
        return node.start - (self.text.rfind("\n", 0, node.start) + 1)

    def entry(self, owner: Node, index: int, value: Node, route: Route, column: int) -> tuple[list[str], int]:
        pad = " " * column
        key = owner.keys[index] if owner.keys else None
        head = pad + (self.text[key.start : key.end] + ":" if key else "-")
        block = value.kind in ("map", "seq") and not value.flow and bool(value.values)
        if not block:
            return self.leaf(head, value, column)
        if key is None and value.kind == "map" and not value.anchor:
            lines, cursor = self.collection(value, route, column + 2, value.start)
            if not lines or not lines[0].startswith(pad + "  ") or lines[0].strip().startswith("#"):
                raise RefusedError("a list item begins with a comment")
            return [head + " " + lines[0][column + 2 :], *lines[1:]], cursor
        if key is None or value.anchor:
            raise RefusedError("a list in a list, or an anchor of a block, is left as it is")
        colon = self.text.index(":", key.end)
        end = self.text.index("\n", colon)
        note = self.text[colon + 1 : end].strip()
        lines, cursor = self.collection(value, route, column + 2, end + 1)
        return [head + (f"  {note}" if note else ""), *lines], cursor

    def leaf(self, head: str, value: Node, column: int) -> tuple[list[str], int]:
        written_ = self.text[value.start : value.end]
        if value.style in ("|", ">"):
            if "\n" not in written_:
                raise RefusedError("an empty text block is left as it is")
            return self.literal(head, value, column)
        end = self.text.find("\n", value.end)
        if end < 0:
            raise RefusedError("a key behind `?` that has no value is left as it is")
        note = self.text[value.end : end].strip()
        note = note if note.startswith("#") else ""
        if "\n" in written_:
            first, *rest = written_.split("\n")
            body = [first.rstrip(), *(" " * (column + 2) + line.strip() if line.strip() else _BLANK for line in rest)]
            if "#" in written_ and value.flow:
                body = [first, *rest]
        else:
            body = [written_]
        lines = [f"{head} {body[0]}".rstrip(), *body[1:]]
        return [*lines[:-1], lines[-1] + (f"  {note}" if note else "")], end + 1

    def literal(self, head: str, value: Node, column: int) -> tuple[list[str], int]:
        first, *rest = self.text[value.start : value.end].rstrip("\n").split("\n")
        if any(char.isdigit() or char == "+" for char in first.split("#")[0]):
            raise RefusedError("a text block with an indentation of its own is left as it is")
        margin = min(len(line) - len(line.lstrip(" ")) for line in rest if line.strip())
        lines = [" " * (column + 2) + line[margin:] if line.strip() else _BLANK for line in rest]
        end = self.text.find("\n", value.end - 1)
        return [f"{head} {first}", *lines], end + 1

    def foot(self, cursor: int, column: int, written_column: int, value: Node) -> tuple[list[str], int]:
        """Comments below a nested block that are indented as its entries are."""
        if value.kind not in ("map", "seq") or value.flow:
            return [], cursor
        lines: list[str] = []
        taken, position = cursor, cursor
        pending: list[str] = []
        while position < len(self.text):
            end = self.text.index("\n", position) if "\n" in self.text[position:] else len(self.text)
            line = self.text[position:end]
            bare = line.strip()
            if bare and not (bare.startswith("#") and len(line) - len(line.lstrip(" ")) > written_column):
                break
            pending.append(" " * (column + 2) + bare if bare else "")
            position = end + 1
            if bare:
                lines, pending, taken = [*lines, *pending], [], position
        return lines, taken
