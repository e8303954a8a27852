"""The generator's workspaces: always the same, and clean, so that a benchmark measures a compile that ends well."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.workspace import make

from svc.pipeline import Request, compile_


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_same_number_gives_the_same_bytes(tmp_path: Path) -> None:
    make(tmp_path / "a", 30)
    make(tmp_path / "b", 30)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert len(files(tmp_path / "a")) == 31


def test_a_small_workspace_compiles_clean(tmp_path: Path) -> None:
    make(tmp_path, 10)
    compiled = compile_(Request((tmp_path,), Path.as_posix, date(2026, 1, 1)))
    assert compiled.diagnostics == ()
    assert len({output.owner.partition("/")[0] for output in compiled.outputs}) == 10
