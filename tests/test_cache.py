"""What earlier runs know: never a difference in bytes, messages or exit code, whatever happened in between."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.workspace import make

from disk import contents
from svc.cache import Store, key, place
from svc.cli import unchanged
from svc.cli.main import main
from svc.diagnostics import Diagnostic, Place, Severity
from svc.installed import code
from workspace_edits import EDITS

VALUE = Diagnostic("id", Severity.ERROR, "message", Place("a.yaml"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def entry(store: Store, name: str) -> Path:
    return store.folder / name[:2] / name[2:]


def test_what_was_kept_is_known(store: Store) -> None:
    name = key("a", 1)
    assert store.get(name) is None
    store.put(name, {"found": VALUE})
    assert store.get(name) == {"found": VALUE}
    assert store.size().entries == 1


@pytest.mark.parametrize("damage", [b"", b"svc1", b"nonsense", b"svc1" + bytes(32) + b"x"])
def test_a_damaged_entry_is_no_entry(store: Store, damage: bytes) -> None:
    name = key("a")
    store.put(name, VALUE)
    entry(store, name).write_bytes(damage)
    assert store.get(name) is None
    store.put(name, VALUE)
    assert store.get(name) == VALUE


def test_every_flipped_bit_is_seen(store: Store) -> None:
    name = key("a")
    store.put(name, VALUE)
    data = entry(store, name).read_bytes()
    for place_ in range(0, len(data), 7):
        entry(store, name).write_bytes(data[:place_] + bytes([data[place_] ^ 4]) + data[place_ + 1 :])
        assert store.get(name) is None


class _Runs:
    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch ran",)


def test_an_entry_runs_no_code(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number, value in enumerate((_Runs(), main, Path)):
        store.put(key(number), value) if number else store.put(key(number), {"x": value})
        assert store.get(key(number)) is None
    assert pickle.loads(pickle.dumps(VALUE)) == VALUE
    assert not Path("ran").exists()


def test_the_oldest_go_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", limit=40_000)
    names = [key(number) for number in range(40)]
    for age, name in enumerate(names):
        store.put(name, os.urandom(2000).hex())
        os.utime(entry(store, name), (1_000_000 + age, 1_000_000 + age))
    store.trim()
    assert store.size().size <= 40_000
    assert store.get(names[0]) is None
    assert store.get(names[-1]) is not None


def test_a_folder_that_others_write_to_is_not_used(tmp_path: Path) -> None:
    store = Store(tmp_path / "open")
    store.folder.mkdir()
    store.folder.chmod(0o777)
    store.put(key("a"), VALUE)
    assert store.get(key("a")) is None
    assert list(store.folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_as_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "store")
    store.put(key("a"), VALUE)
    assert store.get(key("a")) is None
    assert store.clean().entries == 0


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({"SVC_CACHE_DIR": "/a"}, Path("/a")),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, Path("/x/svc")),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, Path("/h/.cache/svc")),
        ({}, None),
    ],
)
def test_where_it_is(environ: dict[str, str], wanted: Path | None) -> None:
    assert place(environ) == wanted


def test_the_code_is_part_of_every_key(tmp_path: Path) -> None:
    file = tmp_path / "policies" / "policy.yaml"
    file.parent.mkdir()
    for kept in (False, True):

        def now(kept: bool = kept) -> str:
            """As a run that begins now hears it."""
            return code(Store(tmp_path / "store") if kept else None, file.parent)

        file.write_text("a")
        before = now()
        assert now() == before
        file.write_text("b")
        assert now() != before
    assert code(None, file.parent) == now()


def _policy(folder: Path) -> Path:
    file = folder / "policies" / "policy.yaml"
    file.parent.mkdir()
    file.write_text("a")
    return file


def test_a_run_looks_at_the_code_once(tmp_path: Path) -> None:
    file, store = _policy(tmp_path), Store(tmp_path / "store")
    before = code(store, file.parent)
    file.write_text("b")
    assert code(store, file.parent) == before != code(Store(tmp_path / "store"), file.parent)


def test_the_code_is_known_by_what_it_is_and_not_by_when_it_was_installed(tmp_path: Path) -> None:
    file, store = _policy(tmp_path), Store(tmp_path / "store")
    before = code(store, file.parent)
    os.utime(file, (1_000_000, 1_000_000))
    shutil.copy(file, tmp_path / "again")
    (tmp_path / "again").replace(file)
    assert code(Store(tmp_path / "store"), file.parent) == before


@pytest.mark.parametrize("seed", range(40 if "SVC_EXAMPLES" in os.environ else 2))
def test_random_edits_with_and_without_the_cache(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two equal workspaces go through the same edits; one is compiled with the cache, the other without."""
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    if seed % 2:
        monkeypatch.setattr(unchanged, "MARGIN", -(10**15))  # what was written just now counts as old
    roots = (tmp_path / "a" / "shop", tmp_path / "b" / "shop")
    for root in roots:
        make(root, 6)
    for step in range(6):
        seen = []
        for root, options in zip(roots, ((), ("--no-cache",)), strict=True):
            chance = random.Random(f"{seed} {step}")
            if step:
                for _ in range(chance.randrange(3)):
                    chance.choice(EDITS)(chance, root)
            monkeypatch.chdir(root)
            verb = ("lint", ".") if chance.random() < 0.2 else ("compile", ".")
            exit_code = main([*verb, *options])
            seen.append((exit_code, capsys.readouterr(), contents(root)))
        assert seen[0] == seen[1]


