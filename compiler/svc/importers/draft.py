"""A spec in the making: routes are set, in any order, and written in the order of a well-written spec."""

from __future__ import annotations

import copy
import re
from typing import Any

from svc.diagnostics import Route
from svc.emit import emit
from svc.resolve.names import UID
from svc.tree import value_at

_ORDER = (
    "apiVersion", "name", "team", "description", "namespace", "labels", "annotations", "build", "image", "workload",
    "command", "args", "workdir", "user", "group", "writable", "read_only", "capabilities", "ports", "health", "env",
    "env_from", "secrets", "files", "volumes", "resources", "scale", "needs", "expose", "access", "init", "sidecars",
    "jobs", "workers", "rollout", "placement", "service", "account", "observe", "ci", "cloud", "environments",
    "waivers", "patches", "manifests",
)  # fmt: skip
_BLANK = ("build", "image", "ports", "env", "secrets", "files", "volumes", "resources", "needs", "expose", "init",
          "sidecars", "jobs", "workers", "rollout", "service", "account", "environments", "patches", "manifests")  # fmt: skip
NO_IMAGE = "image.invalid"
"""Stands where an image is missing: domains below `.invalid` never exist (RFC 2606)."""


class Draft:
    """One service. `folder` is where its spec is best put, relative to the input; `context` is its build's, if any."""

    def __init__(self, name: str, folder: str = "") -> None:
        self.name = name
        self.folder = folder or name
        self.context = ""
        self.data: dict[str, Any] = {"apiVersion": "svc/v1", "name": name}
        self.missing: list[str] = []
        self.added: list[str] = []
        self.workload = ""
        """The name of the object of Kubernetes that it was, which is not always what it is called here."""
        self.origins: dict[str, tuple[tuple[str, str], ...]] = {}
        """Of secrets of compose files: the variables and texts that they are; equal ones are one secret."""

    def set(self, route: Route, value: Any) -> None:
        node: Any = self.data
        for part in route[:-1]:
            node = node.setdefault(part, {})
        node[route[-1]] = copy.deepcopy(value)  # what is taken out again must not be taken from the input

    def get(self, *route: str | int) -> Any:
        return value_at(self.data, route)

    def has(self, route: Route) -> bool:
        """Whether a route is there, be it with an empty value."""
        holder: Any = self.get(*route[:-1]) if len(route) > 1 else self.data
        if isinstance(holder, list):
            return isinstance(route[-1], int) and route[-1] < len(holder)
        return isinstance(holder, dict) and route[-1] in holder and holder[route[-1]] is not None

    def remove(self, route: Route) -> bool:
        """Takes a route out, and what is empty then; False when the service cannot be without it."""
        if not route or route[0] in {"apiVersion", "name"}:
            return False
        while route and self.get(*route) is None:
            route = route[:-1]
        if not route:
            return False
        node: Any = self.get(*route[:-1]) if len(route) > 1 else self.data
        del node[route[-1]]
        if not node and len(route) > 1:
            self.remove(route[:-1])
        return True

    def text(self, header: str = "") -> str:
        keys = [*_ORDER, *sorted(set(self.data) - set(_ORDER))]
        data = {key: _tidy(self.data[key]) for key in keys if key in self.data and self.data[key] not in ({}, [], None)}
        first = next((key for key in data if key in _BLANK), "")
        blanks = {(key,) for key in data if key in _BLANK} | {(first,)}
        return emit(data, header=header, blank_before=blanks).text


def _tidy(value: Any) -> Any:
    """Texts that are whole numbers stay texts only where the language wants text: it takes both."""
    if isinstance(value, dict):
        return {str(key): _tidy(item) for key, item in value.items()}
    return [_tidy(item) for item in value] if isinstance(value, list) else value


def hardened(draft: Draft, source: str) -> None:
    """What differs for a process of which its source says nothing."""
    if draft.get("user") is None:
        draft.missing.append(f"`user`: {source} names none; the process runs as {UID}")
    if draft.get("read_only") is None and not draft.get("writable"):
        draft.added.append("the root file system is read-only, except /tmp: list other paths under `writable`")


def label(text: str, limit: int = 40) -> str:
    """A text as a name of the language."""
    found = re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "-", text.lower())).strip("-")
    found = found if found[:1].isalpha() else f"s-{found}".strip("-")
    return found[:limit].strip("-") or "service"


def unique(name: str, taken: set[str], limit: int = 40) -> str:
    """A name that is not taken yet; it is then."""
    found, count = name, 2
    while found in taken:
        suffix = f"-{count}"
        found, count = name[: limit - len(suffix)] + suffix, count + 1
    taken.add(found)
    return found
