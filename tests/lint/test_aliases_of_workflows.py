"""What an alias repeats in a workflow is said once, where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

WORKFLOW = """\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 1
    steps: &steps
    - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
    - run: make
  b:
    runs-on: ubuntu-24.04
    timeout-minutes: 1
    steps: *steps
  c:
    runs-on: ubuntu-24.04
    timeout-minutes: 1
    steps:
    - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
"""


def test_a_step_of_two_jobs_is_one_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ci.yaml").write_text(WORKFLOW)
    main(["lint", str(tmp_path / "ci.yaml"), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["policy"], one["line"]) for one in found] == [
        ("credentials-persisted", 8),
        ("credentials-persisted", 18),
    ]
