"""SARIF 2.1.0 for code scanning: relative URIs, stable fingerprints, waivers and the baseline as suppressions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from svc import __version__, visible
from svc.diagnostics import Diagnostic, Fix, Place, Severity, Span
from svc.fingerprint import distinct
from svc.policy.types import Policy
from svc.report.form import Run

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(run: Run) -> str:
    rules = sorted({one.id for one in run.diagnostics})
    marks = distinct(run.diagnostics)
    driver = {
        "name": "svc",
        "version": __version__,
        "rules": [_rule(rule, run) for rule in rules],
    }
    made = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The folder that svc ran in."}}},
        "results": [_result(one, rules, mark) for one, mark in zip(run.diagnostics, marks, strict=True)],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [made]}
    return visible.as_json(document)


def _rule(rule: str, run: Run) -> dict[str, Any]:
    first = next(one for one in run.diagnostics if one.id == rule)
    policy = run.policies.get(rule)
    title = policy.title if policy is not None else rule.replace("-", " ").capitalize()
    made: dict[str, Any] = {
        "id": rule,
        "name": "".join(word.capitalize() for word in rule.split("-")),
        "shortDescription": {"text": f"{title}."},
        "fullDescription": {"text": policy.why if policy is not None else f"{title}."},
        "help": _help(policy, f"{title}."),
        "defaultConfiguration": {"level": _LEVELS[policy.severity if policy is not None else first.severity]},
    }
    if policy is not None:
        made["properties"] = {"tags": [policy.surface, *policy.profiles, *policy.aliases]}
    return made


def _help(policy: Policy | None, title: str) -> dict[str, str]:
    if policy is None:
        return {"text": title}
    text = f"{policy.why} {policy.help}"
    lines = [policy.why, "", policy.help, "", f"`svc explain {policy.id}` shows examples."]
    if policy.aliases:
        lines += ["", f"Known elsewhere as {', '.join(policy.aliases)}."]
    return {"text": text, "markdown": "\n".join(lines)}


def _result(one: Diagnostic, rules: list[str], mark: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": one.id,
        "ruleIndex": rules.index(one.id),
        "level": _LEVELS[one.severity],
        "message": {"text": f"{one.message}\n{one.help}" if one.help else one.message},
        "locations": [_location(one.place)],
        "partialFingerprints": {"svcFingerprint/v1": mark},
    }
    if one.fix is not None and one.fix.edits:
        made["fixes"] = [_fix(one.fix, one.place.file)]
    if one.related:
        made["relatedLocations"] = [{**_location(item.place), "message": {"text": item.note}} for item in one.related]
    if one.waived is not None:
        kind = "inSource" if one.waived.inline else "external"
        until = f" (until {one.waived.until})" if one.waived.until else ""
        by = f" ({one.waived.owner})" if one.waived.owner else ""
        made["suppressions"] = [{"kind": kind, "justification": f"{one.waived.reason}{by}{until}"}]
    if one.known:
        made["suppressions"] = [{"kind": "external", "justification": "in the baseline"}]
        made["baselineState"] = "unchanged"
    return made


def _fix(fix: Fix, file: str) -> dict[str, Any]:
    """All edits of a fix are to be made together; `safety` says whether a person should look at it first."""
    replaced = [{"deletedRegion": _region(one.span), "insertedContent": {"text": one.text}} for one in fix.edits]
    return {
        "description": {"text": fix.description},
        "artifactChanges": [{"artifactLocation": _where(file), "replacements": replaced}],
        "properties": {"safety": fix.safety},
    }


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _where(place.file)}
    if place.span is not None:
        physical["region"] = _region(place.span)
    return {"physicalLocation": physical}


def _where(file: str) -> dict[str, str]:
    return {"uri": _uri(file)} if file.startswith("/") else {"uri": _uri(file), "uriBaseId": "SRCROOT"}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _uri(file: str) -> str:
    """A relative reference, its odd characters escaped (RFC 3986); an absolute path becomes a `file:` URI."""
    text = quote(_bytes(file), safe="/!$&'()*+,;=@~-._")
    return f"file://{text}" if file.startswith("/") else text


def _bytes(file: str) -> bytes:
    """The name as the disk has it: Python keeps bytes that are no UTF-8 as halves of surrogate pairs (PEP 383)."""
    try:
        return file.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return visible.whole(file).encode()
