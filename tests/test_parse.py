"""A YAML text as plain data, and where each part of it stands."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from svc import yaml_events
from svc.diagnostics import Route, Span
from svc.parse import Document, Parsed, parse, parse_one
from svc.source import Source
from svc.tree import walk
from svc.yaml_nodes import events

SOUP = st.text(" \n\t:-#'\"{}[],&*!|>%@?ab1<\r\x85\u2028\u00e9~.", max_size=80)
PIECES = st.lists(
    st.sampled_from(
        ["a: ", "- ", "\n", "  ", "b", "&x ", "*x", "<<: ", "[", "]", "{", "}", ", ", '"', "'", "|\n", "---\n", "!!int ", "? ", ": ", "\r\n", "\u2028"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


def read(text: str) -> Document:
    parsed = parse(Source("x.yaml", text))
    assert parsed.problems == ()
    assert len(parsed.documents) == 1
    return parsed.documents[0]


def problems(text: str) -> list[str]:
    return [one.id for one in parse(Source("x.yaml", text)).problems]


def underlined(text: str, span: Span | None) -> str:
    assert span is not None
    assert span.line == span.end_line
    return Source("x", text).lines[span.line - 1][span.column - 1 : span.end_column - 1]


def check_span(text: str, span: Span | None) -> None:
    assert span is not None
    lines = Source("x", text).lines
    assert (span.line, span.column) <= (span.end_line, span.end_column)
    for line, column in ((span.line, span.column), (span.end_line, span.end_column)):
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1


@given(st.one_of(st.text(), SOUP, PIECES))
@example("\ud800")
@example("a: &x [*x]")
@example("&x ? *x")
@example("!!int x")
@example("a: !!float 1e999999999")
@example("1" * 5000)
@example("!<")
@example("?")
@example("".join(map(chr, range(0xE000, 0xF8FF))) + "\u2028")
@example("%YAML 9.9\n---\na")
def test_parse_never_raises_and_every_span_lies_in_the_file(text: str) -> None:
    parsed = parse(Source("x.yaml", text))
    text = text.removeprefix("\ufeff")
    for one in parsed.problems:
        check_span(text, one.place.span)
        for related in one.related:
            check_span(text, related.place.span)
    for document in parsed.documents:
        routes = {route for route, _ in walk(document.data)}
        assert set(document.nodes) == routes
        for route, node in document.nodes.items():
            check_span(text, node.span)
            check_span(text, document.span(route))
            check_span(text, document.span(route, "key"))
            check_span(text, document.span((*route, "missing")))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("yes", "yes"), ("NO", "NO"), ("12:30", "12:30"), ("1.10", 1.1), ("2024-01-01", "2024-01-01"),
        ("true", True), ("FALSE", False), ("~", None), ("null", None), ("0o17", 15), ("0x1F", 31), ("017", 17), ("+1", 1), ("1_000", "1_000"),
        ("0b1", "0b1"), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-.inf", -math.inf), ("<<", "<<"), ("=", "="), ("'1'", "1"), ('"true"', "true"),
        ("!!str 1", "1"), ("!!int '3'", 3), ("!!float 2", 2.0), ("!!bool 'true'", True), ("!!null ''", None), ("|\n  a\n  b\n", "a\nb\n"),
        ("9" * 5000, "9" * 5000),
    ],
)  # fmt: skip
def test_scalars_of_the_core_schema(text: str, value: Any) -> None:
    found = read(f"a: {text}").data["a"]
    assert (type(found), found) == (type(value), value)


def test_the_text_of_a_scalar_can_be_recovered() -> None:
    document = read("v: 3.10\nport: 0x50\nname: 'x'\nnone:\nlist: []\n")
    texts = {key: document.text((key,)) for key in document.data}
    assert texts == {"v": "3.10", "port": "0x50", "name": "x", "none": "", "list": None}
    assert document.text(("missing",)) is None


def test_keys_become_their_text() -> None:
    assert read("80: a\ntrue: b\n1.10: c\n~: d\n? e\n: f\n").data == {
        "80": "a",
        "true": "b",
        "1.10": "c",
        "~": "d",
        "e": "f",
    }


SPANS = """\
ports:
  http: 80
  list: [1, {a: 2}]
items:
  - name: x
    value: |
      text
  - y
