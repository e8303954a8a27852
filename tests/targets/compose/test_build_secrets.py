"""Secrets of the build: declared once, from the variables that the Dockerfile and the workflow name."""

from __future__ import annotations

from dataclasses import replace

import samples
from sample_parts import unit
from svc.resolve.types.whole import Resolved
from svc.targets.compose import target as compose
from svc.targets.compose.types import ComposeArtifact


def lowered(dockerfile: str = "") -> ComposeArtifact:
    def made(environment: str) -> Resolved:
        one = samples.web(environment)
        assert one.build is not None
        return replace(
            one, build=replace(one.build, secrets=("npm_token",), dockerfile=dockerfile or one.build.dockerfile)
        )

    artifact: ComposeArtifact = compose.lower(unit(made)).artifact
    return artifact


def test_what_a_build_takes_is_declared_and_asked_for() -> None:
    artifact = lowered()
    built = [one["build"] for one in artifact.file.services.values() if "build" in one]
    assert built
    assert all(one["secrets"] == ["npm_token"] for one in built)
    declared = artifact.file.tree.get("secrets")
    assert declared["npm_token"] == {"environment": "NPM_TOKEN"}
    assert "\n# secret npm_token of the build\nNPM_TOKEN=\n" in compose.render(artifact).files[".env.example"]


def test_the_dockerfile_may_be_ones_own() -> None:
    assert "npm_token" in lowered(dockerfile="Dockerfile").file.tree.get("secrets")
