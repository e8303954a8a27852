"""Waivers: findings that somebody has answered for. They stay visible, marked as waived, and do not count.

A waiver names a policy (or another tool's id for it) and a place: a route prefix in the source file, or, for a comment,
a stretch of lines. So waivers are applied to placed diagnostics.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from svc.diagnostics import Diagnostic, Place, Route, Severity, Waived
from svc.patterns import like
from svc.policy.types import AS_REPORTED, SHELLCHECK_CODE, Home, Policy
from svc.records import dataclass, replace
from svc.suggest import nearest


@dataclass(frozen=True, slots=True)
class Waiver:
    """`file` empty: any file, else a name or a glob; `environment` empty: all. `place` is where the waiver stands.

    `home`: what `file` is named from. `also`: further files by name.
    `lines`: first and last line that an inline comment speaks of, with all that stands in a text that begins there.
    `foreign`: another tool's comment, which may name rules that are none of ours. `partial`: this run does not see
    everything that the waiver may cover.
    """

    policy: str
    at: Route
    reason: str
    place: Place
    until: date | None = None
    owner: str = ""
    file: str = ""
    environment: str = ""
    lines: tuple[int, int] | None = None
    inline: bool = False
    foreign: bool = False
    partial: bool = False
    also: tuple[str, ...] = ()
    by_owner: bool = False
    home: Home = AS_REPORTED


def waive(
    diagnostics: Iterable[Diagnostic],
    waivers: Sequence[Waiver],
    policies: Sequence[Policy],
    today: date,
    mandatory: frozenset[str] = frozenset(),
    *,
    gate: bool = False,
    running: Collection[str] | None = None,
) -> tuple[Diagnostic, ...]:
    """The diagnostics, the waived ones marked, and what is wrong with the waivers themselves.

    `gate`: a waiver without an end does not count. `running`: ids of the policies that ran; None: all. A waiver of a
    policy that did not run is not called unused.
    """
    known = _known(waivers, policies)
    waivers = [waiver for waiver in waivers if not waiver.foreign or waiver.policy in known]
    faults = [list(_problems(waiver, known, today, mandatory, gate)) for waiver in waivers]
    valid = [waiver for waiver, wrong in zip(waivers, faults, strict=True) if not wrong]
    used: set[int] = set()
    marked = []
    for diagnostic in diagnostics:
        number = _first(valid, diagnostic, known, mandatory)
        if number is not None:
            used.add(number)
            diagnostic = replace(diagnostic, waived=_waived(valid[number]))
        marked.append(diagnostic)
    problems = [problem for wrong in faults for problem in wrong]
    problems.extend(
        unused(waiver)
        for number, waiver in enumerate(valid)
        if number not in used
        and not waiver.foreign
        and not waiver.partial
        and (running is None or known[waiver.policy] & set(running))
    )
    return (*marked, *problems)


def without_fault(
    waivers: Sequence[Waiver], policies: Sequence[Policy], today: date, mandatory: frozenset[str]
) -> list[tuple[Waiver, set[str]]]:
    """The waivers with which nothing is wrong, each with the ids of the policies that it names."""
    known = _known(waivers, policies)
    return [(one, known[one.policy]) for one in waivers if not any(_problems(one, known, today, mandatory, gate=False))]


def covering(waiver: Waiver, ids: set[str], diagnostic: Diagnostic) -> bool:
    """Whether a waiver of these policies speaks of a finding."""
    return _covers(waiver, diagnostic, {waiver.policy: ids})


def _known(waivers: Sequence[Waiver], policies: Sequence[Policy]) -> dict[str, set[str]]:
    """Which policies a name in a waiver may mean: their ids, by their own and other tools' names."""
    known: dict[str, set[str]] = {}
    for policy in policies:
        for name in policy.names:
            known.setdefault(name, set()).add(policy.id)
    for name in {waiver.policy for waiver in waivers if SHELLCHECK_CODE.fullmatch(waiver.policy)}:
        known.setdefault(name, set()).update(policy.id for policy in policies if policy.answers(name))
    return known


def _first(
    waivers: Sequence[Waiver], one: Diagnostic, known: Mapping[str, set[str]], mandatory: frozenset[str]
) -> int | None:
    if not one.policy:
        return None
    firm = one.id in mandatory
    return next(
        (n for n, waiver in enumerate(waivers) if (waiver.by_owner or not firm) and _covers(waiver, one, known)), None
    )


def _covers(waiver: Waiver, diagnostic: Diagnostic, known: Mapping[str, set[str]]) -> bool:
    if diagnostic.id not in known[waiver.policy]:
        return False
    if SHELLCHECK_CODE.fullmatch(waiver.policy) and waiver.policy not in diagnostic.place.route:
        return False
    if waiver.file and not _speaks_of(waiver, diagnostic.place.file):
        return False
    if waiver.environment and waiver.environment != diagnostic.environment:
        return False
    if waiver.lines is not None:
        first, last = waiver.lines
        spans = (diagnostic.place.span, diagnostic.place.outer)
        return any(span is not None and first <= span.line <= last for span in spans)
    return diagnostic.place.route[: len(waiver.at)] == waiver.at


def _speaks_of(waiver: Waiver, file: str) -> bool:
    name = waiver.home.name(file)
    return name in (waiver.file, *waiver.also) or like(name, waiver.file)


def _waived(waiver: Waiver) -> Waived:
    return Waived(waiver.reason, waiver.until.isoformat() if waiver.until else "", waiver.owner, waiver.inline)


def _problems(
    waiver: Waiver, known: Mapping[str, set[str]], today: date, mandatory: frozenset[str], gate: bool
) -> Iterable[Diagnostic]:
    if waiver.policy not in known:
        yield _problem(
            waiver,
            "waiver-unknown-policy",
            f"there is no policy `{waiver.policy}`{_meant(waiver.policy, known)}",
            "`svc policies list` lists all policies",
        )
    elif known[waiver.policy] <= mandatory and not waiver.by_owner:
        message = f"policy `{', '.join(sorted(known[waiver.policy]))}` is mandatory here and cannot be waived"
        yield _problem(
            waiver, "waiver-of-mandatory", message, "fix the finding, or ask for a waiver in the workspace file"
        )
    elif waiver.until is not None and waiver.until < today:
        message = f"the waiver of `{waiver.policy}` expired on {waiver.until.isoformat()}"
        yield _problem(
            waiver, "waiver-expired", message, "fix the finding, or renew `until` with a reason that still holds"
        )
    elif gate and waiver.until is None:
        message = f"the waiver of `{waiver.policy}` has no end, and this is a gate"
        yield _problem(waiver, "waiver-without-end", message, "say until when it is accepted: `until`")


def unused(waiver: Waiver) -> Diagnostic:
    """What is said of a waiver that covers nothing."""
    message = f"this waiver of `{waiver.policy}` covers no finding"
    return replace(_problem(waiver, "waiver-unused", message, "remove it"), severity=Severity.WARNING)


def _meant(name: str, known: Mapping[str, set[str]]) -> str:
    """Rather one of our own ids than another tool's, which are many."""
    return nearest(name, {one for ids in known.values() for one in ids}) or nearest(name, known)


def _problem(waiver: Waiver, name: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(name, Severity.ERROR, message, waiver.place, hint)
