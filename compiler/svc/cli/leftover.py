"""Waivers and entries of a baseline that a lint of all below their folder shows to be of no use any more."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from svc.cli.console import shown, verdict
from svc.cli.exits import Exit
from svc.source import is_folder

if TYPE_CHECKING:
    from svc.diagnostics import Diagnostic
    from svc.gate import Demand, Ruled
    from svc.policy.baseline import Baseline
    from svc.policy.waive import Waiver

_SKIPS = frozenset({"chart-template-skipped"})


def of(
    options: argparse.Namespace,
    paths: Sequence[Path],
    settled: Sequence[Diagnostic],
    demand: Demand,
    ruling: Callable[[], Sequence[Ruled]],
    *,
    several: bool,
) -> list[Diagnostic]:
    """`settled`: all that was found, with what was answered for marked. A run that saw a part of it tells nothing."""
    part = options.changed_since or options.overrides or options.exclude or options.no_render
    searched = [os.path.abspath(path) for path in paths if is_folder(path)]  # noqa: PTH100
    skipped = any(one.id in _SKIPS for one in settled)  # what was not judged has no findings that could be covered
    if part or skipped or not searched or verdict(settled) == Exit.INVALID:
        return []
    from svc import gate

    def whole(home: str) -> bool:
        return any(Path(home).is_relative_to(one) for one in searched)

    if several:
        shares = [(one.rules.waivers, one) for one in ruling()]
        return [
            said
            for given, ruled in shares
            for said in _of([one for one in given if whole(one.home)], settled, demand, ruled)
        ]
    waivers = [one for one in (*gate.rules_above(paths, shown)[0].waivers, *demand.waivers) if whole(one.home)]
    known = demand.baseline if demand.baseline is not None and whole(demand.baseline.home) else None
    return _told(waivers, known, settled, ruling()[0], demand, date.today()) if waivers or known else []


def _of(waivers: Sequence[Waiver], settled: Sequence[Diagnostic], demand: Demand, ruled: Ruled) -> list[Diagnostic]:
    """Of the workspaces of several: waivers and a baseline of the run may be for the files of any."""
    return _told(waivers, None, settled, ruled, demand, date.today()) if waivers else []


def _told(
    waivers: Sequence[Waiver],
    baseline: Baseline | None,
    settled: Sequence[Diagnostic],
    ruled: Ruled,
    demand: Demand,
    today: date,
) -> list[Diagnostic]:
    """What of waivers and a baseline is of no use any more, where the findings are all that there are."""
    from svc import gate
    from svc.policy import leftover
    from svc.policy.run import selected

    if ruled.wrong:
        return []
    policies = ruled.loaded.policies
    running = [policy.id for policy, _ in selected(policies, gate.settings(ruled.rules, demand))]
    mandatory = gate.ids_of(ruled.rules.mandatory, policies)
    covered = frozenset(running) - mandatory
    gone = leftover.baseline(baseline, settled, covered) if baseline is not None else []
    return [*leftover.waivers(waivers, settled, policies, running, today, mandatory), *gone]
