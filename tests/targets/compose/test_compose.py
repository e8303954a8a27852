"""compose.yaml: the same service as the chart's, on one machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
from sample_parts import unit
from svc.resolve.types.process import HttpStop, Literal_, Variable
from svc.resolve.types.whole import Resolved
from svc.targets.compose import target as compose
from svc.targets.compose.types import ComposeArtifact, ComposeFile, Wanted
from svc.tree import Tree


def lowered(make: Callable[[str], Resolved] = samples.web) -> ComposeArtifact:
    found: ComposeArtifact = compose.lower(unit(make)).artifact
    return found


def service(name: str, make: Callable[[str], Resolved] = samples.web) -> dict[str, Any]:
    found: dict[str, Any] = lowered(make).file.services[name]
    return found


@pytest.mark.parametrize("make", samples.SERVICES)
def test_reads_back_as_itself_and_fits_the_schema(make: Callable[[str], Resolved]) -> None:
    artifact = lowered(make)
    assert compose.verify(artifact, compose.render(artifact).files) == ()


def test_the_schema_is_really_asked() -> None:
    artifact = lowered()
    files = dict(compose.render(artifact).files)
    files["compose.yaml"] = files["compose.yaml"].replace("    init: true\n", "    innit: true\n", 1)
    assert {fault.tool for fault in compose.verify(artifact, files)} == {"read-back", "schema"}


def test_the_service_is_built_from_the_dev_stage_and_published_on_this_machine_only() -> None:
    main = service("checkout")
    assert main["build"] == {"context": ".", "dockerfile": "Dockerfile", "target": "dev"}
    assert main["ports"] == ["127.0.0.1:8080:8080", "127.0.0.1:9102:9102"]
    assert main["user"] == "10001:10001"
    assert main["stop_grace_period"] == "45s"


def test_every_process_of_ours_is_hardened() -> None:
    for name, one in lowered().file.services.items():
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert one["cap_drop"] == ["ALL"], name
        assert {"container_name", "links"}.isdisjoint(one), name
        if "build" in one:
            assert one["read_only"] is ("configs" not in one), name


def test_compose_can_write_what_it_is_to_write() -> None:
    """It refuses to where the root file system is read-only."""
    services = lowered().file.services
    assert {name for name, one in services.items() if "configs" in one}
    assert not [name for name, one in services.items() if "configs" in one and one["read_only"]]
    (said,) = {one.route for one in compose.lower(unit(samples.web)).problems if one.id == "compose-files-written"}
    assert said == ("files", "/etc/checkout/config.yaml")


def test_needs_are_healthy_and_migrations_done_before_the_server_starts() -> None:
    assert service("checkout")["depends_on"] == {
        "checkout-db": {"condition": "service_healthy"},
        "checkout-cache": {"condition": "service_healthy"},
        "checkout-migrate": {"condition": "service_completed_successfully"},
    }
    assert "checkout-migrate" not in service("checkout-migrate").get("depends_on", {})


def test_jobs_that_nothing_waits_for_have_a_profile() -> None:
    assert service("checkout-report")["profiles"] == ["jobs"]
    assert "profiles" not in service("checkout-migrate")
    ids = {problem.id for problem in compose.lower(unit(samples.web)).problems}
    assert "compose-no-schedule" in ids


def _stopping(action: tuple[str, ...] | int | HttpStop) -> Callable[[str], Resolved]:
    def make(environment: str) -> Resolved:
        one = samples.web(environment)
        assert one.server is not None
        placed = replace(one.server.placement, priority_class="high")
        server = replace(one.server, main=replace(one.server.main, pre_stop=action), placement=placed)
        return replace(one, server=server)

    return make


def test_a_command_before_the_stop_is_run_and_what_has_no_meaning_is_said() -> None:
    assert service("checkout", _stopping(("drain", "$HOME")))["pre_stop"] == [{"command": ["drain", "$$HOME"]}]
    assert "pre_stop" not in service("checkout", _stopping(5))
    found = compose.lower(unit(_stopping(HttpStop("/drain", 8080, "http", "HTTP")))).problems
    said = {problem.route[-1] for problem in found if problem.id == "compose-no-meaning"}
    assert said == {"pre_stop", "priority_class"}


def test_secrets_come_from_the_env_file_and_its_example_has_no_value() -> None:
    rendered = compose.render(lowered()).files
    assert service("checkout")["environment"]["STRIPE_KEY"] == "${STRIPE_KEY:?set it in .env, see .env.example}"
    assert service("checkout")["environment"]["FEATURES"] == "${FEATURES:-}"
    names = [line for line in rendered[".env.example"].splitlines() if line and not line.startswith("#")]
    assert names == ["BUCKET=", "DB_PASSWORD=", "FEATURES=", "QUEUE_URL=", "STRIPE_KEY="]


def test_the_application_finds_its_neighbours() -> None:
    found = service("checkout")["environment"]
    assert found["DATABASE_URL"].startswith("postgresql://checkout:${DB_PASSWORD:?")
    assert found["DATABASE_URL"].endswith("@checkout-db:5432/checkout")
    assert found["REDIS_URL"] == "redis://checkout-cache:6379/0"
    assert found["URL"] == "http://0.0.0.0:8080/{{ not a template }}"
    assert found["MEMORY_LIMIT"] == str(256 * 2**20)
    assert service("checkout-db")["environment"]["POSTGRES_PASSWORD"].startswith("${DB_PASSWORD:?")


def test_the_shell_of_a_healthcheck_sees_its_variables() -> None:
    assert "$$POSTGRES_USER" in service("checkout-db")["healthcheck"]["test"][-1]


def test_sidecars_share_the_network_of_their_service() -> None:
    side = service("checkout-proxy")
    assert side["network_mode"] == "service:checkout"
    assert "ports" not in side


def test_files_are_inline_and_scratch_space_is_in_memory() -> None:
    artifact = lowered()
    main = artifact.file.services["checkout"]
    assert main["configs"] == [
        {"source": "checkout-files-config.yaml", "target": "/etc/checkout/config.yaml", "mode": "0444"}
    ]
    assert artifact.file.tree.get("configs", "checkout-files-config.yaml", "content") == "currency: EUR\nretries: 3\n"
    assert main["tmpfs"] == ["/tmp:mode=1777,size=64m"]
    assert main["volumes"] == ["data:/data"]


def test_what_compose_cannot_know_is_said() -> None:
    problems = {problem.id: problem.route for problem in compose.lower(unit(samples.web)).problems}
    assert problems["compose-foreign-secret"] == ("files", "/run/secrets/signing")
    assert problems["compose-local-value"] == ("env", "POD_IP")
    assert problems["compose-env-file"] == ("env_from", 0)


def test_every_part_knows_its_origin() -> None:
    file = lowered().file
    assert file.origin(("services", "checkout", "environment", "LOG_LEVEL")) == ("env", "LOG_LEVEL")
    assert file.origin(("services", "checkout-db", "image")) == ("needs", "db")


@settings(deadline=None, max_examples=80)
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_a_value_is_never_replaced(text: str) -> None:
    def make(environment: str) -> Resolved:
        one = samples.web(environment)
        assert one.server is not None
        env = (Variable("VALUE", Literal_(text), ("env", "VALUE")),)
        return replace(one, server=replace(one.server, main=replace(one.server.main, env=env)))

    artifact = lowered(make)
    assert compose.verify(artifact, compose.render(artifact).files) == ()
    said = artifact.file.services["checkout"]["environment"]["VALUE"]
    assert said.replace("$$", "").count("$") == 0
    if "$$(" not in text and "$(" not in text:
        assert said.replace("$$", "$") == text


def test_a_command_sees_its_variables_as_in_kubernetes() -> None:
    def make(environment: str) -> Resolved:
        one = samples.web(environment)
        assert one.server is not None
        main = replace(one.server.main, args=("--level=$(LOG_LEVEL)", "$$(LOG_LEVEL)", "$HOME", "$(UNKNOWN)"))
        return replace(one, server=replace(one.server, main=main))

    assert service("checkout", make)["command"] == ["--level=debug", "$$(LOG_LEVEL)", "$$HOME", "$$(UNKNOWN)"]


def test_a_need_runs_as_the_owner_of_its_data_in_the_image() -> None:
    """Not as its user in the cluster, where fsGroup makes the volume writable for anybody."""
    assert service("checkout-cache")["user"] == "999"


def test_a_folder_of_a_volume_is_a_volume_of_its_own() -> None:
    """Docker refuses to mount a folder that a new volume does not have yet."""

    def make(environment: str) -> Resolved:
        one = samples.web(environment)
        assert one.server is not None
        mounts = tuple(replace(m, sub_path="inner") if m.path == "/data" else m for m in one.server.main.mounts)
        return replace(one, server=replace(one.server, main=replace(one.server.main, mounts=mounts)))

    artifact = lowered(make)
    assert "data-inner:/data" in artifact.file.services["checkout"]["volumes"]
    assert "data-inner" in artifact.file.tree.data["volumes"]


@pytest.mark.parametrize(
    ("services", "start"),
    [
        ({"sweep": {"profiles": ["jobs"]}}, "docker compose run --build sweep"),
        ({"sweep": {"profiles": ["jobs"]}, "count": {"profiles": ["jobs"]}}, "docker compose run --build <job>"),
        ({"db": {}, "sweep": {"profiles": ["jobs"]}}, "docker compose up --build"),
    ],
)
def test_jobs_alone_are_run_and_not_brought_up(services: dict[str, Any], start: str) -> None:
    artifact = ComposeArtifact(ComposeFile(Tree({"services": services})), (Wanted("TOKEN", "a token"),))
    assert f"then: {start}\n" in compose.render(artifact).files["compose.yaml"]
