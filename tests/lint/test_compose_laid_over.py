"""A compose file that another is laid over has what the other names; a service is extended in its own file alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

BASE = "services:\n  db: {image: 'postgres:17'}\n  web: {image: 'web:1'}\nnetworks: {back: {}}\nvolumes: {data: {}}\n"
OVER = "services:\n  web:\n    build: .\n    depends_on: [db]\n    networks: [back]\n    volumes: ['data:/data']\n"


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(
    ("name", "extends", "lines"),
    [
        ("compose.override.yaml", "", []),
        ("docker-compose.dev.override.yml", "", []),
        ("compose.override.yaml", "    extends: db\n", [7]),
        ("compose.later.yaml", "", [4, 5, 6]),
    ],
)
def test_what_a_file_names_that_is_laid_over_another(
    name: str, extends: str, lines: list[int], alone: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").write_text(BASE)
    (tmp_path / name).write_text(OVER + extends)
    main(["lint", str(tmp_path / name if alone else tmp_path), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["line"] for one in found if one["policy"] == "compose-reference"] == lines
