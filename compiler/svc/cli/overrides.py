"""`--set ROUTE=VALUE`, the same option for every verb that reads specs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from svc.cli.console import warn

if TYPE_CHECKING:
    from svc.resolve.override import Override


def add(verb: Any) -> None:
    verb.add_argument(
        "--set",
        action="append",
        default=[],
        dest="overrides",
        metavar="ROUTE=VALUE",
        help="set a value above all layers, such as scale.min=3 or args[0]=serve; null removes; can be repeated",
    )


def read(options: argparse.Namespace) -> tuple[Override, ...] | None:
    """The overrides of a command line; None when one is wrong, which has been said."""
    if not options.overrides:
        return ()
    from svc.resolve.override import OverrideError, override

    found = []
    for text in options.overrides:
        try:
            found.append(override(text))
        except OverrideError as error:
            warn(f"svc {options.verb}: --set {text}: {error}\n")
            return None
    return tuple(found)
