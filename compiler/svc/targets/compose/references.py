"""What a compose file names and does not declare (compose-go, loader/validate.go)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.diagnostics import Problem, Route
from svc.suggest import nearest
from svc.targets.compose.together import OF_SERVICES
from svc.targets.compose.types import is_whole
from svc.tree import mapping

_NAMED = (
    (("depends_on",), "services"),
    (("networks",), "networks"),
    (("secrets",), "secrets"),
    (("build", "secrets"), "secrets"),
    (("configs",), "configs"),
    (("models",), "models"),
)
_KINDS = ("services", "networks", "volumes", "secrets", "configs", "models")


def check(top: dict[str, Any], below: Sequence[dict[str, Any]]) -> Iterator[Problem]:
    """Nothing is said of files that include others, and of parts of a file that lies elsewhere."""
    services = {name: one for name, one in mapping(top, "services").items() if isinstance(one, dict)}
    if any("include" in one for one in (top, *below)) or not (below or all(map(is_whole, services.values()))):
        return
    known = {kind: {one for each in (top, *below) for one in mapping(each, kind)} for kind in _KINDS}
    known["networks"].add("default")
    for name, service in services.items():
        for at, kind, named in (*_names(service), *_volumes(service)):
            if named not in known[kind] and "$" not in named:
                yield _undeclared(("services", name, *at), name, named, kind, sorted(known[kind]))


def _names(service: dict[str, Any]) -> Iterator[tuple[Route, str, str]]:
    """Where a service names something, of which kind, and the name."""
    for path, kind in _NAMED:
        for at, named in _listed(mapping(service, *path[:-1]).get(path[-1])):
            yield (*path, at), kind, named
    for key in ("links", "volumes_from"):
        given = service.get(key)
        for index, one in enumerate(given if isinstance(given, list) else ()):
            if isinstance(one, str) and not one.startswith("container:"):
                yield (key, index), "services", one.partition(":")[0]
    for key in OF_SERVICES:
        mode = service.get(key)
        if isinstance(mode, str) and mode.startswith("service:"):
            yield (key,), "services", mode.removeprefix("service:")


def _listed(value: Any) -> Iterator[tuple[str | int, str]]:
    if isinstance(value, dict):
        optional = [key for key, one in value.items() if isinstance(one, dict) and one.get("required") is False]
        yield from ((key, str(key)) for key in value if key not in optional)
    for index, one in enumerate(value if isinstance(value, list) else ()):
        source = one.get("source") if isinstance(one, dict) else one
        if isinstance(source, str):
            yield index, source


def _volumes(service: dict[str, Any]) -> Iterator[tuple[Route, str, str]]:
    """The names of volumes in either form; none for a folder of the machine's."""
    listed = service.get("volumes")
    for index, volume in enumerate(listed if isinstance(listed, list) else ()):
        within: Route = ("source",) if isinstance(volume, dict) else ()
        source = _source(volume)
        if len(source) > 1 and source[0].isalnum():
            yield ("volumes", index, *within), "volumes", source


def _source(volume: Any) -> str:
    if isinstance(volume, dict):
        source = volume.get("source") if volume.get("type") == "volume" else ""
        return source if isinstance(source, str) else ""
    return volume.partition(":")[0] if isinstance(volume, str) and ":" in volume else ""


def _undeclared(route: Route, service: str, named: str, kind: str, known: list[str]) -> Problem:
    words = f"; there are {', '.join(f'`{one}`' for one in known)}" if known else ""
    message = f"service `{service}` names `{named}`, which `{kind}` does not have{words}{nearest(named, known)}"
    return Problem("compose-reference", route, message, f"declare it in `{kind}`")
