"""Findings about a part of a text stand at its line, and what answers for the text answers for its parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

HEAD = """\
on: issue_comment
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
"""
TITLE = "${{ github.event.issue.title }}"
STEPS = [
    ("- run: |\n    echo a\n    echo {}", (2, 14), False),
    ("- run: | # svc: ignore=script-injection reason=known\n    echo a\n    echo {}", (2, 14), True),
    ("# svc: ignore=script-injection reason=known\n- run: |\n    echo a\n    echo {}", (3, 14), True),
    ("# zizmor: ignore[template-injection]\n- run: >-\n\n    echo a\n    echo {}", (4, 14), True),
    ("- run: # svc: ignore=script-injection reason=known\n    |2-\n      echo\n    echo {}", (3, 14), True),
    ('- run: "a\n    \\tb {}" # svc: ignore=script-injection reason=known', (1, 13), True),
    ("- run: |\n    # svc: ignore=script-injection reason=known\n    echo {}", (2, 14), False),
    ("- run: !!str |\n    echo {}", (1, 14), False),
]


def _found(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[tuple[int, int, bool]]:
    main(["lint", "--format", "json", *options, str(folder)])
    return [(one["line"], one["column"], one["waived"]) for one in json.loads(capsys.readouterr().out)["findings"]]


def test_each_style_and_comment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".github/workflows").mkdir(parents=True)
    text, expected = HEAD, []
    for step, (line, column), waived in STEPS:
        lines = step.replace("{}", TITLE).split("\n")
        expected.append((text.count("\n") + line + 1, column + 6, waived))
        text += "".join(f"      {one}\n" if one else "\n" for one in lines)
    (tmp_path / ".github/workflows/a.yaml").write_text(text)
    assert _found(tmp_path, capsys, "--select", "script-injection") == expected
