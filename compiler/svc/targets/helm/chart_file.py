"""A hand-written Chart.yaml: what Helm itself refuses or warns about, each at its key or value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route, Severity
from svc.patterns import regex
from svc.suggest import nearest

KEYS = (
    "annotations",
    "apiVersion",
    "appVersion",
    "dependencies",
    "deprecated",
    "description",
    "home",
    "icon",
    "keywords",
    "kubeVersion",
    "maintainers",
    "name",
    "sources",
    "type",
    "version",
)
DEPENDENCY_KEYS = ("alias", "condition", "enabled", "import-values", "name", "repository", "tags", "version")
_NAME = regex(r"[a-zA-Z0-9._-]+")
_SEMVER = regex(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
)
_LOOSE = regex(r"v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
"""What Helm takes for a version although it is none: `v1.2.3`, `1.2`."""
_ADDRESS = regex(r"[a-z][a-z0-9+.-]*://[^\s/]+\S*|data:\S+", re.IGNORECASE)


def problems(data: Any) -> Iterator[Problem]:
    """What is wrong with a Chart.yaml's data."""
    if not isinstance(data, dict):
        yield Problem("chart-invalid", (), "a Chart.yaml is a mapping")
        return
    yield from _keys(data, KEYS, ())
    yield from _strings(data)
    if data.get("type") not in (None, "application", "library"):
        yield Problem("chart-invalid", ("type",), f"type `{data['type']}` is neither `application` nor `library`")
    if data.get("apiVersion") not in (None, "v1", "v2"):
        yield Problem("chart-invalid", ("apiVersion",), f"apiVersion `{data['apiVersion']}` is neither `v1` nor `v2`")
    if data.get("apiVersion") == "v1" and ("dependencies" in data or "type" in data):
        message = "dependencies and type belong to charts of apiVersion `v2`; this one is of `v1`"
        yield Problem("chart-invalid", ("apiVersion",), message)
    yield from _around(data)
    yield from _dependencies(data.get("dependencies"))


def _keys(data: dict[str, Any], known: tuple[str, ...], route: Route) -> Iterator[Problem]:
    for key in data:
        if key not in known:
            message = f"Helm knows no key `{key}` here{nearest(str(key), known)}"
            yield Problem("chart-key-unknown", (*route, str(key)), message, anchor="key")


def _strings(data: dict[str, Any]) -> Iterator[Problem]:
    for key in ("apiVersion", "name", "version"):
        if not data.get(key):
            yield Problem("chart-invalid", (), f"Chart.yaml has no `{key}`")
    for key in ("name", "version", "appVersion", "kubeVersion", "description"):
        value = data.get(key)
        if value is not None and not isinstance(value, str):
            yield Problem("chart-invalid", (key,), f"`{key}` must be a string, and is not; quote it")
    name, version = data.get("name"), data.get("version")
    if isinstance(name, str) and name and not _NAME.fullmatch(name):
        yield Problem("chart-invalid", ("name",), f"`{name}` is no chart name: letters, digits, `.`, `_` and `-`")
    if isinstance(version, str) and version and not _SEMVER.fullmatch(version):
        severity = Severity.WARNING if _LOOSE.fullmatch(version) else Severity.ERROR
        yield Problem(
            "chart-invalid", ("version",), f"`{version}` is no semantic version such as 1.2.3", severity=severity
        )


def _around(data: dict[str, Any]) -> Iterator[Problem]:
    sources, maintainers = data.get("sources"), data.get("maintainers")
    listed = [(("sources", index), one) for index, one in enumerate(sources if isinstance(sources, list) else ())]
    for route, address in [(("home",), data.get("home")), (("icon",), data.get("icon")), *listed]:
        if address and not _ADDRESS.fullmatch(str(address)):
            yield Problem("chart-invalid", route, f"`{address}` is no address such as https://example.com")
    for index, one in enumerate(maintainers if isinstance(maintainers, list) else ()):
        if not isinstance(one, dict) or not one.get("name"):
            yield Problem("chart-invalid", ("maintainers", index), "a maintainer is a mapping with a `name`")


def _dependencies(dependencies: Any) -> Iterator[Problem]:
    if dependencies is None:
        return
    if not isinstance(dependencies, list):
        yield Problem("chart-invalid", ("dependencies",), "`dependencies` is a list")
        return
    first: dict[str, int] = {}
    for index, one in enumerate(dependencies):
        route: Route = ("dependencies", index)
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            yield Problem("chart-invalid", route, "a dependency is a mapping with a `name`")
            continue
        yield from _keys(one, DEPENDENCY_KEYS, route)
        called = str(one.get("alias") or one["name"])
        if called in first:
            message = f"a second dependency is called `{called}`; the first is dependencies[{first[called]}]"
            yield Problem("chart-invalid", (*route, "name"), message, help="Give one of them an `alias`.")
        first.setdefault(called, index)
