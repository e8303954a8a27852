"""The workspace file of several services: the namespace that they share, said once."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from svc.emit import emit
from svc.importers.draft import Draft, label

FILE = "svc-workspace.yaml"


def shared(drafts: Sequence[Draft], name: str, header: str) -> tuple[list[Draft], str]:
    """The drafts, and the text of the workspace file, "" if none is needed. `name` is that of the whole, for the namespace.

    Services that came from one place reach each other by their names alone, so they have to be in one namespace.
    """
    given = [draft.get("namespace") for draft in drafts]
    teams = {draft.get("team") for draft in drafts}
    apart = any(_names_one(draft.get("environments")) for draft in drafts)
    if len(drafts) < 2 or apart or len(set(given)) > 1 or (given[0] is None and len(teams) == 1 and None not in teams):
        return list(drafts), ""
    defaults: dict[str, Any] = {"namespace": given[0] or label(name, 63)}
    data = {"apiVersion": "svc/v1", "kind": "Workspace", "defaults": defaults}
    return [_without(draft) for draft in drafts], emit(data, header=header, blank_before={("defaults",)}).text


def _names_one(environments: Any) -> bool:
    return isinstance(environments, dict) and any("namespace" in (one or {}) for one in environments.values())


def _without(draft: Draft) -> Draft:
    made = copy.copy(draft)
    made.data = {key: value for key, value in draft.data.items() if key != "namespace"}
    return made
