"""The stages of a case, and the commands that each of them runs."""

from __future__ import annotations

from docker_cases import service

from svc.targets.docker import target as docker
from svc.targets.docker.types import Stage


def stages(case: str, **changes: object) -> dict[str, Stage]:
    artifact = docker.lower(service(case, **changes)).artifact  # type: ignore[arg-type]
    return {stage.name: stage for stage in artifact.dockerfile.stages}


def commands(stage: Stage) -> list[str]:
    return [one.shell for one in stage.instructions if one.keyword == "RUN"]


def chain(found: dict[str, Stage], name: str) -> str:
    """What a stage and those that it begins with run."""
    stage = found[name]
    before = [chain(found, stage.base)] if stage.base in found else []
    return "\n".join([*before, *commands(stage)])
