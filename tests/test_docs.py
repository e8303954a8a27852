"""The pages are true: the reference is fresh, and the tutorial's commands print what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from svc.cli.main import main
from svc.model.docs import reference
from svc.model.schema import json_schema

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)


def test_the_reference_of_the_language_is_fresh() -> None:
    assert (ROOT / "docs/reference/language.md").read_text("utf-8") == reference()


@pytest.mark.parametrize("kind", ["service", "workspace"])
def test_the_published_schema_is_fresh(kind: str) -> None:
    assert (ROOT / f"schemas/{kind}.schema.json").read_text("utf-8") == json_schema(kind)


def _matches(shown: str, printed: str) -> bool:
    """`...` alone on a line stands for any lines, at the end of a line for its rest."""
    parts = [re.escape(line) for line in shown.splitlines()]
    pattern = "\n".join("(?:.*\n)*?.*" if part == r"\.\.\." else part.replace(r"\.\.\.", ".*") for part in parts)
    return re.fullmatch(pattern, printed.rstrip("\n")) is not None


def test_the_tutorial_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for kind, body in BLOCK.findall((ROOT / "docs/tutorial.md").read_text("utf-8")):
        if kind != "console":
            (tmp_path / body.splitlines()[0].removeprefix("# ")).write_text(body)
            continue
        command, _, shown = body.partition("\n")
        main(command.removeprefix("$ svc ").split())
        printed = capsys.readouterr().out
        assert _matches(shown, printed), f"{command}\n{printed}"
        ran += 1
    assert ran == 5


def test_the_readme_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
    spec = next(body for kind, body in blocks if kind == "yaml").partition("\n")[2]
    good, broken = [body.partition("\n")[2] for kind, body in blocks if kind == "console"]
    for text, shown in ((spec, good), (spec.replace("health:", "helth:"), broken)):
        (tmp_path / "service.yaml").write_text(text)
        main(["compile", "service.yaml"])
        printed = re.sub(r"(?s)\Ainfo\[.*?\n\d+ info\n", "", capsys.readouterr().out)
        assert _matches(shown, printed), printed


def test_links_between_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
