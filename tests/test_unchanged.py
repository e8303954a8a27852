"""The run in which nothing changed: what it says is what a full run would say, and every change is noticed."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.workspace import make

from changes_between_runs import CHANGES, SPEC
from disk import contents
from svc import assets, installed, pipeline
from svc.cli import unchanged
from svc.cli.main import main
from svc.records import replace
from test_cold_start import PROGRAM
from workspace_edits import EDITS


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run believes that it starts an hour later than it does: all that was done before is old."""
    was = unchanged.start
    monkeypatch.setattr(unchanged, "start", lambda options: replace(was(options), time=time.time_ns() + 3600 * 10**9))


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The full compiles so far, in a workspace of four services of which the last run is kept."""
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    make(tmp_path / "shop", 4)
    monkeypatch.chdir(tmp_path / "shop")
    made: list[int] = []
    was = pipeline.compile_

    def noted(request: pipeline.Request) -> pipeline.Compiled:
        made.append(1)
        return was(request)

    monkeypatch.setattr(pipeline, "compile_", noted)
    return made


def settled(*options: str) -> None:
    """Compiles until nothing is left to write, and once more to keep that run."""
    assert main(["compile", ".", *options]) == 0
    assert main(["compile", ".", *options]) == 0


def test_the_report_is_the_same(runs: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    settled()
    capsys.readouterr()
    assert main(["compile", ".", "--no-cache"]) == 0
    full = capsys.readouterr()
    runs.clear()
    assert main(["compile", "."]) == 0
    assert runs == []
    assert capsys.readouterr() == full
    assert "unchanged" in full.out


@pytest.mark.parametrize("options", [("--check",), ("--diff",), ("--format", "json"), ("--env", "staging")])
def test_options_have_runs_of_their_own(
    runs: list[int], options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    settled()
    runs.clear()
    assert main(["compile", ".", *options]) == 0
    assert runs == [1]
    assert main(["compile", ".", *options]) == 0
    runs.clear()
    capsys.readouterr()
    assert main(["compile", ".", *options]) == 0
    assert runs == []
    known = capsys.readouterr()
    assert main(["compile", ".", *options, "--no-cache"]) == 0
    assert capsys.readouterr() == known


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(
    runs: list[int], change: Callable[[], object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settled()
    change()
    shutil.copytree("../shop", tmp_path / "twin" / "shop", symlinks=True)
    capsys.readouterr()
    runs.clear()
    found = main(["compile", "."])
    assert runs == [1]
    said = capsys.readouterr(), contents(Path.cwd())
    os.chdir(tmp_path / "twin" / "shop")
    assert found == main(["compile", ".", "--no-cache"])
    assert said == (capsys.readouterr(), contents(Path.cwd()))


def test_other_code_and_another_day_are_other_runs(runs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    settled()
    runs.clear()
    with monkeypatch.context() as other:
        other.setattr(installed, "code", lambda *_: "other")
        main(["compile", "."])
    with monkeypatch.context() as other:
        other.setattr(time, "strftime", lambda _: "2031-01-01")
        main(["compile", "."])
    assert runs == [1, 1]


def test_a_file_of_waivers_is_looked_at(runs: list[int], tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text("waivers: []\n")
    settled("--waivers", str(file))
    runs.clear()
    assert main(["compile", ".", "--waivers", str(file)]) == 0
    assert runs == []
    file.write_text("waivers: [\n")
    assert main(["compile", ".", "--waivers", str(file)]) == 2


def test_what_changed_just_now_is_not_believed(runs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    latest = 0
    was = unchanged.start

    def start(options: argparse.Namespace) -> unchanged.Start:
        return replace(was(options), time=latest + unchanged.MARGIN + late)

    for late, full in ((0, [1]), (1, [])):  # noqa: B007 - `start` sees it
        assert main(["compile", ".", "--no-cache"]) == 0
        paths = (path.stat() for path in (Path(), *Path().rglob("*")))
        latest = max(max(one.st_mtime_ns, one.st_ctime_ns) for one in paths)
        monkeypatch.setattr(unchanged, "start", start)
        assert main(["compile", "."]) == 0
        runs.clear()
        assert main(["compile", "."]) == 0
        assert runs == full


def test_a_run_that_is_not_clean_is_not_kept(runs: list[int]) -> None:
    SPEC.write_text(SPEC.read_text().replace("health:", "heallth:"))
    for _ in range(3):
        assert main(["compile", "."]) == 2
    assert runs == [1, 1, 1]


@pytest.mark.parametrize("options", [("--no-cache",), ("--set", "description=x"), ("--format", "json=out.json")])
def test_runs_that_are_never_answered(runs: list[int], options: tuple[str, ...]) -> None:
    settled(*options)
    runs.clear()
    assert main(["compile", ".", *options]) == 0
    assert runs == [1]


def test_links_to_folders_are_not_relied_on(runs: list[int], tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    Path("services/far").symlink_to(tmp_path / "far")
    settled()
    runs.clear()
    assert main(["compile", "."]) == 0
    assert runs == [1]


def test_a_damaged_entry_is_a_full_run(runs: list[int], tmp_path: Path) -> None:
    settled()
    for file in (tmp_path / "cache").glob("??/*"):
        file.write_bytes(b"svc1" + bytes(60))
    runs.clear()
    assert main(["compile", "."]) == 0
    assert runs == [1]


@pytest.mark.parametrize("seed", range(3))
def test_random_edits_between_kept_runs(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the same test of the cache, with each run three times."""
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    roots = (tmp_path / "a" / "shop", tmp_path / "b" / "shop")
    for root in roots:
        make(root, 3)
    for step in range(4):
        seen = []
        for root, options in zip(roots, ((), ("--no-cache",)), strict=True):
            chance = random.Random(f"{seed} {step}")
            for _ in range(chance.randrange(3) if step else 0):
                chance.choice(EDITS)(chance, root)
            monkeypatch.chdir(root)
            for _ in range(3):
                seen.append((main(["compile", ".", *options]), capsys.readouterr(), contents(root)))
        assert seen[:3] == seen[3:]


