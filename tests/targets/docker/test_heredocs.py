"""A here-document begins where BuildKit sees one: at a word of its own."""

from __future__ import annotations

from typing import Any

import pytest

from svc.source import Source
from svc.targets.docker.instructions import run
from svc.targets.docker.read import read_dockerfile

SHELL = (
    'RUN bash -c "cat <<EOF > /x"',
    "RUN awk 'BEGIN { print 1 <<EOF }'",
    "RUN echo $((1<<A))",
    "RUN cat <<<EOF",
    "RUN echo it's <<EOF",
    'RUN echo "# <<EOF"',
    "RUN echo \\<<EOF",
    "RUN cat a<<EOF",
)
BEGUN = {
    "RUN cat <<EOF > /x": ("EOF",),
    "RUN cat << EOF": ("EOF",),
    "RUN cat <<EOF-1": ("EOF-1",),
    "COPY <<my-file.txt /x": ("my-file.txt",),
    "COPY <<1.txt <</a/b /x/": ("1.txt", "/a/b"),
    'RUN cat <<"A B"': ("A B",),
    'RUN cat <<E"O"F': ("EOF",),
    "RUN cat <<\\EOF": ("EOF",),
    'RUN cat 3<<-EOF && echo "a<<b"': ("EOF",),
}


@pytest.mark.parametrize("line", SHELL)
def test_what_the_shell_reads(line: str) -> None:
    read = read_dockerfile(Source("Dockerfile", f"FROM a\n{line}\nUSER 1\n"))
    assert not read.problems
    assert [one.keyword for one in read.dockerfile.instructions] == ["FROM", "RUN", "USER"]


@pytest.mark.parametrize("line", BEGUN)
def test_what_begins_one(line: str) -> None:
    body = "".join(f"hi\n{name}\n" for name in BEGUN[line])
    read = read_dockerfile(Source("Dockerfile", f"FROM a\n{line}\n{body}USER 1\n"))
    assert not read.problems
    assert [one.keyword for one in read.dockerfile.instructions][2:] == ["USER"]
    assert [(one.name, one.text) for one in read.dockerfile.instructions[1].heredocs] == [
        (name, "hi") for name in BEGUN[line]
    ]


def test_what_begins_one_in_a_shell_alone() -> None:
    text = "FROM a\nRUN cat<<EOF > /x && \\\n  true\nhi\nyou\nEOF\nUSER 1\n"
    read = read_dockerfile(Source("Dockerfile", text))
    ((route, message, help_),) = [(one.route, one.message, one.help) for one in read.problems]
    assert (route, help_) == (("instructions", 1), "write `cat <<EOF`")
    assert "`cat<<EOF` begins no here-document" in message
    assert [one.keyword for one in read.dockerfile.instructions] == ["FROM", "RUN", "USER"]


class Looked(list[str]):
    """Lines that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, key: Any) -> Any:
        self.looks += 1
        return super().__getitem__(key)


@pytest.mark.parametrize("written", ["cat <<EOF", "cat <<-EOF", "cat<<EOF", "cat <<E{0}", "cat<<E{0}"])
def test_an_end_that_is_not_there_is_looked_for_once(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = Looked(["FROM a", *(line for one in range(200) for line in (f"RUN {written.format(one)}", "hi"))])
    monkeypatch.setattr("svc.targets.docker.read.lines_of", lambda _: lines)
    assert len(read_dockerfile(Source("Dockerfile", "")).problems) >= 200
    assert lines.looks < 20 * len(lines)


@pytest.mark.parametrize(("line", "rest"), [("RUN (cat <<EOF) > /x", ")"), ("RUN cat <<EOF; true", ";")])
def test_what_is_glued_to_the_name(line: str, rest: str) -> None:
    read = read_dockerfile(Source("Dockerfile", f"FROM a\n{line}\nhi\nEOF\nUSER 1\n"))
    ((message, help_),) = [(one.message, one.help) for one in read.problems]
    assert message == f"the here-document `EOF{rest}` does not end"
    assert f"put a space between `EOF` and `{rest}`" in help_
    assert [one.keyword for one in read.dockerfile.instructions] == ["FROM", "RUN", "USER"]


def test_what_the_spec_says_in_a_command_begins_no_here_document_of_the_file() -> None:
    made = run("go build ./a <<: b", "&& true", mounts=("type=cache,target=/c",), comment="why")
    (document,) = made.heredocs
    assert (document.name, document.text) == ("EOF", "set -e\ngo build ./a <<: b \\\n&& true")
    assert made.flags == (("mount", "type=cache,target=/c"),)
    assert made.comment == ("why",)
    assert not run("go build ./a").heredocs
