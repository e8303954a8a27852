"""Parts of instructions stand where they were written: every word of every form is found at its line and column."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from svc.source import Source
from svc.targets.docker import places
from svc.targets.docker.places import Places
from svc.targets.docker.read import read_dockerfile

_BREAKS = ("", "# a comment", "  # another", "\t")


@st.composite
def runs(draw: st.DrawFn) -> str:
    """An instruction of numbered words over several lines, with comments, flags and here-documents."""
    number = iter(range(100))
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        words = " ".join(f"word{next(number)}" for _ in range(draw(st.integers(1, 3))))
        lines.append(draw(st.sampled_from(("", "  ", "\t "))) + words + draw(st.sampled_from(("", " "))) + "\\")
        lines += draw(st.lists(st.sampled_from(_BREAKS), max_size=2))
    lines.append(f" word{next(number)}")
    strip = draw(st.booleans())
    documents = [f"D{index}" for index in range(draw(st.integers(0, 2)))]
    lines[-1] += "".join(f" <<{'-' * strip}{name}" for name in documents)
    for name in documents:
        body = [f"word{next(number)} x" for _ in range(draw(st.integers(0, 2)))]
        lines += [*(("\t" * strip + line) for line in (body if draw(st.booleans()) else [*body, "", *body])), name]
    start = draw(st.sampled_from(("RUN ", "run --mount=type=tmpfs,target=/word1 ", "ONBUILD RUN ")))
    return draw(st.sampled_from(("\n", "\r\n"))).join(["FROM a", start + "\n".join(lines), "USER 1", ""])


@settings(max_examples=30)
@given(runs())
@example('FROM a\nRUN ["word0", \\\n  "word1"]\n')
@example("FROM a\nHEALTHCHECK --timeout=3s \\\n # why\n CMD word0 \\\n word1\n")
@example('FROM a\nENV word0=1 \\\n\n  word1="a b" \\\n # x\n  word2=3\n')
@example("# escape=`\nFROM a\nCOPY <<A <<B `\n /word0\nword1\nA\nword2\nB\n")
def test_every_word_is_found(text: str) -> None:
    source = Source("Dockerfile", text)
    dockerfile = read_dockerfile(source).dockerfile
    one = dockerfile.instructions[1]
    found = list(re.finditer(r"word\d+", (one.trigger or one).text))
    assert len(found) > 1
    for match in found:
        at = Places(source, dockerfile)(("instructions", 1), match.span())
        assert at.span is not None
        line = source.lines[at.span.line - 1]
        assert line[at.span.column - 1 : at.span.end_column - 1] == match[0]
        assert at.outer == one.span


def test_what_is_not_written_so_is_the_whole_instruction() -> None:
    source = Source("Dockerfile", 'FROM a\nRUN ["a\\u0062c"]\n')
    dockerfile = read_dockerfile(source).dockerfile
    assert Places(source, dockerfile)(("instructions", 1), (1, 2)) == Places(source, dockerfile)(("instructions", 1))


def test_an_escape_behind_words_that_are_found_is_the_whole_instruction() -> None:
    source = Source("Dockerfile", 'FROM a\nRUN ["/bin/bash", "-c", "echo \\"hi\\" && curl http://x/a.sh | bash"]\n')
    dockerfile = read_dockerfile(source).dockerfile
    end = len(dockerfile.instructions[1].text)
    whole = Places(source, dockerfile)(("instructions", 1))
    assert Places(source, dockerfile)(("instructions", 1), (end - 30, end)) == whole


def test_a_carriage_return_alone_ends_a_line_where_places_are_counted() -> None:
    """BuildKit takes it as a part of the line; editors, and every report of ours, as the end of one."""
    source = Source("Dockerfile", "FROM a\r\nRUN b\rc && d\nUSER root\r\r\nCMD e\n")
    read = read_dockerfile(source).dockerfile
    spans = [Places(source, read)(("instructions", index)).span for index in range(4)]
    assert [(one.line, one.column, one.end_line, one.end_column) for one in spans if one is not None] == [
        (1, 1, 1, 7),
        (2, 1, 3, 7),
        (4, 1, 5, 1),
        (6, 1, 6, 6),
    ]


def test_an_instruction_is_read_once_for_all_findings_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source("Dockerfile", "FROM a\nRUN x \\\n" + " && sudo y \\\n" * 300 + " z\nRUN sudo b\n")
    dockerfile = read_dockerfile(source).dockerfile
    counts = Counter[str]()
    for name in ("logical", "lines_of", "by_lines"):
        monkeypatch.setattr(places, name, _counted(getattr(places, name), name, counts))
    place = Places(source, dockerfile)
    for number in (1, 2):
        text = dockerfile.instructions[number].text
        for match in re.finditer("sudo", text):
            at = place(("instructions", number), match.span())
            assert at.span is not None
            assert source.lines[at.span.line - 1][at.span.column - 1 : at.span.end_column - 1] == "sudo"
    assert counts == {"logical": 2, "lines_of": 1, "by_lines": 1}


def _counted(was: Any, name: str, counts: Counter[str]) -> Any:
    def counted(*given: Any) -> Any:
        counts[name] += 1
        return was(*given)

    return counted