empty:
"""


@pytest.mark.parametrize(
    ("route", "anchor", "line", "text"),
    [
        ((), "value", 1, "ports"),
        (("ports",), "value", 1, "ports"),
        (("ports", "http"), "value", 2, "80"),
        (("ports", "http"), "key", 2, "http"),
        (("ports", "missing"), "value", 1, "ports"),
        (("ports", "http", "deeper"), "value", 2, "80"),
        (("ports", "list"), "value", 3, "[1, {a: 2}]"),
        (("ports", "list", 1, "a"), "value", 3, "2"),
        (("ports", "list", 1, "missing"), "value", 3, "{a: 2}"),
        (("items",), "value", 4, "items"),
        (("items", 0), "value", 5, "name"),
        (("items", 0, "value"), "value", 6, "value"),
        (("items", 1), "value", 8, "y"),
        (("items", 7), "value", 4, "items"),
        (("empty",), "value", 9, "empty"),
        (("missing",), "key", 1, "ports"),
    ],
)
def test_what_is_underlined(route: Route, anchor: Any, line: int, text: str) -> None:
    span = read(SPANS).span(route, anchor)
    assert (span.line, underlined(SPANS, span)) == (line, text)


def test_the_extent_of_a_block_ends_with_its_last_value() -> None:
    node = read(SPANS).nodes[("ports",)]
    assert node.span == Span(2, 3, 3, 20)


def test_unicode_line_separators_do_not_shift_lines() -> None:
    text = 'a: "x\u2028y"\nb: é\u0085z\nc: !x 1\n'
    parsed = parse(Source("x", text))
    assert underlined(text, parsed.problems[0].place.span) == "!"
    assert parsed.problems[0].place.span == Span(3, 4, 3, 5)


def test_anchors_and_aliases() -> None:
    document = read("base: &b {x: 1, l: [1, 2]}\nuse: *b\nkey: &k name\n*k : 3\n")
    base = {"x": 1, "l": [1, 2]}
    assert document.data == {"base": base, "use": base, "key": "name", "name": 3}
    assert document.span(("use", "l", 1)) == document.span(("base", "l", 1))
    assert document.span(("use",)) == Span(2, 6, 2, 8)


def test_merge_keys() -> None:
    text = "a: &a {x: 1, y: {z: 1}}\nb: &b {x: 2, w: 3}\nc:\n  <<: [*a, *b]\n  y: own\nd:\n  '<<': text\n"
    document = read(text)
    assert document.data["c"] == {"x": 1, "w": 3, "y": "own"}
    assert document.data["d"] == {"<<": "text"}
    assert document.span(("c", "x")) == Span(1, 11, 1, 12)
    assert document.span(("c", "y")) == Span(5, 6, 5, 9)
    assert problems("a:\n  <<: 1\n") == ["yaml-bad-merge"]


def test_anchors_within_what_is_merged_or_given_twice() -> None:
    document = read("a:\n  <<: [&b {x: &c 1, l: [{z: 2}]}, {w: 3}]\nd: {<<: *b}\ne: *c\nf: *b\n")
    base = {"x": 1, "l": [{"z": 2}]}
    assert document.data == {"a": base | {"w": 3}, "d": base, "e": 1, "f": base}
    assert document.span(("f", "l", 0, "z")) == document.span(("a", "l", 0, "z")) == Span(2, 29, 2, 30)
    assert problems("a: &b {x: 1}\na: 2\nc: *b\nd: {<<: *b}\n") == ["yaml-duplicate-key"]


def test_documents() -> None:
    def data(text: str) -> list[Any]:
        parsed = parse(Source("x", text))
        assert parsed.problems == ()
        return [document.data for document in parsed.documents]

    assert data("---\n---\na: 1\n---\n# none\n---\nnull\n...\n") == [{"a": 1}, None]
    assert data("") == data("# only\n") == data("---\n") == data("\ufeff") == []
    assert data("\ufeffa: 1\r\nb: 2\r\n") == [{"a": 1, "b": 2}]
    assert data('{"a": [true, null, 1.5e3, "\\u00e9"]}') == [{"a": [True, None, 1500.0, "é"]}]


def test_one_document_is_expected() -> None:
    def ids(parsed: Parsed) -> list[str]:
        return [one.id for one in parsed.problems]

    assert ids(parse_one(Source("x", ""))) == ["yaml-empty"]
    assert ids(parse_one(Source("x", "a: 1\n---\nb: 2\n"))) == ["yaml-many-documents"]
    assert ids(parse_one(Source("x", "a: 1\n"))) == []
    assert ids(parse_one(Source("x", "a: [\n"))) == ["yaml-syntax"]


WITHOUT_LIBYAML = """\
import sys
sys.modules["yaml._yaml"] = None
from svc.parse import parse
from svc.source import Source
from svc.yaml_nodes import events
for text in ("a: [1, {80: on}]\\nc: |\\n  x\\n", "a: b: c\\n", 'a: "\\\\UFFFFFFFF"', "a: *b"):
    parsed = parse(Source("x", text))
    print([document.data for document in parsed.documents], [one.id for one in parsed.problems])
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"a": "\ud83d\ude00 x"}', "\U0001f600 x"),
        (r'{"a": "\\\uD83D\uDE00\ud83d\ude01"}', "\\\U0001f600\U0001f601"),
        (r"a: \ud83d\ude00", r"\ud83d\ude00"),
        (r"a: '\ud83d\ude00'", r"\ud83d\ude00"),
        (r"a: '\\ud83d\ude00'", r"\\ud83d\ude00"),
    ],
)
def test_a_surrogate_pair_of_json_is_one_character(text: str, value: str) -> None:
    parsed = parse(Source("a.json", text))
    assert not parsed.problems
    (document,) = parsed.documents
    assert document.data == {"a": value}
    assert document.span(("a",)).end_column == len(text.removesuffix("}")) + 1
    assert [one.value for one in events(text) if getattr(one, "value", "a") != "a"] == [value]


def test_without_libyaml_the_result_is_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_LIBYAML], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "[{'a': [1, {'80': 'on'}], 'c': 'x\\n'}] []",
        "[] ['yaml-syntax']",
        "[] ['yaml-syntax']",
        "[] ['yaml-undefined-alias']",
    ]


@given(PIECES | SOUP)
@example("- a\n- ? b\n  : c\n")
@example("a: |\n  b\nc: >-\n  d")
@example("{a: 1, a: 2, <<: {b: 3}}")
@example("a: &x 1\nb: *x\nc: !!str 1")
def test_the_quick_way_of_scalars_is_the_long_one(text: str) -> None:
    quick = yaml_events.read("a", text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("svc.yaml_events._Reader.simple", yaml_events._Reader.scalar)
        assert quick == yaml_events.read("a", text)
