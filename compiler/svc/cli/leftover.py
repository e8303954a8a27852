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
    from svc.cli.homes import Homes, Shares
    from svc.diagnostics import Diagnostic
    from svc.gate import Demand, Ruled
    from svc.policy.baseline import Baseline
    from svc.policy.types import Home
    from svc.policy.waive import Waiver

_SKIPS = frozenset({"chart-template-skipped"})


def of(
    options: argparse.Namespace,
    paths: Sequence[Path],
    settled: Sequence[Diagnostic],
    demand: Demand,
    shares: Callable[[], Shares],
    homes: Homes,
    *,
    several: bool,
) -> list[Diagnostic]:
    """`settled`: all that was found, with what was answered for marked. A run that saw a part of it tells nothing.

    `shares`: what the workspaces demand. Their own waivers are compared with all findings, as are those of the run and
    its baseline, which may be for the files of any."""
    part = options.changed_since or options.overrides or options.exclude or options.no_render
    searched = [os.path.abspath(path) for path in paths if is_folder(path)]  # noqa: PTH100
    skipped = any(one.id in _SKIPS for one in settled)  # what was not judged has no findings that could be covered
    if part or skipped or not searched or verdict(settled) == Exit.INVALID:
        return []
    from svc import gate

    def whole(home: Home) -> bool:
        return any(Path(home.folder).is_relative_to(one) for one in searched)

    run = [one for one in demand.waivers if whole(one.home)]
    known = demand.baseline if demand.baseline is not None and whole(demand.baseline.home) else None
    if not (several or run or known or gate.rules_above(paths, shown)[0].waivers):
        return []
    every = [ruled for _, ruled in shares()]
    if any(one.wrong for one in every):
        return []
    found = _waivers(run, settled, every, demand)
    for ruled in every:
        found += _waivers([one for one in ruled.rules.waivers if whole(one.home)], settled, [ruled], demand)
    return [*found, *(_gone(known, settled, shares(), homes, demand) if known is not None else ())]


def _waivers(
    given: Sequence[Waiver], settled: Sequence[Diagnostic], several: Sequence[Ruled], demand: Demand
) -> list[Diagnostic]:
    """Those of one or several workspaces that are of no use any more, where the findings are all that there are."""
    from svc.policy import leftover

    policies = {one.id: one for ruled in several for one in ruled.loaded.policies}
    running = frozenset[str]().union(*(_running(ruled, demand) for ruled in several))
    mandatory = frozenset[str]().union(*map(_mandatory, several))
    return leftover.waivers(given, settled, tuple(policies.values()), running, date.today(), mandatory) if given else []


def _gone(
    known: Baseline, settled: Sequence[Diagnostic], shares: Shares, homes: Homes, demand: Demand
) -> list[Diagnostic]:
    """What is gone of a baseline, by the policies that the workspace of each file lets it cover."""
    from svc.policy import leftover

    covered = {base: _running(ruled, demand) - _mandatory(ruled) for base, ruled in shares}
    any_ = frozenset[str]().union(*covered.values())

    def counts(key: str) -> bool:
        base = homes.base(Path(known.home.folder, known.files.get(key, "")))
        return known.policies[key] in covered.get(base, any_)

    return leftover.baseline(known, settled, counts)


def _running(ruled: Ruled, demand: Demand) -> frozenset[str]:
    from svc import gate
    from svc.policy.run import selected

    return frozenset(one.id for one, _ in selected(ruled.loaded.policies, gate.settings(ruled.rules, demand)))


def _mandatory(ruled: Ruled) -> frozenset[str]:
    from svc import gate

    return gate.ids_of(ruled.rules.mandatory, ruled.loaded.policies)
