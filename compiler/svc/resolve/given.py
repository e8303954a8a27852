"""What `${environment.*}` and `${service.*}` of a spec stand for in an environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.model.workspace import Environment
from svc.resolve.overlay import filled

NAMESPACE = "environment.namespace"
_HERE = {
    "environment.domain": "localhost.localdomain",
    "environment.region": "us-east-1",
    "environment.account": "000000000000",
}
"""What stands on the developer's machine for what only environments have, each of the kind that it is; else `local`."""


def given(environment: str, data: Mapping[str, Any], settings: Environment) -> dict[str, str]:
    """Each by its name; empty is what has no value, or one that is made of itself."""
    raw = {key: value if isinstance(value, str) else "" for key, value in data.items()}
    team, name = raw.get("team", ""), raw.get("name", "")
    facts = {
        "environment.name": environment,
        "environment.domain": settings.domain or "",
        "environment.region": settings.region or "",
        "environment.account": settings.account or "",
        "environment.cluster": settings.cluster or "",
    }
    own = {
        "service.team": team,
        "service.name": name,
        NAMESPACE: raw.get("namespace") or settings.namespace or team or name or "default",
    }
    facts |= {fact: text for fact, text in own.items() if "${" not in text}
    for fact, text in own.items():
        facts.setdefault(fact, _made(text, facts))
    return facts


def stand_ins(facts: Mapping[str, str]) -> dict[str, str]:
    """The facts of the developer's machine, where each has a value."""
    return {fact: text or _HERE.get(fact, "local") for fact, text in facts.items()}


def _made(text: str, facts: Mapping[str, str]) -> str:
    """A text with what is known put in; nothing where something is not."""
    unknown: list[str] = []

    def known(fact: str) -> str:
        if not facts.get(fact):
            unknown.append(fact)
        return facts.get(fact, "")

    made = filled(text, known)
    return "" if unknown else made
