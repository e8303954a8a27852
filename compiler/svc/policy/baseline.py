"""A baseline: the findings that an old code base starts with. Only what is not in it counts.

A finding is known by its fingerprint (policy, file, artifact, route), so moved lines change nothing. A fingerprint that
stands in the file once covers one finding. Files are named from the folder of the baseline; those that lie elsewhere, and
what was written before that was so, as reports name them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from svc.diagnostics import Diagnostic, Place, Severity, ordered, shown
from svc.fingerprint import fingerprint
from svc.policy.types import AS_REPORTED, Home
from svc.records import dataclass, field, replace
from svc.source import Source

VERSION = 1
There = Callable[[str], bool]


def _nowhere(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Baseline:
    """Fingerprint -> how many findings it covers."""

    name: str
    counts: Mapping[str, int]
    home: Home = AS_REPORTED
    policies: Mapping[str, str] = field(default_factory=dict)
    """Fingerprint -> the policy's id."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Fingerprint -> the file, named from the folder of the baseline; "" where it does not say."""
    there: There = _nowhere
    """Whether a file of this name is in the folder of the baseline."""


def write(diagnostics: Iterable[Diagnostic], home: Home = AS_REPORTED) -> str:
    """The text of a baseline of all policy findings that are not waived, sorted; `home`: where it will be."""
    named = ((one, home.name(one.place.file)) for one in ordered(diagnostics) if one.policy and one.waived is None)
    findings = [
        {"policy": one.id, "file": file, "route": shown(one.place.route), "fingerprint": fingerprint(one, file)}
        for one, file in named
    ]
    findings.sort(key=lambda entry: tuple(entry.values()))
    return json.dumps({"version": VERSION, "findings": findings}, indent=2, ensure_ascii=False) + "\n"


def read(source: Source, home: Home = AS_REPORTED, there: There = _nowhere) -> Baseline | Diagnostic:
    """A baseline from its text, or why it is none; `home`: where it is, `there`: which files are beside it."""
    try:
        data = json.loads(source.text)
        if data["version"] != VERSION:
            return _wrong(source, f"its version is {data['version']}; this svc reads {VERSION}")
        counts = Counter(str(entry["fingerprint"]) for entry in data["findings"])
        policies = {str(entry["fingerprint"]): str(entry.get("policy")) for entry in data["findings"]}
        files = {str(entry["fingerprint"]): str(entry.get("file") or "") for entry in data["findings"]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _wrong(source, "it is not what `--write-baseline` writes")
    return Baseline(source.name, dict(counts), home, policies, files, there)


def _wrong(source: Source, why: str) -> Diagnostic:
    return Diagnostic(
        "baseline-invalid",
        Severity.ERROR,
        f"this is no baseline: {why}",
        Place(source.name),
        "write it again with --write-baseline",
    )


def keys(one: Diagnostic, baseline: Baseline) -> tuple[str, ...]:
    """The fingerprints by which a baseline may know a finding: the second is that of one that was written in the
    current folder for another one, whatever svc wrote it. Where a file of that name is there, it would be that one's."""
    file, name = one.place.file, baseline.home.name(one.place.file)
    if name == file or (not file.startswith("/") and baseline.there(file)):
        return (fingerprint(one, name),)
    return fingerprint(one, name), fingerprint(one)


def mark(
    diagnostics: Iterable[Diagnostic], baseline: Baseline, mandatory: frozenset[str] = frozenset()
) -> list[Diagnostic]:
    """The diagnostics in their order, those of the baseline marked as known; a mandatory policy's never are."""
    left = dict(baseline.counts)
    marked = []
    for one in ordered(diagnostics):
        if one.policy and one.waived is None and one.id not in mandatory:
            key = next((key for key in keys(one, baseline) if left.get(key, 0) > 0), "")
            if key:
                left[key] -= 1
                one = replace(one, known=True)
        marked.append(one)
    return marked
