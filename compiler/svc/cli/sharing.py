"""Options of verbs that work on many services: how many processes share them."""

from __future__ import annotations

import argparse
from typing import Any


def add(verb: Any) -> None:
    group = verb.add_argument_group("speed")
    group.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="processes that share the services (default: one for each processor, where that pays)",
    )


def wrong(options: argparse.Namespace) -> str:
    """What is wrong with the options, "" for nothing."""
    return "--jobs wants a number of processes, 1 or more" if options.jobs < 0 else ""
