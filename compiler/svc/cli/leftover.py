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

if TYPE_CHECKING:
    from svc.diagnostics import Diagnostic
    from svc.gate import Demand, Ruled


def of(
    options: argparse.Namespace,
    paths: Sequence[Path],
    settled: Sequence[Diagnostic],
    demand: Demand,
    ruling: Callable[[], Ruled],
) -> list[Diagnostic]:
    """`settled`: all that was found, with what was answered for marked. A run that saw a part of it tells nothing."""
    part = options.changed_since or options.overrides or options.exclude or options.no_render
    searched = [os.path.abspath(path) for path in paths if path.is_dir()]  # noqa: PTH100
    if part or not searched or verdict(settled) == Exit.INVALID:
        return []
    from svc import gate

    def whole(home: str) -> bool:
        return any(Path(home).is_relative_to(one) for one in searched)

    waivers = [one for one in (*gate.rules_above(paths, shown)[0].waivers, *demand.waivers) if whole(one.home)]
    known = demand.baseline if demand.baseline is not None and whole(demand.baseline.home) else None
    return gate.leftover(waivers, known, settled, ruling(), demand, date.today()) if waivers or known else []
