"""Images that workflows build: by docker/build-push-action, tags of docker/metadata-action included, and by `docker build`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from svc.checks.images import is_variable
from svc.patterns import regex
from svc.records import dataclass
from svc.targets.protocol import Subject

if TYPE_CHECKING:  # a run without such files never loads them
    from svc.targets.github.types import Job, Step, Workflow

_BUILD, _METADATA = "docker/build-push-action", "docker/metadata-action"
_ENV = regex(r"\$\{\{\s*env\.(\w+)\s*\}\}")
_EXPRESSION = regex(r"\$\{\{.*?\}\}")
_META = regex(r"\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}")
_SHELL = regex(r"\$\{?(\w+)\}?")
_VALUED = frozenset(
    [
        "-t",
        "--tag",
        "-f",
        "--file",
        "--build-arg",
        "--target",
        "--platform",
        "--label",
        "--cache-from",
        "--cache-to",
        "--secret",
        "--ssh",
        "--network",
        "-o",
        "--output",
        "--progress",
        "--iidfile",
        "--metadata-file",
        "--add-host",
        "--memory",
        "-m",
        "--builder",
        "--provenance",
        "--sbom",
        "--attest",
        "--build-context",
    ]
)
"""Options of `docker build` that take the next word."""


@dataclass(frozen=True, slots=True)
class Built:
    """`tags` as written, `$` for what only the run knows. `path`: the Dockerfile, "" when a stage of it or nobody knows."""

    tags: tuple[str, ...]
    path: str
    pushed: bool


def builds(subject: Subject) -> Iterator[Built]:
    """What a workflow builds; paths begin where the repository does, as reports name files."""
    workflow: Workflow = subject.artifact
    if ".github/" not in f"/{subject.name}":
        return
    root = subject.name.partition(".github/")[0]
    for job in workflow.jobs:
        known = {**workflow.env, **job.env}
        pushes = set(_pushes(job, known))
        for step in job.steps:
            if step.uses is not None and step.uses.name.lower() == _BUILD:
                yield _by_action(step, job, known, root)
            elif "docker" in step.run:
                yield from _by_command(step, known, root, pushes)


def _by_action(step: Step, job: Job, known: Mapping[str, Any], root: str) -> Built:
    inputs = step.inputs
    context = _filled(str(inputs.get("context") or "."), known)
    file = _filled(str(inputs.get("file") or posixpath.join(context, "Dockerfile")), known)
    text = str(inputs.get("tags", ""))
    tags = [*_words(_filled(_META.sub("", text), known)), *_metadata(text, job, known)]
    whole = not inputs.get("target")
    return Built(tuple(tags), _path(root, file) if whole else "", str(inputs.get("push", "")).lower() == "true")


def _metadata(text: str, job: Job, known: Mapping[str, Any]) -> Iterator[str]:
    """The images that a step of docker/metadata-action makes tags for."""
    for name in _META.findall(text):
        for step in job.steps:
            if step.id == name and step.uses is not None and step.uses.name.lower() == _METADATA:
                for line in _words(_filled(str(step.inputs.get("images", "")), known)):
                    yield line.removeprefix("name=")


def _by_command(step: Step, known: Mapping[str, Any], root: str, pushes: set[str]) -> Iterator[Built]:
    from svc.shell import parse

    known = {**known, **step.env}
    base = str(step.data.get("working-directory") or ".")
    if any(command.name in ("cd", "pushd") for command in parse(step.run)):
        base = "$"
    for command in parse(step.run):
        words = [_filled(word, known, script=True) for word in command.words]
        at = _after(words, ("docker",), ("buildx", "image", "builder"), ("build",))
        if not at:
            continue
        tags, file, target, context = _arguments(words[at:])
        file = posixpath.join(base, file or posixpath.join(context, "Dockerfile"))
        pushed = "--push" in words or bool({_untagged(tag) for tag in tags} & pushes)
        yield Built(tuple(tags), "" if target else _path(root, file), pushed)


def _pushes(job: Job, known: Mapping[str, Any]) -> Iterator[str]:
    from svc.shell import parse

    for step in job.steps:
        if "push" not in step.run:
            continue
        for command in parse(step.run):
            words = [_filled(word, {**known, **step.env}, script=True) for word in command.words]
            at = _after(words, ("docker",), ("image",), ("push",))
            yield from (_untagged(word) for word in words[at:] if at and not word.startswith("-"))


def _after(words: list[str], first: tuple[str, ...], between: tuple[str, ...], last: tuple[str, ...]) -> int:
    """Where the arguments of `docker [buildx] build` begin; 0 when the words are another command."""
    if not words or words[0] not in first:
        return 0
    index = 2 if words[1:2] and words[1] in between else 1
    return index + 1 if words[index : index + 1] and words[index] in last else 0


def _arguments(words: list[str]) -> tuple[list[str], str, str, str]:
    tags: list[str] = []
    file = target = ""
    context = "."
    index = 0
    while index < len(words):
        option, equals, value = words[index].partition("=")
        if not option.startswith("-"):
            context = words[index]
        elif option in _VALUED:
            if not equals:
                index += 1
                value = words[index] if index < len(words) else ""
            tags += [value] if option in ("-t", "--tag") else []
            file = value if option in ("-f", "--file") else file
            target = value if option == "--target" else target
        index += 1
    return tags, file, target, context


def _path(root: str, file: str) -> str:
    """The Dockerfile as reports name it; "" for one of elsewhere, or that only the run knows."""
    return "" if is_variable(file) or ":" in file else posixpath.normpath(posixpath.join(root, file))


def _filled(text: str, known: Mapping[str, Any], *, script: bool = False) -> str:
    """With the literal variables of the workflow put in; other expressions become `$`."""

    def value(found: re.Match[str]) -> str:
        one = known.get(found[1])
        return str(one) if isinstance(one, str | int) and "${{" not in str(one) else "$"

    text = _EXPRESSION.sub("$", _ENV.sub(value, text))
    return _SHELL.sub(value, text) if script else text


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", text) if word and not word.startswith("type=")]


def _untagged(word: str) -> str:
    head, slash, last = word.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
