"""Packages that RUN installs without saying which version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, every, script, spot
from svc.diagnostics import Within
from svc.patterns import regex
from svc.records import dataclass
from svc.shell import Command, parse
from svc.targets.docker.types import Dockerfile, Instruction

_LOCAL = regex(r"^[./~$]|://|^git\+|\.(deb|rpm|apk|whl|tgz|tar|gz|bz2|xz|zip|gem)$|\$|\*")
_WITH_MODULE = frozenset(("", ".", "*", "go.mod", "go.*", "go.mod*"))
"""The last part of what is copied or mounted where a `go.mod` may be among it."""
_GIT = regex(r"git(\+\w+)?://")


@dataclass(frozen=True, slots=True)
class _Manager:
    verbs: tuple[str, ...]
    versioned: re.Pattern[str]
    valued: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


_RPM = _Manager(("install",), regex(r"-[^-]*\d|:"), ("-c", "--repo", "--repoid", "--enablerepo", "--setopt", "-x"))
_MANAGERS = {
    "apt-get": _Manager(("install",), regex(r"=|/"), ("-t", "--target-release", "-o", "-c")),
    "apk": _Manager(("add",), regex(r"[=<>~]"), ("-t", "--virtual", "-X", "--repository", "-p", "--root")),
    "yum": _RPM,
    "dnf": _RPM,
    "microdnf": _RPM,
    "zypper": _Manager(("install", "in"), regex(r"[=<>]"), ("-r", "--repo", "-t", "--type")),
    "pip": _Manager(
        ("install",),
        regex(r"[=<>~!@]"),
        (
            "-i",
            "--index-url",
            "--extra-index-url",
            "-t",
            "--target",
            "--trusted-host",
            "--prefix",
            "-f",
            "--find-links",
            "--abi",
            "-b",
            "--build",
            "--cache-dir",
            "--cert",
            "--client-cert",
            "--config-settings",
            "--exists-action",
            "--global-option",
            "--implementation",
            "--install-option",
            "--log",
            "--no-binary",
            "--only-binary",
            "--platform",
            "--progress-bar",
            "--proxy",
            "--python",
            "--python-version",
            "--report",
            "--retries",
            "--root",
            "--src",
            "--timeout",
            "--upgrade-strategy",
            "--use-feature",
        ),
        ("-r", "--requirement", "-c", "--constraint", "-e", "--editable"),
    ),
    "npm": _Manager(
        ("install", "i", "add"),
        regex(r".@|^(git|github|file)[:+]|/(?<!^)(?![^/]*$)"),
        (
            "--registry",
            "--prefix",
            "--cache",
            "--loglevel",
            "--tag",
            "--userconfig",
            "--omit",
            "--include",
            "-w",
            "--workspace",
        ),
    ),
    "gem": _Manager(("install", "i"), regex(r":"), ("-i", "-n"), ("-v", "--version")),
    "pecl": _Manager(("install",), regex(r"-\d|package2?\.xml$"), ("-D", "--configureoptions")),
    "go": _Manager(("install", "get", "run"), regex(r"@(?!latest$)"), ("-tags", "-ldflags", "-o")),
}


@dataclass(frozen=True, slots=True)
class Params:
    managers: tuple[str, ...] = ()


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    for route, run in every(dockerfile, "RUN"):
        for command in parse(script(run)):
            name, words = _manager(command)
            if name in params.managers:
                found = _open(words, _MANAGERS[name], name)
                if name == "go" and "get" not in words and _in_module(dockerfile, int(route[1])):
                    found = [one for one in found if "@" in one]
                if found:
                    listed = ", ".join(f"`{one}`" for one in found)
                    at = _first(command, found)
                    yield route, f"{name} installs {listed} in whatever version there is", spot(run, at)
                    break


def _first(command: Command, names: list[str]) -> Within:
    """Where the first of some words stands."""
    return next((at for word, at in zip(command.words, command.spots, strict=True) if word in names), command.at)


def _manager(command: Command) -> tuple[str, tuple[str, ...]]:
    words = command.words
    if len(words) > 2 and re.fullmatch(r"python[\d.]*", words[0]) and words[1:3] == ("-m", "pip"):
        return "pip", words[3:]
    return ("pip" if re.fullmatch(r"pip[\d.]*|pipx", command.name) else command.name), words[1:]


def _open(words: tuple[str, ...], manager: _Manager, name: str) -> list[str]:
    """The packages without a version; none when the command does not install, or names all versions in a file."""
    verb = next((at for at, word in enumerate(words) if word in manager.verbs), None)
    if verb is None or any(word.partition("=")[0] in manager.whole for word in words):
        return []
    found: list[str] = []
    index = verb + 1
    while index < len(words):
        word = words[index]
        if word in manager.valued:
            index += 1
        elif _follows_branch(name, word) or _is_open(word, manager):
            found.append(word)
        index += 1
    return [one for one in found if name != "go" or _is_module(one)]


def _is_open(word: str, manager: _Manager) -> bool:
    return bool(word) and not word.startswith("-") and not _LOCAL.search(word) and not manager.versioned.search(word)


def _is_module(word: str) -> bool:
    """Whether what go is given is a module, and no file or folder."""
    return "." in word.partition("/")[0] and not word.endswith(".go")


def _in_module(dockerfile: Dockerfile, number: int) -> bool:
    """Whether there is a `go.mod`, which says the version of what is installed or run without one, at an instruction."""
    run = dockerfile.instructions[number]
    fields = (dict(part.split("=", 1) for part in one.split(",") if "=" in part) for one in run.flag_values("mount"))
    mounted = (one.get("source", one.get("src", ".")) for one in fields if one.get("type", "bind") == "bind")
    copies = (one for one in _above(dockerfile, number) if one.keyword in ("ADD", "COPY"))
    copied = (source for one in copies if one.flag("from") is None for source in one.args[:-1])
    return any(source.rpartition("/")[2] in _WITH_MODULE for source in (*mounted, *copied))


def _above(dockerfile: Dockerfile, number: int) -> Iterator[Instruction]:
    """What made the files that an instruction finds: what is above it in its stage, and the stages that this one is of."""
    stage = next((one for one in reversed(dockerfile.stages) if one.first <= number), None)
    found = stage.instructions[: number - stage.first] if stage else ()
    while stage is not None:
        yield from found
        if "$" in stage.base:  # it may be any of those before
            yield from dockerfile.instructions[: stage.first]
            return
        base, earlier = stage.base.lower(), dockerfile.stages[: stage.index]
        stage = next((one for one in reversed(earlier) if one.name and one.name.lower() == base), None)
        found = stage.instructions if stage else ()


def _follows_branch(name: str, word: str) -> bool:
    """Whether a repository of git is named without the commit or tag that is wanted."""
    if not _GIT.match(word):
        return False
    rest = word.partition("://")[2].partition("#")
    return "#" not in word if name == "npm" else name == "pip" and "@" not in rest[0].partition("/")[2]
