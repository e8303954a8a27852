"""Files beside what is judged, such as packs, waivers, baselines and a source tree: read within limits, never waited for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.bounded import refused, sane, svc
from hostile.misbehaving import PACK

SPEC = """\
apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop:1.4.2@sha256:4f3bfd1ab2a6b2a0d2d7d5c1cb3f4d1e7a5d9a0b8f1c2d3e4f5a6b7c8d9e0f1a
ports: {http: 8080}
health: /healthz
"""


def pipe(file: Path) -> None:
    os.mkfifo(file)


def device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def huge(file: Path) -> None:
    """Two gigabytes that take no place on the disk, and more than a run may have."""
    with file.open("wb") as stream:
        stream.truncate(2 * 1024 * 1024 * 1024)


def deep(file: Path) -> None:
    file.write_text("[" * 200_000)


def garbage(file: Path) -> None:
    file.write_bytes(b"\x80\x00\xff" * 1000)


HOSTILE = {one.__name__: one for one in (pipe, device, huge, deep, garbage)}
Make = Callable[[Path], None]


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest) -> Make:
    return HOSTILE[request.param]


def workspace(root: Path, text: str) -> None:
    (root / "svc-workspace.yaml").write_text("apiVersion: svc/v1\n" + text)
    (root / "service.yaml").write_text(SPEC)


@pytest.mark.parametrize("verb", ["lint", "compile"])
def test_a_policy_of_a_pack(verb: str, hostile: Make, tmp_path: Path) -> None:
    workspace(tmp_path, "policy: {packs: [pack]}\n")
    (tmp_path / "pack").mkdir()
    hostile(tmp_path / "pack" / "own.yaml")
    refused(svc(verb, "service.yaml", cwd=tmp_path), "own.yaml")
    refused(svc("policies", "test", "pack", cwd=tmp_path), "own.yaml")


def test_a_policy_in_cue(hostile: Make, tmp_path: Path) -> None:
    workspace(tmp_path, "policy: {packs: [pack]}\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "team.yaml").write_text(PACK)
    hostile(tmp_path / "pack" / "team.cue")
    refused(svc("policies", "test", "pack", cwd=tmp_path), "team")
    refused(svc("compile", "service.yaml", cwd=tmp_path), "team")


def test_an_index_in_a_pack(hostile: Make, tmp_path: Path) -> None:
    """It is none of the pack's policies: nobody asks it."""
    workspace(tmp_path, "policy: {packs: [pack]}\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "own.yaml").write_text("title: Broken\n")
    hostile(tmp_path / "pack" / "index.json")
    refused(svc("lint", "service.yaml", cwd=tmp_path), "own.yaml")


@pytest.mark.parametrize("option", ["--waivers", "--baseline"])
def test_a_file_of_waivers_and_a_baseline(option: str, hostile: Make, tmp_path: Path) -> None:
    workspace(tmp_path, "")
    hostile(tmp_path / "given.yaml")
    refused(svc("lint", option, "given.yaml", "service.yaml", cwd=tmp_path), "given.yaml")


def test_a_workspace_file(hostile: Make, tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC)
    hostile(tmp_path / "svc-workspace.yaml")
    refused(svc("compile", "service.yaml", cwd=tmp_path), "svc-workspace.yaml")


@pytest.mark.parametrize(
    "name", ["package.json", "go.mod", "requirements.txt", "Dockerfile", "pom.xml", "compose.yaml"]
)
def test_init_over_a_source_tree(name: str, hostile: Make, tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "shop"\n')
    hostile(tmp_path / name)
    sane(svc("init", "--defaults", "--dry-run", "--name", "shop", cwd=tmp_path))


def test_explain_of_a_line(hostile: Make, tmp_path: Path) -> None:
    workspace(tmp_path, "")
    assert svc("compile", "service.yaml", cwd=tmp_path).code == 0
    hostile(tmp_path / "other.yaml")
    ran = svc("explain", "other.yaml:1", cwd=tmp_path)
    refused(ran, "other.yaml")


def test_the_record_of_what_was_written(hostile: Make, tmp_path: Path) -> None:
    """It says nothing then: what stands there is somebody else's, and stays."""
    workspace(tmp_path, "")
    assert svc("compile", "service.yaml", cwd=tmp_path).code == 0
    (tmp_path / ".svc-outputs.json").unlink()
    hostile(tmp_path / ".svc-outputs.json")
    sane(svc("compile", "--diff", "service.yaml", cwd=tmp_path))
    sane(svc("compile", "--check", "service.yaml", cwd=tmp_path))


@pytest.mark.parametrize("name", ["values.yaml", "values.schema.json", "Chart.lock", "values-prod.yaml"])
def test_files_of_a_chart(name: str, hostile: Make, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (tmp_path / "templates" / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    hostile(tmp_path / name)
    ran = svc("lint", "--no-render", ".", cwd=tmp_path)
    if hostile in (pipe, device):
        sane(ran)
    else:
        refused(ran, name)


def test_a_generated_file_that_is_replaced(hostile: Make, tmp_path: Path) -> None:
    workspace(tmp_path, "")
    assert svc("compile", "service.yaml", cwd=tmp_path).code == 0
    written = next((tmp_path).rglob("values.yaml"))
    written.unlink()
    hostile(written)
    ran = svc("compile", "--diff", "service.yaml", cwd=tmp_path)
    refused(ran, "values.yaml")
    forced = svc("compile", "--diff", "--force", "service.yaml", cwd=tmp_path)
    if hostile is device:
        refused(forced, "symbolic link")  # never followed, whoever asks
    else:
        assert forced.code in (0, 1)


def test_a_spec_of_another_folder_with_changed_since(hostile: Make, tmp_path: Path) -> None:
    from subprocess import run

    workspace(tmp_path, "")
    for arguments in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "a"],
    ):
        run(["git", *arguments], cwd=tmp_path, check=True)
    (tmp_path / "other").mkdir()
    hostile(tmp_path / "other" / "service.yaml")
    sane(svc("lint", "--changed-since", "HEAD", ".", cwd=tmp_path))
