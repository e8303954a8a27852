"""Files of several workspaces, judged in one run of `svc lint`.

All files are judged together, by every policy that one of the workspaces asks for, since what one of them leads to may
stand in another's folder. Each workspace then takes what it asks for of what was found in its own files, as severe as
it has it, and only then is left out what another policy has said already: what one workspace does not ask for, takes
lightly or answers for hides nothing in another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from svc import gate
from svc.cli.homes import Base, Homes, Shares
from svc.policy.run import selected, unless_of, without_repetition
from svc.policy.types import PROGRAMS, SHELLCHECK, CueFailed, Finding, Policy, Settings
from svc.records import dataclass, replace
from svc.targets.protocol import Subject

if TYPE_CHECKING:
    from svc.diagnostics import Diagnostic, Severity
    from svc.gate import Demand, Ruled
    from svc.lint.linted import Linted


def judged(homes: Homes, linted: Linted, shares: Shares, demand: Demand, today: date) -> list[Diagnostic]:
    """What all that was read is told, each file by its workspace."""
    found = homes.nested([base for base, _ in shares])
    try:
        for some in _agreeing(shares):
            found += _told(homes, linted, some, demand, today)
    except CueFailed as failed:
        return list(failed.diagnostics)
    return found


def _told(homes: Homes, linted: Linted, shares: Shares, demand: Demand, today: date) -> list[Diagnostic]:
    from svc.lint.findings import findings

    told = [one for _, ruled in shares for one in (*ruled.problems, *(ruled.loaded.problems if ruled.wrong else ()))]
    sound = {base: ruled for base, ruled in shares if not ruled.wrong}
    if not sound:
        return told
    several = _several(homes, linted, sound, demand)
    by: dict[Base, list[Diagnostic]] = {}
    for one in findings(linted, several.policies, several.settings, demand, several):
        by.setdefault(homes.of(one.place.file, linted), []).append(one)
    for base, ruled in sound.items():
        waivers = [one for one in linted.waivers if homes.of(one.place.file, linted) == base]
        told += gate.settle(by.get(base, ()), waivers, ruled.loaded.policies, today, ruled.rules, demand)
    return told


@dataclass(frozen=True, slots=True)
class _Several:
    """Workspaces that agree what an id means, as one who judges (`svc.lint.findings.Judge`).

    `asked`: the policies that each asks for, with the severities of their findings. `unless`: those that speak for each
    of its policies. `policies`, `settings`: all that one of them asks for, and with what they run.
    """

    homes: Homes
    linted: Linted
    sound: Mapping[Base, Ruled]
    demand: Demand
    asked: Mapping[Base, Mapping[str, Severity]]
    unless: Mapping[Base, Mapping[str, Sequence[str]]]
    policies: tuple[Policy, ...]
    settings: Settings

    def __call__(
        self,
        groups: Sequence[Sequence[Subject]],
        policies: Sequence[Policy],
        /,
        *,
        ahead: Mapping[int, Sequence[Finding]] | None = None,
    ) -> list[Finding]:
        ours = [one for one in policies if one.check not in PROGRAMS]
        theirs = [one for one in policies if one.check in PROGRAMS]
        found = gate.findings(groups, ours, self.settings, self.demand, ahead, self._once)
        return [*found, *self._by_programs(groups, theirs)]

    def _once(self, found: list[Finding]) -> list[Finding]:
        """Leaves out what each workspace, by its own words, has said already or does not ask for."""
        by: dict[Base, list[Finding]] = {}
        for one in found:
            base = self._home(one)
            severity = self.asked.get(base, {}).get(one.policy)
            if severity is not None:
                by.setdefault(base, []).append(replace(one, severity=severity))
        return [one for base, mine in by.items() for one in without_repetition(mine, self.unless[base])]

    def _by_programs(self, groups: Sequence[Sequence[Subject]], policies: Sequence[Policy]) -> Iterator[Finding]:
        """What CUE and ShellCheck find for each workspace, by its own settings, which name codes of ShellCheck, too."""
        scripts = [one for one in policies if one.check == SHELLCHECK]
        for base, ruled in self.sound.items() if policies else ():
            settings = gate.settings(ruled.rules, self.demand)
            own = [[one for one in group if self._is(one, base)] for group in groups] if scripts else []
            yield from gate.findings(own, scripts, settings, self.demand)
            rest = [one for one in policies if one.check != SHELLCHECK and one.id in self.asked[base]]
            found = gate.findings(groups, rest, settings, self.demand) if rest else []
            yield from (one for one in found if self._home(one) == base)

    def _is(self, subject: Subject, base: Base) -> bool:
        """Whether a subject that is a file is a workspace's."""
        return subject.key in self.linted.files and self.homes.of(subject.key, self.linted) == base

    def _home(self, one: Finding) -> Base:
        place = self.linted.places[id(one.subject)](one.route, one.within)
        return self.homes.of(place.file, self.linted)


def _several(homes: Homes, linted: Linted, sound: Mapping[Base, Ruled], demand: Demand) -> _Several:
    own = {base: gate.settings(ruled.rules, demand) for base, ruled in sound.items()}
    asked = {
        base: {one.id: level for one, level in selected(ruled.loaded.policies, own[base])}
        for base, ruled in sound.items()
    }
    unless = {base: unless_of(ruled.loaded.policies, own[base].mandatory) for base, ruled in sound.items()}
    wanted = {name for names in asked.values() for name in names}
    policies = {one.id: one for ruled in sound.values() for one in ruled.loaded.policies if one.id in wanted}
    first = next(iter(own.values()))
    settings = replace(first, select=tuple(sorted(wanted)), severities={}, ignore=(), mandatory=())
    return _Several(homes, linted, sound, demand, asked, unless, tuple(policies.values()), settings)


def _agreeing(shares: Shares) -> list[list[tuple[Base, Ruled]]]:
    """Workspaces that can be judged together: an id means the same policy in all of them."""
    found: list[tuple[dict[str, Policy], list[tuple[Base, Ruled]]]] = []
    for base, ruled in shares:
        mine = {one.id: one for one in ruled.loaded.policies}
        for known, some in found:
            if all(known.get(name, one).place == one.place for name, one in mine.items()):
                known.update(mine)
                some.append((base, ruled))
                break
        else:
            found.append((mine, [(base, ruled)]))
    return [some for _, some in found]
