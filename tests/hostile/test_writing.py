"""Whatever happens while svc writes: what is there is old or new, the plan tells the two apart, and a rerun heals."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from disk import contents
from hostile.bounded import REPO, refused, svc

SPEC = """apiVersion: svc/v1
name: shop
team: shop
image: ghcr.io/acme/shop:1.4.2@sha256:4f3bfd1ab2a6b2a0d2d7d5c1cb3f4d1e7a5d9a0b8f1c2d3e4f5a6b7c8d9e0f1a
ports: {http: 8080}
health: /healthz
"""
COMPILE = ("compile", "--target", "helm", "--out", "out", "service.yaml")


@pytest.mark.parametrize("fault", ["KILL", "ENOSPC", "EROFS", "EACCES"])
def test_a_fault_at_any_call_leaves_old_or_new_and_a_rerun_heals(fault: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(REPO / "tests/hostile/faulty.py"), fault],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPO / "compiler"), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 20


def test_a_file_that_may_not_grow_is_one_clear_message(tmp_path: Path) -> None:
    """A limit of the file size stands for the full disk: the call that writes fails halfway."""
    (tmp_path / "service.yaml").write_text(SPEC)

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    run = "import signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from svc.cli.main import main"
    done = subprocess.run(
        [sys.executable, "-c", f"{run}; sys.exit(main(sys.argv[1:]))", *COMPILE],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPO / "compiler"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        preexec_fn=small,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "file too large" in done.stderr
    assert "svc: out/" in done.stderr
    assert svc(*COMPILE, "--check", cwd=tmp_path).code == 1
    assert svc(*COMPILE, cwd=tmp_path).code == 0
    assert svc(*COMPILE, "--check", cwd=tmp_path).code == 0
    assert not [name for name in contents(tmp_path / "out") if name.endswith(".svc")]


def test_a_folder_that_cannot_be_made_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC)
    (tmp_path / "out").write_text("a file\n")
    refused(svc(*COMPILE, cwd=tmp_path), "out: ")
    assert (tmp_path / "out").read_text() == "a file\n"
    refused(svc("compile", "--target", "helm", "--out", "/proc/out", "service.yaml", cwd=tmp_path), "/proc/out")


def test_several_at_once_leave_what_one_alone_would(tmp_path: Path) -> None:
    for name in ("shop", "cart", "desk"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "service.yaml").write_text(SPEC.replace("name: shop", f"name: {name}"))
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPO / "compiler"), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "svc", "compile", "--target", "helm", "--out"]
    running = [
        subprocess.Popen([*command, "out/" + name, name], cwd=tmp_path, env=environ, stdout=subprocess.DEVNULL)
        for name in ("shop", "shop", "shop", "cart")
    ]
    assert [one.wait(120) for one in running] == [0, 0, 0, 0]
    assert svc("compile", "--target", "helm", "--out", "out/shop", "--check", "shop", cwd=tmp_path).code == 0
    assert svc("compile", "--target", "helm", "--out", "alone", "shop", cwd=tmp_path).code == 0
    assert contents(tmp_path / "out/shop") == contents(tmp_path / "alone")


def test_who_writes_second_waits_for_the_first(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC)
    (tmp_path / "out").mkdir()
    hold = (
        "import sys; from pathlib import Path; from svc.lock import locked\n"
        "with locked(Path('out')): print('held', flush=True); sys.stdin.read()"
    )
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPO / "compiler"), "LANG": "C.UTF-8"}
    first = subprocess.Popen(
        [sys.executable, "-c", hold], cwd=tmp_path, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert first.stdin is not None
    assert first.stdout is not None
    assert first.stdout.readline() == b"held\n"
    second = subprocess.Popen(
        [sys.executable, "-m", "svc", *COMPILE], cwd=tmp_path, env=environ, stdout=subprocess.DEVNULL
    )
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(8)
    assert contents(tmp_path / "out") == {}
    first.communicate(b"")
    assert second.wait(120) == 0
    assert "chart/Chart.yaml" in contents(tmp_path / "out")


@pytest.mark.parametrize("name", ["service.yaml", "values.yml", "main.tf", "service.cue", "Dockerfile"])
@pytest.mark.parametrize("option", ["--format=json=", "--write-baseline="])
def test_no_report_is_written_over_what_is_judged(option: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC)
    (tmp_path / name).write_text(SPEC)
    refused(svc("lint", f"{option}{name}", "service.yaml", cwd=tmp_path), "name another file")
    assert (tmp_path / name).read_text() == SPEC
    assert svc("lint", "--format=json=report.json", "service.yaml", cwd=tmp_path).code in (0, 1)
    assert (tmp_path / "report.json").read_text().startswith("{")
