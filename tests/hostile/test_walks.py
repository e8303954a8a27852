"""Folders with much in them that is nobody's spec: each is scanned once, and none that is left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile.bounded import svc
from svc.detect import tree
from svc.folders import matching
from svc.lint.walk import walk
from svc.specs import find

SPEC = "apiVersion: svc/v1\nname: {name}\nimage: a/b:1\n"
WORKSPACE = 'apiVersion: svc/v1\nservices: ["**/service.yaml"]\n'
LEFT_OUT = (".git", ".terraform", "node_modules")


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were scanned, by any call."""
    seen: list[str] = []
    scandir, listdir = os.scandir, os.listdir

    def counted(path: str = ".") -> Iterator[os.DirEntry[str]]:
        seen.append(str(path))
        return scandir(path)

    def listed(path: str = ".") -> list[str]:
        seen.append(str(path))
        return listdir(path)

    monkeypatch.setattr(os, "scandir", counted)
    monkeypatch.setattr(os, "listdir", listed)
    return seen


def crowded(root: Path) -> None:
    """Two services, twenty thousand files in folders that are none of the user's, and links in circles."""
    (root / "svc-workspace.yaml").write_text(WORKSPACE)
    for name in ("shop", "cart"):
        (root / name).mkdir()
        (root / name / "service.yaml").write_text(SPEC.format(name=name))
        (root / name / "up").symlink_to(root)
    for folder in LEFT_OUT:
        for number in range(100):
            inside = root / folder / f"d{number}"
            inside.mkdir(parents=True)
            for one in range(66):
                (inside / f"{one}.yaml").touch()
            (inside / "service.yaml").write_text(SPEC.format(name="wrong"))
            (inside / "loop").symlink_to(root)
    (root / "chart" / "templates").mkdir(parents=True)
    (root / "chart" / "Chart.yaml").touch()
    (root / "chart" / "templates" / "service.yaml").touch()


def test_specs_are_looked_for_where_they_may_be(tmp_path: Path, scans: list[str]) -> None:
    crowded(tmp_path)
    scans.clear()
    found = find([tmp_path], (), str)
    assert [one.directory for one in found.wanted] == ["cart", "shop"]
    assert not [one for one in scans if set(LEFT_OUT) & set(Path(one).parts)]
    assert len(scans) <= 12, scans


def test_neighbours_are_looked_for_where_they_may_be(tmp_path: Path, scans: list[str]) -> None:
    crowded(tmp_path)
    scans.clear()
    found = find([tmp_path / "shop" / "service.yaml"], (), str)
    assert [one.directory for one in found.others] == ["cart"]
    assert len(scans) <= 12, scans


def test_a_lint_scans_each_folder_once(tmp_path: Path, scans: list[str]) -> None:
    crowded(tmp_path)
    scans.clear()
    assert [one.name for one in walk(tmp_path)].count("service.yaml") == 3
    assert sorted(scans) == sorted(set(scans))
    assert len(scans) <= 12, scans


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Taken away level by level again: what cleans up temporary folders calls itself for each."""
    depth = 1500
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        os.mkdir("d")  # noqa: PTH102
        os.chdir("d")
    os.chdir(tmp_path)
    yield Path()
    for _ in range(depth):
        os.chdir("d")
    for _ in range(depth):
        os.chdir("..")
        os.rmdir("d")  # noqa: PTH106


def test_a_folder_that_is_deeper_than_calls_may_nest(deep: Path) -> None:
    assert list(walk(deep)) == []
    assert find([deep], (), str).wanted == ()


def test_a_hundred_thousand_small_files(tmp_path: Path) -> None:
    """A few thousand by day."""
    for folder in range(100 if "SVC_EXAMPLES" in os.environ else 2):
        (tmp_path / f"d{folder}").mkdir()
        for number in range(1000):
            (tmp_path / f"d{folder}/{number}.yaml").write_text("a: 1\n")
    (tmp_path / "d1/Dockerfile").write_text("FROM a:1\nRUN cd /\n")
    ran = svc("lint", "--format", "concise", ".", cwd=tmp_path)
    assert (ran.code, "d1/Dockerfile" in ran.out) == (1, True), ran.said


def test_a_source_tree_is_looked_through_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_ENTRIES", 10)
    for number in range(30):
        (tmp_path / f"{number:02}").touch()
    assert len(tree.scan(tmp_path).files) == 9


def test_the_order_in_which_a_disk_lists_files_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}/Dockerfile").touch()
        (tmp_path / f"{number}/service.yaml").touch()
    real = os.scandir

    class Backwards:
        def __init__(self, path: str) -> None:
            with real(path) as entries:
                self.entries = sorted(entries, key=lambda one: one.name, reverse=True)

        def __enter__(self) -> Iterator[os.DirEntry[str]]:
            return iter(self.entries)

        def __exit__(self, *_: object) -> None:
            pass

    usual = list(walk(tmp_path)), matching(tmp_path, "**/service.yaml", lambda _: True)
    monkeypatch.setattr(os, "scandir", Backwards)
    assert (list(walk(tmp_path)), matching(tmp_path, "**/service.yaml", lambda _: True)) == usual
    assert len(usual[0]) == 18
