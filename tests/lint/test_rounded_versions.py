"""Versions in workflows keep the 0 at their end in quotes alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

WORKFLOW = """\
on: {{workflow_call: {{inputs: {{python-version: {{type: string, default: {default}}}, level: {{type: number, default: 1.10}}}}}}}}
permissions: {{}}
env: {{GO_VERSION: {go}, RATE: 1.50}}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 1.50
    strategy:
      matrix:
        python: [3.9, {row}]
        include:
        - {{python: 3.9, django: {more}}}
    steps:
    - uses: actions/setup-python@v6
      with: {{python-version: {given}, fail-under: 80.50}}
"""


def _lines(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[int, str]]:
    (folder / "ci.yaml").write_text(text)
    main(["lint", str(folder / "ci.yaml"), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(one["line"], one["message"][:28]) for one in found if one["policy"] == "workflow-version-rounded"]


def test_numbers_without_quotes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = WORKFLOW.format(default="3.10", go="1.20", row="3.10", more="5.0", given="3.10")
    assert _lines(text, tmp_path, capsys) == [
        (1, "`3.10` is the number 3.1: wi"),
        (3, "`1.20` is the number 1.2: wi"),
        (10, "`3.10` is the number 3.1: wi"),
        (12, "`5.0` is the number 5: witho"),
        (15, "`3.10` is the number 3.1: wi"),
    ]


@pytest.mark.parametrize("version", ['"3.10"', "'3.10'", "3.11", "3.10.0", "10", "0.10", "3.10-slim"])
def test_what_stays_as_it_is(version: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = WORKFLOW.format(default=version, go=version, row=version, more=version, given=version)
    assert _lines(text, tmp_path, capsys) == []
