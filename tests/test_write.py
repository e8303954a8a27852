"""Writing: everything or nothing, only what is ours, nothing outside the root."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pytest

from svc import staging
from svc.outputs import Output, Plan
from svc.owned import STATE
from svc.write import execute, plan

OWNERS = ("shop/docker",)


def _outputs(**texts: str) -> list[Output]:
    return [Output(path.replace("__", "/"), text, OWNERS[0]) for path, text in texts.items()]


def _write(root: Path, **texts: str) -> None:
    execute(plan(root, _outputs(**texts), OWNERS))


def test_files_are_written_with_the_record_of_what_is_ours(tmp_path: Path) -> None:
    _write(tmp_path, Dockerfile="FROM x\n", chart__values="a: 1\n")
    assert (tmp_path / "Dockerfile").read_text() == "FROM x\n"
    assert (tmp_path / "chart/values").read_text() == "a: 1\n"
    assert sorted(json.loads((tmp_path / STATE).read_text())["files"]) == ["Dockerfile", "chart/values"]
    assert [path.name for path in tmp_path.rglob("*.svc")] == []


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    _write(tmp_path, Dockerfile="FROM x\n")
    before = (tmp_path / "Dockerfile").stat().st_mtime_ns, (tmp_path / STATE).stat().st_mtime_ns
    again = plan(tmp_path, _outputs(Dockerfile="FROM x\n"), OWNERS)
    assert again.up_to_date
    assert again.unchanged == ("Dockerfile",)
    execute(again)
    assert before == ((tmp_path / "Dockerfile").stat().st_mtime_ns, (tmp_path / STATE).stat().st_mtime_ns)


def test_a_file_edited_by_hand_is_refused_unless_forced(tmp_path: Path) -> None:
    _write(tmp_path, Dockerfile="FROM x\n")
    (tmp_path / "Dockerfile").write_text("FROM mine\n")
    made = plan(tmp_path, _outputs(Dockerfile="FROM y\n"), OWNERS)
    assert [one.id for one in made.refused] == ["output-edited"]
    with pytest.raises(AssertionError):
        execute(made)
    assert (tmp_path / "Dockerfile").read_text() == "FROM mine\n"
    execute(plan(tmp_path, _outputs(Dockerfile="FROM y\n"), OWNERS, force=True))
    assert (tmp_path / "Dockerfile").read_text() == "FROM y\n"


def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM mine\n")
    made = plan(tmp_path, _outputs(Dockerfile="FROM y\n"), OWNERS)
    assert "was not written by svc" in made.refused[0].message


def test_only_stale_files_of_ours_are_removed(tmp_path: Path) -> None:
    _write(tmp_path, Dockerfile="FROM x\n", chart__old="x\n")
    execute(plan(tmp_path, [Output("other", "y\n", "cart/helm")], ("cart/helm",)))
    (tmp_path / "chart/mine").write_text("hand-made\n")
    execute(plan(tmp_path, _outputs(Dockerfile="FROM x\n"), OWNERS))
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == [
        STATE,
        "Dockerfile",
        "chart/mine",
        "other",
    ]


@pytest.mark.parametrize("path", ["../mine", "link/mine"])
def test_a_record_makes_no_file_elsewhere_one_of_ours(path: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    (tmp_path / "mine").write_text("x\n")
    entry = {"owner": OWNERS[0], "sha256": hashlib.sha256(b"x\n").hexdigest()}
    (root / STATE).write_text(json.dumps({"files": {path: entry}}))
    execute(plan(root, [], OWNERS, force=True))
    assert (tmp_path / "mine").read_text() == "x\n"


def test_a_stale_file_edited_by_hand_is_kept(tmp_path: Path) -> None:
    _write(tmp_path, Dockerfile="FROM x\n", old="x\n")
    (tmp_path / "old").write_text("edited\n")
    assert [one.id for one in plan(tmp_path, _outputs(Dockerfile="FROM x\n"), OWNERS).refused] == ["output-edited"]


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "a/../../evil", "", "a\\b", "a\0b"])
def test_paths_out_of_the_root_are_refused(path: str, tmp_path: Path) -> None:
    made = plan(tmp_path, [Output(path, "x", OWNERS[0])], OWNERS)
    assert [one.id for one in made.refused] == ["output-outside-root"]


@pytest.mark.parametrize("name", ["..", "a\\b", "a\0b"])
def test_a_folder_that_is_known_to_be_safe_makes_no_name_in_it_safe(name: str, tmp_path: Path) -> None:
    made = plan(tmp_path, [Output(f"a/{one}", "x", OWNERS[0]) for one in ("!first", name)], OWNERS)
    assert [one.id for one in made.refused] == ["output-outside-root"]


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / "chart").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/mine").write_text("x")
    (root / "Dockerfile").symlink_to(tmp_path / "elsewhere/mine")
    (root / "values").symlink_to(tmp_path / "elsewhere/none")
    for path, link in (("chart/values", "chart"), ("Dockerfile", "Dockerfile"), ("values", "values")):
        for force in (False, True):
            made = plan(root, [Output(path, "x", OWNERS[0])], OWNERS, force=force)
            assert f"symbolic link {link}" in made.refused[0].message
    assert [one.name for one in (tmp_path / "elsewhere").iterdir()] == ["mine"]


def test_two_names_that_are_one_file_elsewhere_are_refused(tmp_path: Path) -> None:
    assert [one.id for one in plan(tmp_path, _outputs(Values="a", values="b"), OWNERS).refused] == ["output-clash"]
    for one, other in (("caf\u00e9", "cafe\u0301"), ("STRASSE", "stra\u00dfe"), ("\u00c9", "e\u0301"), ("\u212a", "k")):
        made = plan(tmp_path, [Output(f"{name}/a", "a", OWNERS[0]) for name in (one, other)], OWNERS)
        assert [said.id for said in made.refused] == ["output-clash"], (one, other)


def test_protected_paths_are_refused(tmp_path: Path) -> None:
    made = plan(tmp_path, _outputs(infra__main="x"), OWNERS, protected=("infra",))
    assert "protected" in made.refused[0].message


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_failure_while_staging_changes_nothing(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the record and of each of the files."""
    _write(tmp_path, Dockerfile="FROM x\n", values="a: 1\n")
    calls = []

    def fail(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == number:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        execute(plan(tmp_path, _outputs(Dockerfile="FROM y\n", values="a: 2\n"), OWNERS))
    assert (tmp_path / "Dockerfile").read_text() == "FROM x\n"
    assert (tmp_path / "values").read_text() == "a: 1\n"
    assert [path for path in tmp_path.iterdir() if path.name.endswith(".svc")] == []


def test_the_record_is_plain_json_as_it_was(tmp_path: Path) -> None:
    outputs = [*_outputs(**{"a__\u00e9": "1\n", 'q"uote': "2\n"}), Output("other", "3\n", "cart/helm")]
    execute(plan(tmp_path, outputs, ("cart/helm", *OWNERS)))
    text = (tmp_path / STATE).read_text()
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n"
    execute(plan(tmp_path, [], ("cart/helm", *OWNERS)))
    text = (tmp_path / STATE).read_text()
    assert text == json.dumps({"version": 1, "files": {}}, indent=1, sort_keys=True) + "\n"


def test_several_processes_write_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svc.staging._PAYS", 1)
    outputs = [Output(f"{number % 7}/{number}.yaml", f"a: {number}\n", OWNERS[0]) for number in range(100)]
    execute(plan(tmp_path / "one", outputs, OWNERS))
    execute(plan(tmp_path / "three", outputs, OWNERS), hands=3)
    one, three = ({path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
                  for root in (tmp_path / "one", tmp_path / "three"))  # fmt: skip
    assert one == three
    assert len(one) == 101
    assert plan(tmp_path / "three", outputs, OWNERS).up_to_date


@pytest.mark.parametrize("slow", [False, True])
def test_when_one_of_several_fails_nothing_is_there(
    slow: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor when a process is told to end while it removes what it made."""
    drop = staging._Batch.drop

    def slowly(batch: staging._Batch) -> None:
        time.sleep(0.2)
        drop(batch)

    if slow:
        monkeypatch.setattr(staging._Batch, "drop", slowly)
    monkeypatch.setattr("svc.staging._PAYS", 1)
    outputs = [Output(f"{number:03}.yaml", f"a: {number}\n", OWNERS[0]) for number in range(100)]
    long = Output(f"{'x' * 300}.yaml", "a: 1\n", OWNERS[0])
    with pytest.raises(OSError, match="too long"):
        execute(Plan(tmp_path, create=(*outputs, long)), hands=2)
    assert list(tmp_path.iterdir()) == []
