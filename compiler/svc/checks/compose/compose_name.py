"""A container's name that Docker refuses, or that two services want."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.compose.types import ComposeFile
from svc.tree import mapping

_NAME = regex(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


def check(compose: ComposeFile, _: Params) -> Iterator[tuple[Route, str]]:
    owners: dict[str, str] = {}
    for name, service in compose.services.items():
        given = mapping(service).get("container_name")
        if not isinstance(given, str) or "$" in given:
            continue
        if not _NAME.fullmatch(given):
            message = f"`{given}` is no name of a container: letters and digits, and `_`, `.` and `-` after the first"
            yield ("services", name, "container_name"), message
        elif owners.setdefault(given, name) != name:
            yield (
                ("services", name, "container_name"),
                f"service `{owners[given]}` has the container name `{given}` as well",
            )
