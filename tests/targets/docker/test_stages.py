"""Stages of one Dockerfile agree with each other: what is built once, brought along and started."""

from __future__ import annotations

from dataclasses import replace

import pytest
from docker_cases import CASES, from_resolved, service

import samples
from sample_parts import build
from svc.resolve.types.whole import Resolved
from svc.targets.docker import target as docker
from svc.targets.docker.types import Stage


def stages(case: str, **changes: object) -> dict[str, Stage]:
    artifact = docker.lower(service(case, **changes)).artifact  # type: ignore[arg-type]
    return {stage.name: stage for stage in artifact.dockerfile.stages}


def commands(stage: Stage) -> list[str]:
    return [one.shell for one in stage.instructions if one.keyword == "RUN"]


@pytest.mark.parametrize("case", ["go", "rust", "dotnet", "java-spring", "java-class"])
def test_what_development_starts_finds_the_files_that_the_image_has(case: str) -> None:
    dev = stages(case, files=("templates",))["dev"]
    home = [one.args[0] for one in dev.instructions if one.keyword == "WORKDIR"][-1]
    assert ("templates", f"{home}/templates") in [one.args for one in dev.instructions if one.keyword == "COPY"]


@pytest.mark.parametrize("prepare", ["npm run build", "npm run generate && npm run build", "yarn build"])
@pytest.mark.parametrize(
    ("case", "main"), [("node-npm", "dist/main.js"), ("node-npm", "next"), ("static-pnpm", "dist")]
)
def test_a_build_that_the_spec_runs_is_not_run_again(case: str, main: str, prepare: str) -> None:
    found = stages(case, main=main, prepare=prepare)
    assert sum(text.count(" build") for stage in found.values() for text in commands(stage)) == 1


@pytest.mark.parametrize("prepare", ["npm run build:css", "npm run prebuild"])
def test_another_script_is_no_build(prepare: str) -> None:
    assert any("npm run build --if-present" in text for text in commands(stages("node-npm", prepare=prepare)["build"]))


def test_rails_is_prepared_as_it_is_shipped() -> None:
    prepare = "bin/rails assets:precompile"
    made = stages("rails", prepare=prepare)["build"]
    assert commands(made)[-1] == prepare
    assert ("RAILS_ENV", "production") in [
        pair for one in made.instructions if one.keyword == "ENV" for pair in one.pairs
    ]


def test_only_the_module_is_tested() -> None:
    assert commands(stages("java-spring", module="api")["test"]) == [
        "./mvnw --batch-mode --projects api --also-make verify"
    ]
    assert commands(stages("java-gradle", module="apps/api")["test"]) == ["./gradlew --no-daemon :apps:api:test"]


def test_an_image_of_workers_starts_what_the_build_names() -> None:
    def make(environment: str) -> Resolved:
        facts = {"main": "", "manager": "", "test": "", **CASES["node-npm"]}
        return replace(samples.web(environment), server=None, build=build(**facts))

    final = docker.lower(from_resolved(make)).artifact.dockerfile.stages[-1]
    assert final.last("ENTRYPOINT").args == ("node", "dist/main.js")


def test_aspnet_listens_for_others_in_every_stage_that_starts_it() -> None:
    found = stages("dotnet")
    for name in ("dev", "final"):
        pairs = [pair for one in found[name].instructions if one.keyword == "ENV" for pair in one.pairs]
        assert "ASPNETCORE_HTTP_PORTS" in dict(pairs)
