"""The pages are true: the references are fresh, and the commands in tutorial and README print what is shown."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import typing
from datetime import date
from pathlib import Path

import pytest

from svc.cli import docs
from svc.cli.exits import Exit
from svc.cli.main import main
from svc.model import docs as language
from svc.model import scalars
from svc.model.forms import SCALARS
from svc.model.schema import json_schema
from svc.resolve import docs as references
from svc.resolve import view_docs
from svc.resolve.references import ROOTS

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)
NAMED = re.compile(r"# (\S+)\n")
FILES = {"yaml", "dockerfile"}


class _Today(date):
    """The day on which the pages are read: waivers in them have an end."""

    @classmethod
    def today(cls) -> _Today:
        return cls(2026, 12, 1)


def test_the_reference_of_the_language_is_fresh() -> None:
    assert (ROOT / "docs/reference/language.md").read_text("utf-8") == language.reference()


def test_every_scalar_of_the_language_has_a_form() -> None:
    named = {name for name, one in vars(scalars).items() if typing.get_origin(one) is typing.Annotated}
    assert named == set(SCALARS)


def test_the_reference_of_references_is_fresh() -> None:
    assert (ROOT / "docs/reference/references.md").read_text("utf-8") == references.reference()


def test_the_reference_of_what_policies_see_is_fresh() -> None:
    assert (ROOT / "docs/reference/service-view.md").read_text("utf-8") == view_docs.reference()


def test_every_kind_of_reference_is_explained() -> None:
    page = references.reference()
    assert [root for root in ROOTS if f"`${{{root}." not in page] == []


def test_every_fact_of_an_environment_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The facts are those that the message of an unknown one lists, where the workspace gives them all."""
    monkeypatch.chdir(tmp_path)
    given = 'namespace: a, domain: a.example.com, region: eu-west-1, account: "123456789012", cluster: a'
    (tmp_path / "svc-workspace.yaml").write_text(f"apiVersion: svc/v1\nenvironments: {{staging: {{{given}}}}}\n")
    spec = "apiVersion: svc/v1\nname: a\nteam: a\nbuild: {language: go}\nenv: {A: '${environment.none}'}\n"
    (tmp_path / "service.yaml").write_text(spec)
    main(["compile"])
    known = re.search(r"known are (.*)", capsys.readouterr().out)
    assert known is not None
    listed = sorted(set(re.findall(r"(?:environment|service)\.\w+", known[1])))
    page = references.reference()
    assert len(listed) == 8
    assert [one for one in listed if f"${{{one}}}" not in page and f"`.{one.partition('.')[2]}`" not in page] == []


def test_the_reference_of_the_command_line_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    assert (ROOT / "docs/reference/cli.md").read_text("utf-8") == docs.reference()


def test_verbs_below_verbs_have_their_options_in_the_reference() -> None:
    page = docs.reference()
    assert re.search(r"### svc policies export\n(?:(?!#).*\n)*\| `--exempt ", page)
    assert re.search(r"### svc policies test\n(?:(?!#).*\n)*\| `DIR\.\.\.` ", page)
    assert "| : " not in page


def test_every_exit_code_says_what_it_means() -> None:
    assert [code for code, meaning in docs.exit_meanings() if meaning] == [int(code) for code in Exit]


@pytest.mark.parametrize("kind", ["service", "workspace"])
def test_the_published_schema_is_fresh(kind: str) -> None:
    assert (ROOT / f"schemas/{kind}.schema.json").read_text("utf-8") == json_schema(kind)


def _matches(shown: str, printed: str) -> bool:
    """Whether the output is what is shown, where `...` alone on a line stands for any lines."""
    parts = ["(?:.*\n)*" if line == "..." else re.escape(line + "\n") for line in shown.splitlines()]
    return re.fullmatch("".join(parts), printed) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [("a\n", "a\n", True), ("a\n...\n", "a\nb\nc\n", True), ("a\n", "a\nb\n", False), ("a...\n", "ab\n", False)],
)
def test_elision_stands_for_whole_lines_only(shown: str, printed: str, same: bool) -> None:
    assert _matches(shown, printed) == same


def _printed(command: str, folder: Path) -> str:
    """What a terminal would show: both streams, in order."""
    if not command.startswith("svc "):
        ran = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
        return ran.stdout + ran.stderr
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        main(shlex.split(command)[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/tutorial.md",
        "docs/how-to/admission.md",
        "docs/how-to/escape-hatches.md",
        "docs/how-to/import.md",
        "docs/how-to/monorepo.md",
        "docs/how-to/policies.md",
        "docs/how-to/scale.md",
    ],
)
def test_the_page_is_true(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files with their name in the first line are written, and commands run, in the page's order."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("svc.cli.compile.date", _Today)
    monkeypatch.setattr("svc.cli.lint.date", _Today)
    ran = 0
    for kind, body in BLOCK.findall((ROOT / page).read_text("utf-8")):
        name = NAMED.match(body)
        if kind in FILES and name is not None:
            (tmp_path / name[1]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name[1]).write_text(body)
        elif kind == "console":
            for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
                command, _, shown = part.partition("\n")
                printed = _printed(command, tmp_path)
                assert _matches(shown, printed), f"$ {command}\n{printed}"
                ran += 1
    assert ran >= 2


def test_links_between_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
