"""Stage 6: subjects and policies become findings. Pure, order-free, all selected policies run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from svc.checks import Bound, bound, within
from svc.diagnostics import Route, Severity
from svc.policy.apart import Apart
from svc.policy.params import bind
from svc.policy.types import PROGRAMS, SETS, SHELLCHECK, Finding, Policy, Settings
from svc.records import dataclass
from svc.targets.protocol import Subject

Once = Callable[[list[Finding]], list[Finding]]
"""Leaves of what was found in a group what is to be said."""

_DIVIDED = frozenset({"terraform"})
"""Surfaces whose artifacts have units."""
_SORTED = frozenset({"kubernetes"})
"""Surfaces whose artifacts are of many sorts, of which most checks speak of one."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A policy that runs, with its check found and its parameters bound."""

    policy: Policy
    severity: Severity
    check: Bound
    params: Any


def judge(subjects: Sequence[Subject], policies: Sequence[Policy], settings: Settings) -> tuple[Finding, ...]:
    """What the selected policies find in the subjects, sorted by subject, route and policy.

    Policies in CUE are judged by `svc.policy.cue`, those over ShellCheck by `svc.policy.shellcheck`, in one call each.
    """
    return next(judge_each([subjects], policies, settings))


def judge_each(
    groups: Iterable[Sequence[Subject]],
    policies: Sequence[Policy],
    settings: Settings,
    ahead: Mapping[int, Sequence[Finding]] | None = None,
    once: Once | None = None,
) -> Iterator[tuple[Finding, ...]]:
    """`judge` for every group of subjects, with the policies made ready once.

    `ahead`: what `alone` has found already, by the `id` of the subject. `once`: what leaves out repetitions, where not
    all that is found is for the same eyes.
    """
    bench, known = _bench(policies, settings), ahead or {}
    once = once or partial(without_repetition, unless=unless_of(policies, settings.mandatory))
    for subjects in groups:
        surfaces: dict[str, list[Subject]] = {"across": [*subjects]} if subjects else {}
        for subject in subjects:
            surfaces.setdefault(subject.surface, []).append(subject)
        found: list[Finding] = []
        for surface, mine in surfaces.items():
            if surface == "across":
                found.extend(_across(bench.of(surface), mine))
                continue
            found.extend(one for subject in mine if id(subject) in known for one in known[id(subject)])
            fresh = [subject for subject in mine if id(subject) not in known]
            found.extend(bench.judge(surface, fresh) if fresh else ())
        yield tuple(sorted(once(found), key=_order))


def alone(bench: Bench, subject: Subject) -> tuple[Finding, ...]:
    """What the policies find in a subject that is not seen beside others, as it comes."""
    return tuple(bench.judge(subject.surface, [subject]))


class Bench:
    """The selected policies, made ready when the first subject of their surface comes."""

    def __init__(self, policies: Sequence[Policy], settings: Settings) -> None:
        self.running = [one for one in selected(policies, settings) if one[0].check not in PROGRAMS]
        self.known = {policy.id: (policy, severity) for policy, severity in self.running}
        self.policies, self.settings = policies, settings
        self._ready: dict[str, list[Ready]] = {}
        self._whole: dict[str, list[Ready]] = {}
        self._sorted: dict[tuple[str, ...], list[Ready]] = {}
        self._apart: dict[str, Apart] = {}

    def of(self, surface: str) -> Sequence[Ready]:
        if surface not in self._ready:
            mine = (one for one in self.running if one[0].surface == surface)
            self._ready[surface] = [_ready(*one, self.settings) for one in mine]
        return self._ready[surface]

    def _of_sorts(self, surface: str, sorts: tuple[str, ...]) -> Sequence[Ready]:
        """Those that may say something of an artifact of these sorts."""
        if (surface, *sorts) not in self._sorted:
            every = ((one, one.check.kinds) for one in self.of(surface))
            mine = [one for one, kinds in every if kinds is None or not kinds.isdisjoint(sorts)]
            self._sorted[surface, *sorts] = mine
        return self._sorted[surface, *sorts]

    def judge(self, surface: str, subjects: Sequence[Subject]) -> Iterator[Finding]:
        """What the policies of a surface find in subjects that are not seen beside others."""
        if surface in _SORTED:
            for subject in subjects:
                yield from _single(self._of_sorts(surface, subject.artifact.sorts), [subject])
            return
        if surface not in _DIVIDED:
            yield from _single(self.of(surface), subjects)
            return
        if surface not in self._apart:
            self._apart[surface] = Apart([one for one in self.of(surface) if one.check.apart])
            self._whole[surface] = [one for one in self.of(surface) if not one.check.apart]
        yield from _single(self._whole[surface], subjects)
        for subject in subjects:
            for one, said in self._apart[surface].judge(subject.artifact):
                yield Finding(one.policy.id, one.severity, subject, said[0], said[1], one.policy.help, within(said))


_benches: list[Bench] = []
"""The last one: services come in batches that are judged alike."""


