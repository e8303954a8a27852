"""Where parts of scalars stand: every place is held against PyYAML, which reads what stands before it."""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from svc import inside
from svc.diagnostics import Span, Within
from svc.inside import Mark, lines_within, steps, stretch
from svc.parse import Document, parse
from svc.source import Source, lines_of
from svc.tree import walk

WORDS = st.text("ab' \"\\#-%é😀\t", max_size=12)
LINES = st.lists(st.one_of(st.just(""), WORDS), max_size=6)
STYLES = st.sampled_from(["|", ">", "'", '"', None])


def span(text: str, mark: Mark, value: str, within: Within) -> Span | None:
    lines = lines_within(text)
    made = steps(lines, mark, value)
    return stretch(made, lines, value, within) if made is not None else None


def _block(lines: list[str], header: str, indent: int, ending: str) -> str:
    body = ending.join(" " * indent + line if line else line for line in lines)
    return f"k:{ending}- x: &a {header}{ending}{body}{ending}# after{ending}"


def _quoted(lines: list[str], quote: str, indent: int, ending: str) -> str:
    special = {"'": ("'", "''"), '"': ('"', '\\"')}[quote]
    inner = (ending + " " * indent).join(line.replace(*special) for line in lines)
    return f"k: [!!str {quote}{inner}{quote}, z]{ending}"


BLOCKS = st.builds(
    _block,
    LINES,
    st.sampled_from(["|", ">", ">-", "|+", ">2", "|2-", "> # why", ">+1"]),
    st.integers(3, 6),
    st.sampled_from(["\n", "\r\n"]),
)
QUOTED = st.builds(_quoted, LINES, st.sampled_from("'\""), st.integers(1, 4), st.sampled_from(["\n", "\r\n"]))
DUMPED = st.builds(
    lambda lines, style, width: yaml.dump({"k": ["\n".join(lines), " ".join(lines)]}, default_style=style, width=width),
    LINES,
    STYLES,
    st.integers(5, 30),
)


def _documents(text: str) -> Document | None:
    parsed = parse(Source("x.yaml", text))
    return parsed.documents[0] if parsed.documents and not parsed.problems else None


def _scalars(text: str) -> list[tuple[tuple[int, int], str]]:
    """The scalars of a text as far as PyYAML reads it: where each begins, and what it is."""
    found = []
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.ScalarEvent) and event.start_mark is not None:
                found.append(((event.start_mark.line + 1, event.start_mark.column + 1), event.value))
    except yaml.YAMLError:
        pass
    return found


def _until(text: str, line: int, column: int) -> str:
    rest = text.replace("\r\n", "\n").split("\n")
    return "\n".join([*rest[: line - 1], rest[line - 1][: column - 1]])


@given(st.one_of(BLOCKS, QUOTED, DUMPED), st.data())
@example('k: "a\\\n  \\ b\\x41\n\n  \\U0001F600c"', None)
@example('k: "\\ud83d\\ude00 secret"', None)
@example("k: |2\n\n    a\n  b\n", None)
@example("- >\n\n  a\n  b\n\n   c\n  d\n", None)
@example("plain text\n goes\n\n on", None)
@example("k: !!str\n  # why\n  |\n  a\n", None)
def test_what_stands_before_a_place_reads_as_what_comes_before_the_offset(
    text: str, data: st.DataObject | None
) -> None:
    document = _documents(text)
    for route, value in walk(document.data) if document is not None else ():
        assert document is not None
        node = document.nodes[route]
        if not isinstance(value, str) or not value.strip():
            continue
        offsets = [at for at, char in enumerate(value) if not char.isspace()]
        for at in offsets if data is None else [data.draw(st.sampled_from(offsets))]:
            found = span(text, node.mark, value, (at, at + 1))
            assert found is not None
            lines = lines_of(text)
            shown = lines[found.line - 1][found.column - 1 : found.end_column - 1]
            assert shown == value[at] or shown[0] in "\\'"
            if at == 0 or value[at - 1].isspace():
                continue
            before = [one for begin, one in _scalars(_closed(text, found, node.mark)) if begin == node.mark[:2]]
            assert [_joined(one.rstrip("\n")) for one in before] == [value[:at]]


def _joined(text: str) -> str:
    """Halves of one character put together, which PyYAML leaves apart."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def _closed(text: str, found: Span, mark: tuple[int, int, int, int]) -> str:
    """The text up to a place, with the quotes that are open there closed."""
    style = lines_of(text)[mark[0] - 1][mark[1] - 1 :].removeprefix("&a ").removeprefix("!!str ")[:1]
    return _until(text, found.line, found.column) + (style if style in ("'", '"') else "")


@given(st.one_of(BLOCKS, QUOTED, DUMPED))
def test_steps_go_forward(text: str) -> None:
    document = _documents(text)
    for route, value in walk(document.data) if document is not None else ():
        assert document is not None
        if isinstance(value, str):
            made = steps(lines_of(text), document.nodes[route].mark, value)
            assert made is not None
            assert all(one[0] <= other[0] and one[1:] <= other[1:] for one, other in pairwise(made))


@pytest.mark.parametrize(
    ("text", "value"),
    [("k: *x", "what x is"), ("k: a", "another"), ("k: |\n  a\n", "b"), ("k: 'it''s'", "its"), ('k: "a\\\nb', "abc")],
)
def test_what_is_not_written_there_has_no_place(text: str, value: str) -> None:
    assert span(text, (1, 4, 2, 1), value, (len(value) - 1, len(value))) is None


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("k: |\n  one\n  two three\n", "three", Span(3, 7, 3, 12)),
        ("k: |\n  one\n  two\n", "\n  two"[:1] + "two", Span(3, 3, 3, 6)),
        ("k: |\n  one\n  two\n", "one\ntwo", Span(2, 3, 2, 6)),
        ("k: one\n  two", "two", Span(2, 3, 2, 6)),
        ('k: "a\\tb c"', "b", Span(1, 8, 1, 9)),
    ],
)
def test_a_part_is_underlined_on_its_first_line(text: str, part: str, expected: Span) -> None:
    document = _documents(text)
    assert document is not None
    value = document.get(("k",))
    assert isinstance(value, str)
    start = value.index(part)
    assert span(text, document.nodes["k",].mark, value, (start, start + len(part))) == expected


@pytest.mark.parametrize("header", ["|", ">", '"'])
def test_a_text_is_laid_out_once_for_all_places_within_it(header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = header if header == '"' else ""
    text = f"k: {header}\n" + "".join(f"  line {number}\n" for number in range(50)) + f"  end{quote}\n"
    document = _documents(text)
    assert document is not None
    value = document.get(("k",))
    assert isinstance(value, str)
    asked: list[str] = []

    def counted(lines: list[str], mark: tuple[int, int, int, int], value: str) -> object:
        asked.append(value)
        return steps(lines, mark, value)

    monkeypatch.setattr(inside, "steps", counted)
    for number in range(50):
        at = value.index(f"line {number}")
        assert document.place(("k",), within=(at, at + 6)).span == Span(number + 2, 3, number + 2, 9)
    assert asked == [value]
