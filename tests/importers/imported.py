"""What texts of other tools become, where nothing may be wrong with it: what tests of importers begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from importers.round_trip import faults
from svc.emit import emit
from svc.importers.check import check
from svc.importers.compose_files import Read, unread
from svc.importers.ledger import units
from svc.importers.result import Imported
from svc.importers.run import run
from svc.parse import parse
from svc.source import Source


def sound(made: Imported) -> Imported:
    """An import without a fault, in which every loss has its reason."""
    assert made.diagnostics == ()
    assert faults(made) == []
    assert all(one.note.reason or one.note.fate == "mapped" for one in made.entries)
    return made


def of_text(text: str) -> Imported:
    """What becomes of a text of any form, be there faults or none."""
    return run([Source("input.yaml", text)])


def accounted(made: Imported, text: str) -> None:
    """Asserts that as many keys come out as went in, each once, and every spec compiles."""
    keys = [(index, route) for index, one in enumerate(parse(Source("i", text)).documents) for route in units(one)]
    assert [(one.document, one.route) for one in made.entries] == keys
    assert all(one.note.reason or one.note.fate == "mapped" for one in made.entries)
    assert faults(made) == []


def among(files: Mapping[str, str] | None) -> Read:
    """Reads the files that a text names; no other is there."""
    return lambda name: Source(name, files[name]) if files and name in files else unread(name)


def compose(*texts: str, files: Mapping[str, str] | None = None) -> Imported:
    sources = [Source(f"{index or 'compose'}.yaml", text) for index, text in enumerate(texts)]
    return sound(run(sources, "", among(files)))


def kubernetes(*objects: Mapping[str, object]) -> Imported:
    return sound(run([Source("all.yaml", "---\n".join(emit(one).text for one in objects))]))


def generated(made: Imported, kind: str) -> dict[str, Any]:
    """The one object of a kind that the first spec makes."""
    checked = check(made.drafts[0])
    assert checked.faults == ()
    (found,) = [one.tree.data for one in checked.objects if one.kind == kind]
    return dict(found)


def the_spec(made: Imported) -> dict[str, Any]:
    """The data of the one spec that was made."""
    (draft,) = made.drafts
    return draft.data


def deployment(name: str, app: str, **pod: object) -> dict[str, object]:
    labels = {"app": app, "version": name}
    inside = {"containers": [{"name": "a", "image": "a:1", "ports": [{"containerPort": 8080}]}], **pod}
    template = {"metadata": {"labels": labels}, "spec": inside}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def service(name: str, app: str) -> dict[str, object]:
    spec = {"selector": {"app": app}, "ports": [{"port": 80, "targetPort": 8080}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}
