"""Parts of a compose file that are of another type are told, and the rest is judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from svc.cli.main import main


def _found(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int]]:
    (folder / "compose.yaml").write_text(text)
    main(["lint", str(folder / "compose.yaml"), "--no-cache", "--format", "json"])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return [(one["policy"], one["line"]) for one in found]


def test_a_service_is_a_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "services:\n  a: nginx:latest\n  b:\n    image: b:latest\n    privileged: yes\n    ports: 80\nvolumes: [c]\n"
    assert _found(text, tmp_path, capsys) == [
        ("compose-type", 2),
        ("compose-image-latest", 4),
        ("compose-privileged", 5),
        ("compose-type", 6),
        ("compose-type", 7),
    ]


def test_services_are_a_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _found("services:\n- a:\n    image: a\n", tmp_path, capsys) == [("compose-type", 1)]
