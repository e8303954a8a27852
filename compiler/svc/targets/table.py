"""The table of targets. A target is imported when it is used, so that a lint of one Dockerfile stays cheap."""

from __future__ import annotations

from svc.targets.protocol import Target

TARGET_NAMES = ("docker", "helm", "github", "terraform", "compose")
"""In the order in which they are lowered and reported."""


def target(name: str) -> Target:
    """The target of a name in TARGET_NAMES; KeyError for any other."""
    if name == "docker":
        from svc.targets.docker import target as docker

        return docker
    if name == "helm":
        from svc.targets.helm import target as helm

        return helm
    if name == "github":
        from svc.targets.github import target as github

        return github
    if name == "terraform":
        from svc.targets.terraform import target as terraform

        return terraform
    if name == "compose":
        from svc.targets.compose import target as compose

        return compose
    raise KeyError(name)
