"""A disk that fails at any change that any verb makes: old or new, honestly said, and healed by the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from disk import put
from hostile.bounded import REPO, svc
from hostile.faulted import DOCKERFILE, FAULTS, VERBS
from hostile.misbehaving import CALLS, Behaviour, program

NIGHTLY = "SVC_EXAMPLES" in os.environ
ALL = [(fault, "1", name) for fault in FAULTS for name in VERBS]
SOME = [("ALL", "16", *VERBS)]
"""Every sixteenth change of every verb, with another fault each."""


@pytest.mark.parametrize("arguments", ALL if NIGHTLY else SOME, ids=lambda one: "-".join(one[:3]))
def test_a_fault_at_any_change(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(REPO / "tests/hostile/faulted.py"), *arguments],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPO / "compiler"), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout.split("\n")[-2]) >= (3 if NIGHTLY else 15)


def test_a_temporary_file_of_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    """One that was killed holds no lock any more."""
    import fcntl

    from svc.staging import place

    dead, lives = tmp_path / ".a.yaml.00000001.svc", tmp_path / ".a.yaml.00000002.svc"
    others = [tmp_path / name for name in (".b.yaml.00000001.svc", ".a.yaml.1.svc", "a.yaml.00000001.svc")]
    for one in (dead, lives, *others):
        one.touch()
    with lives.open() as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        place(tmp_path / "a.yaml", "a: 1\n")
    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "a.yaml", lives, *others])


def test_that_files_were_fixed_is_said_when_a_program_dies_after_it(tmp_path: Path) -> None:
    put(tmp_path, {**CALLS["lint-chart"].files, "Dockerfile": DOCKERFILE})
    variables = program(tmp_path / "beside", "helm", Behaviour("exit 77"))
    ran = svc("lint", "--fix", "--unsafe-fixes", "Dockerfile", "chart", cwd=tmp_path, environ=variables)
    assert (ran.code, "files were fixed before that" in ran.err, "no file was changed" in ran.err) == (3, True, False)
    assert (tmp_path / "Dockerfile").read_text() != DOCKERFILE


def test_an_import_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": "services:\n  shop:\n    image: a/b:1\n  cart:\n    image: a/c:1\n"})
    command = ("import", "--out", "made", "compose.yaml")
    assert svc(*command, cwd=tmp_path).code == 0
    (tmp_path / "made/cart/service.yaml").unlink()
    assert svc(*command, cwd=tmp_path).code == 0
    assert (tmp_path / "made/cart/service.yaml").exists()
    (tmp_path / "made/shop/service.yaml").write_text("# mine\n")
    assert svc(*command, cwd=tmp_path).code == 2
    assert (tmp_path / "made/shop/service.yaml").read_text() == "# mine\n"
