"""Trees of Cargo: one package, a workspace, a workspace whose root is a package, a member on its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docker_sources import compiled_sources

from svc.pipeline import Compiled

ROOT = '[package]\nname = "shop"\n'
WORKSPACE = '[workspace]\nmembers = ["crates/*"]\n'
API = {"crates/api/Cargo.toml": '[package]\nname = "shop-api"\n', "crates/api/src/main.rs": ""}
WORKER = {
    "crates/worker/Cargo.toml": '[package]\nname = "worker"\n[[bin]]\nname = "mailer"\npath = "src/main.rs"\n',
    "crates/worker/src/main.rs": "",
}
CORE = {"crates/core/Cargo.toml": '[package]\nname = "core"\n', "crates/core/src/lib.rs": ""}
MEMBERS = {"Cargo.lock": "", **API, **WORKER, **CORE}


def compiled(folder: Path, files: dict[str, str], main: str = "", more: str = "") -> Compiled:
    build = f"{{language: rust, version: '1.98'{f', main: {main}' if main else ''}}}"
    made = compiled_sources(folder, files, f"build: {build}\n{more}")
    assert not made.failed
    return made


def builds(made: Compiled) -> list[str]:
    text = next(one.text for one in made.outputs if one.path.endswith("Dockerfile"))
    return re.findall(r"cargo (?:build|test) --locked([^&\n]*?)(?: \\)?$", text, re.M)


def said(made: Compiled) -> list[str]:
    return [
        f"{one.id} {one.message}" for one in made.diagnostics if one.id.startswith(("cargo-", "docker-", "program-"))
    ]


ALONE = {"Cargo.toml": ROOT, "Cargo.lock": "", "src/main.rs": ""}


@pytest.mark.parametrize(
    ("files", "main", "chosen"),
    [
        (ALONE, "", " --bin shop"),
        ({**ALONE, "src/bin/migrate.rs": ""}, "migrate", " --bin migrate"),
        ({**ALONE, "Cargo.toml": ROOT + '[[bin]]\nname = "server"\npath = "src/main.rs"\n'}, "", " --bin server"),
        ({**ALONE, "Cargo.toml": ROOT + 'default-run = "b"\n', "src/bin/a.rs": "", "src/bin/b/main.rs": ""}, ".", " --bin b"),
        ({**MEMBERS, "Cargo.toml": WORKSPACE}, "shop-api", " --package shop-api --bin shop-api"),
        ({**MEMBERS, "Cargo.toml": WORKSPACE}, "crates/api", " --package shop-api --bin shop-api"),
        ({**MEMBERS, "Cargo.toml": WORKSPACE}, "./crates/worker/", " --package worker --bin mailer"),
        ({**MEMBERS, "Cargo.toml": WORKSPACE}, "worker", " --package worker --bin mailer"),
        ({**MEMBERS, **ALONE, "Cargo.toml": ROOT + WORKSPACE}, "", " --package shop --bin shop"),
        ({**MEMBERS, **ALONE, "Cargo.toml": ROOT + WORKSPACE}, "mailer", " --package worker --bin mailer"),
        ({**CORE, **WORKER, "Cargo.lock": "", "Cargo.toml": WORKSPACE}, "", " --package worker --bin mailer"),
    ],
)  # fmt: skip
def test_the_program_is_found_in_its_package(tmp_path: Path, files: dict[str, str], main: str, chosen: str) -> None:
    made = compiled(tmp_path, files, main)
    package = chosen.partition(" --bin")[0]
    assert builds(made) == [chosen, package, f" --release{chosen}"]
    assert said(made) == []


def test_programs_that_jobs_and_workers_start_are_built_too(tmp_path: Path) -> None:
    jobs = "jobs: {migrate: {run: before-deploy, command: [./migrate]}}\nworkers: {mail: {command: [/app/mailer]}}\n"
    files = {**MEMBERS, **ALONE, "Cargo.toml": ROOT + WORKSPACE, "src/bin/migrate.rs": ""}
    made = compiled(tmp_path, files, more=jobs)
    chosen = " --package shop --package worker --bin shop --bin mailer --bin migrate"
    assert builds(made) == [chosen, " --package shop --package worker", f" --release{chosen}"]
    assert said(made) == []
    text = next(one.text for one in made.outputs if one.path.endswith("Dockerfile"))
    assert text.count("install -D target/release/mailer /out/mailer") == 1
    assert text.count("install -D target/debug/migrate /app/migrate") == 1


def test_a_program_that_no_package_makes_is_said(tmp_path: Path) -> None:
    made = compiled(
        tmp_path, {**MEMBERS, "Cargo.toml": WORKSPACE}, "shop-apj", "jobs: {m: {run: manual, command: [./gone]}}\n"
    )
    assert said(made) == [
        "cargo-binary-unknown Cargo makes no program `shop-apj`; it makes mailer, shop-api",
        "program-not-in-image `./gone` is not in the image that is shipped",
    ]  # fmt: skip


def test_places_of_files_tell_nothing_where_the_package_says_so(tmp_path: Path) -> None:
    own = ROOT + 'autobins = false\n[[bin]]\nname = "server"\npath = "src/server.rs"\n'
    files = {"Cargo.toml": own, "Cargo.lock": "", "src/main.rs": "", "src/server.rs": "", "src/bin/migrate.rs": ""}
    made = compiled(tmp_path, files, more="jobs: {m: {run: manual, command: [./migrate]}}\n")
    assert builds(made) == [" --bin server", "", " --release --bin server"]
    (said_,) = said(made)
    assert said_ == "program-not-in-image `./migrate` is not in the image that is shipped"
    (advice,) = [one.help for one in made.diagnostics if one.id == "program-not-in-image"]
    assert advice == "Cargo makes `server`"


def test_a_program_is_named_once_in_advice(tmp_path: Path) -> None:
    made = compiled(tmp_path, ALONE, more="jobs: {m: {run: manual, command: [./migrate]}}\n")
    assert [one.help for one in made.diagnostics if one.id == "program-not-in-image"] == ["Cargo makes `shop`"]


@pytest.mark.parametrize(
    "more",
    [
        "version.workspace = true\n[dependencies]\ntokio = { workspace = true }\n",
        "version.workspace = true\n",
        "[dependencies]\ntokio = { workspace = true }\n",
        "[lints]\nworkspace = true\n",
    ],
)
def test_a_member_without_its_workspace_is_said(tmp_path: Path, more: str) -> None:
    (said_,) = said(compiled(tmp_path, {"Cargo.toml": ROOT + more, "src/main.rs": ""}))
    assert said_.startswith("cargo-member-alone ")


def test_a_lock_file_of_cargo_is_missed(tmp_path: Path) -> None:
    (said_,) = said(compiled(tmp_path, {"Cargo.toml": ROOT, "src/main.rs": ""}))
    assert said_ == "docker-file-missing the image is built from `Cargo.lock`, which is not in the build context"
