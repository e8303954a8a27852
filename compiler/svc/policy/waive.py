"""Waivers: findings that somebody has answered for. They stay visible, marked as waived, and do not count.

A waiver names a policy (or another tool's id for it) and a place; the place is a route prefix in the source file, so
waivers are applied to placed diagnostics. Inline comments can become `Waiver`s of a file and a route like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from svc.diagnostics import Diagnostic, Place, Route, Severity, Waived
from svc.policy.types import Policy
from svc.suggest import nearest


@dataclass(frozen=True, slots=True)
class Waiver:
    """`file` empty: any file; `environment` empty: all. `place` is where the waiver itself stands."""

    policy: str
    at: Route
    reason: str
    place: Place
    until: date | None = None
    owner: str = ""
    file: str = ""
    environment: str = ""


def waive(
    diagnostics: Iterable[Diagnostic],
    waivers: Sequence[Waiver],
    policies: Sequence[Policy],
    today: date,
    mandatory: frozenset[str] = frozenset(),
) -> tuple[Diagnostic, ...]:
    """The diagnostics, the waived ones marked, and what is wrong with the waivers themselves."""
    known = {name: policy.id for policy in policies for name in (*policy.aliases, policy.id)}
    problems = [problem for waiver in waivers for problem in _problems(waiver, known, today, mandatory)]
    valid = [waiver for waiver in waivers if not any(_problems(waiver, known, today, mandatory))]
    used: set[int] = set()
    marked = []
    for diagnostic in diagnostics:
        number = next((i for i, one in enumerate(valid) if _covers(one, diagnostic, policies)), None)
        if number is not None and diagnostic.policy:
            used.add(number)
            diagnostic = replace(diagnostic, waived=_waived(valid[number]))
        marked.append(diagnostic)
    problems.extend(_unused(waiver) for number, waiver in enumerate(valid) if number not in used)
    return (*marked, *problems)


def _covers(waiver: Waiver, diagnostic: Diagnostic, policies: Sequence[Policy]) -> bool:
    if not any(policy.id == diagnostic.id and policy.answers(waiver.policy) for policy in policies):
        return False
    if waiver.file and waiver.file != diagnostic.place.file:
        return False
    if waiver.environment and waiver.environment != diagnostic.environment:
        return False
    return diagnostic.place.route[: len(waiver.at)] == waiver.at


def _waived(waiver: Waiver) -> Waived:
    return Waived(waiver.reason, waiver.until.isoformat() if waiver.until else "", waiver.owner)


def _problems(waiver: Waiver, known: dict[str, str], today: date, mandatory: frozenset[str]) -> Iterable[Diagnostic]:
    if waiver.policy not in known:
        yield _problem(
            waiver,
            "waiver-unknown-policy",
            f"there is no policy `{waiver.policy}`{nearest(waiver.policy, known)}",
            "`svc explain` lists all policies",
        )
    elif known[waiver.policy] in mandatory:
        message = f"policy `{known[waiver.policy]}` is mandatory here and cannot be waived"
        yield _problem(waiver, "waiver-of-mandatory", message, "fix the finding, or ask the workspace's owner")
    elif waiver.until is not None and waiver.until < today:
        message = f"the waiver of `{waiver.policy}` expired on {waiver.until.isoformat()}"
        yield _problem(
            waiver, "waiver-expired", message, "fix the finding, or renew `until` with a reason that still holds"
        )


def _unused(waiver: Waiver) -> Diagnostic:
    message = f"this waiver of `{waiver.policy}` covers no finding"
    return replace(_problem(waiver, "waiver-unused", message, "remove it"), severity=Severity.WARNING)


def _problem(waiver: Waiver, name: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(name, Severity.ERROR, message, waiver.place, hint)
