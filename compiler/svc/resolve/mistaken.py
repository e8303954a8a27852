"""Files that are no specs, and keys that lost their indent: what the model alone could only call unknown."""

from __future__ import annotations

from collections.abc import Sequence

from svc.diagnostics import Diagnostic, Problem, Severity
from svc.model.hints import indented
from svc.model.load import keys_of
from svc.model.service import Service
from svc.parse import Document


def not_a_spec(document: Document) -> Diagnostic | None:
    """What another tool reads, under the name of a spec; `svc import` knows these."""
    data = document.data if isinstance(document.data, dict) else {}
    version, kind = data.get("apiVersion"), data.get("kind")
    if isinstance(version, str) and isinstance(kind, str) and not version.startswith("svc/"):
        what, at = f"a Kubernetes {kind}", "kind"
    elif "apiVersion" not in data and isinstance(data.get("services"), dict):
        what, at = "a compose file", "services"
    else:
        return None
    advice = f"`svc import {document.source.name}` makes a spec of it"
    return Diagnostic(
        "not-a-spec", Severity.ERROR, f"this is {what}, not a spec of svc", document.place((at,), "key"), advice
    )


def explained(problems: Sequence[Problem], document: Document) -> list[Problem]:
    return indented(problems, document.data if isinstance(document.data, dict) else {}, keys_of(Service))
