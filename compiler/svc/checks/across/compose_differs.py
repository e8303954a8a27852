"""A container and the compose service of the same image say different things: the port, the user, a variable's name.

The same image is one that is built here: the compose service builds it, and both name it, or a workflow that builds
the same Dockerfile does. Values of variables differ between a laptop and a cluster; only slips in their names are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from svc.checks._builds import repositories_of_service
from svc.checks._builds import repository_of as repository
from svc.checks._objects import Found, objects
from svc.checks.across.port_not_exposed import target
from svc.checks.seen import Seen, once
from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.suggest import alike
from svc.targets.compose.types import ComposeFile
from svc.targets.protocol import Subject
from svc.tree import items, mapping, mappings


@dataclass(frozen=True, slots=True)
class Params:
    part: Literal["port", "user", "variable"] = "port"


@dataclass(frozen=True, slots=True)
class Pair:
    compose: str
    service: dict[str, Any]
    manifest: Manifest
    route: Route
    container: dict[str, Any]


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    compare = {"port": _ports, "user": _users, "variable": _variables}[params.part]
    for subject, pair in once(subjects, _pairs):
        for route, message in compare(pair):
            yield subject, route, message


def _pairs(subjects: Seen) -> list[tuple[Subject, Pair]]:
    services: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for subject in subjects:
        if isinstance(subject.artifact, ComposeFile):
            for name, service in subject.artifact.services.items():
                for one in repositories_of_service(subject, service, subjects) if isinstance(service, dict) else ():
                    services.setdefault(one, []).append((name, service))
    found = []
    for subject, manifest in objects(subjects) if services else ():
        for route, container in manifest.containers("containers"):
            mine = services.get(repository(container.get("image")), ())
            if len(mine) == 1:  # several services of one image are several programs in it
                found.append((subject, Pair(*mine[0], manifest, route, container)))
    return found


def _ports(pair: Pair) -> Iterator[tuple[Route, str]]:
    """Only where neither side tells the program its port, and what both open has nothing in common."""
    published = [target(one) for one in items(pair.service, "ports")]
    opened = {index: port.get("containerPort") for index, port in mappings(pair.container, "ports")}
    started = any(key in pair.service for key in ("command", "entrypoint")) or any(
        key in pair.container for key in ("command", "args")
    )
    if not published or not opened or started or None in published:
        return
    if set(published) & set(opened.values()) or _told(pair, [*published, *opened.values()]):
        return
    for index, port in opened.items():
        listed = ", ".join(f"`{one}`" for one in sorted({one for one in published if one}))
        yield (
            (*pair.route, "ports", index, "containerPort"),
            f"container port {port}: `{pair.compose}` of compose opens {listed}",
        )


def _told(pair: Pair, ports: Sequence[Any]) -> bool:
    """Whether a variable that the two sides set on their own holds one of the ports."""
    if "envFrom" in pair.container or "env_file" in pair.service:
        return True
    values = [str(one.get("value", "")) for _, one in mappings(pair.container, "env")]
    values += [str(value) for value in _environment(pair.service).values()]
    return any(str(port) in value for port in ports for value in values)


def _users(pair: Pair) -> Iterator[tuple[Route, str]]:
    number = str(pair.service.get("user", "")).partition(":")[0]
    inner, outer = mapping(pair.container, "securityContext"), mapping(pair.manifest.pod, "securityContext")
    route: Route = (*pair.route, "securityContext", "runAsUser")
    user = inner.get("runAsUser")
    if user is None and pair.manifest.pod_route is not None:
        user, route = outer.get("runAsUser"), (*pair.manifest.pod_route, "securityContext", "runAsUser")
    if number.isdecimal() and isinstance(user, int) and number.lstrip("0") != str(user or ""):
        yield route, f"runs as user {user}; `{pair.compose}` of compose runs as {number}"


def _variables(pair: Pair) -> Iterator[tuple[Route, str]]:
    """A name that the other side does not have, while it has nearly the same one that is missing here."""
    theirs = set(_environment(pair.service))
    ours = {str(one.get("name")): index for index, one in mappings(pair.container, "env")}
    for name, index in ours.items():
        near = sorted(one for one in theirs - set(ours) if name not in theirs and _slip(name, one))
        if near:
            message = f"variable `{name}`: `{pair.compose}` of compose sets `{near[0]}`"
            yield (*pair.route, "env", index, "name"), message


def _slip(one: str, other: str) -> bool:
    """One letter more, less or other, or two changed places, in a name that is long enough to tell."""
    if min(len(one), len(other)) < 6 or any(char.isdigit() for char in one + other):
        return False
    if sorted(one) == sorted(other) and one != other:
        return sum(a != b for a, b in zip(one, other, strict=True)) == 2
    return alike(one, other) and abs(len(one) - len(other)) <= 1 and _distance_one(one, other)


def _distance_one(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    at = next((index for index, char in enumerate(short) if char != long[index]), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def _environment(service: dict[str, Any]) -> dict[str, Any]:
    found = service.get("environment")
    if isinstance(found, dict):
        return found
    pairs = (str(one).partition("=") for one in items(service, "environment"))
    return {name: value for name, _, value in pairs}
