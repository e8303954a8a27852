"""What the verbs share: how files are named, how text is printed, how severities become an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svc import visible
from svc.cli.exits import Exit
from svc.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from svc.report.mask import Words

SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


_ANSWERS = frozenset({"waiver-expired", "waiver-of-mandatory", "waiver-without-end"})
"""Problems of waivers that are decisions, not mistakes in a file: they count like findings."""


def shown(path: Path) -> str:
    """A file's name in reports: relative to the current folder when it is below it."""
    name = path.as_posix()
    if not path.is_absolute():
        return name
    here = Path.cwd().as_posix()
    below = here if here.endswith("/") else f"{here}/"
    if name == here:
        return "."
    return name.removeprefix(below) if not name.startswith("//") else name


def say(text: str) -> None:
    """A document, exactly; on a terminal, which obeys what a file may hold, as text that it only shows."""
    sys.stdout.write(visible.lines(text) if sys.stdout.isatty() else text)


def tell(line: str, known: Words | None = None) -> None:
    """A line for people, without secrets: what looks like one, and what is `known` of the files that it is about."""
    sys.stdout.write(_line(line, known))


def warn(line: str, known: Words | None = None, *, file: str = "") -> None:
    """A line for people, as above, on standard error. `file`: what it is about, which stands before it as it is called:
    a name such as `a/secret` gives no value."""
    sys.stderr.write(f"{_name(file)}: {_line(line, known)}" if file else _line(line, known))


def _name(file: str) -> str:
    from svc.report.mask import shown_name

    return visible.one_line(shown_name(file))


def _line(line: str, known: Words | None) -> str:
    from svc.report.mask import hidden

    return visible.one_line(hidden(line.removesuffix("\n"), known)) + "\n"


def output(text: str, *, wrong: bool = False) -> None:
    """What is made to be printed as it is: texts of others are visible in it, and secrets hidden. `wrong`: on standard error."""
    (sys.stderr if wrong else sys.stdout).write(text)


def verdict(diagnostics: Sequence[Diagnostic], fail_on: Severity = Severity.ERROR) -> Exit:
    """INVALID for files that cannot be read or are wrong in themselves, FINDINGS for what policies say."""
    if any(not one.policy and one.severity == Severity.ERROR and one.id not in _ANSWERS for one in diagnostics):
        return Exit.INVALID
    if any(one.counts and one.severity >= fail_on for one in diagnostics):
        return Exit.FINDINGS
    return Exit.CLEAN
