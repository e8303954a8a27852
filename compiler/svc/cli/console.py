"""What the verbs share: how files are named, how text is printed, how severities become an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from svc.cli.exits import Exit
from svc.diagnostics import Diagnostic, Severity

SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


_ANSWERS = frozenset({"waiver-expired", "waiver-of-mandatory", "waiver-without-end"})
"""Problems of waivers that are decisions, not mistakes in a file: they count like findings."""


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


def verdict(diagnostics: Sequence[Diagnostic], fail_on: Severity = Severity.ERROR) -> Exit:
    """INVALID for files that cannot be read or are wrong in themselves, FINDINGS for what policies say."""
    if any(not one.policy and one.severity == Severity.ERROR and one.id not in _ANSWERS for one in diagnostics):
        return Exit.INVALID
    if any(one.counts and one.severity >= fail_on for one in diagnostics):
        return Exit.FINDINGS
    return Exit.CLEAN
