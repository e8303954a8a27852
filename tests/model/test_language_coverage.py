"""Every row of the language is shown by a valid spec that compiles in silence into objects that have it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import language_rows as language
from judges import real
from svc.kubernetes.types import Manifest
from svc.targets.helm.judge import judge
from svc.write import execute, plan

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "language-coverage.md"


@pytest.fixture(scope="module")
def shown() -> dict[str, tuple[Manifest, ...]]:
    found = {f"ok/{path.stem}": language.objects(language.compiled(path)) for path in language.OK}
    compiled = real.compiled_fixtures()
    return {**found, **{f"real/{name}": language.objects(compiled, name) for name in real.NAMES}}


@pytest.mark.parametrize("path", language.OK, ids=lambda path: path.stem)
def test_valid_specs_have_no_error(path: Path) -> None:
    found = language.compiled(path)
    errors = [
        f"{one.id}: {one.message}" for one in found.diagnostics if one.severity.word == "error" and one.waived is None
    ]
    assert (errors, found.faults) == ([], ())
    assert {piece.name for piece in found.pieces} >= {"helm", "compose"}


@pytest.mark.parametrize("row", language.rows(), ids=lambda row: row.name)
def test_every_row_is_shown(row: language.Row, shown: dict[str, tuple[Manifest, ...]]) -> None:
    assert [name for name, found in shown.items() if language.shows(row, found)]


@pytest.mark.parametrize("row", language.rows(), ids=lambda row: row.name)
def test_a_row_is_not_shown_by_anything_else(row: language.Row, shown: dict[str, tuple[Manifest, ...]]) -> None:
    """Each probe fails when the value is another one, and when the objects that have it are not there."""
    for found in shown.values():
        has = [one for one in found if language.routes(row, one)]
        assert not language.shows(row, [language.changed(row, one) for one in has])
        assert not language.shows(row, [one for one in found if one not in has])


def test_what_a_plain_service_shows_is_said_to_be_usual(tmp_path: Path) -> None:
    """All other rows are shown because a spec asks for them."""
    spec = tmp_path / "service.yaml"
    head = "apiVersion: svc/v1\nname: plain\nteam: shop\nimage: ghcr.io/acme/other:2\n"
    spec.write_text(f"{head}ports: {{http: 8080}}\nhealth: /up\n", "utf-8")
    found = language.objects(language.compiled(spec))
    assert found
    assert {row.name for row in language.rows() if language.shows(row, found)} == {
        row.name for row in language.rows() if row.usual
    }


def test_the_page_is_fresh(shown: dict[str, tuple[Manifest, ...]]) -> None:
    text = language.page(shown)
    if os.environ.get("SVC_UPDATE"):
        PAGE.write_text(text, "utf-8")
    assert text == PAGE.read_text("utf-8")


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("path", language.OK, ids=lambda path: path.stem)
def test_helm_gives_the_judged_objects(path: Path, tmp_path: Path) -> None:
    real.located("helm")
    real.located("kubeconform")
    shutil.copy(path, tmp_path / path.name)
    found = language.compiled(tmp_path / path.name)
    execute(plan(tmp_path, found.outputs, ()))
    (chart,) = [piece.artifact for piece in found.pieces if piece.name == "helm"]
    assert [fault for one in judge([chart], tmp_path, real.box()) for fault in one.faults] == []


def test_scalars_of_variables_stay_as_they_are_written() -> None:
    wanted = {"VERSION": "1.10", "SWITCH": "on", "COUNTRY": "NO", "TIME": "12:30", "MASK": "0o17"}
    found = language.objects(language.compiled(language.FIXTURES / "ok" / "environment.yaml"))
    (pod,) = [one.pod for one in found if one.kind == "Deployment"]
    assert pod is not None
    env = pod["containers"][0]["env"]
    assert {one["name"]: one["value"] for one in env if one["name"] in wanted} == wanted
    names = [one["name"] for one in env]
    assert names.index("POD_IP") < names.index("GREETING")


WRITTEN = ("1.10", "3.10", "on", "NO", "12:30", "0o17", "true", "1e3", "0x1F")


def test_scalars_of_other_fields_stay_as_they_are_written(tmp_path: Path) -> None:
    """YAML reads numbers and switches where the language wants text: the source decides, not what YAML made of it."""
    words = ", ".join(WRITTEN)
    labels = ", ".join(f"l{index}: {word}" for index, word in enumerate(WRITTEN) if ":" not in word)
    notes = ", ".join(f"n{index}: {word}" for index, word in enumerate(WRITTEN))
    spec = tmp_path / "service.yaml"
    head = "apiVersion: svc/v1\nname: web\nimage: ghcr.io/acme/web:1.10\nteam: shop\n"
    spec.write_text(
        f"{head}command: [{words}]\nargs: [{words}]\nlabels: {{{labels}}}\nannotations: {{{notes}}}\n", "utf-8"
    )
    found = language.objects(language.compiled(spec))
    (deployment,) = [one for one in found if one.kind == "Deployment"]
    assert deployment.pod is not None
    container = deployment.pod["containers"][0]
    assert (tuple(container["command"]), tuple(container["args"])) == (WRITTEN, WRITTEN)
    metadata = deployment.tree.data["spec"]["template"]["metadata"]
    assert all(metadata["labels"][f"l{index}"] == word for index, word in enumerate(WRITTEN) if ":" not in word)
    assert [metadata["annotations"][f"n{index}"] for index in range(len(WRITTEN))] == list(WRITTEN)
