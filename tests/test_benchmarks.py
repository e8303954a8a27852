"""The generator's workspaces: always the same, and clean, so that a benchmark measures a compile that ends well."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks import corpus
from benchmarks.workspace import make

from disk import contents
from svc.lint.collect import collect
from svc.pipeline import Request, compile_


def test_the_same_number_gives_the_same_bytes(tmp_path: Path) -> None:
    make(tmp_path / "a", 30)
    make(tmp_path / "b", 30)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(contents(tmp_path / "a")) == 31


def test_a_small_workspace_compiles_clean(tmp_path: Path) -> None:
    make(tmp_path, 10)
    compiled = compile_(Request((tmp_path,), Path.as_posix, date(2026, 1, 1)))
    assert compiled.diagnostics == ()
    assert len({output.owner.partition("/")[0] for output in compiled.outputs}) == 10


def test_the_same_number_gives_the_same_corpus(tmp_path: Path) -> None:
    assert corpus.make(tmp_path / "a", 60) == corpus.make(tmp_path / "b", 60) >= 60
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    corpus.make(tmp_path / "c", 60, seed=2)
    assert contents(tmp_path / "a") != contents(tmp_path / "c")


def test_every_file_of_the_corpus_is_of_a_known_kind_and_can_be_read(tmp_path: Path) -> None:
    corpus.make(tmp_path, 150)
    linted = collect([tmp_path], Path.as_posix)
    assert linted.diagnostics == []
    assert {one.surface for one in linted.subjects} == {"docker", "kubernetes", "compose", "github", "terraform"}
    read = {name for name in contents(tmp_path) if not name.endswith(".tf")}
    assert {Path(name).relative_to(tmp_path).as_posix() for name in linted.sources} >= read
