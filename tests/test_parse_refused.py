"""What is no YAML, or more than we take, is said where it stands, with what to write instead."""

from __future__ import annotations

import pytest

from svc.diagnostics import Diagnostic, Span
from svc.parse import parse
from svc.source import Source


def test_documents_before_an_error_are_kept() -> None:
    parsed = parse(Source("x", "a: 1\n---\nb: [\n"))
    assert [document.data for document in parsed.documents] == [{"a": 1}]
    assert [one.id for one in parsed.problems] == ["yaml-syntax"]


def test_a_duplicate_key_names_the_first_and_the_last_counts() -> None:
    text = "a:\n  x: {y: 1}\n  x: 2\n"
    parsed = parse(Source("x", text))
    (one,) = parsed.problems
    assert (one.id, one.place.span) == ("yaml-duplicate-key", Span(3, 3, 3, 4))
    assert one.related[0].place.span == Span(2, 3, 2, 4)
    assert parsed.documents[0].data == {"a": {"x": 2}}


def test_problems_are_limited() -> None:
    assert len(parse(Source("x", "a: 1\n" * 10_000)).problems) == 50


def problem(text: str) -> Diagnostic:
    (one,) = parse(Source("x.yaml", text)).problems
    return one


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a: *b\n", "yaml-undefined-alias"),
        ("a: &a\n  b: *a\n", "yaml-cyclic-alias"),
        (BOMB, "yaml-alias-bomb"),
        (CHAIN, "yaml-too-deep"),
        ("[" * 5000, "yaml-too-deep"),
        ("- " * 5000, "yaml-too-deep"),
        ("a: !ref b\n", "yaml-unknown-tag"),
        ("a: !!set {b}\n", "yaml-unknown-tag"),
        ("a: !!int b\n", "yaml-bad-tag"),
        ("a: \x07\n", "yaml-control-character"),
        ("a: \ud800\n", "yaml-control-character"),
        ("a: \ufeff\n", "yaml-control-character"),
        ("[a]: b\n", "yaml-syntax"),
    ],
)
def test_what_is_refused(text: str, name: str) -> None:
    assert problem(text).id == name


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "advice"),
    [
        ("a: b: c\n", 1, 5, "`: ` within unquoted text starts another key", 'quote the value: "b: c"'),
        ("a: 1\n b: 2\n", 2, 2, "`b` is indented under `a`, which already has the value `1`", "align `b` with `a`"),
        ("a:b\nc: d\n", 1, 1, "`a:b` has no space after the colon", "write `a: b`"),
        ("foo\nbar: 1\n", 2, 1, "`bar` is a key, but the line above it, `foo`, is none", "write `foo:`"),
        ("a: b\n- c\n", 2, 1, "a list item stands among the keys of a mapping", "indent the list under its key"),
        ("a:\n  - x\n  y: 1\n", 3, 3, "a key stands among the items of a list", "begin the line with `- `"),
        ("a:\n    b: 1\n  c: 2\n", 3, 3, "this line is indented by 2 spaces, which fits nothing above it", "align"),
        ("a: {{ x }}\n", 1, 4, "`{{` begins a mapping in YAML, not a template", '"{{ x }}"'),
        ("a: {{ x }}-y # z\n", 1, 4, "`{{` begins a mapping in YAML, not a template", '"{{ x }}-y"'),
        ("a: @foo\n", 1, 4, "unquoted text cannot begin with `@`", '"@foo"'),
        ("a: %x\n", 1, 4, "unquoted text cannot begin with `%`", '"%x"'),
        ("a:\n\tb: 1\n", 2, 1, "a tab is used for indentation", "replace the tab"),
        ("a: 'foo\nb: 1\n", 1, 4, "the quote `'` is never closed", "close it"),
        ("a: 'it's'\n", 1, 8, "text goes on after the closing `'`", "quote the value as a whole"),
        ("a: [1,2\nb: 3\n", 1, 4, "`[` is never closed", "close it with `]`"),
        ("a: [x}\n", 1, 6, "`,` or `]` expected here", "close with `]`"),
        ("a: *.txt\n", 1, 4, "`*` begins an alias here", "quote text"),
        ('a: "\\d"\n', 1, 5, "`\\d` is not an escape", "single quotes"),
        ("a: - b\n", 1, 4, "a list cannot begin on the line of its key", "a line of its own"),
        ("a: 1\na b\nc: 2\n", 2, 1, "`a b` is not a key: it has no colon", "`key: value`"),
    ],
)
def test_syntax_errors_say_what_to_do(text: str, line: int, column: int, message: str, advice: str) -> None:
    one = problem(text)
    assert one.place.span is not None
    assert (one.message, one.place.span.line, one.place.span.column) == (message, line, column)
    assert advice in one.help


@pytest.mark.parametrize("text", [r'{"a": "\ud83d"}', r'{"a": "\ude00\ud83d"}', r'{"a": "\\ud83d\ude00"}'])
def test_half_a_pair_is_said(text: str) -> None:
    (problem,) = parse(Source("a.json", text)).problems
    assert "half of one" in problem.message
    assert any(half in problem.message for half in (r"\ud83d", r"\ude00"))
