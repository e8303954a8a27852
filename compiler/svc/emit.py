"""YAML as people write it, from data: block style, two spaces, every string quoted exactly when some reader needs it.

`parse(emit(x).text)` is `x` again, for readers of YAML 1.1 and 1.2 alike. For Helm templates the data may hold
the typed holes of `yaml_holes`, which the template engine fills.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from svc.diagnostics import Route
from svc.records import dataclass, field
from svc.visible import one_line
from svc.yaml_holes import HOLES, Block, Group, Guarded, Lines, Raw, Splice, begins_inline, nested
from svc.yaml_scalars import block, escaped_braces, in_template, inline, literal, string

_LONGEST_KEY = 1000
"""Characters; YAML readers look no farther for the colon of a key."""
_SHORT_KEY = 90
"""Characters; however they are escaped, they are fewer than the longest."""


@dataclass(frozen=True)
class Emitted:
    """The text, and the line (from 1) of the key or dash of every route, worked out when it is asked for."""

    text: str
    writing: Callable[[], _Writer] = field(repr=False, compare=False)

    @cached_property
    def lines(self) -> Mapping[Route, int]:
        return self.writing().places


@dataclass(frozen=True, slots=True)
class _Layout:
    comments: Mapping[Route, str]
    trailing: Mapping[Route, str]
    blank_before: Collection[Route]
    plain_keys: Collection[str]
    template: bool
    null: str


def emit(
    value: Any,
    *,
    header: str = "",
    comments: Mapping[Route, str] | None = None,
    trailing: Mapping[Route, str] | None = None,
    blank_before: Collection[Route] = (),
    plain_keys: Collection[str] = (),
    template: bool = False,
    null: str = "null",
) -> Emitted:
    """Data as one YAML document.

    `header` and `comments` are printed as `# ` lines above everything and above an entry, `trailing` after a scalar.
    `plain_keys` stay unquoted although a YAML 1.1 reader would misread them: `on` of a workflow. With `template`,
    braces of the data are escaped so that Helm prints them. `null` is how nothing is written: `""` for `push:`.
    """
    layout = _Layout(comments or {}, trailing or {}, blank_before, plain_keys, template, null)

    def writing(routed: bool = True) -> _Writer:
        writer = _Writer(layout, routed)
        writer.lines.extend(writer.escaped(line) for line in _comment(header, 0))
        writer.root(value)
        return writer

    return Emitted("\n".join(writing(routed=False).lines) + "\n", writing)


class _Writer:
    """`routed` False: the text alone is wanted, and the routes only on the way to where something is printed for one."""

    def __init__(self, layout: _Layout, routed: bool) -> None:
        self.layout = layout
        self.said = in_template if layout.template else string
        self.lines: list[str] = []
        self.places: dict[Route, int] = {}
        self.watched = _Everything() if routed else _prefixes(layout)
        self.routed = bool(self.watched)
        self.kept = False  # the last line belongs to a `|+` block, to which a blank line would be added

    def root(self, value: Any) -> None:
        if isinstance(value, Guarded):
            self.lines.append(value.open)
            self.root(value.value)
            self.lines.append(value.close)
            return
        self.places[()] = len(self.lines) + 1
        if isinstance(value, Splice | Block):
            self.verbatim(value.lines, 0)
        elif nested(value):
            self.entries(value, (), 0)
        else:
            first, *rest = self.scalar(value, ())
            self.lines.append(first)
            self.lines.extend("  " + line if line else "" for line in rest)

    def entries(self, value: Any, route: Route, indent: int, lead: str | None = None) -> None:
        """The entries of a mapping or the items of a list; `lead` takes the place of the first one's indent."""
        if type(value) is not dict and not isinstance(value, Mapping):
            self.items(value, route, indent, lead)
            return
        pad, said, plain = " " * indent, self.said, self.layout.plain_keys
        for part, item in value.items():
            text = None
            if not self.routed or (*route, part) not in self.watched:
                text = self.short(item) if type(part) is str and len(part) <= _SHORT_KEY else None
            if text is None:
                self.entry(route, part, item, indent, True, lead)
            else:
                key = part if part in plain else said(part)
                self.lines.append(f"{pad if lead is None else lead}{key}: {text}")
                self.kept = False
            lead = None

    def items(self, value: Iterable[Any], route: Route, indent: int, lead: str | None) -> None:
        """What the template engine puts between the items is none of them."""
        index = 0
        for item in value:
            if isinstance(item, Splice):
                self.verbatim(item.lines, indent)
            else:
                self.entry(route, index, item, indent, False, lead)
                index += 1
            lead = None

    def entry(
        self, above: Route, part: str | int, value: Any, indent: int, keyed: bool, lead: str | None = None
    ) -> None:
        route = above
        if self.routed:
            route = (*above, part)
            if route not in self.watched and type(value) not in HOLES:
                self.routed = False
                self.entry(above, part, value, indent, keyed, lead)
                self.routed = True
                return
            if lead is None:
                self.above(route, indent)
            self.places[route] = len(self.lines) + 1
        pad = " " * indent
        if type(value) not in HOLES:
            if keyed:
                self.pair(route, str(part), value, indent, pad if lead is None else lead)
            else:
                self.item(route, value, indent, pad if lead is None else lead)
        elif isinstance(value, Guarded):
            self.line(pad + value.open)
            self.entry(above, part, value.value, indent, keyed, "" if isinstance(value.value, Group) else pad)
            self.line(pad + value.close)
        elif isinstance(value, Splice):
            self.verbatim(value.lines, indent)
        else:
            self.entries(value.value, above, indent)

    def key(self, name: str) -> str:
        return name if name in self.layout.plain_keys else self.said(name)

    def short(self, value: Any) -> str | None:
        """A scalar that is one line, without a look at where it stands; None for anything else."""
        kind = type(value)
        if kind is str:
            return None if "\n" in value else self.said(value)
        if kind is Raw:
            return str(value.text)
        if kind is bool:
            return "true" if value else "false"
        return str(value) if kind is int else None

    def pair(self, route: Route, name: str, value: Any, indent: int, lead: str) -> None:
        key = self.key(name)
        if len(key) > _LONGEST_KEY:
            self.line(f"{lead}? {key}")
            lead, key = " " * indent, ""
        if type(value) is not str and isinstance(value, Block):
            self.line(f"{lead}{key}:")
            self.verbatim(value.lines, indent + 2)
        elif type(value) is not str and nested(value):
            self.lines.append(f"{lead}{key}:")
            self.kept = False
            self.entries(value, route, indent + 2)
        else:
            self.scalar_lines(f"{lead}{key}: ", value, route, indent + 2)

    def item(self, route: Route, value: Any, indent: int, lead: str) -> None:
        if isinstance(value, Block):
            self.line(f"{lead}-")
            self.verbatim(value.lines, indent + 2)
        elif nested(value) and begins_inline(value):
            if self.routed:
                first = (*route, next(iter(value)) if isinstance(value, Mapping) else 0)
                self.comment_of(first, indent)
                self.places[route] = len(self.lines) + 1
            self.entries(value, route, indent + 2, f"{lead}- ")
        elif nested(value):
            self.line(f"{lead}-")
            self.entries(value, route, indent + 2)
        else:
            self.scalar_lines(f"{lead}- ", value, route, indent + 2)

    def scalar_lines(self, start: str, value: Any, route: Route, indent: int) -> None:
        if type(value) is str and "\n" not in value and route not in self.layout.trailing:
            self.lines.append(start + self.said(value))
            self.kept = False
            return
        first, *rest = self.scalar(value, route)
        self.line((start + first).rstrip() if value is None else start + first)
        self.lines.extend(" " * indent + line if line else "" for line in rest)
        self.kept = first.startswith("|+")

    def scalar(self, value: Any, route: Route) -> list[str]:
        """The lines of a scalar: one, or the head of a literal block and its lines without indent."""
        if isinstance(value, Raw):
            lines = [value.text]
        elif value is None:
            lines = [self.layout.null]
        elif isinstance(value, str) and "\n" in value and literal(value):
            lines = [self.escaped(line) for line in block(value)]
        else:
            lines = [self.escaped(inline(value))]
        note = self.layout.trailing.get(route)
        if note:
            lines[0] += self.escaped(f"  # {one_line(note)}")
        return lines

    def escaped(self, text: str) -> str:
        return escaped_braces(text) if self.layout.template else text

    def above(self, route: Route, indent: int) -> None:
        if route in self.layout.blank_before and self.lines and self.lines[-1] and not self.kept:
            self.lines.append("")
        self.comment_of(route, indent)

    def comment_of(self, route: Route, indent: int) -> None:
        comment = self.layout.comments.get(route)
        if comment:
            self.lines.extend(self.escaped(line) for line in _comment(comment, indent))
            self.kept = False

    def verbatim(self, lines: Lines, indent: int) -> None:
        given = lines(indent) if callable(lines) else lines
        for line in given:
            self.line(" " * indent + line if line else "")

    def line(self, text: str) -> None:
        self.lines.append(text)
        self.kept = False


class _Everything(frozenset[Route]):
    """The set of all routes."""

    def __contains__(self, _: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


def _prefixes(layout: _Layout) -> frozenset[Route]:
    """The routes for which something is printed, and those above them."""
    said = (*layout.comments, *layout.trailing, *layout.blank_before)
    return frozenset([route[:length] for route in said for length in range(len(route) + 1)])


def _comment(text: str, indent: int) -> list[str]:
    pad = " " * indent
    return [f"{pad}# {one_line(line)}".rstrip() for line in (text.split("\n") if text else ())]
