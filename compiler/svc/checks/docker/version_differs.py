"""What one version of a language builds is run by another one: modules and class files that do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from svc.checks._docker import Found, bases, lineage
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, Stage, unquoted

_PARTS = {"node": 1, "python": 2, "ruby": 2, "php": 2, "java": 1}
_JAVA = regex(
    r"(^|/)(eclipse-temurin|openjdk|amazoncorretto|ibm-semeru-runtimes|sapmachine)$",
    needs=("eclipse-temurin", "openjdk", "amazoncorretto", "ibm-semeru-runtimes", "sapmachine"),
)
_JAVA_IN_TAG = regex(r"(?:temurin|corretto|openjdk|jdk|jre|sapmachine)-?(\d+)")


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    versions = _versions(dockerfile)
    line = lineage(dockerfile)
    if not line or not dockerfile.read("FROM"):
        return
    root = line[-1]
    mine = versions.get(root.first)
    for stage in line:
        for name in dict.fromkeys((one.flag("from") or "").lower() for _, one in stage.find("COPY")):
            builder = _root(dockerfile, name)
            theirs = versions.get(builder.first) if builder is not None else None
            if mine and theirs and _unfit(theirs, mine):
                language, version = mine
                message = f"{language} {version} runs what {language} {theirs[1]} builds in stage `{name}`"
                yield ("instructions", root.first), message
                return


def _unfit(built: tuple[str, str], run: tuple[str, str]) -> bool:
    """A newer Java runs what an older one compiled; the others only know their own version's modules."""
    if built[0] != run[0] or built[1] == run[1]:
        return False
    return built[0] != "java" or int(built[1]) > int(run[1])


def _versions(dockerfile: Dockerfile) -> Mapping[int, tuple[str, str]]:
    """FROM's index -> language and version of its image, where the image says so."""
    found: dict[int, tuple[str, str]] = {}
    for route, _text, base in bases(dockerfile):
        name = base.repository.rpartition("/")[2]
        language = "java" if _JAVA.search(base.repository) or name in ("maven", "gradle") else name
        index = route[1]
        if language not in _PARTS or not isinstance(index, int):
            continue
        version = _java(name, base.tag) if language == "java" else _number(base.tag, _PARTS[language])
        if version:
            found[index] = (language, version)
    return found


def _java(name: str, tag: str) -> str:
    inside = _JAVA_IN_TAG.search(tag)
    if inside:
        return inside[1]
    return "" if name in ("maven", "gradle") else _number(tag, 1)


def _number(tag: str, parts: int) -> str:
    match = re.match(r"v?(\d+(?:\.\d+)*)(?![\w.])", tag)
    numbers = match[1].split(".") if match else []
    return ".".join(numbers[:parts]) if len(numbers) >= parts else ""


def _root(dockerfile: Dockerfile, name: str) -> Stage | None:
    """The first stage that a stage is built on."""
    stages = dockerfile.stages
    stage = next((one for one in stages if name and name in (one.name.lower(), str(one.index))), None)
    while stage is not None:
        base = unquoted(stage.base).lower()
        below = next((one for one in stages[: stage.index] if one.name and one.name.lower() == base), None)
        if below is None:
            return stage
        stage = below
    return None
