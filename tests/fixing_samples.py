"""Files that one policy judges and fixes, for the tests of fixes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from svc import assets
from svc.diagnostics import Diagnostic, ordered
from svc.fixing import Fixed, fix
from svc.gate import Demand
from svc.lint.collect import collect
from svc.lint.findings import findings
from svc.policy.load import load
from svc.policy.types import Policy, Settings
from svc.source import Source

POLICIES = load([assets.policies()]).policies
FIXABLE = {one.id: one for one in POLICIES if one.fix in ("safe", "unsafe")}
NAMES = {
    "docker": "Dockerfile",
    "terraform": "main.tf",
    "github": ".github/workflows/a.yaml",
    "compose": "compose.yaml",
    "kubernetes": "a.yaml",
    "across": "a.yaml",
}


def linter(*policies: Policy) -> Any:
    def lint(texts: Mapping[str, str]) -> Sequence[Diagnostic]:
        linted = collect(
            [Path(name) for name in texts], lambda path: path.as_posix(), lambda _, name: Source(name, texts[name])
        )
        assert not linted.diagnostics, linted.diagnostics
        settings = Settings(severities={one.id: one.severity for one in policies}, profile="")
        return ordered(one for one in findings(linted, policies, settings, Demand()) if one.policy)

    return lint


def run(policy: Policy, text: str) -> tuple[Fixed, str]:
    name = NAMES[policy.surface]
    made = fix({name: text}, linter(policy), [policy], unsafe=True)
    return made, made.texts.get(name, text)


def refused(policy: str, text: str) -> str:
    """Why a fix, also an unsafe one, leaves a text as it is."""
    made, new = run(FIXABLE[policy], text)
    assert new == text
    assert not made.applied
    return made.refused[0].reason


def fixed(policy: str, text: str) -> str:
    """A text without the findings of a policy."""
    made, new = run(FIXABLE[policy], text)
    assert not made.refused, made.refused
    assert made.applied
    assert not made.left
    return new
