"""SARIF 2.1.0 for code scanning: relative URIs, stable fingerprints, waivers as suppressions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from svc import __version__
from svc.diagnostics import Diagnostic, Place, Severity, shown
from svc.source import Source

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source]) -> str:  # noqa: ARG001 - one signature for all formats
    rules = sorted({one.id for one in diagnostics})
    driver = {
        "name": "svc",
        "version": __version__,
        "rules": [_rule(rule, diagnostics) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, rules) for one in diagnostics],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: str, diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    first = next(one for one in diagnostics if one.id == rule)
    title = rule.replace("-", " ").capitalize()
    return {
        "id": rule,
        "shortDescription": {"text": title},
        "help": {"text": first.help or title},
        "defaultConfiguration": {"level": _LEVELS[first.severity]},
    }


def _result(one: Diagnostic, rules: Sequence[str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": one.id,
        "ruleIndex": rules.index(one.id),
        "level": _LEVELS[one.severity],
        "message": {"text": one.message},
        "locations": [_location(one.place)],
        "partialFingerprints": {"svcFingerprint/v1": fingerprint(one)},
    }
    if one.related:
        made["relatedLocations"] = [{**_location(item.place), "message": {"text": item.note}} for item in one.related]
    if one.waived is not None:
        made["suppressions"] = [{"kind": "external", "justification": one.waived.reason}]
    return made


def fingerprint(one: Diagnostic) -> str:
    """Policy, file and route, never a line: it survives moved lines."""
    return hashlib.sha256("\0".join((one.id, one.place.file, shown(one.place.route))).encode()).hexdigest()[:32]


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": place.file.lstrip("/")}}
    if place.span is not None:
        span = place.span
        physical["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    return {"physicalLocation": physical}
