"""A lint that is answered from an earlier one: nothing that it looked at is left out, and every change is noticed."""

from __future__ import annotations

import builtins
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks import corpus, workspace

from svc.cli import lint, unchanged
from svc.cli.main import main
from svc.records import replace


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every run believes that it starts an hour later than it does: all that was done before is old."""
    was = unchanged.start
    monkeypatch.setattr(unchanged, "start", lambda options: replace(was(options), time=time.time_ns() + 3600 * 10**9))
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir(mode=0o700)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    made: list[int] = []
    was = lint.judged

    def noted(*given: Any) -> lint.Report:
        made.append(1)
        return was(*given)

    monkeypatch.setattr(lint, "judged", noted)
    return made


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of every kind; the last run is kept."""
    folder = tmp_path / "outer" / "files"
    corpus.make(folder, 12)
    (folder / "infra" / "places").mkdir(parents=True)
    (folder / "infra" / "main.tf").write_text('variable "a" {}\nresource "aws_s3_bucket" "b" {\n  bucket = var.a\n}\n')
    workspace.make(folder / "shop", 2)
    (folder / "language").mkdir()
    (folder / "language" / "Dockerfile.go").write_text("FROM scratch\nCOPY . .\n")
    for beside in (folder / "layer", folder.parent / "base"):
        beside.mkdir()
    (folder.parent / "patch.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
    (folder.parent / "base" / "kustomization.yaml").write_text("namePrefix: a-\n")
    (folder / "layer" / "kustomization.yaml").write_text(
        "resources: [../../base]\npatches: [{path: ../../patch.yaml}]\n"
    )
    monkeypatch.chdir(folder)
    return folder


def _watch(monkeypatch: pytest.MonkeyPatch, seen: set[tuple[str, bool]]) -> None:
    """Notes each path that is looked at, and whether what is in it counts."""

    def noting(module: Any, name: str, *, inside: bool) -> None:
        real = getattr(module, name)

        def noted(path: Any = ".", *rest: Any, **more: Any) -> Any:
            if isinstance(path, str | bytes | os.PathLike):
                seen.add((os.path.abspath(os.fsdecode(path)), inside))  # noqa: PTH100
            return real(path, *rest, **more)

        monkeypatch.setattr(module, name, noted)

    for name in ("stat", "lstat", "access", "readlink"):
        noting(os, name, inside=False)
    for name in ("open", "scandir", "listdir"):
        noting(os, name, inside=True)
    noting(builtins, "open", inside=True)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    "path", [".", "shop/services/service-00001/service.yaml", "infra/main.tf", "language/Dockerfile.go", "layer"]
)
def test_all_that_a_run_looks_at_is_kept(
    files: Path, tmp_path: Path, path: str, jobs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: set[str] = set()
    was = unchanged.keep_lint

    def kept(options: Any, looked: Any, *rest: Any) -> None:
        assert looked is not None
        names.update(os.path.abspath(name) for name in looked[0])  # noqa: PTH100
        was(options, looked, *rest)

    monkeypatch.setattr(unchanged, "keep_lint", kept)
    seen: set[tuple[str, bool]] = set()
    with monkeypatch.context() as patch:
        _watch(patch, seen)
        main(["lint", path, "--jobs", jobs])
    outer = str(tmp_path / "outer")
    above = {outer, str(files)}  # asked whether they are links
    mine = {(Path(name), inside) for name, inside in seen if name.startswith(outer) and (inside or name not in above)}
    lacking = {name for name, inside in mine if str(name) not in names and (inside or str(name.parent) not in names)}
    assert lacking == set()
    assert len(mine) > 5


def test_an_unchanged_lint_says_the_same_without_reading(
    files: Path, runs: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["lint", "."])
    first = capsys.readouterr()
    runs.clear()
    assert main(["lint", "."]) == code
    assert (runs, capsys.readouterr()) == ([], first)
    assert main(["lint", ".", "--no-cache"]) == code
    assert (runs, capsys.readouterr()) == ([1], first)


def _one(pattern: str) -> Path:
    return sorted(Path().glob(pattern))[0]


def _same_size() -> None:
    file = _one("**/Dockerfile")
    was = file.stat()
    file.write_text(file.read_text().replace("FROM ", "form ", 1))
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))


CHANGES: tuple[Callable[[], object], ...] = (
    _same_size,
    lambda: _one("**/Dockerfile").unlink(),
    lambda: Path("more.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n"),
    lambda: Path("../.dockerignore").write_text("*\n"),
    lambda: Path("../svc-workspace.yaml").write_text(
        "apiVersion: svc/v1\nkind: Workspace\npolicy: {profile: strict}\n"
    ),
    lambda: Path("../base/kustomization.yaml").unlink(),
    lambda: Path("../patch.yaml").unlink(),
    lambda: Path("infra/places/a.tfvars").write_text('a = "x"\n'),
    lambda: Path("infra/deep/er").mkdir(parents=True),
    lambda: Path("../Chart.yaml").write_text("apiVersion: v2\nname: a\nversion: 1.0.0\n"),
    lambda: shutil.copy("shop/services/service-00001/service.yaml", "service.yaml"),
    lambda: Path("shop/services/service-00000/service.yaml").write_text("apiVersion: svc/v1\nname: other\n"),
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(
    files: Path, runs: list[int], change: Callable[[], object], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["lint", "."])
    change()
    runs.clear()
    capsys.readouterr()
    code = main(["lint", "."])
    assert runs == [1]
    said = capsys.readouterr()
    assert main(["lint", ".", "--no-cache"]) == code
    assert capsys.readouterr() == said


SECRET = "AKIA" + "QYLPMN5HHHFPZAM2"


@pytest.mark.parametrize("options", [("--no-cache",), ("--deep",), ("--format", "json=out.json"), ("--set", "a=b")])
def test_what_depends_on_more_than_files_is_not_kept(files: Path, runs: list[int], options: tuple[str, ...]) -> None:
    for _ in range(2):
        main(["lint", "infra", *options])
    assert runs == [1, 1]


def test_what_others_say_of_a_chart_is_not_kept(files: Path, runs: list[int]) -> None:
    Path("chart/templates").mkdir(parents=True)
    Path("chart/Chart.yaml").write_text("apiVersion: v2\nname: a\nversion: 1.0.0\n")
    Path("chart/templates/a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    for _ in range(2):
        main(["lint", "chart"])
    assert runs == [1, 1]


def test_what_is_said_of_a_workflow_that_calls_another_is_not_kept(files: Path, runs: list[int]) -> None:
    Path("called/.github/workflows").mkdir(parents=True)
    text = "on: push\npermissions: {}\njobs: {a: {uses: ./.github/workflows/b.yaml}}\n"
    Path("called/.github/workflows/a.yaml").write_text(text)
    Path("called/.github/workflows/b.yaml").write_text("on: workflow_call\npermissions: {}\njobs: {}\n")
    for _ in range(2):
        main(["lint", "called/.github/workflows/a.yaml"])
    assert runs == [1, 1]


def test_nothing_of_a_secret_is_kept(files: Path, tmp_path: Path) -> None:
    Path("infra/Dockerfile").write_text(f"FROM alpine:3.20\nENV AWS_KEY={SECRET}\nUSER 1\n")
    main(["lint", "infra"])
    assert all(SECRET.encode() not in file.read_bytes() for file in (tmp_path / "cache").rglob("*") if file.is_file())