def _bench(policies: Sequence[Policy], settings: Settings) -> Bench:
    last = _benches[0] if _benches else None
    if last is None or last.policies is not policies or last.settings != settings:
        last = Bench(policies, settings)
        _benches[:] = [last]
    return last


def _ready(policy: Policy, severity: Severity, settings: Settings) -> Ready:
    return Ready(policy, severity, bound(policy.check), bind(policy.check, policy.params, settings.kubernetes))


def selected(policies: Iterable[Policy], settings: Settings) -> Iterator[tuple[Policy, Severity]]:
    """The policies that run under the settings, each with the severity of its findings.

    A set is a standard that is met or not: all its findings are errors.
    """
    plain = not (settings.severities or settings.ignore or settings.select or settings.mandatory)
    for policy in policies:
        severity: Severity | None = policy.severity
        if plain and settings.profile not in policy.sets and settings.profile not in policy.profiles:
            continue
        names = policy.names if settings.severities or settings.ignore else ()
        named = next((name for name in names if name in settings.severities), None)
        if any(name in settings.ignore for name in names):
            continue
        if settings.select:
            if not any(policy.answers(name) for name in settings.select):
                continue
            severity = (settings.severities[named] if named is not None else None) or policy.severity
        elif named is not None:
            severity = settings.severities[named]
        elif settings.profile in policy.sets:
            severity = Severity.ERROR
        elif not _runs(policy, settings):
            continue
        if severity is not None:
            yield policy, severity


def _runs(policy: Policy, settings: Settings) -> bool:
    mandatory = settings.mandatory and settings.profile not in SETS
    if mandatory and any(name in settings.mandatory for name in policy.names):
        return True
    return settings.profile in policy.profiles and (policy.check != SHELLCHECK or settings.deep)


def unknown(names: Iterable[str], policies: Sequence[Policy]) -> tuple[str, ...]:
    """The names, sorted, that mean no policy: a remapping or a mandate of nothing is a mistake of its writer's."""
    return tuple(sorted(name for name in set(names) if not any(policy.answers(name) for policy in policies)))


def _across(ready: Sequence[Ready], subjects: Sequence[Subject]) -> Iterator[Finding]:
    from svc.checks.seen import seen

    for group in groups(subjects):
        together = seen(group)
        for one in ready:
            for subject, route, message, *why in one.check.across(together, one.params):
                unfixed = why[0] if why else ""
                yield Finding(one.policy.id, one.severity, subject, route, message, one.policy.help, unfixed=unfixed)


def _single(ready: Sequence[Ready], subjects: Sequence[Subject]) -> Iterator[Finding]:
    for one in ready:
        check, params = one.check.single, one.params
        for subject in subjects:
            for said in check(subject.artifact, params):
                yield Finding(one.policy.id, one.severity, subject, said[0], said[1], one.policy.help, within(said))


def groups(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, ...]]:
    """Subjects that live together: those of one environment, beside those that belong to all environments."""
    environments = sorted({subject.environment for subject in subjects if subject.environment})
    for environment in environments or [""]:
        yield tuple(subject for subject in subjects if subject.environment in ("", environment))


def unless_of(policies: Sequence[Policy], mandatory: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which policies speak for which. Nobody speaks for a mandatory one: what speaks might be answered for."""
    firm = frozenset(mandatory)
    return {one.id: () if firm.intersection(one.names) else one.unless for one in policies}


def without_repetition(found: list[Finding], unless: Mapping[str, Sequence[str]]) -> list[Finding]:
    """One cause, one message: equal findings once, and none that another policy has said, no less severely, at the same place."""
    kept: dict[tuple[object, ...], Finding] = {}
    speakers = {name for names in unless.values() for name in names}
    said = _Said([finding for finding in found if finding.policy in speakers])
    for finding in found:
        if not any(said.severity(name, finding) >= finding.severity for name in unless[finding.policy]):
            kept.setdefault((finding.policy, _key(finding), finding.route, finding.message, finding.within), finding)
    return list(kept.values())


class _Said:
    """How severe the findings of a policy are at, above and below a place. None is looked at twice: there may be thousands."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._at: dict[tuple[str, str, Route], int] = {}
        self._below: dict[tuple[str, str, Route], int] = {}
        for one in findings:
            name, key, route = one.policy, _key(one), one.route
            self._at[name, key, route] = max(self._at.get((name, key, route), 0), one.severity)
            for length in range(len(route) + 1):
                place = name, key, route[:length]
                self._below[place] = max(self._below.get(place, 0), one.severity)

    def severity(self, policy: str, finding: Finding) -> int:
        """0 where it has said nothing."""
        key, route = _key(finding), finding.route
        above = (self._at.get((policy, key, route[:length]), 0) for length in range(len(route)))
        return max(self._below.get((policy, key, route), 0), *above, 0)


def _key(finding: Finding) -> str:
    return f"{finding.subject.surface}\0{finding.subject.key}\0{finding.subject.environment}"


def _order(finding: Finding) -> tuple[object, ...]:
    route = tuple((isinstance(part, str), f"{part:08}" if isinstance(part, int) else part) for part in finding.route)
    return (_key(finding), route, finding.policy, finding.message, finding.within or ())
