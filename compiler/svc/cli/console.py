"""What the verbs share: how files are named, how reports are printed, how severities become an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from svc.cli.exits import Exit
from svc.diagnostics import Diagnostic, Severity
from svc.source import Source

FORMATS = ("text", "json", "sarif")
SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


def shown(path: Path) -> str:
    """A file's name in reports: relative to the current folder when it is below it."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def say(text: str) -> None:
    sys.stdout.write(text)


def warn(text: str) -> None:
    sys.stderr.write(text)


def report(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], form: str) -> None:
    """Prints a report on standard output; the text form only when there is something to say."""
    if form == "json":
        from svc.report import json as chosen

        say(chosen.render(diagnostics, sources))
    elif form == "sarif":
        from svc.report import sarif

        say(sarif.render(diagnostics, sources))
    else:
        from svc.report import text

        say(text.render(diagnostics, sources, colour=_colour()))


def _colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def verdict(diagnostics: Sequence[Diagnostic], fail_on: Severity = Severity.ERROR) -> Exit:
    """INVALID for files that cannot be read or are wrong in themselves, FINDINGS for what policies say."""
    if any(
        not one.policy and one.severity == Severity.ERROR and not one.id.startswith("waiver-") for one in diagnostics
    ):
        return Exit.INVALID
    if any(one.counts and one.severity >= fail_on for one in diagnostics):
        return Exit.FINDINGS
    return Exit.CLEAN
