"""What Dockerfile checks share: scripts of RUN, the base an image really has, and who its user is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks.images import Reference, is_variable, reference
from svc.diagnostics import Route, Within
from svc.patterns import regex
from svc.shell import SHELLS, parse
from svc.targets.docker.types import Dockerfile, Heredoc, Instruction, Stage, unquoted

Found = tuple[Route, str] | tuple[Route, str, Within]

_MOUNTED = regex(r"(?:^|,)from=([^,]+)", needs=("from=",))
_MARK = regex(r"<<-?\s*\S+")
_VARIABLE = regex(r"\$(?:\{(\w+)(?::?[-+][^}]*)?\}|(\w+))", needs=("$",))


def every(dockerfile: Dockerfile, *keywords: str) -> Iterator[tuple[Route, Instruction]]:
    """The instructions of the keywords, those that ONBUILD triggers included; but a SHELL only where it counts here."""
    for index, one in enumerate(dockerfile.instructions):
        if one.keyword in keywords:
            yield ("instructions", index), one
        elif one.trigger is not None and one.trigger.keyword in keywords and one.trigger.keyword != "SHELL":
            yield ("instructions", index), one.trigger


def script(run: Instruction) -> str:
    """The shell text of a RUN: its command on one line, and its here-documents where a shell runs them."""
    command = " ".join(run.args).replace("\n", " ")
    if not run.heredocs:
        return command
    command = _MARK.sub("", command)
    return "\n".join([*(one.text for _, one in _run_documents(run, command)), command])


def _run_documents(run: Instruction, command: str) -> Iterator[tuple[int, Heredoc]]:
    """The here-documents that a shell runs, and where each begins in the instruction's text."""
    if command.strip() and not any(len(one.words) == 1 and one.name in SHELLS for one in parse(command)):
        return
    start = len(" ".join(run.args)) + 1
    for one in run.heredocs:
        if _is_shell(one.text):
            yield start, one
        start += len(one.text) + len(one.name) + 2


def spot(run: Instruction, within: Within) -> Within:
    """Where a part of a RUN's `script` stands in its `text`."""
    command = " ".join(run.args)
    start, end = within
    for begin, one in _run_documents(run, _MARK.sub("", command.replace("\n", " "))) if run.heredocs else ():
        if start <= len(one.text):
            return start + begin, end + begin
        start, end = start - len(one.text) - 1, end - len(one.text) - 1
    for mark in _MARK.finditer(command) if run.heredocs else ():
        length = len(mark[0])
        start, end = start + length * (mark.start() <= start), end + length * (mark.start() < end)
    return start, end


def word(one: Instruction, name: str) -> Within:
    """Where ENV, ARG or LABEL says a name: the whole word that begins with it."""
    start = 0
    for each in one.args:
        if unquoted(each).partition("=")[0] == name:
            return start, start + len(each)
        start += len(each) + 1
    return 0, len(one.text)


def _is_shell(text: str) -> bool:
    """Whether a here-document is shell: it is, unless its first line names another program."""
    first = text.partition("\n")[0]
    return not first.startswith("#!") or re.search(r"\b(ba|da|a|k|z)?sh\b", first) is not None


def bases(dockerfile: Dockerfile) -> Iterator[tuple[Route, str, Reference]]:
    """Every image that the file takes from a registry, with global ARG defaults filled in: text as written, parts.

    Left out: `scratch`, earlier stages, and what depends on an ARG without default.
    """
    names: set[str] = set()
    defaults = _defaults(dockerfile)
    for stage in dockerfile.stages:
        text = unquoted(stage.base)
        full = expanded(text, defaults)
        if full.lower() not in {"scratch", *names} and not is_variable(full) and full:
            yield ("instructions", stage.first), text, reference(full)
        names.add(stage.name.lower())


def copied(dockerfile: Dockerfile) -> Iterator[tuple[Route, str, Reference]]:
    """Every image that a COPY or a mount takes files from: as written, parts. A bare name may be a build context's."""
    for stage in dockerfile.stages:
        for offset, one in enumerate(stage.instructions):
            given = [one.flag("from") or ""] if one.keyword == "COPY" else []
            if one.keyword == "RUN":
                given = [match[1] for mount in one.flag_values("mount") if (match := _MOUNTED.search(mount))]
            for text in given:
                if any(mark in text for mark in "/:@") and not is_variable(text):
                    yield ("instructions", stage.first + offset), text, reference(text)


def fetched(dockerfile: Dockerfile) -> Iterator[tuple[Route, str, Reference]]:
    """The images of `bases` and `copied`, each named by what it is for and as written."""
    for what, images in (("base image", bases(dockerfile)), ("image", copied(dockerfile))):
        for route, text, image in images:
            yield route, f"{what} `{text}`", image


def expanded(text: str, defaults: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        inline = re.search(r":-([^}]*)\}", match[0])
        return defaults.get(name) or (inline[1] if inline else match[0])

    return _VARIABLE.sub(value, text)


def lineage(dockerfile: Dockerfile) -> list[Stage]:
    """The final stage, and the stages that it is built on, nearest first."""
    stages = list(dockerfile.stages)
    if not stages:
        return []
    line = [stages[-1]]
    while True:
        known = {stage.name.lower(): stage for stage in stages[: line[-1].index] if stage.name}
        base = known.get(unquoted(line[-1].base).lower())
        if base is None:
            return line
        line.append(base)


def mounts(run: Instruction, path: str) -> bool:
    """Whether a RUN mounts a cache or tmpfs over a path, so that nothing of it stays in the image."""
    there = tuple(f"{key}={path}" for key in ("target", "dst", "destination"))
    return any(
        ("type=cache" in mount or "type=tmpfs" in mount) and any(one in mount for one in there)
        for mount in run.flag_values("mount")
    )


def _defaults(dockerfile: Dockerfile) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in dockerfile.instructions:
        if one.keyword == "FROM":
            break
        if one.keyword == "ARG":
            found.update({name: value for name, value in one.pairs if value})
    return found
