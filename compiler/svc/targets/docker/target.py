"""Dockerfile and .dockerignore."""

from __future__ import annotations

from collections.abc import Sequence

from svc.targets.docker.lower import lower
from svc.targets.docker.render import KEY, render
from svc.targets.docker.types import DockerArtifact
from svc.targets.docker.verify import judge, verify
from svc.targets.protocol import Subject

__all__ = ["NAME", "judge", "lower", "render", "subjects", "verify"]

NAME = "docker"


def subjects(artifact: DockerArtifact) -> Sequence[Subject]:
    if artifact.dockerfile is None:
        return ()
    return (Subject("docker", KEY, artifact.path, artifact.dockerfile),)
