"""Specs in CUE: the same results as in YAML, CUE's own errors at their places, positions of values, `cue` itself failing."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svc import cue_syntax, tools
from svc.cli.main import main
from svc.cue import evaluate
from svc.parse import parse_one
from svc.pipeline import Compiled, Request, compile_
from svc.source import Source

ROOT = Path(__file__).parents[1]
BOX = tools.toolbox({})
TODAY = date(2026, 11, 24)

SPEC = """\
package shop

import "example.com/w/lib"

lib.#Base
name: "shop"
build: {language: "go", main: "./cmd"}
_port: 8080
ports: http: _port
health: http: "/healthz"
env: {
\tGREETING: "grüße \\(_port)", LEVEL: "info"
\tif _port > 1 {
\t\tPORT: "\\(_port)"
\t}
}
args: ["a", "b {"]
"""


def module(folder: Path, spec: str = SPEC) -> Path:
    (folder / "cue.mod").mkdir()
    (folder / "cue.mod" / "module.cue").write_text('module: "example.com/w@v0"\nlanguage: version: "v0.9.0"\n')
    (folder / "lib").mkdir()
    (folder / "lib" / "lib.cue").write_text('package lib\n#Base: {apiVersion: "svc/v1", ...}\n')
    (folder / "shop").mkdir()
    (folder / "shop" / "team.cue").write_text('package shop\n\nteam: "payments"\n')
    file = folder / "shop" / "service.cue"
    file.write_text(spec, "utf-8")
    return file


def compiled(path: Path, folder: Path) -> Compiled:
    return compile_(Request((path,), lambda one: one.absolute().relative_to(folder).as_posix(), TODAY))


def as_cue(path: Path) -> str:
    """A YAML spec as CUE: JSON is CUE, with numbers spelled as they were."""
    text = Source(path.name, path.read_text("utf-8"))
    return json.dumps(parse_one(text).documents[0].data, ensure_ascii=False, indent=2)


def test_the_real_services_give_the_same_files_in_cue(tmp_path: Path) -> None:
    texts = []
    for kind in ("yaml", "cue"):
        folder = tmp_path / kind
        shutil.copytree(ROOT / "fixtures" / "real", folder)
        for file in folder.glob("*/service.yaml") if kind == "cue" else ():
            file.with_suffix(".cue").write_text(as_cue(file), "utf-8")
            file.unlink()
        made = compiled(folder, folder)
        assert made.outputs, made.diagnostics
        texts.append({one.path: re.sub(r"(?<![\w-])service\.(yaml|cue)", "SPEC", one.text) for one in made.outputs})
    assert len(texts[0]) > 100
    assert {path for path in texts[0] if texts[0][path] != texts[1].get(path)} == set()
    assert texts[0] == texts[1]


def test_imports_packages_and_references_are_evaluated_and_every_value_has_its_place(tmp_path: Path) -> None:
    file = module(tmp_path)
    document = evaluate([file], lambda one: one.name, BOX).documents[file]
    assert document.data["env"] == {"GREETING": "grüße 8080", "LEVEL": "info", "PORT": "8080"}
    lines = {route: document.place(route) for route in document.nodes}
    assert (lines["name",].file, lines["name",].span.line) == ("service.cue", 6)  # type: ignore[union-attr]
    assert lines["ports", "http"].span.line == 9  # type: ignore[union-attr]
    assert lines["env", "PORT"].span.line == 14  # type: ignore[union-attr]
    assert lines["args", 1].span.line == 17  # type: ignore[union-attr]
    assert (lines["team",].file, lines["team",].span.line) == ("team.cue", 3)  # type: ignore[union-attr]


def test_a_models_error_points_into_the_cue_file(tmp_path: Path) -> None:
    file = module(tmp_path, SPEC.replace('"/healthz"', '"healthz"'))
    (found,) = [one for one in compiled(file, tmp_path).diagnostics if one.severity > 1]
    assert (found.id, found.place.file) == ("invalid-value", "shop/service.cue")
    assert found.place.span is not None
    assert (found.place.span.line, found.place.span.column) == (10, 15)


def test_several_errors_of_cue_are_several_diagnostics_each_once(tmp_path: Path) -> None:
    file = tmp_path / "service.cue"
    file.write_text('name: 1 & 2\nteam: "a"\nteam: "b"\nx: 3 & "c"\n')
    made = compiled(file, tmp_path)
    places = [(one.id, one.place.span.line, one.place.span.column) for one in made.diagnostics if one.place.span]
    assert places == [("cue-error", 1, 7), ("cue-error", 2, 7), ("cue-error", 4, 4)]
    assert [len(one.related) for one in made.diagnostics] == [1, 1, 1]
    assert not any("svc.invalid" in one.message for one in made.diagnostics)


def test_specs_with_and_without_a_package_are_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = module(tmp_path)
    second = tmp_path / "other" / "service.cue"
    second.parent.mkdir()
    second.write_text('name: "other"\nversion: 3.10')
    calls = []
    run = tools.run

    def counted(*given: Any, **more: Any) -> tools.Completed:
        calls.append(given)
        return run(*given, **more)

    monkeypatch.setattr(tools, "run", counted)
    made = evaluate([first, second], lambda one: one.as_posix(), BOX)
    assert len(calls) == 1
    assert [made.documents[file].data["name"] for file in (first, second)] == ["shop", "other"]
    assert made.documents[second].text(("version",)) == "3.10"


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (None, 2, "cue 0.17.1 was not found"),
        ("echo panic: oh >&2; exit 2", 3, "panic: oh"),
        ("kill -9 $$", 3, "killed by signal 9"),
    ],
)
def test_a_missing_cue_is_usage_and_a_crashing_one_is_internal(
    body: str | None,
    code: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = tmp_path / "service.cue"
    spec.write_text('name: "x"\n')
    if body is None:
        monkeypatch.setattr(tools, "_own_checkout", lambda: tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("SVC_TOOL_CUE", raising=False)
    else:
        program = tmp_path / "cue"
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        monkeypatch.setenv("SVC_TOOL_CUE", str(program))
    assert main(["lint", str(spec)]) == code
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "}",
        "[",
        '"',
        '"""',
        "a: b: c: {",
        "x: [...]",
        "let x = {",
        "#" * 50,
        "a: \\(",
        "[" * 3000,
        "a:" * 3000,
        '"\\(',
    ],
)
def test_the_outline_never_raises(text: str) -> None:
    assert cue_syntax.outline(text).imports == ()


