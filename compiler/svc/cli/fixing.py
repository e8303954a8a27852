"""`svc lint --fix` and `--diff`: what is done about findings in hand-written files."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli.console import output, say, warn
from svc.cli.exits import Exit

if TYPE_CHECKING:
    from svc.diagnostics import Diagnostic
    from svc.fixing import Fixed
    from svc.lint.collect import Load
    from svc.lint.linted import Linted

Judge = Callable[["Load"], "tuple[Linted, list[Diagnostic]]"]
"""Reads and judges the artifacts of the command line, texts taken from where it is told."""


def add(verb: Any) -> None:
    group = verb.add_argument_group("fixes")
    group.add_argument("--fix", action="store_true", help="edit hand-written files where a fix changes nothing else")
    group.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: fixes that need a review too")
    group.add_argument("--diff", action="store_true", help="print what --fix would change, and write nothing")


def wrong(options: argparse.Namespace) -> str:
    """What is wrong with the options, "" for nothing."""
    if options.unsafe_fixes and not (options.fix or options.diff):
        return "--unsafe-fixes goes with --fix or --diff"
    if options.fix and not options.diff and "-" in options.paths:
        if len(options.paths) > 1:
            return "--fix prints the text of standard input: name - alone"
        if any("=" not in form for form in options.formats):
            return "--fix prints the text of standard input: give the report a file, as in --format json=report.json"
    return ""


def fixed(judge: Judge, read: Load, unsafe: bool) -> tuple[Fixed, Mapping[str, str], Mapping[str, Path]]:
    """What fixing makes of the files, their texts before, and where they are."""
    from svc import assets
    from svc.fixing import fix
    from svc.policy.load import load
    from svc.source import Source, Unreadable

    linted, _ = judge(read)
    names = [name for name, file in linted.files.items() if file.suffix != ".cue"]
    before = {name: linted.sources[name].text for name in names}

    def lint(texts: Mapping[str, str]) -> list[Diagnostic]:
        def overlaid(file: Path, name: str) -> Source | Unreadable:
            return Source(name, texts[name]) if name in texts else read(file, name)

        return judge(overlaid)[1]

    made = fix(before, lint, load([assets.policies()]).policies, unsafe=unsafe)
    return made, before, linted.files


def show(made: Fixed, before: Mapping[str, str]) -> Exit:
    """Prints the difference; FINDINGS when there is one."""
    from svc.cli.difference import difference

    for name, text in sorted(made.texts.items()):
        say(difference(name, before[name], text))
    return Exit.FINDINGS if made.texts else Exit.CLEAN


def printed(made: Fixed, before: Mapping[str, str], options: argparse.Namespace) -> Exit:
    """The text of standard input as it is fixed; what is left of the findings goes to standard error."""
    from svc.cli import reporting
    from svc.cli.console import SEVERITIES, verdict
    from svc.report.form import Run
    from svc.source import Source

    texts = {**before, **made.texts}
    for text in texts.values():
        say(text)
    run = Run(made.left, {name: Source(name, text) for name, text in texts.items()})
    output(reporting.rendered("text", run, colour=False), wrong=True)
    if options.formats:
        reporting.emit(made.left, run.sources, options)
    _refusals(made, before)
    return verdict(made.left, SEVERITIES[options.fail_on])


def write(made: Fixed, before: Mapping[str, str], files: Mapping[str, Path]) -> Exit:
    """Writes the files, each in one step, and says on standard error what was done and what was not. INVALID when the
    disk refused one."""
    from svc.rewriting import replace_text

    ended = Exit.CLEAN
    for name, text in sorted(made.texts.items()):
        try:
            why = replace_text(files[name], before[name], text)
        except OSError as error:
            why, ended = f"it cannot be written: {(error.strerror or '').lower()}", Exit.INVALID
        count = sum(1 for one in made.applied if one.place.file == name)
        warn(f"not edited: {why}\n" if why else f"{count} fixed\n", file=name)
    _refusals(made, before)
    return ended


def _refusals(made: Fixed, before: Mapping[str, str]) -> None:
    from svc.report.mask import Words

    known = Words.of(dict(before)) if made.refused else None
    for refusal in made.refused:
        place = refusal.finding.place
        line = f":{place.span.line}" if place.span else ""
        warn(f"{refusal.finding.id} not fixed: {refusal.reason}\n", known, file=f"{place.file}{line}")
