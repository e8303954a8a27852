"""Blocks to text in exactly the layout of `terraform fmt`, with the line of every part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from svc.diagnostics import Route
from svc.patterns import regex
from svc.records import dataclass, field
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Object, Value

_WIDTH = 110
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_-]*")
_SPECIAL = regex(r'[\\"\n\r\t$%]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Printed:
    """A block's text, without the end of its last line, how many lines that is, and at which (from 1) each route begins."""

    text: str
    height: int
    at: Mapping[Route, int]


@dataclass(slots=True)
class _Page:
    """Lines so far, and which line (from 1) each route begins at."""

    lines: list[str] = field(default_factory=list)
    at: dict[Route, int] = field(default_factory=dict)

    def add(self, text: str) -> None:
        self.lines.extend(text.split("\n"))

    def mark(self, route: Route) -> None:
        self.at.setdefault(route, len(self.lines) + 1)


def write_blocks(blocks: Sequence[Block], header: str = "") -> str:
    """A whole file: the header's comment, then the blocks with an empty line between."""
    parts = ["\n".join(_comment(header))] if header else []
    parts += [block.printed.text for block in blocks]
    return "\n\n".join(parts) + "\n" if parts else ""


def lines(blocks: Sequence[Block], header: str = "") -> dict[Route, int]:
    """The line of each route in what `write_blocks` makes."""
    found: dict[Route, int] = {}
    row = len(_comment(header)) + 1 if header else 0
    for block in blocks:
        for route, line in block.printed.at.items():
            found.setdefault(route, row + line)
        row += block.printed.height + 1
    return found


def write_block(block: Block) -> Printed:
    page = _Page()
    _block(page, block, "", block.address)
    return Printed("\n".join(page.lines), len(page.lines), page.at)


def write_attributes(attributes: Sequence[Attribute]) -> str:
    page = _Page()
    _body(page, attributes, "", ())
    return "\n".join(page.lines)


def _comment(text: str, indent: str = "") -> list[str]:
    return [f"{indent}# {line}".rstrip() for line in text.split("\n")]


def _block(out: _Page, block: Block, indent: str, route: Route) -> None:
    if block.comment:
        out.lines += _comment(block.comment, indent)
    out.mark(route)
    labels = "".join(f' "{label}"' for label in block.labels)
    if not block.body:
        out.add(f"{indent}{block.type}{labels} {{}}")
        return
    out.add(f"{indent}{block.type}{labels} {{")
    _body(out, block.body, indent + "  ", route)
    out.add(f"{indent}}}")


def _body(out: _Page, body: Sequence[Attribute | Block], indent: str, route: Route) -> None:
    seen: dict[str, int] = {}
    for number, group in enumerate(_groups(body)):
        if number:
            out.add("")
        if isinstance(group, Block):
            index = seen.get(group.type, 0)
            seen[group.type] = index + 1
            _block(out, group, indent, (*route, group.type, index))
            continue
        width = max(len(part.name) for part, _ in group)
        for part, text in group:
            out.mark((*route, part.name))
            out.add(f"{indent}{part.name.ljust(width if len(group) > 1 else 0)} = {_indented(text, indent)}")


def _groups(body: Sequence[Attribute | Block]) -> Iterator[Block | list[tuple[Attribute, str]]]:
    """Single-line attributes that stand together are aligned; whatever has several lines stands alone."""
    together: list[tuple[Attribute, str]] = []
    for part in body:
        text = "" if isinstance(part, Block) else expression(part.value)
        single = isinstance(part, Attribute) and "\n" not in text
        if single and isinstance(part, Attribute):
            if together and part.name == "depends_on":
                yield together
                together = []
            together.append((part, text))
            if part.name in ("count", "for_each"):
                yield together
                together = []
            continue
        if together:
            yield together
            together = []
        yield part if isinstance(part, Block) else [(part, text)]
    if together:
        yield together


def expression(value: Value) -> str:
    """An expression's text; further lines are indented relative to its first."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return quoted(value)
        case Expr():
            return value.text
        case Call():
            return f"{value.name}({', '.join(expression(arg) for arg in value.args)})"
        case Object():
            return _object(value)
        case tuple():
            return _list(value)


def quoted(text: str) -> str:
    """A string literal: nothing in it is a template."""
    if not _SPECIAL.search(text):
        return f'"{text}"'
    escaped = "".join(_ESCAPES.get(char, char) for char in text)
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'


def _list(value: tuple[Value, ...]) -> str:
    parts = [expression(item) for item in value]
    inline = f"[{', '.join(parts)}]"
    if len(parts) == 1 and isinstance(value[0], Object):
        return inline
    if len(inline) <= _WIDTH and "\n" not in inline:
        return inline
    return "[\n" + "".join(f"  {_indented(part, '  ')},\n" for part in parts) + "]"


def _object(value: Object) -> str:
    if not value.items:
        return "{}"
    lines: list[str] = []
    group: list[tuple[str, str]] = []

    def flush() -> None:
        width = max((len(key) for key, _ in group), default=0)
        lines.extend(f"  {key.ljust(width)} = {text}" for key, text in group)
        group.clear()

    for name, item in value.items:
        key, text = key_text(name), expression(item)
        if "\n" in text:
            flush()
            lines.append(f"  {key} = {_indented(text, '  ')}")
        else:
            group.append((key, text))
    flush()
    return "{\n" + "\n".join(lines) + "\n}"


def key_text(name: str) -> str:
    if _NAME.fullmatch(name) or name.startswith("("):
        return name
    return quoted(name)


def _indented(text: str, indent: str) -> str:
    return text.replace("\n", "\n" + indent)
