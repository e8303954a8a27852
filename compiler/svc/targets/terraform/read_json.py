"""Terraform's JSON syntax to the same blocks: https://developer.hashicorp.com/terraform/language/syntax/json

Without the providers' schemas nobody can say whether an object is an argument or a block, so that both are made of it:
who asks for either finds it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from svc.diagnostics import Route
from svc.patterns import regex
from svc.source import Source
from svc.targets.terraform.read import read_blocks, read_value
from svc.targets.terraform.scan import TerraformError, balanced_end
from svc.targets.terraform.types import Attribute, Block, Expr, Object, Value
from svc.tree import Data

if TYPE_CHECKING:
    from svc.parse import Document

_INSERTED = regex(r"\$\$\{|%%\{|[$%]\{")
_LABELS = {
    **dict.fromkeys(("resource", "data", "ephemeral", "action", "list"), 2),
    **dict.fromkeys(("provider", "variable", "output", "module", "check", "dynamic", "provisioner", "backend"), 1),
}
"""Names that a block of a type has; none where it is not here."""
_PLAIN = frozenset({"locals", "variable", "output", "required_providers"})
"""Blocks whose objects are values, but for those in `_NESTED`."""
_NESTED = frozenset({"validation", "precondition"})
_ONLY_BLOCKS = frozenset(
    {"dynamic", "provisioner", "backend", "lifecycle", "required_providers", "content", "ingress", "egress", *_NESTED}
)
_CODE = {
    **dict.fromkeys(("resource", "data", "ephemeral"), frozenset({"depends_on", "provider"})),
    "module": frozenset({"depends_on", "providers"}),
    "output": frozenset({"depends_on"}),
    "variable": frozenset({"type"}),
    "lifecycle": frozenset({"ignore_changes", "replace_triggered_by"}),
    "moved": frozenset({"from", "to"}),
    "removed": frozenset({"from"}),
    "import": frozenset({"to", "provider"}),
}
"""By block: arguments of Terraform itself whose texts are expressions as they stand."""
_NONE: frozenset[str] = frozenset()


def read_file(name: str, text: str) -> tuple[Block, ...]:
    """The blocks of a file in the syntax that its name says. Raises TerraformError with file and line."""
    if not name.endswith(".json"):
        return read_blocks(text, name)
    from svc.parse import parse_one

    parsed = parse_one(Source(name, text))
    for problem in parsed.problems:
        raise TerraformError(name, problem.place.span.line if problem.place.span else 1, problem.message)
    try:
        json.loads(text.removeprefix("\ufeff"), parse_int=str, parse_float=str)  # YAML is more than JSON
    except json.JSONDecodeError as error:
        raise TerraformError(name, error.lineno, f"this is no JSON: {error.msg}") from None
    return read_document(parsed.documents[0])


def read_document(document: Document) -> tuple[Block, ...]:
    """The blocks of one file. Raises TerraformError with file and line."""
    return tuple(
        block
        for top, route in _each(document.data, ())
        for type_, value in top.items()
        if type_ != "//"
        for block in _blocks(document, type_, (), value, (*route, type_))
    )


def read_values(document: Document) -> tuple[Attribute, ...]:
    """A `.tfvars.json` file, in which nothing is an expression."""
    data = document.data if isinstance(document.data, dict) else {}
    return tuple(Attribute(name, _plain(value), None, _line(document, (name,))) for name, value in data.items())


def _each(value: Data, route: Route) -> Iterator[tuple[dict[str, Data], Route]]:
    """An object, or each of a list."""
    if isinstance(value, dict):
        yield value, route
    elif isinstance(value, list):
        for index, one in enumerate(value):
            if isinstance(one, dict):
                yield one, (*route, index)


def _blocks(document: Document, type_: str, labels: tuple[str, ...], value: Data, route: Route) -> Iterator[Block]:
    named = len(labels) < _LABELS.get(type_, 0)
    for one, at in _each(value, route):
        if named:
            for label, inner in one.items():
                if label != "//":
                    yield from _blocks(document, type_, (*labels, label), inner, (*at, label))
        else:
            yield Block(type_, labels, tuple(_body(document, type_, one, at)), "", None, _line(document, at))


def _body(document: Document, type_: str, body: dict[str, Data], route: Route) -> Iterator[Attribute | Block]:
    for name, value in body.items():
        at = (*route, name)
        if name == "//":
            continue
        nested = type_ not in _PLAIN or name in _NESTED
        if not (nested and name in _ONLY_BLOCKS):
            literal = (type_, name) == ("variable", "default")
            read = _plain(value) if literal else _read(document, value, name in _CODE.get(type_, _NONE), at)
            yield Attribute(name, read, None, _line(document, at))
        if nested and (
            isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))
        ):
            yield from _blocks(document, name, (), value, at)


def _read(document: Document, value: Data, code: bool, route: Route) -> Value:
    try:
        return _value(value, code)
    except TerraformError as error:
        raise TerraformError(document.source.name, _line(document, route), error.message) from None


def _value(value: Data, code: bool) -> Value:
    if isinstance(value, dict):
        return Object(tuple((key, _value(inner, code)) for key, inner in value.items()))
    if isinstance(value, list):
        return tuple(_value(one, code) for one in value)
    if isinstance(value, str):
        return read_value(value) if code else _text(value)
    assert value is None or isinstance(value, int | float)
    return value


def _plain(value: Data) -> Value:
    if isinstance(value, dict):
        return Object(tuple((key, _plain(inner)) for key, inner in value.items()))
    return tuple(map(_plain, value)) if isinstance(value, list) else value


def _text(text: str) -> Value:
    """A text is a template: one that is a single `${}` is what stands in it."""
    if "${" not in text and "%{" not in text:
        return text
    quoted = f'"{text}"'
    if text.startswith("${") and balanced_end(text, 1) == len(text):
        return read_value(text[2:-1])
    found = read_value(quoted) if '"' not in text and "\\" not in text and "\n" not in text else None
    return found if isinstance(found, str) else Expr(quoted if found is not None else _escaped(text))


def _escaped(text: str) -> str:
    """A template in quotes: what stands in `${}` and `%{}` stays as it is; `$${` and `%%{` are texts."""
    out: list[str] = []
    position = 0
    for found in _INSERTED.finditer(text):
        if found.start() < position:
            continue
        out += [json.dumps(text[position : found.start()], ensure_ascii=False)[1:-1]]
        position = found.end() if len(found[0]) > 2 else balanced_end(text, found.start() + 1)
        out += [text[found.start() : position]]
    return f'"{"".join(out)}{json.dumps(text[position:], ensure_ascii=False)[1:-1]}"'


def _line(document: Document, route: Route) -> int:
    node = document.nodes.get(route)
    if node is None:
        return 1
    return (node.key_mark or node.mark)[0]
