"""Options of verbs that work on many services: how many processes share them, and what earlier runs know."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svc.cache import Store


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
    """The cache of this user; None where none is wanted or there is no place for one."""
    import os

    from svc.cache import Store, place

    folder = None if options.no_cache else place(os.environ)
    return Store(folder) if folder is not None else None


def wrong(options: argparse.Namespace) -> str:
    """What is wrong with the options, "" for nothing."""
    return "--jobs wants a number of processes, 1 or more" if options.jobs < 0 else ""
