"""Compilers and development packages in the final image: installed there and not removed, or brought by its base."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, bases, lineage, script, spot
from svc.checks._params import NoParams as Params
from svc.diagnostics import Within
from svc.patterns import regex
from svc.shell import Command, parse
from svc.targets.docker.types import Dockerfile, Instruction

_INSTALLS = {
    "apt-get": ("install",),
    "apt": ("install",),
    "apk": ("add",),
    "yum": ("install", "groupinstall"),
    "dnf": ("install", "groupinstall"),
    "microdnf": ("install",),
    "zypper": ("install", "in"),
}
_REMOVES = regex(r"^(apt-get|apt|apk|yum|dnf|microdnf|zypper)\b.* (remove|purge|autoremove|autopurge|del|erase|rm)\b")
_TOOL = regex(
    r"(build-essential|build-base|gcc|g\+\+|gcc-c\+\+|clang|make|cmake|ninja-build|autoconf|automake|alpine-sdk"
    r"|cargo|rustc|golang(-go)?|maven|gradle|(default-|openjdk-?\d+-)jdk(-headless)?)([-=<>~].*)?"
    r"|[\w.+-]+-(dev|devel)([=<>~].*)?"
)
_HARMLESS = regex(r"(make|gcc|clang)-(doc|base|libs?)\b|.*-(udev|no-dev)$")
_BASE = regex(
    r"(^|/)(golang|rust|maven|gradle|gcc|sbt|dotnet/(nightly/)?sdk|buildpack-deps)$",
    needs=("golang", "rust", "maven", "gradle", "gcc", "sbt", "dotnet", "buildpack-deps"),
)


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    line = lineage(dockerfile)
    firsts = {stage.first for stage in line}
    for route, text, base in bases(dockerfile):
        if route[1] in firsts and _BASE.search(base.repository):
            yield route, f"the final image is built on `{text}`, which is made for building"
    for stage in reversed(line):
        for offset, one in enumerate(stage.instructions):
            found = _kept(one) if one.keyword == "RUN" else []
            if found:
                listed = ", ".join(f"`{name}`" for name in found[:4]) + (", ..." if len(found) > 4 else "")
                message = f"{listed} stay{'s' * (len(found) == 1)} in the final image"
                yield ("instructions", stage.first + offset), message, spot(one, _first(one, found[0]))


def _kept(run: Instruction) -> list[str]:
    """The tools that a RUN installs; none when it also removes packages, for then it knows what it does."""
    commands = parse(script(run))
    if any(_REMOVES.search(command.text) for command in commands):
        return []
    return list(dict.fromkeys(name for command in commands for name in _tools(command)))


def _first(run: Instruction, name: str) -> Within:
    """Where a RUN names a tool that it installs."""
    for command in parse(script(run)):
        if name in _tools(command):
            return next(at for word, at in zip(command.words, command.spots, strict=True) if word == name)
    return 0, 0


def _tools(command: Command) -> list[str]:
    verbs = _INSTALLS.get(command.name, ())
    at = next((index for index, word in enumerate(command.words) if word in verbs), None)
    words = command.words[at + 1 :] if at is not None else ()
    return [word for word in words if _TOOL.fullmatch(word) and not _HARMLESS.match(word)]
