"""Every verb, every place in which svc reads a file, every kind of hostile file: a few here, all in the night."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.bounded import REPO, refused, svc
from hostile.inventory import KINDS
from hostile.read_places import PLACES, SPEC
from svc.cli.verbs import VERBS

SHARES = [(str(number), "24") for number in range(24)] if "SVC_EXAMPLES" in os.environ else [("5", "97")]
READS_NOTHING = {"schema", "cache"}


def test_no_verb_is_left_out() -> None:
    assert {command.split()[0] for one in PLACES for command in one.commands} == set(VERBS) - READS_NOTHING


@pytest.mark.parametrize("share", SHARES, ids="-".join)
def test_it_ends_well_or_says_why_not(share: tuple[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hostile.inventory", *share],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join((str(REPO / "compiler"), str(REPO / "tests"))),
            "LANG": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


@pytest.mark.parametrize("kind", ["pipe", "dangling", "loop", "folder"])
@pytest.mark.parametrize("verb", ["lint", "compile"])
def test_a_workspace_that_cannot_be_read_is_not_as_if_it_were_not_there(verb: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC)
    KINDS[kind](tmp_path / "svc-workspace.yaml")
    refused(svc(verb, "service.yaml", cwd=tmp_path), "svc-workspace.yaml")
