"""What is known of the project in a tree: its language, version and manager, what it starts, and what it needs to run."""

from __future__ import annotations

import re
from typing import Literal

from svc import pins
from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.records import dataclass

Kind = Literal["web", "worker", "job", "cron"]


@dataclass(frozen=True, slots=True)
class Project:
    """`mains` are what could be started; several are a question. `port` 0: nothing says that it listens."""

    language: str
    at: At
    wanted: str = ""
    wanted_at: At | None = None
    manager: str = ""
    mains: tuple[tuple[str, At], ...] = ()
    needs_main: bool = True
    port: int = 0
    manifests: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    home: str = ""
    """The folder of the member of a workspace that is started; "" for the root."""
    module: str = ""
    extensions: tuple[str, ...] = ()
    prepare: str = ""
    writable: tuple[str, ...] = ()
    health: str = ""
    management: int = 0
    """The port on which a framework tells of its health, where that is not the one that it serves on."""
    secrets: tuple[tuple[str, At], ...] = ()
    env: tuple[tuple[str, str], ...] = ()

    @property
    def version(self) -> str:
        """The pinned version that fits what the tree wants: its own, else the next newer, else the newest."""
        known = pins.supported(self.language)
        digits = re.findall(r"\d+", self.wanted)
        if not digits:
            return known[-1]
        parts = len(known[0].split("."))
        cut = ".".join(digits[:parts])
        if cut in known or pins.version_key(cut) > pins.version_key(known[-1]):
            return cut if cut in known else known[-1]
        return next(one for one in known if pins.version_key(one) > pins.version_key(cut))

    @property
    def candidates(self) -> list[str]:
        """What could be started, two of one text told apart by where they are said."""
        texts = [text for text, _ in self.mains]
        return [f"{text} ({at.path})" if texts.count(text) > 1 else text for text, at in self.mains]

    @property
    def of_next(self) -> bool:
        return any(text == "next" or "/next/" in text for text, _ in self.mains)


@dataclass(frozen=True, slots=True)
class Process:
    """`command` is a line whose words are those of a shell, without anything that only a shell understands. `schedule`: of a
    `cron`, when it runs; "" where nothing says that."""

    kind: Kind
    name: str
    command: str
    at: At
    schedule: str = ""


_ROLES: tuple[tuple[str, Kind], ...] = (
    (r"(?:.*[-_])?(?:workers?|consumers?|queue|scheduler|processor)", "worker"),
    (r"(?:.*[-_])?(?:db-?)?migrat(?:e|or|ions?)", "job"),
    (r"(?:.*[-_])?(?:cron(?:jobs?)?|nightly|daily|weekly|hourly)(?:[-_].*)?", "cron"),
)
HELPS = regex(r"ctl$|(?:^|[-_])(?:cli|admin|seed|tools?|gen|debug)$")
"""Commands for people, or for developers alone."""


def role(name: str) -> Kind | None:
    """What a command is for by its name, if that is not to serve."""
    return next((kind for pattern, kind in _ROLES if re.fullmatch(pattern, name)), None)


def first(tree: Tree, *places: tuple[str, str]) -> tuple[str, At | None]:
    for path, pattern in places:
        found = tree.search(path, pattern)
        if found is not None:
            return found[0][1], found[1]
    return "", None


def wants(tree: Tree, project: Project, pattern: str) -> At | None:
    """Where a dependency stands among those of the tree."""
    hits = (tree.search(path, pattern) for path in project.manifests)
    return next((hit[1] for hit in hits if hit is not None), None)