def test_only_a_changed_service_and_those_that_use_it_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from svc.stages import service as stage

    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    make(tmp_path / "shop", 8)
    monkeypatch.chdir(tmp_path / "shop")
    made: list[str] = []
    was = stage._lowered

    def noted(one: stage.Drafted, *rest: object) -> object:
        made.append(one.spec.directory[-1])
        return was(one, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(stage, "_lowered", noted)
    assert main(["compile", "."]) == 0
    assert sorted(made) == list("01234567")
    made.clear()
    assert main(["compile", "."]) == 0
    assert made == []  # although the first run put files beside the specs, and a build looks at those
    spec = Path("services/service-00003/service.yaml")
    spec.write_text(spec.read_text().replace("PORT: ", "OTHER: 1\n  PORT: "))
    assert main(["compile", "."]) == 0
    assert made == ["3"]
    made.clear()
    spec.write_text(spec.read_text().replace("http: 8080", "http: 8081"))
    assert main(["compile", "."]) == 0
    users = [
        path.parent.name[-1] for path in Path("services").glob("*/service.yaml") if "service-00003" in path.read_text()
    ]
    assert sorted(made) == sorted(users)
    assert 3 <= len(users) <= 6


def test_runs_at_the_same_time(tmp_path: Path) -> None:
    make(tmp_path / "shop", 4)
    environ = {**os.environ, "SVC_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "svc", "compile", str(tmp_path / "shop"), "--out"]
    runs = [subprocess.Popen([*command, str(tmp_path / f"out-{number}")], env=environ, stdout=subprocess.DEVNULL)
            for number in range(3)]  # fmt: skip
    assert [one.wait() for one in runs] == [0, 0, 0]
    assert contents(tmp_path / "out-0") == contents(tmp_path / "out-1") == contents(tmp_path / "out-2")
    assert not list((tmp_path / "cache").glob("??/new-*"))


def test_svc_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    make(tmp_path / "shop", 2)
    monkeypatch.chdir(tmp_path / "shop")
    main(["compile", ".", "--no-cache"])
    assert not (tmp_path / "cache").exists()
    main(["compile", "."])
    capsys.readouterr()
    assert main(["cache", "info"]) == 0
    assert "6 entries" in capsys.readouterr().out
    assert main(["cache", "clean"]) == 0
    assert "6 entries removed" in capsys.readouterr().out
    assert list((tmp_path / "cache").iterdir()) == []
    monkeypatch.delenv("SVC_CACHE_DIR")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert main(["cache", "info"]) == 2
