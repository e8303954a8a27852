"""Compose files as people write them: each is imported, every key accounted for, and what comes out compiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from svc.cli.main import main
from svc.importers.check import check
from svc.importers.compose_files import unread
from svc.importers.ledger import units
from svc.importers.result import Imported
from svc.importers.run import run
from svc.parse import parse
from svc.source import Source, Unreadable

FOLDER = Path(__file__).parents[2] / "fixtures" / "import" / "wild"
FILES = sorted(FOLDER.glob("*.yaml"))


def _run(text: str, files: dict[str, str] | None = None) -> Imported:
    def reader(name: str) -> Source | Unreadable:
        return Source(name, files[name]) if files and name in files else unread(name)

    made = run([Source("compose.yaml", text)], "", reader)
    assert made.diagnostics == ()
    assert all(check(draft).faults == () for draft in made.drafts)
    return made


def _data(made: Imported, name: str) -> dict[str, Any]:
    return next(one.data for one in made.drafts if one.name == name)


def _fate(made: Imported, *route: str | int) -> tuple[str, str]:
    return next((one.note.fate, one.note.reason) for one in made.entries if one.route == route)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_key_has_one_fate(path: Path) -> None:
    made = run([Source(path.name, path.read_text("utf-8"))])
    assert made.diagnostics == ()
    counted = [one.route for one in made.entries if one.file == path.name]
    (document,) = parse(Source(path.name, path.read_text("utf-8"))).documents
    assert counted == list(units(document))
    assert all(one.note.reason or one.note.fate == "mapped" for one in made.entries)
    assert all(check(draft).faults == () for draft in made.drafts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_exit_code_says_whether_anything_is_lost(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FOLDER)
    assert main(["import", path.name, "--out", str(tmp_path / "a")]) == 0
    lost = "dropped, and why" in capsys.readouterr().out
    assert main(["import", path.name, "--strict", "--out", str(tmp_path / "b")]) == int(lost)


def test_reset_and_override_are_read_as_their_values() -> None:
    made = _run("""
services:
  web: {image: 'a:1', ports: !override ['80'], environment: {A: !reset null, B: "!reset", C: !override 5}}
""")
    data = _data(made, "web")
    assert (data["ports"], data["env"]["B"], data["env"]["C"]) == ({"http": 80}, "!reset", "5")
    said = {one.route[2:] for one in made.entries if "takes out what it extends" in one.note.reason}
    assert said == {("ports",), ("environment", "A"), ("environment", "C")}


def test_other_tags_are_refused() -> None:
    made = run([Source("compose.yaml", "services: {web: {image: 'a:1', ports: !reset [], tty: !odd true}}")])
    assert {one.id for one in made.diagnostics} == {"yaml-unknown-tag"}
    made = run([Source("pod.yaml", "apiVersion: v1\nkind: Pod\nspec: !reset {}\n")])
    assert {one.id for one in made.diagnostics} == {"yaml-unknown-tag"}


@pytest.mark.parametrize(
    ("image", "scheme", "kind"), [("mongo:8", "mongodb", "mongodb"), ("rabbitmq:4", "amqp", "rabbitmq")]
)
def test_what_no_cloud_manages_runs_in_the_cluster(image: str, scheme: str, kind: str) -> None:
    made = _run(
        f"services: {{web: {{image: 'a:1', environment: {{U: '{scheme}://u:p@q/x'}}}}, q: {{image: '{image}'}}}}"
    )
    need = _data(made, "web")["needs"]["q"]
    assert (need["type"], need["realise"]) == (kind, "in-cluster")
    assert _data(made, "web")["env"]["U"].startswith(f"{scheme}://${{needs.q.user}}")
