"""Files that are no specs, keys that lost their indent, environments that nobody knows: what the model alone could only
call unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from svc.diagnostics import Diagnostic, Problem, Severity
from svc.model.base import SPEC_ALONE
from svc.model.hints import indented
from svc.model.load import keys_of
from svc.model.scalars import LABEL
from svc.model.service import Service
from svc.model.spelled import Refused, kind_of
from svc.model.workspace import Workspace
from svc.parse import Document
from svc.resolve.unit import LOCAL
from svc.source import typed
from svc.suggest import nearest


def not_a_spec(document: Document) -> Diagnostic | None:
    """What another tool reads, under the name of a spec; `svc import` knows these."""
    data = document.data if isinstance(document.data, dict) else {}
    version, kind = data.get("apiVersion"), data.get("kind")
    if isinstance(version, str) and isinstance(kind, str) and not version.startswith("svc/"):
        what, at = f"a Kubernetes {kind}", "kind"
    elif "apiVersion" not in data and isinstance(data.get("services"), dict):
        what, at = "a compose file", "services"
    elif isinstance(version, str) and version.startswith("score.dev/"):
        what, at = "a Score file", "apiVersion"
    elif "apiVersion" not in data and "on" in data and isinstance(data.get("jobs"), dict):
        message = "this is a GitHub workflow, not a spec of svc"
        advice = "the workflow of a service is made from its spec; `svc lint` judges one that was written by hand"
        return Diagnostic("not-a-spec", Severity.ERROR, message, document.place(("on",), "key"), advice)
    else:
        return None
    advice = f"`svc import {typed(document.source.name)}` makes a spec of it"
    return Diagnostic(
        "not-a-spec", Severity.ERROR, f"this is {what}, not a spec of svc", document.place((at,), "key"), advice
    )


def folded_lists(document: Document) -> list[Diagnostic]:
    """Lists that are indented under a text: YAML folds them into it, and nobody means that."""
    found = []
    for route, node in document.nodes.items():
        span = node.span
        if span.end_line == span.line or not isinstance(document.get(route), str):
            continue
        lines = document.source.lines[span.line - 1 : span.end_line]
        plain = lines[0][span.column - 1 : span.column] not in {"'", '"', "|", ">"}
        if plain and any(line.lstrip().startswith("- ") for line in lines[1:]):
            message = "a list that is indented under a text is part of the text"
            advice = "write every item on a line of its own below the key, or put the text in quotes"
            found.append(Diagnostic("yaml-list-under-text", Severity.ERROR, message, document.place(route), advice))
    return found


def explained(problems: Sequence[Problem], document: Document) -> list[Problem]:
    return indented(problems, document.data if isinstance(document.data, dict) else {}, keys_of(Service))


def unknown_environments(document: Document, known: Sequence[str], workspace: Workspace) -> list[Diagnostic]:
    """What is wrong with the names and the shapes below `environments`."""
    given = document.data.get("environments")
    if given is None:
        return []
    if not isinstance(given, dict):
        message = f"`environments` is a mapping from each environment to what differs there, found {kind_of(given)}"
        place = document.place(("environments",), "key")
        return [Diagnostic("wrong-type", Severity.ERROR, message, place, "write for example `staging: {scale: 1}`")]
    names = _unknown(document, given, known) if workspace.environments else _names(document, given)
    return [*_shapes(document, given), *_misplaced(document, given), *names]


def _shapes(document: Document, given: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    for name, value in given.items():
        if value is not None and not isinstance(value, dict):
            message = f"environment `{name}` is a mapping of what differs there, found {kind_of(value)}"
            place = document.place(("environments", name), "value")
            yield Diagnostic("wrong-type", Severity.ERROR, message, place, "write for example `scale: 1` below it")


def _misplaced(document: Document, given: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    """What only the whole spec can say."""
    for name, value in given.items():
        for key, why in SPEC_ALONE.items():
            if isinstance(value, dict) and key in value:
                id_ = "environment-renames" if key == "name" else "key-of-the-spec"
                message = f"`{key}` belongs at the top of a spec alone: {why}"
                place = document.place(("environments", name, key), "key")
                yield Diagnostic(id_, Severity.ERROR, message, place, f"remove `{key}` here, or move it there")


def _unknown(document: Document, given: Iterable[Any], known: Sequence[str]) -> Iterator[Diagnostic]:
    for name in given:
        if name not in known and name != LOCAL:
            listed = f"it has {', '.join(known)}{nearest(str(name), known)}"
            message = f"the workspace has no environment `{name}`; {listed}"
            place = document.place(("environments", name), "key")
            yield Diagnostic("environment-unknown", Severity.ERROR, message, place)


def _names(document: Document, given: Iterable[Any]) -> Iterator[Diagnostic]:
    """Values files, jobs and cloud resources are named after an environment."""
    for name in given:
        try:
            LABEL.check(name)
        except Refused as refused:
            place = document.place(("environments", name), "key")
            yield Diagnostic("invalid-value", Severity.ERROR, refused.message, place)
