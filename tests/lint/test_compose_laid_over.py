"""A compose file that another is laid over has what the other names; a service is extended in its own file alone."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from svc.cli import unchanged
from svc.cli.main import main
from svc.lint.ahead import PAYS
from svc.records import replace

BASE = "services:\n  db: {image: 'postgres:17'}\n  web: {image: 'web:1'}\nnetworks: {back: {}}\nvolumes: {data: {}}\n"
OVER = "services:\n  web:\n    build: .\n    depends_on: [db]\n    networks: [back]\n    volumes: ['data:/data']\n"


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(
    ("name", "extends", "lines"),
    [
        ("compose.override.yaml", "", []),
        ("docker-compose.dev.override.yml", "", []),
        ("compose.override.yaml", "    extends: db\n", [7]),
        ("compose.later.yaml", "", []),
        ("docker-compose.dev.yml", "    secrets: [key]\n", [7]),
        ("compose.override.yaml", "    secrets: [key]\n", [7]),
        ("other.yaml", "", [4, 5, 6]),
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


@pytest.mark.parametrize(
    ("base", "lines"),
    [(None, [4, 5, 6]), ("include: [a.yaml]\n" + BASE, []), ("services: [\n", []), (BASE.replace("db:", "pg:"), [4])],
)
def test_a_file_that_is_laid_over_one_that_may_be_there(
    base: str | None, lines: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if base is not None:
        (tmp_path / "docker-compose.yml").write_text(base)
    (tmp_path / "docker-compose.prod.yml").write_text(OVER)
    main(["lint", str(tmp_path / "docker-compose.prod.yml"), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["line"] for one in found if one["policy"] == "compose-reference"] == lines


@pytest.mark.parametrize("base", ["docker-compose.base.yml", "compose-common.yaml"])
def test_a_base_may_have_a_name_that_says_so(base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / base).write_text(BASE.replace("image: 'web:1'", "image: 'web:1', depends_on: [cache]"))
    (tmp_path / "docker-compose.dev.yml").write_text(OVER)
    main(["lint", str(tmp_path), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["file"].endswith(base) for one in found if one["policy"] == "compose-reference"] == [True]


@pytest.mark.parametrize("others", [0, PAYS])
def test_a_file_is_judged_again_when_the_one_below_it_changes(
    others: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    was = unchanged.start
    monkeypatch.setattr(unchanged, "start", lambda options: replace(was(options), time=time.time_ns() + 3600 * 10**9))
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "kept"))
    (tmp_path / "kept").mkdir(mode=0o700)
    folder = tmp_path / "there"
    folder.mkdir()
    for number in range(others):
        (folder / f"{number}.dockerfile").write_text("FROM scratch\nUSER 1000\n")
    (folder / "compose.prod.yaml").write_text(OVER)
    codes = []
    for base in (BASE, BASE.replace("db:", "pg:"), BASE):
        (folder / "compose.yaml").write_text(base)
        codes.append(main(["lint", str(folder if others else folder / "compose.prod.yaml")]))
    assert codes == [0, 2, 0]
    capsys.readouterr()


def test_a_part_of_a_service_is_asked_for_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "compose.prod.yaml").write_text("services:\n  web: {ports: ['80:80']}\n  db: {image: 'a:1'}\n")
    main(["lint", str(tmp_path), "--no-cache", "--profile", "strict", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["line"] for one in found if one["policy"] == "compose-restart-missing"] == [3]
