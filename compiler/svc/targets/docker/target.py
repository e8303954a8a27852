"""Dockerfile and .dockerignore."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from svc.resolve.unit import Unit
from svc.targets.docker.lower import lower
from svc.targets.docker.render import KEY, render
from svc.targets.docker.types import DockerArtifact
from svc.targets.docker.verify import judge, verify
from svc.targets.protocol import Subject

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
