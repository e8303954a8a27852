"""Options of verbs that work on many services: how many processes share them, and what earlier runs know."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import ExitStack

    from svc.cache import Store
    from svc.gate import Demand, Ruled
    from svc.lint.ahead import Entry
    from svc.lint.collect import Share
    from svc.lint.known import Known
    from svc.lint.linted import Linted
    from svc.policy.types import Policy, Settings
    from svc.tools import Toolbox


def add(verb: Any) -> None:
    group = verb.add_argument_group("speed")
    group.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="processes that share the services (default: one for each processor, where that pays)",
    )

    group.add_argument("--no-cache", action="store_true", help="make everything anew, and keep nothing for later runs")


def store(options: argparse.Namespace) -> Store | None:
    """The cache of this run; None where none is wanted or there is no place for one."""
    made: Store | None = None if options.no_cache else options.store()
    return made


def asking(box: Toolbox, options: argparse.Namespace) -> Toolbox:
    """The toolbox, with what programs have answered earlier."""
    kept = store(options)
    if kept is None:
        return box
    from svc import assets
    from svc.asking import Answers
    from svc.installed import code
    from svc.records import replace
    from svc.report.mask import tells_secret

    answers = Answers(kept.get, kept.put, code(kept, assets.schemas()), tells_secret)
    return replace(box, answers=answers)


def crew(options: argparse.Namespace, demand: Demand, ruled: Callable[[], Ruled], stack: ExitStack) -> Share:
    """Who judges many files ahead of what is said of all together; the processes end with the stack. To be asked before
    anything is read."""
    from svc.cli.unchanged import MARGIN

    by_disk = os.name == "posix" and "-" not in options.paths
    since = time.time_ns() - MARGIN if by_disk else 0

    def share(entries: Sequence[Entry], linted: Linted) -> bool:
        from svc import gate
        from svc.lint.crew import Crew, Rules

        found = ruled()
        if found.wrong:
            return False
        settings = gate.settings(found.rules, demand)
        rules = Rules(found.loaded.policies, settings, _known(options, found.loaded.policies, settings, since))
        stack.enter_context(Crew(rules, options.jobs)).judge(entries, linted)
        return True

    return share


def _known(options: argparse.Namespace, policies: Sequence[Policy], settings: Settings, since: int) -> Known | None:
    """What earlier runs of this command know. Checks of other packages change by themselves."""
    kept = None if any(":" in one.check for one in policies) else store(options)
    if kept is None:
        return None
    from pathlib import Path

    from svc import assets, gate
    from svc.cache import key
    from svc.installed import code
    from svc.lint.known import Known
    from svc.report.mask import shows_secret

    own = [repr(one) for one in policies if not gate.built_in(one)]
    made = code(kept, assets.schemas(), assets.policies())
    names = [
        key(kind, made, str(Path.cwd()), [str(one) for one in options.paths], repr(settings), own)
        for kind in ("lint", "lint later")
    ]

    def put(piece: int, parts: Any) -> None:
        kept.put(names[piece], parts)
        kept.trim()

    return Known(lambda piece: kept.get(names[piece]), put, shows_secret, since)


def wrong(options: argparse.Namespace) -> str:
    """What is wrong with the options, "" for nothing."""
    return "--jobs wants a number of processes, 1 or more" if options.jobs < 0 else ""
