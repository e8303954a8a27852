"""The specs among what `svc lint` is given: compiled as far as a policy can judge them, with nothing written."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from svc.cli import demands, sharing
from svc.cli.console import shown
from svc.cli.progress import teller
from svc.pipeline import Compiled, Request, compile_
from svc.records import replace
from svc.specs import from_disk

if TYPE_CHECKING:
    from svc.gate import Demand
    from svc.lint.collect import Load
    from svc.resolve.override import Override


def compiled(
    paths: Sequence[Path],
    demand: Demand,
    chosen: Sequence[Override],
    read: Load | None,
    today: date,
    options: argparse.Namespace | None = None,
) -> Compiled:
    """`options`: by which services are shared between processes and kept for later runs; without them neither is done."""
    request = Request(tuple(paths), shown, today, overrides=chosen, demand=demand, box=demands.box(options))
    request = replace(request, load_text=read or from_disk, whole=False, files=False, progress=teller())
    if options is not None:
        request = replace(request, jobs=options.jobs, store=sharing.store(options))
    return compile_(request)
