"""RUN downloads what an earlier build had already: no cache is mounted for the program."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, every, script, spot
from svc.checks._params import NoParams as Params
from svc.shell import parse
from svc.targets.docker.types import Dockerfile, Instruction

_CACHES: dict[str, tuple[str, str]] = {
    "bundle": (r"install|update", r"bundle|\.gem"),
    "cargo": (r"build|install|fetch|test|check|run", r"\.?cargo"),
    "composer": (r"install|update|require|create-project", r"composer"),
    "dotnet": (r"restore|build|publish", r"\.nuget|nuget"),
    "gem": (r"install", r"bundle|\.gem|gems"),
    "go": (r"build|get|install|mod|test", r"go-build|/pkg/mod"),
    "gradle": (r".*", r"\.gradle|gradle"),
    "gradlew": (r".*", r"\.gradle|gradle"),
    "mvn": (r".*", r"\.m2"),
    "mvnw": (r".*", r"\.m2"),
    "npm": (r"ci|install|i", r"\.npm|npm"),
    "pnpm": (r"install|i|add|fetch", r"pnpm"),
    "yarn": (r"install|add|", r"yarn"),
}
"""Program -> the words with which it downloads, and what the folder of its cache is called."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, run in every(dockerfile, "RUN"):
        for command in parse(script(run)):
            name = command.name.rpartition("/")[2]
            verbs, folder = _CACHES.get(name, ("(?!)", ""))
            verb = command.arguments[0] if command.arguments else ""
            if re.fullmatch(verbs, verb) and not _mounted(run, folder):
                message = f"{name} downloads everything in every build: no cache is mounted for it"
                yield route, message, spot(run, command.at)
                break


def _mounted(run: Instruction, folder: str) -> bool:
    return any(re.search(r"type=(cache|tmpfs)", one) and re.search(folder, one) for one in run.flag_values("mount"))
