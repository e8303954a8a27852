"""`svc cache`: what is kept for later runs, and taking it away."""

from __future__ import annotations

import argparse
import os
from typing import Any

from svc.cli.console import tell, warn
from svc.cli.exits import Exit


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "cache",
        help="show or remove what is kept for later runs",
        description="What earlier runs made, kept by the digest of everything it depends on. SVC_CACHE_DIR says where.",
    )
    kinds = verb.add_subparsers(dest="what", metavar="WHAT", required=True)
    info = kinds.add_parser("info", help="where it is, and how large", description="Says where it is, and how large.")
    info.set_defaults(run=_info)
    clean = kinds.add_parser("clean", help="remove it", description="Removes every entry.")
    clean.set_defaults(run=_clean)


def _info(_: argparse.Namespace) -> Exit:
    from svc.cache import LIMIT, Store, place

    folder = place(os.environ)
    if folder is None:
        return _nowhere()
    size = Store(folder).size()
    tell(f"{folder}: {size.entries} entries, {size.size / 1e6:.1f} MB of {LIMIT / 1e6:.0f} MB at most\n")
    return Exit.CLEAN


def _clean(_: argparse.Namespace) -> Exit:
    from svc.cache import Store, place

    folder = place(os.environ)
    if folder is None:
        return _nowhere()
    was = Store(folder).clean()
    tell(f"{folder}: {was.entries} entries removed, {was.size / 1e6:.1f} MB\n")
    return Exit.CLEAN


def _nowhere() -> Exit:
    warn("svc cache: there is no place for a cache: set SVC_CACHE_DIR\n")
    return Exit.INVALID
