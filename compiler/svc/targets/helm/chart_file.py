"""A hand-written Chart.yaml: what Helm itself refuses or warns about, each at its key or value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route, Severity
from svc.patterns import regex
from svc.suggest import instead, nearest

KEYS = (
    "annotations",
    "apiVersion",
    "appVersion",
    "condition",
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
    "tags",
    "type",
    "version",
)
_OLD_KEYS = ("engine", "tillerVersion")
"""Of Helm 2."""
DEPENDENCY_KEYS = ("alias", "condition", "enabled", "import-values", "name", "repository", "tags", "version")
_NAME = regex(r"[a-zA-Z0-9._-]+")
_SEMVER = regex(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
)
_LOOSE = regex(r"v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
"""What Helm takes for a version although it is none: `v1.2.3`, `1.2`."""
_ADDRESS = regex(r"[a-z][a-z0-9+.-]*://[^\s/]+\S*|data:\S+", re.IGNORECASE)


_UNNAMED = regex(r"[^a-zA-Z0-9._-]+")
_EXAMPLES = {"apiVersion": "v2", "name": "web", "version": "0.1.0"}


def problems(data: Any) -> Iterator[Problem]:
    """What is wrong with a Chart.yaml's data."""
    if not isinstance(data, dict):
        yield Problem(
            "chart-invalid", (), "a Chart.yaml is a mapping", "write keys with their values, such as `name: web`"
        )
        return
    yield from _keys(data, (*KEYS, *_OLD_KEYS) if data.get("apiVersion") == "v1" else KEYS, ())
    yield from _strings(data)
    if data.get("type") not in (None, "application", "library"):
        message = f"type `{data['type']}` is neither `application` nor `library`"
        yield Problem("chart-invalid", ("type",), message, instead(str(data["type"]), ("application", "library")))
    if data.get("apiVersion") not in (None, "v1", "v2"):
        message = f"apiVersion `{data['apiVersion']}` is neither `v1` nor `v2`"
        yield Problem("chart-invalid", ("apiVersion",), message, "write `v2`")
    if data.get("apiVersion") == "v1" and ("dependencies" in data or "type" in data):
        message = "dependencies and type belong to charts of apiVersion `v2`; this one is of `v1`"
        yield Problem("chart-invalid", ("apiVersion",), message, "write `apiVersion: v2`")
    yield from _around(data)
    yield from _dependencies(data.get("dependencies"))


def _keys(data: dict[str, Any], known: tuple[str, ...], route: Route) -> Iterator[Problem]:
    listed = ", ".join(f"`{one}`" for one in known)
    for key in data:
        if key not in known:
            message = f"Helm knows no key `{key}` here{nearest(str(key), known)}"
            help_ = instead(str(key), known, f"it knows {listed}; others go into `annotations`")
            yield Problem("chart-key-unknown", (*route, str(key)), message, help_, "key")


def _strings(data: dict[str, Any]) -> Iterator[Problem]:
    for key in ("apiVersion", "name", "version"):
        if not data.get(key):
            yield Problem("chart-invalid", (), f"Chart.yaml has no `{key}`", f"write `{key}: {_EXAMPLES[key]}`")
    for key in ("name", "version", "appVersion", "kubeVersion", "description"):
        value = data.get(key)
        if value is not None and not isinstance(value, str):
            message = f"`{key}` must be a string, and is not"
            yield Problem("chart-invalid", (key,), message, "put it between quotes, as it stands")
    name, version = data.get("name"), data.get("version")
    if isinstance(name, str) and name and not _NAME.fullmatch(name):
        message = f"`{name}` is no chart name: letters, digits, `.`, `_` and `-`"
        yield Problem("chart-invalid", ("name",), message, f"write `{_UNNAMED.sub('-', name).strip('-') or 'web'}`")
    if isinstance(version, str) and version and not _SEMVER.fullmatch(version):
        severity = Severity.WARNING if _LOOSE.fullmatch(version) else Severity.ERROR
        message = f"`{version}` is no semantic version such as 1.2.3"
        yield Problem("chart-invalid", ("version",), message, "write three numbers with dots", severity=severity)


def _around(data: dict[str, Any]) -> Iterator[Problem]:
    sources, maintainers = data.get("sources"), data.get("maintainers")
    listed = [(("sources", index), one) for index, one in enumerate(sources if isinstance(sources, list) else ())]
    for route, address in [(("home",), data.get("home")), (("icon",), data.get("icon")), *listed]:
        if address and not _ADDRESS.fullmatch(str(address)):
            message = f"`{address}` is no address such as https://example.com"
            yield Problem("chart-invalid", route, message, "write the whole address, or remove it")
    for index, one in enumerate(maintainers if isinstance(maintainers, list) else ()):
        if not isinstance(one, dict) or not one.get("name"):
            message = "a maintainer is a mapping with a `name`"
            yield Problem("chart-invalid", ("maintainers", index), message, "write `- name: Somebody`")


def _dependencies(dependencies: Any) -> Iterator[Problem]:
    if dependencies is None:
        return
    if not isinstance(dependencies, list):
        yield Problem("chart-invalid", ("dependencies",), "`dependencies` is a list", "put `- ` before each `name`")
        return
    first: dict[str, int] = {}
    for index, one in enumerate(dependencies):
        route: Route = ("dependencies", index)
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            message = "a dependency is a mapping with a `name`"
            yield Problem("chart-invalid", route, message, "write `- name: redis`, with `version` and `repository`")
            continue
        yield from _keys(one, DEPENDENCY_KEYS, route)
        called = str(one.get("alias") or one["name"])
        if called in first:
            message = f"a second dependency is called `{called}`; the first is dependencies[{first[called]}]"
            yield Problem("chart-invalid", (*route, "name"), message, "give one of them an `alias`")
        first.setdefault(called, index)
