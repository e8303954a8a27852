"""What seldom happens between two runs that pass over services, and must be seen all the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from benchmarks.workspace import make

from svc import lock
from svc.cli.main import main
from test_settled import COUNT, as_without, edit, spec

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    make(tmp_path / "shop", COUNT)
    monkeypatch.chdir(tmp_path / "shop")


def compiled() -> None:
    assert main(["compile", "."]) == 0


def test_what_a_service_no_longer_has_is_removed(capsys: Capture) -> None:
    compiled()
    module = spec(7).parent / "terraform/database.tf"
    assert module.exists()
    edit(7, "  DATABASE_URL: ${needs.db.url}\n", "")
    edit(7, "needs: {db: {type: postgres}}\n", "")
    assert as_without(capsys) == 0
    assert not module.exists()


def test_a_link_to_a_spec_appears(capsys: Capture) -> None:
    hidden, known = Path(".kept/more.yaml"), Path("services/more/README.md")
    for file in (hidden, known):
        file.parent.mkdir()
    hidden.write_text(spec(7).read_text().replace("name: service-00007", "name: more"))
    known.write_text("Soon.\n")
    compiled()
    (known.parent / "service.yaml").symlink_to("../../.kept/more.yaml")
    assert as_without(capsys) == 0
    assert (known.parent / "chart").is_dir()


@pytest.mark.parametrize("folder", ["chart", "chart/templates"])
def test_what_a_killed_run_left_goes(folder: str, capsys: Capture) -> None:
    compiled()
    name = next(path.name for path in (spec(3).parent / folder).iterdir() if path.suffix == ".yaml")
    left = spec(3).parent / folder / f".{name}.0abcdef0.svc"
    left.write_text("half")
    assert as_without(capsys) == 0
    assert not left.exists()


def test_a_file_of_ones_own_appears_where_one_is_allowed(capsys: Capture) -> None:
    edit(2, "description:", "own: [compose]\ndescription:")
    compiled()
    assert as_without(capsys) == 0
    (spec(2).parent / "compose.yaml").write_text("services: {a: {image: a, privileged: true}}\n")
    assert as_without(capsys) == 1


def test_a_name_appears_that_another_may_have_meant(capsys: Capture) -> None:
    edit(5, "access: {from: [service-00006]}", "access: {from: [service-00006], to: [paymants]}")
    compiled()
    edit(7, "name: service-00007", "name: payments")
    assert as_without(capsys) == 0
    compiled()
    assert "did you mean `payments`" in capsys.readouterr().out


def test_another_run_while_this_one_waits_for_its_turn(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    compiled()
    edit(5, "LOG_LEVEL: ", "LEVEL: a\n  LOG_LEVEL: ")
    real, waited = lock.locked, []

    @contextmanager
    def late(root: Path) -> Iterator[None]:
        waited.append(root)
        if len(waited) == 1:
            edit(6, "LOG_LEVEL: ", "LEVEL: b\n  LOG_LEVEL: ")
            subprocess.run([sys.executable, "-m", "svc", "compile", "."], capture_output=True, check=True)
        with real(root):
            yield

    with monkeypatch.context() as patch:
        patch.setattr(lock, "locked", late)
        compiled()
    assert len(waited) == 2
    assert main(["compile", ".", "--check", "--no-cache"]) == 0
    assert as_without(capsys) == 0
