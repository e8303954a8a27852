"""Dockerfiles that people wrote: every form of the grammar, and no exception on any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc.source import Source
from svc.targets.docker.read import Read, read_dockerfile
from svc.targets.docker.types import Dockerfile, Heredoc
from svc.targets.docker.words import slow_words, words


def read(text: str) -> Read:
    return read_dockerfile(Source("Dockerfile", text))


def good(text: str) -> Dockerfile:
    found = read(text)
    assert found.problems == ()
    return found.dockerfile


def test_directives_header_and_comments() -> None:
    file = good("# syntax=docker/dockerfile:1\n# Escape = `\n# About this file\n\n# why\nFROM a `\n  AS b\n")
    assert file.directives == (("syntax", "docker/dockerfile:1"), ("escape", "`"))
    assert file.header == ("About this file",)
    assert file.instructions[0].comment == ("why",)
    assert file.stages[0].name == "b"


def test_continuations_hold_comments_and_blank_lines() -> None:
    file = good("FROM a\nRUN apt-get update \\\n  # not a command\n\n  && apt-get \\\n  install x\nUSER 1\n")
    assert file.instructions[1].args == ("apt-get update\n&& apt-get\ninstall x",)
    assert file.instructions[1].span is not None
    assert (file.instructions[1].span.line, file.instructions[1].span.end_line) == (2, 6)
    assert file.instructions[2].args == ("1",)


def test_a_word_broken_over_two_lines_is_one() -> None:
    assert good("FROM a\nRUN ec\\\nho x\n").instructions[1].shell == "echo x"


def test_forms_and_flags() -> None:
    file = good(
        'from --platform=$BUILDPLATFORM a as b\nrun --mount=type=cache,target=/x --network=none ["a", "b c"]\n'
        "HEALTHCHECK --interval=5s CMD curl -f x || exit 1\nHEALTHCHECK none\nCMD ['not', 'json']\nONBUILD RUN x y\n"
    )
    stage, run, health, none, cmd, onbuild = file.instructions
    assert stage.flag("platform") == "$BUILDPLATFORM"
    assert (run.exec, run.args, run.flag_values("mount")) == (True, ("a", "b c"), ("type=cache,target=/x",))
    assert (health.exec, health.args) == (False, ("CMD", "curl -f x || exit 1"))
    assert none.args == ("NONE",)
    assert (cmd.exec, cmd.args) == (False, ("['not', 'json']",))
    assert onbuild.args == ("RUN x y",)


def test_heredocs() -> None:
    file = good("FROM a\nCOPY <<A <<-'B' /x/\none $X\nA\n\ttwo\n\tB\nRUN <<EOF\n# kept\nEOF\nUSER 1\n")
    assert file.instructions[1].heredocs == (Heredoc("A", "one $X"), Heredoc("B", "two", True, True))
    assert file.instructions[2].heredocs == (Heredoc("EOF", "# kept"),)
    assert file.instructions[3].keyword == "USER"


def test_what_onbuild_triggers_is_read_as_well() -> None:
    file = good('FROM a\nONBUILD run --network=none <<EOF\nx\nEOF\nONBUILD COPY ["a b", "/c/"]\nUSER 1\n')
    run, copy = file.instructions[1].trigger, file.instructions[2].trigger
    assert run is not None
    assert copy is not None
    assert (run.keyword, run.flag("network"), run.heredocs) == ("RUN", "none", (Heredoc("EOF", "x"),))
    assert (copy.args, copy.exec) == (("a b", "/c/"), True)
    assert file.instructions[3].keyword == "USER"
    assert read("FROM a\nONBUILD FROM b\n").dockerfile.instructions[1].trigger is None


def test_pairs_in_both_spellings() -> None:
    file = good("FROM a\nENV A=1 B=\"two words\" C=x\\ y\nENV OLD the rest\nLABEL 'a b'=c\nARG X\n")
    assert file.instructions[1].pairs == (("A", "1"), ("B", "two words"), ("C", "x y"))
    assert file.instructions[2].pairs == (("OLD", "the rest"),)
    assert file.instructions[3].pairs == (("a b", "c"),)
    assert file.instructions[4].pairs == (("X", ""),)


def test_what_is_wrong_is_a_problem_with_a_place() -> None:
    assert [one.id for one in read("").problems] == ["dockerfile-no-from"]
    unknown = read("FROM a\nRUM x\n")
    assert [(one.id, one.route) for one in unknown.problems] == [
        ("dockerfile-unknown-instruction", ("instructions", 1))
    ]
    assert [one.id for one in read("RUN x\nFROM a\n").problems] == ["dockerfile-before-from"]
    assert [one.id for one in read("FROM a\nRUN <<EOF\nx\n").problems] == ["dockerfile-open-heredoc"]
    assert read("ARG V=1\nFROM a:$V\n").problems == ()


def test_words_keep_quotes() -> None:
    assert words('a \'b c\' d\\ e "f \\" g"') == ("a", "'b c'", "d\\ e", '"f \\" g"')


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.text(st.sampled_from("FROM RUN\n\\#<-'\"[]=E\t`OF "), max_size=60)))
def test_never_raises_and_spans_lie_in_the_file(text: str) -> None:
    found = read(text)
    lines = len(text.replace("\r\n", "\n").split("\n"))
    for one in found.dockerfile.instructions:
        assert one.span is not None
        assert 1 <= one.span.line <= one.span.end_line <= lines


def test_what_the_builder_refuses_is_refused() -> None:
    text = "FROM a b\nCOPY x\nLABEL a\nENV A=1 b\nUSER\nSHELL bash\nCOPY --frm=x a b\n"
    found = [(problem.id, problem.route) for problem in read(text).problems]
    assert found == [
        *(("dockerfile-arguments", ("instructions", number)) for number in range(6)),
        ("dockerfile-unknown-flag", ("instructions", 6)),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("bash", '["bash", "-c"]'),
        ("/bin/bash -ec", '["/bin/bash", "-ec"]'),
        ("bash -o pipefail", '["bash", "-o", "pipefail", "-c"]'),
        ("cmd /S /C", '["cmd", "/S", "/C"]'),
        ("[bash]", '["/bin/bash", "-c"]'),
        ("[]", "SHELL needs an argument"),
    ],
)
def test_a_shell_is_shown_as_an_array(given: str, said: str) -> None:
    (problem,) = read(f"FROM a\nSHELL {given}\n").problems
    assert said in problem.message


def test_what_the_builder_takes_is_taken() -> None:
    good(
        'FROM --platform=$P a AS b\nCOPY <<E /x\nE\nENV a b c\nLABEL a=b "c d"=e\nCMD\nADD --checksum=x https://a b\nSHELL ["a"]\n'
    )


def test_an_array_holds_no_here_document() -> None:
    read = read_dockerfile(Source("Dockerfile", 'FROM a\nRUN ["sh", "-c", "cat <<EOF"]\nUSER 1\n'))
    assert not read.problems
    assert [one.keyword for one in read.dockerfile.instructions] == ["FROM", "RUN", "USER"]


@settings(max_examples=400)
@given(st.text("ab \n\t\"'\\`=$", max_size=30), st.sampled_from(("\\", "`")))
def test_words_are_those_of_the_letters(text: str, escape: str) -> None:
    assert words(text, escape) == slow_words(text, escape)
