"""The published schemas as judges of documents: JSON Schema by `jsonschema`, CUE by `cue vet`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from judges.real import located
from svc import tools
from svc.diagnostics import Severity
from svc.model.load import validate
from svc.model.schema import schema
from svc.model.workspace import Workspace
from svc.parse import Document, parse_one
from svc.resolve.overlay import annotated
from svc.resolve.resolve import LoadedWorkspace, Spec, drafts
from svc.source import Source, Unreadable


def ecma_pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    """Patterns as ECMA 262 reads them: `$` is the end of the text, not also the place before a last line break."""
    if isinstance(value, str) and not re.search(re.sub(r"(?<!\\)\$(?=[|)]|$)", r"\\Z", pattern), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_Ecma: type[Validator] = extend(Draft202012Validator, {"pattern": ecma_pattern})  # type: ignore[no-untyped-call]


@cache
def json_schema(kind: str) -> Validator:
    """The validator of `service` or `workspace`."""
    return _Ecma(schema(kind))


def read(path: Path) -> Any:
    """The data of a YAML file; None when it cannot be read."""
    parsed = parse_one(Source(path.name, path.read_text("utf-8", errors="replace")))
    return parsed.documents[0].data if parsed.documents and not parsed.problems else None


def cue_refuses(documents: Mapping[str, Any], definition: str, folder: Path) -> set[str]:
    """The names of the documents that `cue vet` refuses, in as many calls as it takes until it is content.

    What is missing is only said when nothing contradicts, so one call does not say everything.
    """
    program = located("cue")
    (folder / "service.cue").write_text(definition, "utf-8")
    (folder / "all.cue").write_text('package svc\n#All: {[=~"^s"]: #Service, [=~"^w"]: #Workspace}\n', "utf-8")
    left = dict(documents)
    while left:
        (folder / "all.json").write_text(json.dumps(left), "utf-8")
        arguments = ["vet", "-c", "-E", "service.cue", "all.cue", "all.json", "-d", "#All"]
        done = tools.run(program, arguments, cwd=folder, timeout=120, output_limit=50_000_000)
        if done.returncode == 0:
            break
        said = {name for name in re.findall(r"^(\w+)", done.stderr, re.MULTILINE) if name in left}
        assert said, done.stderr[:2000]
        left = {name: one for name, one in left.items() if name not in said}
    return set(documents) - set(left)


ELSEWHERE = {"profile-unknown", "reference-unknown"}
"""Faults of a service in its workspace, not of its form."""


def svc_refuses(document: Any, kind: str) -> bool:
    """Whether the model refuses a service in one of its environments; or a workspace, or a plain service under it."""
    parsed = parse_one(Source("spec", json.dumps(document)))
    if not parsed.documents:  # a key of more than 1024 characters
        return True
    (made,) = parsed.documents
    if kind == "service":
        return _service_refused(made, LoadedWorkspace(Workspace(apiVersion="svc/v1")))
    workspace, problems = validate(Workspace, annotated(made))
    if workspace is None or problems:
        return True
    plain = {"apiVersion": "svc/v1", "name": "shop"}
    image = {"image": "ghcr.io/acme/shop:1.4.2"}

    def under(layer: Any) -> dict[str, Any]:
        """A service that leaves the layer's own image to be judged."""
        return plain if isinstance(layer, dict) and layer.get("image") is not None else {**plain, **image}

    services = [under(document.get("defaults"))]
    services += [{**under(document["profiles"][name]), "profile": name} for name in workspace.profiles]
    texts = [Source("spec", json.dumps(one)) for one in services]
    return any(_service_refused(parse_one(one).documents[0], LoadedWorkspace(workspace, made)) for one in texts)


def _service_refused(document: Document, workspace: LoadedWorkspace) -> bool:
    spec = Spec(document, "", "service.yaml", lambda name: Unreadable(name, "none", ""), lambda _: frozenset())
    return any(one.severity is Severity.ERROR and one.id not in ELSEWHERE for one in drafts(spec, workspace)[1])
