"""Values of compose files: variables filled in, pairs in both spellings, and what a variable without a default loses."""

from __future__ import annotations

from svc.importers.draft import Draft
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View


def inserted(view: View, text: str | None = None) -> tuple[str, tuple[str, ...]]:
    """A text of the file (or one that belongs to this part of it) with its variables, and those without a value."""
    return interpolate(view.text if text is None else text, view.ledger.values)


def filled(view: View) -> str:
    return inserted(view)[0]


def land(view: View, draft: Draft, *to: str | int, reason: str = "", unknown: tuple[str, ...] | None = None) -> None:
    """It stands at a route of the spec: whole, or without the variables that the file gives no value."""
    unknown = inserted(view)[1] if unknown is None else unknown
    if not unknown:
        view.mapped(*to, reason=reason)
        return
    names = ", ".join(f"${{{one}}}" for one in unknown)
    view.dropped(f"{names} has no default in the file: the rest stands in the spec, complete it", *to)
    draft.missing.append(f"`{'.'.join(str(one) for one in to)}`: {names} has no default in the file")


def pairs(view: View) -> list[tuple[str, str | None, View]]:
    """A mapping, or a list of `NAME=value`; the value is None where the caller's shell has it."""
    if isinstance(view.value, dict):
        return [(name, None if one.value is None else one.text, one) for name, one in view.items()]
    found = []
    for one in view.each():
        name, sign, value = one.text.partition("=")
        found.append((name, value if sign else None, one))
    return found
