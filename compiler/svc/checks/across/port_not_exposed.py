"""A container port that the image of the same tree does not open, while it opens others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from svc.checks._builds import built, exposed, of_service, repository_of
from svc.checks._objects import Found, objects
from svc.checks._params import NoParams as Params
from svc.checks.pods import quoted
from svc.targets.compose.types import ComposeFile
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings

if TYPE_CHECKING:
    from svc.targets.docker.types import Dockerfile


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    files = built(subjects)
    for subject, manifest in objects(subjects) if files else ():
        for route, container in manifest.containers("containers"):
            dockerfile = files.get(repository_of(container.get("image")))
            ports = {index: port.get("containerPort") for index, port in mappings(container, "ports")}
            names = [one.get("value") for _, one in mappings(container, "env")]
            told = "command" in container or "args" in container or "envFrom" in container
            if ports and not told and _differ(dockerfile, list(ports.values()), names):
                for index, port in ports.items():
                    message = f"container port {port}: the image that is built here opens {_opened(dockerfile)}"
                    yield subject, (*route, "ports", index, "containerPort"), message
    for subject in subjects:
        if isinstance(subject.artifact, ComposeFile):
            yield from _compose(subject, subject.artifact, subjects)


def _compose(subject: Subject, compose: ComposeFile, subjects: Sequence[Subject]) -> Iterator[Found]:
    for name, service in compose.services.items():
        if not isinstance(service, dict) or any(
            key in service for key in ("command", "entrypoint", "env_file", "extends")
        ):
            continue
        dockerfile = of_service(subject, service, subjects)
        ports = {index: target(port) for index, port in enumerate(_listed(service.get("ports")))}
        environment = service.get("environment")
        values = list(mapping(environment).values()) or [str(one).partition("=")[2] for one in _listed(environment)]
        if ports and _differ(dockerfile, list(ports.values()), values):
            for index, port in ports.items():
                message = f"container port {port}: `{name}` is built from a Dockerfile that opens {_opened(dockerfile)}"
                yield subject, ("services", name, "ports", index), message


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def target(port: Any) -> int | None:
    """The port of the container in an entry of compose's `ports`."""
    if isinstance(port, dict):
        port = port.get("target")
    last = str(port).partition("/")[0].rpartition(":")[2]
    return int(last) if last.isdecimal() and len(last) < 6 else None


def _differ(dockerfile: Dockerfile | None, ports: list[Any], told: list[Any]) -> bool:
    """Whether a Dockerfile opens ports, and none of these. A port that the environment tells the program is right."""
    opened = exposed(dockerfile) if dockerfile is not None else set()
    if not opened or not all(isinstance(port, int) for port in ports):
        return False
    words = " ".join(str(one) for one in told)
    return not opened & set(ports) and not any(str(port) in words for port in ports) and "$" not in words


def _opened(dockerfile: Dockerfile | None) -> str:
    return quoted(sorted(exposed(dockerfile))) if dockerfile is not None else ""
