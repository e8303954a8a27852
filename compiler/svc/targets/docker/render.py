"""Dockerfile text from its data, with the line of every instruction."""

from __future__ import annotations

import json

from svc.diagnostics import Route
from svc.targets.docker.types import KEY, DockerArtifact, Dockerfile, Ignore, Instruction
from svc.targets.protocol import Rendered

_INDENT = "    "


def render(artifact: DockerArtifact) -> Rendered:
    files: dict[str, str] = {}
    lines: dict[tuple[str, Route], tuple[str, int]] = {}
    if artifact.dockerfile is not None:
        text, numbers = dockerfile_text(artifact.dockerfile)
        files[artifact.path] = text
        lines[(KEY, ())] = (artifact.path, 1)
        for index, number in enumerate(numbers):
            lines[(KEY, ("instructions", index))] = (artifact.path, number)
    if artifact.ignore is not None:
        files[artifact.ignore_path] = ignore_text(artifact.ignore)
    return Rendered(files, lambda: lines)


def dockerfile_text(dockerfile: Dockerfile) -> tuple[str, tuple[int, ...]]:
    """The text, and the line (from 1) of each instruction's keyword. hadolint wants an empty line behind a
    here-document."""
    out = [f"# {name}={value}" for name, value in dockerfile.directives]
    out += [_comment(line) for line in dockerfile.header]
    numbers = []
    for index, one in enumerate(dockerfile.instructions):
        if index == 0 or one.keyword == "FROM" or one.comment or dockerfile.instructions[index - 1].heredocs:
            out.append("")
        out += [_comment(line) for line in one.comment]
        numbers.append(len(out) + 1)
        out += instruction_lines(one)
    return "\n".join(out).lstrip("\n") + "\n", tuple(numbers)


def ignore_text(ignore: Ignore) -> str:
    return "\n".join(ignore.lines) + "\n"


def instruction_lines(one: Instruction) -> list[str]:
    flags = [f"--{name}" if value is None else f"--{name}={value}" for name, value in one.flags]
    body = _body(one)
    if one.keyword in ("RUN", "HEALTHCHECK") and flags:
        parts = [*flags, *body] if one.keyword == "RUN" else [" ".join(flags), *body]
    else:
        parts = [" ".join([*flags, body[0]]), *body[1:]] if body else [" ".join(flags)]
    lines = [f"{one.keyword} {parts[0]}".rstrip(), *(_INDENT + part for part in parts[1:])]
    text = [line + " \\" for line in lines[:-1]] + lines[-1:]
    for heredoc in one.heredocs:
        text += [*heredoc.text.split("\n"), heredoc.name] if heredoc.text else [heredoc.name]
    return text


def _body(one: Instruction) -> list[str]:
    """The arguments, a line each where they are written on several."""
    if one.exec:
        head = [one.args[0]] if one.keyword == "HEALTHCHECK" else []
        array = json.dumps(list(one.args[len(head) :]), ensure_ascii=False)
        return [" ".join([*head, array])]
    if one.keyword in ("ENV", "LABEL") and len(one.args) > 1 and "=" in one.args[0]:
        return list(one.args)
    return " ".join(one.args).split("\n") if one.args else []


def _comment(line: str) -> str:
    return f"# {line}".rstrip()
