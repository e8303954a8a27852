"""Embedded proof: the text read back equals the artifact. External proof: hadolint, BuildKit's own checker."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from svc import tools
from svc.asking import ask
from svc.diagnostics import Severity
from svc.records import replace
from svc.source import Source
from svc.targets.docker.read import read_dockerfile
from svc.targets.docker.render import dockerfile_text
from svc.targets.docker.types import DockerArtifact
from svc.targets.protocol import Fault, Files, Judgement


def verify(artifact: DockerArtifact, files: Files) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    if artifact.dockerfile is not None:
        read = read_dockerfile(Source(artifact.path, files[artifact.path]))
        faults += [Fault("read-back", artifact.path, 1, problem.message) for problem in read.problems]
        pairs = zip(read.dockerfile.instructions, artifact.dockerfile.instructions, strict=False)
        for theirs, ours in pairs:
            if theirs != ours:
                line = theirs.span.line if theirs.span else 1
                faults.append(Fault("read-back", artifact.path, line, f"{ours} is read back as {theirs}"))
                break
        if not faults and read.dockerfile != artifact.dockerfile:
            faults.append(Fault("read-back", artifact.path, 1, "the file read back is not the artifact"))
    if artifact.ignore is not None and files[artifact.ignore_path] != "\n".join(artifact.ignore.lines) + "\n":
        faults.append(Fault("read-back", artifact.ignore_path, 1, "the file is not the artifact"))
    return tuple(faults)


def judge(
    artifacts: Sequence[DockerArtifact], root: Path, /, box: tools.Toolbox | None = None
) -> tuple[Judgement, ...]:
    paths = [one.path for one in artifacts if one.dockerfile is not None]
    if not paths:
        return ()
    box = box or tools.toolbox({})
    theirs = frozenset(place for one in artifacts for place in _words_of_the_spec(one))
    found = (_judge(name, arguments, codes, paths, root, box) for name, arguments, codes in _JUDGES)
    return tuple(replace(one, faults=tuple(_ours(one.faults, theirs))) for one in found)


_GIVEN = (("build", "prepare"), ("build", "test"))


def _words_of_the_spec(artifact: DockerArtifact) -> Iterator[tuple[str, int]]:
    """The lines at which commands stand that the spec has word for word."""
    if artifact.dockerfile is None:
        return
    text, starts = dockerfile_text(artifact.dockerfile)
    ends = (*starts[1:], len(text.split("\n")))
    for one, start, end in zip(artifact.dockerfile.instructions, starts, ends, strict=True):
        if one.at in _GIVEN:
            yield from ((artifact.path, line) for line in range(start, end))


def _ours(faults: Iterable[Fault], theirs: frozenset[tuple[str, int]]) -> Iterator[Fault]:
    """Without what a tool advises about commands of the spec: that is no fault of ours, and policies have judged them."""
    return (one for one in faults if one.severity is Severity.ERROR or (one.path, one.line) not in theirs)


_JUDGES = (("hadolint", ("--no-fail", "--format", "json"), (0,)), ("dockerlint", (), (0, 1, 2)))


def _judge(
    name: str,
    arguments: tuple[str, ...],
    codes: tuple[int, ...],
    paths: Sequence[str],
    root: Path,
    box: tools.Toolbox,
) -> Judgement:
    try:
        found = tools.find(name, box)
    except tools.ToolMissing as missing:
        return Judgement(name, "", skipped=str(missing))
    files = [root / path for path in paths]
    timeout = tools.DEFAULT_TIMEOUT + len(paths)
    faults = ask(found, [*arguments, *paths], codes, read=_faults, place=root, files=files, timeout=timeout)
    return Judgement(name, found.tool.version, faults)


def _faults(done: tools.Completed) -> tuple[Fault, ...]:
    """hadolint prints one list, dockerlint an object a line."""
    name = done.tool.name
    items = (
        json.loads(done.stdout) if name == "hadolint" else [json.loads(one) for one in done.stdout.split("\n") if one]
    )
    if not isinstance(items, list):
        raise ValueError("no list of findings")
    if done.returncode and not items:
        raise ValueError(f"exit code {done.returncode}, and no findings")
    return tuple(
        Fault(
            name,
            str(item["file"]),
            int(item["line"]),
            f"{item.get('code') or item['rule']}: {item['message']}",
            Severity.WARNING if item.get("level") in ("info", "style", "warning") else Severity.ERROR,
        )
        for item in items
    )
