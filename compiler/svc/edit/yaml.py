"""Changes of YAML data become edits of its text: indentation, comments, quotes and flow style stay as they are.

`change` proves its result: the text parses, the data is what the changes mean and nothing else, every comment but
those on the lines of what was deleted is still there. Otherwise the changes are refused.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from svc.diagnostics import Route
from svc.edit import remarks, spelling
from svc.edit.changes import Append as Append
from svc.edit.changes import Change as Change
from svc.edit.changes import Delete as Delete
from svc.edit.changes import Keyed as Keyed
from svc.edit.changes import Rename as Rename
from svc.edit.changes import Rewrite as Rewrite
from svc.edit.changes import Set as Set
from svc.edit.cst import Node, Written, written
from svc.edit.types import Edit, RefusedError, apply
from svc.parse import Parsed, parse
from svc.source import Source
from svc.tree import Data, same


def change(source: Source, number: int, one: Change) -> str:
    """The text after a change of document `number`, proved. Raises RefusedError."""
    parsed, made = _read(source)
    if parsed.problems:
        raise RefusedError("the file cannot be read")
    if len(made.roots) != len(parsed.documents):
        raise RefusedError("the documents of the file cannot be told apart")
    expected = [_copy(document.data) for document in parsed.documents]
    edits = _edits(made, number, one)
    _perform(expected[number], one)
    text = apply(source.text, edits)
    _prove(Source(source.name, text), made, expected, edits if isinstance(one, Delete) else [])
    return text


@lru_cache(maxsize=2)
def _read(source: Source) -> tuple[Parsed, Written]:
    """A file with many findings is read once for all changes that start from it."""
    parsed = parse(source)
    return parsed, written(source.text) if not parsed.problems else Written(source.text)


def _prove(result: Source, made: Written, expected: list[Data], lost: list[Edit]) -> None:
    parsed = parse(result)
    if parsed.problems:
        raise RefusedError("the result would not be YAML")
    if not same([one.data for one in parsed.documents], expected):
        raise RefusedError("something else would change too")
    gone = made.comments() - written(result.text).comments()
    for start, comment in made.placed_comments():
        if any(one.start <= start < one.end for one in lost):
            gone[comment] -= 1
    if any(count > 0 for count in gone.values()):
        raise RefusedError("a comment would be lost")


def _copy(data: Data) -> Data:
    if isinstance(data, dict):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(item) for item in data] if isinstance(data, list) else data


def _perform(data: Data, one: Change) -> None:
    """The change on plain data."""
    if isinstance(one, Append):
        for part in one.route:
            data = data[part]
        data.append(_copy(one.value))
        return
    for part in one.route[:-1]:
        if isinstance(one, Set) and isinstance(data, dict) and data.get(str(part)) is None:
            data[part] = {}
        data = data[part]
    last = one.route[-1]
    if isinstance(one, Set):
        data[last] = _copy(one.value)
    elif isinstance(one, Rewrite):
        into = iter(one.into)
        data[last] = re.sub(one.pattern, lambda _: next(into), data[last])
    elif isinstance(one, Keyed):
        data[last] = {name: _copy(value) for name, value in zip(data[last], one.values, strict=True)}
    elif isinstance(one, Delete):
        del data[last]
    elif last in data:
        renamed = {one.key if key == last else key: value for key, value in data.items()}
        data.clear()
        data.update(renamed)


def _edits(made: Written, number: int, one: Change) -> list[Edit]:
    if isinstance(one, Delete):
        return _delete(made, number, one.route)
    if isinstance(one, Append):
        return [_append(made, number, one.route, one.value)]
    if isinstance(one, Rewrite):
        return _rewrite(made, number, one)
    if isinstance(one, Keyed):
        return _keyed(made, number, one)
    if isinstance(one, Rename):
        owner = made.node(number, one.route[:-1])
        index = owner.find(one.route[-1])
        if index < 0 or owner.find(one.key) >= 0:
            raise RefusedError(f"`{one.route[-1]}` cannot be renamed here")
        key = owner.keys[index]
        return [Edit(key.body, key.end, spelling.scalar(one.key, key.style, owner.flow))]
    return [_set(made, number, one)]


def _set(made: Written, number: int, one: Set) -> Edit:
    node = made.follow(number, made.roots[number])
    for depth, part in enumerate(one.route):
        index = node.find(part)
        value = one.value
        for key in reversed(one.route[depth + 1 :]):
            value = {str(key): value}
        if index < 0:
            if node.kind != "map":
                raise RefusedError("there is no mapping to write into")
            return _insert(made, node, str(part), value, one.after)
        child = node.values[index]
        last = depth == len(one.route) - 1
        if not last and child.kind == "scalar" and (child.start == child.end or child.text in ("null", "~")):
            return _replace(made, node, index, value)
        if last:
            return _replace(made, node, index, value)
        node = made.follow(number, child)
    raise RefusedError("a whole document is not replaced")


def _replace(made: Written, owner: Node, index: int, value: Data) -> Edit:
    child = owner.values[index]
    nested = isinstance(value, dict | list) and bool(value)
    json_like = spelling.is_json(owner)
    if child.kind in ("map", "seq") and not child.flow:
        if nested or child.anchor:
            raise RefusedError("a block is not replaced by another one")
        gap = made.text.rfind(":", 0, child.start) + 1
        return Edit(gap, child.end, " " + spelling.flow(value, json_like))
    empty = child.start == child.end
    if not nested or owner.flow or not empty:
        style = child.style if isinstance(value, str) and child.style in ("'", '"') else ""
        text = spelling.scalar(value, style, owner.flow) if isinstance(value, str) else spelling.flow(value, json_like)
        return Edit(child.body, child.end, (" " if empty else "") + text)
    column = spelling.column_of(made.text, owner.keys[index].start if owner.keys else child.start)
    end = remarks.line_end(made.text, child.end)
    return Edit(end, end, "\n" + spelling.block(value, column + spelling.step_of(made)))


def _insert(made: Written, owner: Node, key: str, value: Data, after: str) -> Edit:
    text = made.text
    last = owner.values[owner.find(after)] if owner.values else owner  # -1 where there is no such entry: the last
    if owner.flow:
        json_like = spelling.is_json(owner) or (not owner.values and any(spelling.is_json(root) for root in made.roots))
        name = json.dumps(key) if json_like else spelling.scalar(key, "", True)
        entry = f"{name}: {spelling.flow(value, json_like)}"
        if not owner.values:
            return Edit(owner.body + 1, owner.end - 1, entry)
        return Edit(last.end, last.end, spelling.separator(text, owner) + entry)
    column = spelling.column_of(text, owner.keys[0].start)
    return _after(text, last, spelling.block({key: value}, column, made), column)


def _append(made: Written, number: int, route: Route, value: Data) -> Edit:
    node = made.node(number, route)
    if node.kind != "seq":
        raise RefusedError("there is no list to add to")
    if node.flow:
        item = spelling.flow(value, spelling.is_json(node))
        if not node.values:
            return Edit(node.body + 1, node.end - 1, item)
        return Edit(node.values[-1].end, node.values[-1].end, ", " + item)
    dash = made.text.rfind("-", 0, node.values[0].body + 1) if node.values else -1
    if dash < 0 or made.text[dash + 1 : node.values[0].start].strip():
        raise RefusedError("the list is not written in a way that can be added to")
    column = spelling.column_of(made.text, dash)
    return _after(made.text, node.values[-1], spelling.block([value], column, made), column)


def _after(text: str, last: Node, entry: str, column: int) -> Edit:
    """A new line after the line on which a node ends, and after the remarks on it."""
    end = remarks.below(text, last, column)
    if end < last.end:
        return Edit(last.end, last.end, entry + "\n")
    return Edit(end, end, "\n" + entry)


def _rewrite(made: Written, number: int, one: Rewrite) -> list[Edit]:
    node = made.node(number, one.route)
    matches = list(re.compile(one.pattern).finditer(made.text, node.body, node.end))
    if node.kind != "scalar" or len(matches) != len(one.into):
        raise RefusedError("the text is written in a way that is not edited")
    if not node.style and matches[0].start() == node.body:  # what begins with a quote is no plain text any more
        into = iter(one.into)
        return [
            Edit(node.body, node.end, spelling.scalar(re.sub(one.pattern, lambda _: next(into), node.text), "'", False))
        ]
    edits = []
    for match, text in zip(matches, one.into, strict=True):
        if node.style == '"':
            text = json.dumps(text, ensure_ascii=False)[1:-1]
        elif node.style == "'":
            text = text.replace("'", "''")
        edits.append(Edit(match.start(), match.end(), text))
    return edits


def _keyed(made: Written, number: int, one: Keyed) -> list[Edit]:
    owner = made.node(number, one.route[:-1])
    index = owner.find(one.route[-1])
    node = owner.values[index] if index >= 0 else owner
    if node.kind != "seq" or node.anchor or any(item.kind != "scalar" for item in node.values):
        raise RefusedError("the list is not written in a way that can be changed")
    entries = [f"{made.text[item.start : item.end]}: " for item in node.values]
    texts = [
        entry + spelling.flow(value, spelling.is_json(owner)) for entry, value in zip(entries, one.values, strict=True)
    ]
    if node.flow:
        return [Edit(node.start, node.end, "{" + ", ".join(texts) + "}")]
    edits = []
    for item, text in zip(node.values, texts, strict=True):
        dash = made.text.rfind("-", 0, item.start)
        deep = spelling.column_of(made.text, dash) > spelling.column_of(made.text, owner.keys[index].start)
        edits.append(Edit(dash, item.end, ("" if deep else " " * spelling.step_of(made)) + text))
    return edits


def _delete(made: Written, number: int, route: Route) -> list[Edit]:
    owner = made.node(number, route[:-1])
    index = owner.find(route[-1])
    if index < 0:
        raise RefusedError(f"`{route[-1]}` is not written here")
    heads = owner.keys or owner.values
    start, end = heads[index].start, owner.values[index].end
    if len(heads) == 1:
        if owner.flow:
            return [Edit(owner.body + 1, owner.end - 1, "")]
        parent = made.node(number, route[:-2]) if len(route) > 1 else None
        if parent is None or parent.kind != "map":
            raise RefusedError("it is the only entry")
        return _empty(made, parent, parent.find(route[-2]))
    if owner.flow:
        if index:
            return [Edit(owner.values[index - 1].end, end, "")]
        return [Edit(start, heads[1].start, "")]
    text = made.text
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start]
    if before.strip() and not (owner.kind == "seq" and before.strip() == "-"):
        following = heads[index + 1].start if index + 1 < len(heads) else -1
        if index or following < 0:
            raise RefusedError("it does not stand on a line of its own")
        return [Edit(start, following, "")]
    stop = end if text[end - 1 : end] == "\n" else min(remarks.line_end(text, end) + 1, len(text))
    if text[stop - 1 : stop + 1] == "\r\n":
        stop += 1
    stop = remarks.following(text, stop, remarks.indented(text, line))
    alone = remarks.is_remark(text, stop) or (index and (index + 1 == len(heads) or owner.kind == "seq"))
    if alone and (index or len(route) > 1):  # above the first entry it may speak of all
        line = remarks.above(text, line)
    if not text[:line].strip() or text[:line].endswith(("\n\n", "---\n")):
        while text[stop : stop + 1] in ("\n", "\r"):
            stop += 1
    return [Edit(line, stop, "")]


def _empty(made: Written, parent: Node, index: int) -> list[Edit]:
    """A block without its only entry: what stands on the line of its key stays, remarks on the entry go with it."""
    child = parent.values[index]
    if child.anchor or child.flow or child.kind not in ("map", "seq"):
        return [_replace(made, parent, index, {} if child.kind == "map" else [])]
    gap = made.text.rfind(":", 0, child.start) + 1
    head = remarks.line_end(made.text, gap)
    if made.text[gap:head].strip()[:1] not in ("", "#") or head > child.start:
        raise RefusedError("it is the only entry")
    nothing = " {}" if child.kind == "map" else " []"
    return [Edit(gap, gap, nothing), Edit(head, remarks.line_end(made.text, child.end), "")]
