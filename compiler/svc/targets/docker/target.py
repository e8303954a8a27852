"""Dockerfile and .dockerignore."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path

from svc.resolve.unit import Unit
from svc.targets.docker.lower import lower
from svc.targets.docker.types import KEY, DockerArtifact
from svc.targets.protocol import Fault, Files, Judgement, Rendered, Subject
from svc.tools import Toolbox

__all__ = ["NAME", "homes", "judge", "lower", "render", "subjects", "verify"]

NAME = "docker"


def subjects(artifact: DockerArtifact) -> Sequence[Subject]:
    if artifact.dockerfile is None:
        return ()
    return (Subject("docker", KEY, artifact.path, artifact.dockerfile),)


def homes(unit: Unit) -> tuple[str, ...]:
    build = unit.first.build
    path = posixpath.normpath(unit.path((build and build.dockerfile) or "Dockerfile"))
    return (path, f"{path}.dockerignore", unit.path(".dockerignore"))


def render(artifact: DockerArtifact, /) -> Rendered:
    from svc.targets.docker.render import render as work

    return work(artifact)


def verify(artifact: DockerArtifact, files: Files, /) -> tuple[Fault, ...]:
    from svc.targets.docker.verify import verify as work

    return work(artifact, files)


def judge(artifacts: Sequence[DockerArtifact], root: Path, /, box: Toolbox | None = None) -> tuple[Judgement, ...]:
    from svc.targets.docker.verify import judge as work

    return work(artifacts, root, box)
