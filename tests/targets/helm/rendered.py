"""What svc says at error level about rendered objects: policies over each and over all, and what the API refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from svc.diagnostics import Severity, shown
from svc.kubernetes import schema
from svc.kubernetes.read import read
from svc.parse import parse
from svc.policy.load import load
from svc.policy.run import Bench, alone, judge_each
from svc.policy.types import Finding, Settings
from svc.source import Source
from svc.targets.protocol import Subject
from targets.helm.umbrella import Documents

_ALL = load([Path(__file__).parents[3] / "policies"]).policies
_BENCH = Bench([one for one in _ALL if one.surface == "kubernetes"], Settings())
_ACROSS = [one for one in _ALL if one.surface == "across"]

Said = tuple[str, str, str]
"""Policy, object and route."""


def errors(renderings: Sequence[Documents]) -> Iterator[set[Said]]:
    """Of each rendering; objects that several of them have are judged once."""
    subjects = [[one for path, text in documents for one in _read(path, text)[0]] for documents in renderings]
    for documents, across in zip(renderings, judge_each(subjects, _ACROSS, Settings()), strict=True):
        yield {one for path, text in documents for one in _read(path, text)[1]} | {*_said(across)}


@lru_cache(maxsize=8192)
def _read(path: str, text: str) -> tuple[tuple[Subject, ...], frozenset[Said]]:
    parsed = parse(Source(path, text))
    if parsed.problems:
        return (), frozenset({("no-yaml", path, parsed.problems[0].message)})
    manifests = tuple(one.manifest for one in read(parsed.documents))
    subjects = tuple(Subject("kubernetes", f"{one.kind}/{one.name}", path, one) for one in manifests)
    found = {one for subject in subjects for one in _said(alone(_BENCH, subject))}
    for one in manifests:
        refused = schema.check(one, schema.MINORS[0])
        found |= {("api", f"{one.kind}/{one.name}", f"{shown(route)}: {message}") for route, message in refused}
    return subjects, frozenset(found)


def _said(findings: Sequence[Finding]) -> Iterator[Said]:
    for one in findings:
        if one.severity == Severity.ERROR:
            yield one.policy, one.subject.key, shown(one.route)
