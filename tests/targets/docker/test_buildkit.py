"""The reader against BuildKit's own parser: what is refused, and what every instruction of random files is made of."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from svc import tools
from svc.source import Source
from svc.targets.docker import expanded
from svc.targets.docker.read import read_dockerfile
from svc.targets.docker.types import Instruction

_SEEDS = range(40)
_WORDS = ("a", "/b", "c=d", '"e f"', "'g h'", "$I", "${J:-k}", "l\\ m", "n\\", "#o", "--p", "q=", "==", "[", "é", "x|y")
_LINES = (
    "RUN {w} {w}",
    "RUN {w} \\\n  {w}",
    "RUN {w}\\\n{w}",
    "RUN {w} \\\n  # comment\n\n  && {w}",
    'RUN ["a", "b c"]',
    "RUN ['a']",
    "RUN --mount=type=cache,target=/x {w}",
    "RUN --network=none --mount=type=tmpfs,target=/y \\\n {w}",
    "RUN <<EOF\n{w}\n# {w}\nEOF",
    "RUN <<-'EOF'\n\t{w}\n\tEOF",
    'RUN cat <<"A" > /x && cat <<B\n{w}\nA\n{w} \\\nB',
    'RUN bash -c "cat <<EOF > /x" {w}',
    "RUN echo $((1<<A)) {w}",
    "RUN cat <<<EOF {w}",
    "RUN cat << A-1 && {w}\n{w}\nA-1",
    "COPY <<a.txt <</b /x/\n{w}\na.txt\n{w}\n/b",
    "RUN --mount='type=cache,target=/x' --network=\"none\" {w}",
    "HEALTHCHECK --interval='5s' CMD\t{w}",
    "COPY a {w}",
    "COPY --chown=1:1 --link a b /c/",
    'COPY ["a b", "/c d/"]',
    "COPY <<EOF /x\n{w}\nEOF",
    "ADD --checksum=sha256:aa https://x/y /z",
    "ADD a \\\n  b \\\n  /c/",
    "ENV A={w}",
    'ENV A=1 B="two words" \\\n  C=3',
    "ENV OLD {w} {w}",
    "LABEL a=b 'c d'=e",
    'LABEL A={w} \\\n  "b"={w}',
    "ENV A=x{w}y B=z",
    "ARG A={w}",
    "USER {w} {w}",
    "WORKDIR {w}",
    "EXPOSE {w} \\\n  1",
    "VOLUME {w}",
    "EXPOSE 80 90/udp",
    "USER {w}",
    "WORKDIR /x",
    "CMD {w} {w}",
    'CMD ["a", "b"]',
    "ENTRYPOINT {w}",
    "ONBUILD RUN {w} {w}",
    "onbuild copy a /b",
    "ONBUILD RUN <<EOF\n{w}\nEOF",
    "HEALTHCHECK --interval=5s CMD {w}",
    "HEALTHCHECK NONE",
    "healthcheck cmd {w}",
    'SHELL ["/bin/bash", "-c"]',
    "STOPSIGNAL 9",
    "VOLUME /a /b",
    'VOLUME ["/a b"]',
    "ARG X Y=2",
    "FROM a AS b{n}",
    "from --platform=$BUILDPLATFORM a",
    "# comment\n\n# another",
    "  run  {w}  ",
    "MAINTAINER {w} {w}",
)
_FAULTY = (
    "RUM x",
    "USER",
    "COPY a",
    "RUN --nope x",
    "COPY --from a /b",
    "ENV A",
    "ENV A=1 B",
    "CMD --x y",
    'RUN ["a", 1]',
    "EXPOSE",
    "SHELL /bin/bash",
    'SHELL ["a",]',
    "FROM a b",
    "RUN <<EOF\nx",
)
_FLAGS = """FROM --platform=linux/amd64 a
ADD --checksum=sha256:aa https://x/y /z
ADD --chmod=755 --chown=1 --exclude=*.md --link a /b
ADD --keep-git-dir=true https://x/y.git /z
ADD --unpack=false a.tar /z
COPY --chmod=755 --chown=1 --exclude=*.md --from=x --link --parents a /b
HEALTHCHECK --interval=5s --retries=2 --start-interval=5s --start-period=5s --timeout=5s CMD x
RUN --device=x --mount=type=cache,target=/x --network=none --security=sandbox x
"""


def made(seed: int) -> str:
    """A file of random lines; every fourth has a faulty one."""
    chance = random.Random(seed)
    head = chance.choice(("", "# syntax=docker/dockerfile:1\n", "# escape=\\\n\n# about\n", "\n\n", "ARG V=1\n"))
    lines = [chance.choice(_LINES) for _ in range(chance.randint(1, 9))]
    if seed % 4 == 0:
        lines.insert(chance.randint(0, len(lines)), chance.choice(_FAULTY))
    text = "\n".join(["FROM base", *lines]) + chance.choice(("\n", ""))
    while "{w}" in text:
        text = text.replace("{w}", chance.choice(_WORDS), 1)
    while "{n}" in text:
        text = text.replace("{n}", str(chance.randint(0, 99)), 1)
    return head + text


def program() -> tools.Located:
    try:
        return tools.find("dockerlint", tools.toolbox(os.environ))
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


def theirs(text: str, folder: Path) -> list[tuple[Any, ...]] | None:
    """What BuildKit reads; None for a file that it refuses."""
    (folder / "Dockerfile").write_text(text, "utf-8", newline="")
    done = tools.run(program(), ["--dump", "Dockerfile"], cwd=folder)
    if done.returncode != 0:
        return None
    dumped = json.loads(done.stdout)
    found = [(one["name"].upper(), one["line"], _fields(one["fields"])) for one in dumped["args"]]
    for stage in dumped["stages"]:
        found.append(("FROM", stage["line"], (stage["base"], stage["name"])))
        found += [(one["name"].upper(), one["line"], _fields(one["fields"])) for one in stage["commands"]]
    return found


def _fields(fields: Any) -> tuple[Any, ...]:
    if "CmdLine" in fields:
        files = tuple(_chomped(one["Data"]) if one["Chomp"] else one["Data"] for one in fields["Files"] or ())
        line = fields["CmdLine"] or []
        return (not fields["PrependShell"], tuple(" ".join(line).split() if fields["PrependShell"] else line), files)
    if "DestPath" in fields:
        contents = fields["SourceContents"] or []
        return (tuple(fields["SourcePaths"] or ()), fields["DestPath"], tuple(one["Data"] for one in contents))
    for name in ("Env", "Labels", "Args"):
        if name in fields:
            return tuple((one["Key"], one["Value"] or "") for one in fields[name])
    for name in ("Volumes", "Shell"):
        if name in fields:
            return tuple(fields[name])
    if "Ports" in fields:
        return tuple(sorted(fields["Ports"]))
    return tuple(" ".join(fields[name].split()) for name in ("User", "Path", "Signal", "Maintainer") if name in fields)


def _chomped(text: str) -> str:
    return "".join(line.lstrip("\t") for line in text.splitlines(keepends=True))


def ours(text: str) -> list[tuple[Any, ...]] | None:
    """What we read. Words are filled in behind the parser, which takes any."""
    read = read_dockerfile(Source("Dockerfile", text))
    found = read.dockerfile.instructions
    later = [("instructions", number) for number, one in enumerate(found) if expanded.wrong(one, "\\")]
    return None if {one.route for one in read.problems} - set(later) else [_ours(one) for one in found]


def _ours(one: Instruction) -> tuple[Any, ...]:
    line = one.span.line if one.span else 0
    texts = tuple(doc.text + "\n" if doc.text else "" for doc in one.heredocs)
    if one.keyword == "FROM":
        return (one.keyword, line, (one.args[0], one.args[2].lower() if len(one.args) == 3 else ""))
    if one.keyword in ("RUN", "CMD", "ENTRYPOINT"):
        words = one.args if one.exec else tuple(" ".join(one.args).split())
        return (one.keyword, line, (one.exec, words, texts))
    if one.keyword in ("ADD", "COPY"):
        sources = tuple(word for word in one.args[:-1] if not (one.heredocs and word.startswith("<<")))
        return (one.keyword, line, (sources, one.args[-1], texts))
    if one.keyword in ("ARG", "ENV", "LABEL"):
        return (one.keyword, line, _pairs(one))
    if one.keyword in ("HEALTHCHECK", "ONBUILD"):
        return (one.keyword, line, ())
    if one.keyword in ("SHELL", "VOLUME"):
        return (one.keyword, line, one.args)
    words = one.args if one.keyword == "EXPOSE" else (" ".join(" ".join(one.args).split()),)
    return (one.keyword, line, tuple(sorted(words)))


def _pairs(one: Instruction) -> tuple[tuple[str, str], ...]:
    """Names and values, quotes kept."""
    if one.keyword != "ARG" and "=" not in one.args[0]:
        return ((one.args[0], " ".join(one.args[1:])),)
    split = [word.partition("=") for word in one.args]
    return tuple((name, value) for name, _, value in split)


@pytest.mark.parametrize("seed", _SEEDS)
def test_random_files_are_read_as_buildkit_reads_them(seed: int, tmp_path: Path) -> None:
    text = made(seed)
    assert ours(text) == theirs(text, tmp_path), text


def test_every_flag_that_buildkit_knows(tmp_path: Path) -> None:
    assert theirs(_FLAGS, tmp_path) is not None
    assert ours(_FLAGS) is not None


@pytest.mark.parametrize("line", _FAULTY)
def test_what_buildkit_refuses_is_refused(line: str, tmp_path: Path) -> None:
    text = f"FROM a\n{line}\n"
    assert theirs(text, tmp_path) is None
    assert ours(text) is None
