"""A baseline: the findings that an old code base starts with. Only what is not in it counts.

A finding is known by its fingerprint (policy, file, artifact, route), so moved lines change nothing. A fingerprint that
stands in the file once covers one finding.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from svc.diagnostics import Diagnostic, Place, Severity, ordered, shown
from svc.fingerprint import fingerprint
from svc.records import dataclass, replace
from svc.source import Source

VERSION = 1


@dataclass(frozen=True, slots=True)
class Baseline:
    """Fingerprint -> how many findings it covers."""

    name: str
    counts: Mapping[str, int]


def write(diagnostics: Iterable[Diagnostic]) -> str:
    """The text of a baseline of all policy findings that are not waived, sorted."""
    findings = [
        {"policy": one.id, "file": one.place.file, "route": shown(one.place.route), "fingerprint": fingerprint(one)}
        for one in ordered(diagnostics)
        if one.policy and one.waived is None
    ]
    findings.sort(key=lambda entry: tuple(entry.values()))
    return json.dumps({"version": VERSION, "findings": findings}, indent=2, ensure_ascii=False) + "\n"


def read(source: Source) -> Baseline | Diagnostic:
    """A baseline from its text, or why it is none."""
    try:
        data = json.loads(source.text)
        if data["version"] != VERSION:
            return _wrong(source, f"its version is {data['version']}; this svc reads {VERSION}")
        counts = Counter(str(entry["fingerprint"]) for entry in data["findings"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return _wrong(source, "it is not what `--write-baseline` writes")
    return Baseline(source.name, dict(counts))


def _wrong(source: Source, why: str) -> Diagnostic:
    return Diagnostic(
        "baseline-invalid",
        Severity.ERROR,
        f"this is no baseline: {why}",
        Place(source.name),
        "write it again with --write-baseline",
    )


def mark(
    diagnostics: Iterable[Diagnostic], baseline: Baseline, mandatory: frozenset[str] = frozenset()
) -> list[Diagnostic]:
    """The diagnostics in their order, those of the baseline marked as known; a mandatory policy's never are."""
    left = dict(baseline.counts)
    marked = []
    for one in ordered(diagnostics):
        key = fingerprint(one) if one.policy and one.waived is None and one.id not in mandatory else ""
        if key and left.get(key, 0) > 0:
            left[key] -= 1
            one = replace(one, known=True)
        marked.append(one)
    return marked
