"""Every form of the report: read back by a reader of its kind, hostile text included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from samples_of_findings import FINDINGS, HOSTILE, SOURCES

from svc import assets
from svc.policy.load import load
from svc.report import concise, github, gitlab, junit, sarif, text
from svc.report import json as json_report
from svc.report.form import Run

POLICIES = {policy.id: policy for policy in load([assets.policies()]).policies}
RUN = Run(FINDINGS, SOURCES, POLICIES)
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("run", [RUN, Run((), {}), Run(FINDINGS, {})])
def test_sarif_is_valid(run: Run) -> None:
    document = json.loads(sarif.render(run))
    jsonschema.Draft4Validator(SCHEMA).validate(document)
    assert len(document["runs"][0]["results"]) == len(run.diagnostics)


def test_sarif_says_what_was_answered_for() -> None:
    results = json.loads(sarif.render(RUN))["runs"][0]["results"]
    assert [one.get("suppressions") for one in results] == [
        None,
        None,
        None,
        [{"kind": "external", "justification": "ADR 12 (web) (until 2027-03-31)"}],
        [{"kind": "external", "justification": "in the baseline"}],
    ]
    marks = [one["partialFingerprints"]["svcFingerprint/v1"] for one in results]
    assert len(set(marks)) == len(marks)


def test_sarif_uris_are_relative_and_escaped() -> None:
    results = json.loads(sarif.render(RUN))["runs"][0]["results"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in results]
    assert places[0] == {"uri": "gone.yaml", "uriBaseId": "SRCROOT"}
    assert places[-1] == {"uri": "file:///abs/odd%20name%231.yaml"}


def test_sarif_rules_carry_help_and_the_ids_of_other_tools() -> None:
    rules = {one["id"]: one for one in json.loads(sarif.render(RUN))["runs"][0]["tool"]["driver"]["rules"]}
    pinned = rules["image-not-pinned"]
    assert POLICIES["image-not-pinned"].help in pinned["help"]["markdown"]
    assert "CKV_K8S_43" in pinned["properties"]["tags"]


def test_junit_is_xml_with_a_case_a_finding() -> None:
    root = ElementTree.fromstring(junit.render(RUN))
    cases = root.findall("testsuite/testcase")
    assert len(cases) == len(FINDINGS)
    assert [bool(case.findall("skipped")) for case in cases] == [False, False, False, True, True]
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.get("message") == HOSTILE.replace("\x07", "\ufffd")
    assert (root.get("tests"), root.get("failures")) == ("5", "3")


def test_junit_without_findings_has_one_case_that_passes() -> None:
    (case,) = ElementTree.fromstring(junit.render(Run((), {}))).findall("testsuite/testcase")
    assert not list(case)


def test_github_commands_are_one_line_each_and_nothing_in_them_starts_another() -> None:
    lines = github.render(RUN).split("\n")[:-1]
    assert len(lines) == 3
    assert [_unescaped(line)[0] for line in lines] == ["error", "error", "error"]
    properties, message = _unescaped(lines[1])[1:]
    assert message.startswith(HOSTILE.replace("\x07", "\\x07").replace("\u2028", "\\u2028"))
    assert properties["file"] == "k8s/web.yaml"
    assert (properties["line"], properties["col"]) == ("3", "10")


def _unescaped(line: str) -> tuple[str, Mapping[str, str], str]:
    """The runner's own reading of a command (actions/runner, ActionCommand.TryParseV2)."""
    head, _, data = line.removeprefix("::").partition("::")
    command, _, listed = head.partition(" ")
    properties = dict(item.split("=", 1) for item in listed.split(","))
    undo = (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))

    def back(value: str) -> str:
        for escaped, plain in undo:
            value = value.replace(escaped, plain)
        return value

    return command, {key: back(value) for key, value in properties.items()}, back(data)


def test_gitlab_wants_each_fingerprint_once_and_a_line_for_all() -> None:
    issues: list[dict[str, Any]] = json.loads(gitlab.render(RUN))
    assert [one["check_name"] for one in issues] == ["file-missing", "image-not-pinned", "image-not-pinned"]
    assert len({one["fingerprint"] for one in issues}) == 3
    assert all(one["location"]["lines"]["begin"] >= 1 for one in issues)
    assert {one["severity"] for one in issues} <= {"info", "minor", "major", "critical", "blocker"}


def test_concise_is_one_line_a_finding() -> None:
    lines = concise.render(RUN).split("\n")[:-1]
    assert lines[0] == "gone.yaml: error[file-missing] no such file"
    assert lines[3] == "k8s/web.yaml:2:1: waived[host-path] a path of the node"
    assert len(lines) == len(FINDINGS)


def test_json_is_valid() -> None:
    schema = json.loads((assets.schemas() / "report.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(json_report.render(RUN)), schema)


def test_text_shows_waived_findings_and_counts_known_ones() -> None:
    shown = text.render(RUN)
    assert "waived[host-path]: a path of the node" in shown
    assert "  = waived: ADR 12 (web), until 2027-03-31" in shown
    assert "an old one" not in shown
    assert shown.endswith("3 errors, 1 waived, 1 in the baseline\n")


def test_text_has_no_colours_unless_asked() -> None:
    assert "\x1b" not in text.render(RUN)
    assert "\x1b[31m" in text.render(RUN, colour=True)
