"""A Dockerfile of the user's own against what the spec says of the image: stages, ports, user."""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Problem, Route, Severity
from svc.resolve.types.images import Build
from svc.resolve.types.process import Process
from svc.scalars import digits
from svc.source import Source
from svc.suggest import nearest
from svc.targets.docker.read import read_dockerfile
from svc.targets.docker.types import Dockerfile, Instruction, Stage


def own_problems(build: Build, process: Process | None) -> Iterator[Problem]:
    """Nothing for a file that cannot be read as a Dockerfile: its reader says what is wrong."""
    read = read_dockerfile(Source(build.dockerfile, build.text))
    if read.problems or not read.dockerfile.stages:
        return
    stage = _wanted(build, read.dockerfile)
    if stage is None:
        known = [one.name or str(one.index) for one in read.dockerfile.stages]
        message = f"the Dockerfile has no stage `{build.target}`; it has {', '.join(known)}"
        route: Route = ("build", "target")
        yield Problem("docker-stage-unknown", route, f"{message}{nearest(build.target, known)}")
    elif process is not None:
        lineage = tuple(_lineage(stage, read.dockerfile))
        yield from _ports(lineage, process)
        yield from _user(lineage, process)


def _wanted(build: Build, dockerfile: Dockerfile) -> Stage | None:
    stages = dockerfile.stages
    if not build.target:
        return stages[-1]
    by_name = next((one for one in stages if one.name.lower() == build.target.lower()), None)
    number = int(build.target) if digits(build.target) else len(stages)
    return by_name or (stages[number] if number < len(stages) else None)


def _lineage(stage: Stage, dockerfile: Dockerfile) -> Iterator[Stage]:
    """A stage and those it is built from, nearest first."""
    seen: Stage | None = stage
    while seen is not None:
        yield seen
        base, before = seen.base, dockerfile.stages[: seen.index]
        seen = next((one for one in before if one.name and one.name.lower() == base.lower()), None)


def _at(one: Instruction) -> Route:
    return ("build", "dockerfile", one.span.line if one.span else 1)


def _ports(lineage: tuple[Stage, ...], process: Process) -> Iterator[Problem]:
    """EXPOSE says nothing to Kubernetes, but an image that says 9090 hardly listens on 8080."""
    found = [one for stage in lineage for _, one in stage.find("EXPOSE")]
    exposed = [(word, one) for one in found for word in one.args]
    if not exposed or not process.ports or any("$" in word or "-" in word for word, _ in exposed):
        return
    wanted = {_spelled(port.number, port.transport): port for port in process.ports}
    listed = ", ".join(f"{port.number} ({port.name})" for port in process.ports)
    given = {_normal(word) for word, _ in exposed}
    strange = [(word, one) for word, one in exposed if _normal(word) not in wanted]
    for word, one in strange:
        message = f"the image exposes {word}, which is no port of the service; its ports are {listed}"
        help_ = "write the port that the process opens, here and under `ports`"
        related = (("the ports", ("ports",)),)
        yield Problem("dockerfile-port-differs", _at(one), message, help_, "value", Severity.WARNING, related)
    for text, port in wanted.items() if not strange else ():
        if text not in given:
            message = f"port {port.number} is not among those that the Dockerfile exposes: {', '.join(sorted(given))}"
            other = (("EXPOSE", _at(exposed[-1][1])),)
            help_ = f"add {text} to EXPOSE, or correct the port"
            yield Problem("dockerfile-port-differs", port.at, message, help_, "value", Severity.WARNING, other)


def _spelled(number: int, transport: str) -> str:
    return f"{number}/udp" if transport == "UDP" else str(number)


def _normal(word: str) -> str:
    return word.lower().removesuffix("/tcp")


def _user(lineage: tuple[Stage, ...], process: Process) -> Iterator[Problem]:
    """Files in the image belong to its USER; the pod runs as the spec's."""
    said = next((one for stage in lineage for one in [stage.last("USER")] if one is not None), None)
    if said is None or not said.args:
        return
    number = said.args[0].partition(":")[0]
    if digits(number) and int(number) not in (0, process.user):
        message = f"the image is made for user {number}, but the service runs as {process.user}"
        help_ = f"write `user: {number}` in the spec, or USER {process.user} here"
        yield Problem("dockerfile-user-differs", _at(said), message, help_, "value", Severity.WARNING)
