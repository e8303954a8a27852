"""The edits in reports lead to exactly the text that `--fix` writes, and stand in the documents as their schemas say."""

from __future__ import annotations

import json
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixing_samples import FIXABLE, NAMES, linter, run
from svc import assets
from svc.cli.main import main
from svc.diagnostics import Replacement
from svc.edit.differences import differences
from svc.fixes import scripts
from svc.fixing import with_edits
from svc.source import Source

SARIF = json.loads((Path(__file__).parents[1] / "report" / "sarif-2.1.0.schema.json").read_text("utf-8"))
REPORT = json.loads((assets.schemas() / "report.schema.json").read_text("utf-8"))
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {serviceAccount: b, containers: []}  # ours\n"


def edited(text: str, edits: list[Replacement]) -> str:
    """The edits as a reader of the report makes them: from the last to the first, by line and column."""
    source = Source("x", text)
    starts = [0]
    for line in source.lines[:-1]:
        end = starts[-1] + len(line)
        starts.append(end + (2 if text[end : end + 2] == "\r\n" else 1))
    for one in sorted(edits, key=lambda edit: edit.span, reverse=True):
        start = starts[one.span.line - 1] + one.span.column - 1
        end = starts[one.span.end_line - 1] + one.span.end_column - 1
        assert start <= end
        text = text[:start] + one.text + text[end:]
    return text


@given(st.text("ab\n\r ", max_size=40), st.text("ab\n\r ", max_size=40))
def test_differences_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    found = list(differences(old, new))
    assert edited(old, found) == new
    assert bool(found) == (old != new)


@pytest.mark.parametrize("name", ["privilege-escalation", "deprecated-service-account-field", "shell-form-command"])
@pytest.mark.parametrize("breaks", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_findings_edits_are_what_its_fix_writes(name: str, breaks: str) -> None:
    policy = FIXABLE[name]
    texts = {
        "privilege-escalation": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n",
        "deprecated-service-account-field": POD,
        "shell-form-command": "FROM debian:13\nCMD a b\n",
    }
    text, file = texts[name].replace("\n", breaks), NAMES[policy.surface]
    found = linter(policy)({file: text})
    (one,) = with_edits(found, {file: Source(file, text)}, [policy])
    assert one.fix is not None
    assert one.fix.safety == policy.fix
    assert edited(text, list(one.fix.edits)) == run(policy, text)[1] != text


def test_a_fix_that_would_be_refused_is_none() -> None:
    policy = FIXABLE["shell-form-command"]
    text = "FROM debian:13\nCMD a && b\n"
    found = linter(policy)({"Dockerfile": text})
    assert [one.fix for one in with_edits(found, {"Dockerfile": Source("Dockerfile", text)}, [policy])] == [None]
    waived = [replace(one, known=True) for one in linter(policy)({"Dockerfile": "FROM debian:13\nCMD a b\n"})]
    assert [
        one.fix for one in with_edits(waived, {"Dockerfile": Source("Dockerfile", "FROM a\nCMD a b\n")}, [policy])
    ] == [None]


def test_a_file_of_thousands_of_findings_is_not_read_for_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = FIXABLE["deprecated-service-account-field"]
    text = "---\n".join([POD] * 5)
    found = linter(policy)({"a.yaml": text})
    monkeypatch.setattr("svc.fixing.READ_AGAIN", 2 * len(text))
    fixes = [one.fix for one in with_edits(found, {"a.yaml": Source("a.yaml", text)}, [policy])]
    assert [one is not None for one in fixes] == [True, True, False, False, False]


def test_a_script_is_read_once_for_all_of_its_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = FIXABLE["script-injection"]
    lines = [f"          echo ${{{{ github.event.issue.{name} }}}}\n" for name in ("title", "body")]
    text = "on: issues\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n" + "".join(lines)
    asked: list[str] = []
    read = scripts._contexts

    def counted(script: str) -> list[str]:
        asked.append(script)
        return read(script)

    monkeypatch.setattr(scripts, "_contexts", counted)
    name = ".github/workflows/a.yml"
    found = with_edits(linter(policy)({name: text}), {name: Source(name, text)}, [policy])
    assert [one.fix is not None for one in found] == [True, True]
    assert len(asked) == 1


def test_the_documents_hold_the_edits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(POD)
    words = ["lint", "--select", "deprecated-service-account-field", str(file)]
    main([*words, "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, REPORT)
    edit = {"line": 4, "column": 22, "end_line": 4, "end_column": 22, "text": "Name"}
    assert [(one["fix"]["safety"], one["fix"]["edits"]) for one in document["findings"]] == [("safe", [edit])]
    main([*words, "--format", "sarif"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SARIF)
    (fix,) = document["runs"][0]["results"][0]["fixes"]
    assert fix["artifactChanges"][0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 4, "startColumn": 22, "endLine": 4, "endColumn": 22},
            "insertedContent": {"text": "Name"},
        }
    ]


def test_the_text_says_how(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("edits are for forms that carry them")

    monkeypatch.setattr("svc.fixing.with_edits", never)
    file = tmp_path / "a.yaml"
    file.write_text(POD)
    main(["lint", "--select", "deprecated-service-account-field", str(file)])
    assert "  = fix: svc lint --fix\n" in capsys.readouterr().out
    (tmp_path / "Dockerfile").write_text("FROM debian:13\nCMD a b\n")
    main(["lint", "--select", "shell-form-command", str(tmp_path / "Dockerfile")])
    assert "  = fix: svc lint --fix --unsafe-fixes\n" in capsys.readouterr().out


def test_only_lines_between_what_is_the_same_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counted(junk: None, before: list[str], after: list[str], autojunk: bool) -> SequenceMatcher[str]:
        compared.append(len(before) + len(after))
        return SequenceMatcher(junk, before, after, autojunk)

    monkeypatch.setattr("svc.edit.differences.SequenceMatcher", counted)
    (one,) = differences("a\n" * 50 + "b\n" + "a\n" * 50, "a\n" * 50 + "c\n" + "a\n" * 50)
    assert (one.text, one.span.line, compared) == ("c", 51, [2])


@pytest.mark.parametrize(
    ("pod", "promised"),
    [
        ("", "unsafe"),
        ("  securityContext: {runAsNonRoot: true}\n", "safe"),
        ("  nodeSelector: {kubernetes.io/os: windows}\n", ""),
    ],
)
def test_a_finding_promises_only_what_its_object_lets_be_done(pod: str, promised: str) -> None:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n{pod}  containers: [{{name: a}}]\n"
    (one,) = linter(FIXABLE["capabilities-not-dropped"])({"a.yaml": text})
    assert (one.fix.safety if one.fix else "") == promised


def test_of_many_findings_in_one_object_only_those_that_are_asked_about_promise_a_fix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those of other policies do not count."""
    monkeypatch.setattr("svc.lint.foretold.MOST", 2)
    containers = "".join(f"  - {{name: a{number}}}\n" for number in range(3))
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n{containers}"
    promised: dict[str, list[str]] = {}
    policies = [FIXABLE["capabilities-not-dropped"], FIXABLE["privilege-escalation"]]
    for one in linter(*policies)({"a.yaml": text}):
        promised.setdefault(one.id, []).append(one.fix.safety if one.fix else "")
    assert promised == {
        "capabilities-not-dropped": ["unsafe", "unsafe", ""],
        "privilege-escalation": ["safe", "safe", ""],
    }
