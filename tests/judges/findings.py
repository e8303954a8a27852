"""Checkov and Trivy over a whole folder in one run, and the short list of what we accept from them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from judges.real import located
from svc import tools

ACCEPTED = Path(__file__).with_name("accepted.yaml")
_SPECS = r"service\.yaml$"
"""The input is not judged: `secret: name-of-one` looks like a secret to Checkov."""
_OFFLINE = ("--skip-check-update", "--skip-version-check", "--disable-telemetry")


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` is the file and the object in it."""

    tool: str
    rule: str
    where: str
    title: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A rule that does not apply to what `where` (a regular expression) matches, and why."""

    tool: str
    rule: str
    where: str
    reason: str
    decision: str

    def covers(self, finding: Finding) -> bool:
        return (self.tool, self.rule) == (finding.tool, finding.rule) and bool(re.search(self.where, finding.where))


def accepted() -> tuple[Accepted, ...]:
    return tuple(Accepted(**item) for item in yaml.safe_load(ACCEPTED.read_text("utf-8")))


def checkov(folder: Path, frameworks: Sequence[str]) -> tuple[Finding, ...]:
    options = ["--quiet", "--compact", "--soft-fail", "--skip-download", "--output", "json"]
    scope = ["--directory", ".", "--skip-path", _SPECS, "--framework", *frameworks]
    done = tools.run(located("checkov"), [*scope, *options], cwd=folder, timeout=300)
    reports = json.loads(tools.expect(done).stdout)
    return tuple(_checkov(reports if isinstance(reports, list) else [reports]))


def _checkov(reports: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    for report in reports:
        assert not report.get("summary", {}).get("parsing_errors"), report["results"]["parsing_errors"]
        for one in report.get("results", {}).get("failed_checks", []):
            where = f"{one['file_path'].lstrip('/')} {one['resource']}"
            yield Finding("checkov", one["check_id"], where, one["check_name"])


def trivy(folder: Path) -> tuple[Finding, ...]:
    done = tools.run(
        located("trivy"), ["config", "--quiet", *_OFFLINE, "--format", "json", "."], cwd=folder, timeout=300
    )
    results = json.loads(tools.expect(done).stdout).get("Results", [])
    return tuple(
        Finding("trivy", one["ID"], f"{result['Target']} {one['Message']}", one["Title"])
        for result in results
        for one in result.get("Misconfigurations", [])
        if one["Status"] == "FAIL"
    )
