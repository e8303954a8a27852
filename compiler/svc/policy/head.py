"""A policy from the head of its file: all but the examples. Cheap, because every run does it for every policy."""

from __future__ import annotations

from typing import Any

from svc.diagnostics import Place, Severity
from svc.policy.types import Policy


def from_head(data: dict[str, Any], name: str, place: Place) -> Policy:
    """The policy of a head whose form is right; `place`: its file."""
    return Policy(
        id=name,
        title=data["title"],
        severity=Severity[data["severity"].upper()],
        surface=data["surface"],
        check=data["check"],
        profiles=tuple(data.get("profiles", ())),
        sets=tuple(data.get("sets", ())),
        params=data.get("params", {}),
        why=data["why"],
        help=data["help"],
        aliases=tuple(data.get("aliases", ())),
        since=data.get("since", ""),
        fix=data.get("fix", "none"),
        unless=tuple(data.get("unless", ())),
        place=place,
    )
