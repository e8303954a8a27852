"""A compose file as data, ours and other people's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.diagnostics import Route
from svc.records import dataclass
from svc.tree import Tree

KEY = "compose.yaml"
"""The subject that stands for the whole artifact."""


@dataclass(frozen=True, slots=True)
class ComposeFile:
    """The document in compose's own words; compared by data, origins lead to the spec."""

    tree: Tree

    @property
    def services(self) -> dict[str, Any]:
        found = self.tree.get("services", default={})
        return found if isinstance(found, dict) else {}

    def origin(self, route: Route) -> Route:
        return self.tree.origin(route)


def is_whole(service: Mapping[str, Any]) -> bool:
    """Whether a service says what is run, or where that is said; else it is a part of one in another file."""
    return not {"image", "build", "extends", "provider"}.isdisjoint(service)


def tells_health(service: Any) -> bool:
    """Whether the file gives a service a health check that is not switched off."""
    check = service.get("healthcheck") if isinstance(service, dict) else None
    if not isinstance(check, dict) or not check or check.get("disable") is True:
        return False
    return check.get("test") not in ("NONE", ["NONE"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variable or file that the developer provides; `optional`: it may stay empty."""

    name: str
    what: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ComposeArtifact:
    """compose.yaml, and the names (never values) of what it takes from `.env` and from files."""

    file: ComposeFile
    wanted: tuple[Wanted, ...] = ()
    secret_files: tuple[Wanted, ...] = ()
    spec: str = "service.yaml"
    path: str = "compose.yaml"
    example_path: str = ".env.example"