def test_it_imports_next_to_nothing(runs: list[int]) -> None:
    settled()
    done = subprocess.run([sys.executable, "-c", PROGRAM, "compile", "."], capture_output=True, text=True, check=True)
    modules = set(done.stderr.rpartition("@")[2].split())
    own = {name for name in modules if name.startswith("svc")}
    assert own <= {
        "svc",
        "svc.assets",
        "svc.cache",
        "svc.cli",
        "svc.cli.exits",
        "svc.cli.main",
        "svc.cli.unchanged",
        "svc.digests",
        "svc.installed",
        "svc.pickles",
        "svc.records",
        "svc.standing",
    }
    assert not {"yaml", "pydantic", "jinja2", "subprocess", "asyncio"} & modules
    assert "unchanged" in done.stdout


def test_a_policy_of_a_pack_is_looked_at(runs: list[int]) -> None:
    Path("rules").mkdir()
    policy = Path("rules/ours.yaml")
    shutil.copy(assets.policies() / "cpu-request-missing.yaml", policy)
    file = Path("svc-workspace.yaml")
    file.write_text(file.read_text() + "policy: {packs: [rules]}\n")
    settled()
    runs.clear()
    assert main(["compile", "."]) == 0
    assert runs == []
    policy.write_text(policy.read_text() + "# later\n")
    assert main(["compile", "."]) == 0
    assert runs == [1]
    assert main(["compile", "."]) == 0
    runs.clear()
    shutil.copy(policy, policy.with_name("more.yaml"))
    assert main(["compile", "."]) == 0
    assert runs == [1]


def test_a_service_with_files_of_its_own_runs_in_full(runs: list[int]) -> None:
    SPEC.write_text(SPEC.read_text().replace("description:", "own: [compose]\ndescription:"))
    settled()
    runs.clear()
    assert main(["compile", "."]) == 0
    assert runs == [1]
