"""Installs that may take other versions than the lock file says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, every, script, spot
from svc.checks._params import NoParams as Params
from svc.checks.docker.run_command import shortened
from svc.records import dataclass
from svc.shell import parse
from svc.targets.docker.types import Dockerfile


@dataclass(frozen=True, slots=True)
class _Manager:
    """`keeps`: what makes an install keep to the lock, in the command; `variables`: the same in ENV or ARG."""

    installs: re.Pattern[str]
    keeps: re.Pattern[str]
    advice: str
    variables: tuple[str, ...] = ()


def _manager(installs: str, keeps: str, advice: str, *variables: str) -> _Manager:
    return _Manager(re.compile(installs), re.compile(keeps), advice, variables)


_MANAGERS = (
    _manager(r"^npm (install|i)\b(?!.* [^-\s])", r" (-g|--global)\b", "npm ci"),
    _manager(r"^yarn( install)?( -.*)?$", r"--(frozen-lockfile|immutable|version|help)\b", "--immutable", "CI"),
    _manager(r"^pnpm (install|i)\b(?!.* [^-\s])", r"--frozen-lockfile\b|--offline\b", "--frozen-lockfile", "CI"),
    _manager(
        r"^bundle( install|$)", r"--(deployment|frozen)\b", "BUNDLE_FROZEN=true", "BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN"
    ),
    _manager(r"^composer\b.* update\b", r"(?!)", "composer install"),
    _manager(r"^uv sync\b", r"--(locked|frozen)\b", "--locked", "UV_LOCKED", "UV_FROZEN"),
    _manager(r"^pipenv install\b(?!.* [^-\s])", r"--deploy\b|--ignore-pipfile\b", "pipenv sync"),
    _manager(r"^cargo( \S+)? (build|install|b)\b(?!.*--git)", r"--(locked|frozen)\b", "--locked"),
    _manager(r"^dotnet restore\b", r"--locked-mode\b|RestoreLockedMode=true", "--locked-mode"),
)


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    if not dockerfile.read("ENV", "ARG"):
        return
    said: set[str] = set()
    configured: set[str] = set()
    for route, one in every(dockerfile, "FROM", "ENV", "ARG", "RUN"):
        if one.keyword == "FROM":
            said = set()
        elif one.keyword != "RUN":
            said.update(name for name, value in one.pairs if value not in ("", "0", "false"))
        else:
            text = script(one)
            configured.update(re.findall(r"bundle config\b.*?\b(deployment|frozen)\b", text))
            for command in parse(text):
                manager = next((each for each in _MANAGERS if each.installs.search(command.text)), None)
                names = said | {word.partition("=")[0] for word in command.variables}
                if manager is None or manager.keeps.search(command.text) or names & set(manager.variables):
                    continue
                if command.name != "bundle" or not configured:
                    advice = f"may install other versions than the lock file; `{manager.advice}` does not"
                    yield route, f"`{shortened(command.text)}` {advice}", spot(one, command.at)
                    break
