"""What hand-written files are judged by, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from svc.cli.console import shown

if TYPE_CHECKING:
    from svc.cli.homes import Base, Shares
    from svc.diagnostics import Diagnostic
    from svc.gate import Demand, Ruled
    from svc.lint.linted import Linted
    from svc.policy.types import Loaded


def above(paths: Sequence[Path], demand: Demand) -> Ruled:
    """By the workspace above the first path."""
    from svc import gate

    rules, problems = gate.rules_above(paths, shown)
    return gate.Ruled(rules, gate.load(rules, demand), problems)


def one(paths: Sequence[Path], demand: Demand) -> Shares:
    """By that workspace alone."""
    return [(None, above(paths, demand))]


def each(bases: Sequence[Base], demand: Demand) -> Shares:
    """By the files of several workspaces."""
    from svc import gate

    having: dict[object, Loaded] = {}
    found = []
    for base in bases:
        rules, problems = gate.rules_of(base, shown)
        found.append((base, gate.Ruled(rules, gate.load(rules, demand, having), problems)))
    return found


def told(linted: Linted, demand: Demand, ruled: Ruled) -> list[Diagnostic]:
    """What is said of all that was read, by one workspace."""
    from svc import gate
    from svc.lint.findings import findings
    from svc.policy.types import CueFailed

    rules, loaded = ruled.rules, ruled.loaded
    if ruled.wrong:
        return [*ruled.problems, *loaded.problems]
    try:
        found = findings(linted, loaded.policies, gate.settings(rules, demand), demand)
    except CueFailed as failed:
        return list(failed.diagnostics)
    return [*ruled.problems, *gate.settle(found, linted.waivers, loaded.policies, date.today(), rules, demand)]