def test_the_examples_of_the_page_compile(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "cue.md").read_text("utf-8")
    example = page.split("```cue\n")[1].split("```")[0]
    (tmp_path / "service.cue").write_text(example)
    assert compiled(tmp_path, tmp_path).outputs


def test_the_definition_is_checked_where_it_is_used(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "cue.md").read_text("utf-8")
    example = page.split("```cue\n")[2].split("```")[0]
    language = tmp_path / "cue.mod" / "pkg" / "svc.invalid" / "language" / "service.cue"
    language.parent.mkdir(parents=True)
    (tmp_path / "cue.mod" / "module.cue").write_text('module: "example.com/w@v0"\nlanguage: version: "v0.9.0"\n')
    shutil.copy(ROOT / "schemas" / "service.cue", language)
    spec = tmp_path / "service.cue"
    spec.write_text(example)
    assert compiled(spec, tmp_path).outputs
    spec.write_text(example.replace("build:", "ports: http: 80800\n\tbuild:"))
    (found,) = compiled(spec, tmp_path).diagnostics
    assert (found.id, found.message) == ("cue-error", "ports.http: invalid value 80800 (out of bound <=65535)")
    assert found.place.file == "service.cue"
    assert found.place.span is not None
    assert found.place.span.line == example.split("build:")[0].count("\n") + 1
