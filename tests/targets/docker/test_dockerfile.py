"""Generated Dockerfiles: what every language's must have, whatever its recipe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from docker_cases import CASES, from_resolved, service
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
from svc import pins
from svc.diagnostics import Severity
from svc.resolve.types.process import Probe
from svc.resolve.types.whole import Resolved
from svc.source import Source
from svc.targets.docker import target as docker
from svc.targets.docker.read import read_dockerfile
from svc.targets.docker.types import DockerArtifact, Dockerfile

GRPC = Probe("grpc", 8080, "http")


def dockerfile(case: str, probe: Probe | None = None) -> Dockerfile:
    lowered = docker.lower(service(case, probe))
    assert [one for one in lowered.problems if one.id != "php-speaks-no-http"] == []
    assert lowered.artifact.dockerfile is not None
    found: Dockerfile = lowered.artifact.dockerfile
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("probe", [None, GRPC], ids=["http", "grpc"])
def test_reads_back_as_itself(case: str, probe: Probe | None) -> None:
    artifact = docker.lower(service(case, probe)).artifact
    assert docker.verify(artifact, docker.render(artifact).files) == ()


@pytest.mark.parametrize("case", CASES)
def test_what_every_image_has(case: str) -> None:
    file = dockerfile(case)
    assert [stage.name for stage in file.stages][-1] == "final"
    assert file.stage("dev") is not None
    names = {stage.name for stage in file.stages}
    for stage in file.stages:
        assert "@sha256:" in stage.base or stage.base in names, stage.base
    final = file.stages[-1]
    user, start, health = (final.last(keyword) for keyword in ("USER", "ENTRYPOINT", "HEALTHCHECK"))
    assert user is not None
    assert user.args == ("10001:10001",)
    assert start is not None
    assert start.exec
    assert health is not None
    expose = final.last("EXPOSE")
    assert expose is not None
    assert expose.args == ("8080", "9102")
    label = final.last("LABEL")
    assert label is not None
    assert dict(label.pairs)["org.opencontainers.image.title"] == "checkout"
    for copied in (one for one in final.instructions if one.keyword == "COPY" and case != "static-plain"):
        assert copied.flag("from"), "the final stage copies from stages and images only"


@pytest.mark.parametrize("case", CASES)
def test_dev_starts_as_final_does(case: str) -> None:
    file = dockerfile(case)
    dev = file.stage("dev")
    assert dev is not None
    mine, shipped = dev.last("ENTRYPOINT"), file.stages[-1].last("ENTRYPOINT")
    assert mine is not None
    assert shipped is not None
    assert mine.args == shipped.args


@pytest.mark.parametrize("case", [case for case in CASES if "secrets" in CASES[case]])
def test_build_secrets_are_mounted_and_in_no_layer(case: str) -> None:
    file = dockerfile(case)
    name = CASES[case]["secrets"][0]
    mounts = [mount for one in file.instructions for mount in one.flag_values("mount") if "type=secret" in mount]
    assert set(mounts) == {f"type=secret,id={name},env={name.upper()}"}
    assert not any(name in word for one in file.instructions if one.keyword in ("ENV", "ARG") for word in one.args)


def test_health_is_the_probe_of_the_server() -> None:
    health = dockerfile("python-uv").stages[-1].last("HEALTHCHECK")
    assert health is not None
    assert health.flag("interval") == "5s"
    assert "http://127.0.0.1:8080/ready" in health.args[-1]
    grpc = dockerfile("go", GRPC).stages[-1].last("HEALTHCHECK")
    assert grpc is not None
    assert grpc.args == ("CMD", "/usr/local/bin/grpc-health-probe", "-addr=127.0.0.1:8080")


def test_variables_that_are_meant_are_expanded_and_others_are_not() -> None:
    lowered = docker.lower(service("python-uv", env=(("GREETING", 'say "$HOME" \\ `x`'),)))
    text = docker.render(lowered.artifact).files["Dockerfile"]
    assert 'ENV PATH="/opt/venv/bin:${PATH}"' in text
    assert 'ENV GREETING="say \\"\\$HOME\\" \\\\ `x`"' in text


def test_an_unknown_version_names_those_that_exist() -> None:
    (problem,) = docker.lower(service("python-uv", version="3.9")).problems
    assert problem.route == ("build", "version")
    assert "3.11, 3.12, 3.13, 3.14" in problem.help


def test_what_to_start_must_be_known() -> None:
    (problem,) = docker.lower(service("node-npm", main="")).problems
    assert (problem.id, problem.route) == ("docker-no-main", ("build", "main"))


def test_a_line_break_in_a_value_is_a_problem() -> None:
    (problem,) = docker.lower(service("go", env=(("A", "x\ny"),))).problems
    assert (problem.id, problem.route) == ("docker-unsayable-text", ("build", "env", "A"))


def test_the_specs_command_is_the_entrypoint() -> None:
    def make(environment: str) -> Resolved:
        one = samples.web(environment)
        assert one.server is not None
        return replace(one, server=replace(one.server, main=replace(one.server.main, command=("gunicorn", "app:x"))))

    final = docker.lower(from_resolved(make)).artifact.dockerfile.stages[-1]
    assert final.last("ENTRYPOINT").args == ("gunicorn", "app:x")
    assert final.last("CMD").args == ("serve", "--port=8080")


def test_an_own_dockerfile_or_a_foreign_image_generates_nothing() -> None:
    assert docker.lower(service("go", dockerfile="Dockerfile")).artifact == DockerArtifact()
    assert docker.lower(from_resolved(samples.worker_only)).artifact == DockerArtifact()


def test_every_line_is_known() -> None:
    artifact = docker.lower(service("go")).artifact
    rendered = docker.render(artifact)
    lines = rendered.files["Dockerfile"].split("\n")
    for index, one in enumerate(artifact.dockerfile.instructions):
        place = rendered.line("Dockerfile", ("instructions", index))
        assert place is not None
        assert lines[place[1] - 1].startswith(one.keyword)


@settings(deadline=None, max_examples=60)
@given(
    case=st.sampled_from(sorted(CASES)),
    value=st.text(st.characters(codec="utf-8"), max_size=20),
    test=st.text(st.sampled_from("ab $\"'\\#\n<-|&[]E`OF"), max_size=30),
)
def test_hostile_strings_are_said_unchanged_or_refused(case: str, value: str, test: str) -> None:
    lowered = docker.lower(service(case, env=(("VALUE", value),), test=test))
    artifact = lowered.artifact
    assert docker.verify(artifact, docker.render(artifact).files) == ()
    if artifact.dockerfile is None:
        assert lowered.problems
        return
    read = read_dockerfile(Source("Dockerfile", docker.render(artifact).files["Dockerfile"]))
    said = [pairs for one in read.dockerfile.stages[-1].instructions if one.keyword == "ENV" for pairs in one.pairs]
    assert ("VALUE", value) in said


@pytest.mark.tools
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("probe", [None, GRPC], ids=["http", "grpc"])
def test_the_tools_find_nothing(case: str, probe: Probe | None, tmp_path: Path) -> None:
    artifact = docker.lower(service(case, probe)).artifact
    for path, text in docker.render(artifact).files.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    judgements = docker.judge([artifact], tmp_path)
    assert [one.faults for one in judgements] == [()] * len(judgements)
    if all(one.skipped for one in judgements):
        pytest.skip(judgements[0].skipped)


@pytest.mark.tools
@pytest.mark.parametrize("key", ["prepare", "test"])
@pytest.mark.parametrize("text", ["make\npip install tox\ncd web && make", "curl -sSf http://tools/get | sh"])
def test_advice_about_commands_of_the_spec_is_no_fault_of_ours(key: str, text: str, tmp_path: Path) -> None:
    """An error is one; and of the same words elsewhere the tools still speak."""
    artifact = docker.lower(service("go", None, **{key: text})).artifact
    (tmp_path / artifact.path).write_text(docker.render(artifact).files[artifact.path], encoding="utf-8")
    judgements = docker.judge([artifact], tmp_path)
    if all(one.skipped for one in judgements):
        pytest.skip(judgements[0].skipped)
    assert [one.faults for one in judgements] == [()] * len(judgements)
    made = artifact.dockerfile
    same = tuple(replace(one, at=("build",)) for one in made.instructions)
    assert docker.judge([replace(artifact, dockerfile=replace(made, instructions=same))], tmp_path)[0].faults
    artifact = docker.lower(service("go", None, **{key: "sudo make"})).artifact
    (tmp_path / artifact.path).write_text(docker.render(artifact).files[artifact.path], encoding="utf-8")
    assert ["DL3004" in one.message for one in docker.judge([artifact], tmp_path)[0].faults][:1] == [True]


@pytest.mark.parametrize(("case", "name"), [("dotnet", "DOTNET_EnableDiagnostics"), ("node", "NODE_ENV")])
def test_a_variable_of_the_spec_replaces_the_recipes(case: str, name: str) -> None:
    known = next(one for one in CASES if CASES[one]["language"] == case)
    artifact = docker.lower(service(known, env=((name, "mine"),))).artifact
    final = artifact.dockerfile.stages[-1]
    values = [value for one in final.instructions if one.keyword == "ENV" for key, value in one.pairs if key == name]
    assert values == ["mine"]


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case]["language"] != "static"])
def test_the_development_stage_owns_the_folders_of_persistent_volumes(case: str) -> None:
    stage = dockerfile(case).stage("dev")
    assert stage is not None
    last = [one.shell for one in stage.instructions if one.keyword == "RUN"][-1]
    assert last.endswith("install -d -o 10001 -g 10001 /data")


def test_kotlin_is_built_as_java_is() -> None:
    kotlin = service("java-class", language="kotlin", manager="gradle")
    java = service("java-class", manager="gradle")
    mine, theirs = (docker.lower(one).artifact.dockerfile for one in (kotlin, java))
    assert mine == theirs
    assert mine.stages[-1].last("ENTRYPOINT").args == ("java", "-cp", "lib/*", "com.acme.Main")


def test_a_lock_file_that_is_not_there_is_said() -> None:
    (problem,) = docker.lower(service("node-npm", present=("package.json",))).problems
    assert (problem.id, problem.severity) == ("docker-file-missing", Severity.WARNING)
    assert "`package-lock.json`" in problem.message
    assert docker.lower(service("node-npm", present=("package.json", "package-lock.json"))).problems == ()


def test_a_module_without_dependencies_has_no_sums() -> None:
    for present, wanted in ((("go.mod",), False), (("go.mod", "go.sum", "cmd"), True)):
        text = docker.render(docker.lower(service("go", present=present)).artifact).files["Dockerfile"]
        assert ("source=go.sum" in text) == wanted


def test_tests_of_a_site_without_packages_are_refused() -> None:
    (problem,) = docker.lower(service("static-plain", test="npm test")).problems
    assert (problem.id, problem.route) == ("docker-static-test", ("build", "test"))


@pytest.mark.parametrize("language", sorted(pins._LANGUAGES))
def test_every_supported_version_has_a_dockerfile(language: str) -> None:
    case = next(one for one in CASES if CASES[one]["language"] == language)
    for version in pins.supported(language):
        assert docker.lower(service(case, version=version)).artifact.dockerfile is not None
