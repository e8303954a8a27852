"""How a value is written where it is put: the indentation, the quotes and the style of what stands around it."""

from __future__ import annotations

import json

from svc.edit.cst import Node, Written
from svc.emit import emit
from svc.tree import Data


def column_of(text: str, position: int) -> int:
    return position - (text.rfind("\n", 0, position) + 1)


def step_of(made: Written) -> int:
    """How far the file indents: the first nested block mapping decides."""
    pending = list(made.roots)
    while pending:
        node = pending.pop(0)
        if node.kind == "map" and not node.flow and node.keys:
            column = column_of(made.text, node.keys[0].start)
            for value in node.values:
                if value.kind == "map" and not value.flow and value.keys:
                    step = column_of(made.text, value.keys[0].start) - column
                    return step if step > 0 else 2
        pending += node.values
    return 2


def block(value: Data, column: int, made: Written | None = None) -> str:
    """The lines of a value in block style, indented by `column`, with the step of what somebody has `made` around it."""
    step = step_of(made) if made is not None else 2
    lines = []
    for line in emit(value).text.rstrip("\n").split("\n"):
        bare = line.lstrip(" ")
        lines.append(" " * (column + (len(line) - len(bare)) // 2 * step) + bare)
    return "\n".join(lines)


def separator(text: str, owner: Node) -> str:
    """What stands between two entries of a flow collection: a comma, and a new line where each has its own."""
    start = owner.keys[-1].start
    line = text.rfind("\n", 0, start) + 1
    own = line > owner.body and not text[line:start].strip()
    return ",\n" + text[line:start] if own else ", "


def is_json(node: Node) -> bool:
    return node.flow and bool(node.keys) and node.keys[0].style == '"'


def flow(value: Data, json_like: bool) -> str:
    if json_like:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key, '', True)}: {flow(item, False)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, False) for item in value) + "]"
    return scalar(value, "", True)


def scalar(value: Data, style: str, flow: bool) -> str:
    """A scalar on one line, in the quotes that stood there before if it had any."""
    if isinstance(value, str):
        odd = flow and any(char in value for char in ",[]{}")
        if (style == "'" or (odd and '"' in value)) and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        if style == '"' or odd or "\n" in value:
            return json.dumps(value, ensure_ascii=False)
    return emit(value).text.rstrip("\n")
