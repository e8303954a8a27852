"""How a run is reported: in which forms, to where, and from which severity on it fails."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli.console import SEVERITIES, output, warn
from svc.cli.exits import Exit
from svc.cli.into_files import to_file
from svc.diagnostics import Diagnostic
from svc.records import replace
from svc.source import Source, load

if TYPE_CHECKING:
    from svc.report.form import Run

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab")
CARRY_FIXES = ("json", "sarif")
"""Forms that hold the edits of fixes, which are worked out for them alone."""


def add(verb: Any, *, baseline: bool = True) -> None:
    group = verb.add_argument_group("report")
    group.add_argument(
        "--format",
        action="append",
        default=[],
        dest="formats",
        metavar="FORM[=FILE]",
        help=f"form of the report: {', '.join(FORMATS)}; with =FILE into a file; can be repeated",
    )
    group.add_argument(
        "--fail-on", choices=tuple(SEVERITIES), default="error", help="lowest severity that makes the exit code 1"
    )
    group.add_argument("--quiet", action="store_true", help="only what makes the run fail")
    group.add_argument("--statistics", action="store_true", help="findings by policy, most frequent first")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colours in the text form")
    if baseline:
        group.add_argument(
            "--write-baseline", metavar="FILE", default="", help="write what is found now as a baseline, and stop"
        )


def wrong(options: argparse.Namespace) -> str:
    """What is wrong with the options, "" for nothing."""
    from svc.suggest import nearest

    files: Counter[str] = Counter()
    for text in options.formats:
        form, given, file = text.partition("=")
        if form not in FORMATS:
            return f"there is no form `{form}`; forms are {', '.join(FORMATS)}{nearest(form, FORMATS)}"
        if given and not file:
            return f"--format {text} names no file after the ="
        if _is_judged(file):
            return f"{file} is there and no report: name another file in --format {text}"
        files[file] += 1
    if (baseline := getattr(options, "write_baseline", "")) and _is_judged(baseline):
        return f"{baseline} is there and no baseline: name another file in --write-baseline"
    for file, count in files.items():
        if count > 1:
            where = f"{file}" if file else "standard output"
            return f"{where} can hold one report: give the others a file, as in --format sarif=report.sarif"
    return ""


def _is_judged(file: str) -> bool:
    """Whether a file is there of a kind that svc judges: no report is written over it."""
    from svc.lint.walk import is_dockerfile

    path = Path(file)
    return bool(file) and path.is_file() and (path.suffix in (".yaml", ".yml", ".tf", ".cue") or is_dockerfile(path))


def emit(
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    options: argparse.Namespace,
    plain: Set[str] = frozenset(),
) -> None:
    """Writes every report that was asked for; on standard output there is nothing but one document. `plain`: sources in
    which nothing looks like a secret, as is known already."""
    lowest = SEVERITIES[options.fail_on]
    shown = [one for one in diagnostics if not options.quiet or (one.counts and one.severity >= lowest)]
    if any(text.partition("=")[0] in CARRY_FIXES for text in options.formats):
        shown = _with_fixes(shown, sources)
    run = replace(_run(shown, sources, options.formats), plain=plain)
    on_screen = [text for text in options.formats if "=" not in text]
    for text in options.formats or ["text"]:
        form, _, file = text.partition("=")
        if file:
            to_file(Path(file), rendered(form, run, colour=False))
        else:
            output(rendered(form, run, colour=_colour(options.color)))
    if options.statistics:
        output(_statistics(shown), wrong=on_screen not in ([], ["text"], ["concise"]))


def _with_fixes(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source]) -> list[Diagnostic]:
    from svc import assets
    from svc.fixing import with_edits
    from svc.policy.load import load

    return with_edits(diagnostics, sources, load([assets.policies()]).policies)


def to_console(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source] | None = None) -> None:
    """A few diagnostics that stop a verb, as text."""
    from svc.report.form import Run

    output(rendered("text", Run(diagnostics, sources or {}), colour=_colour("auto")))


def rendered(form: str, run: Run, *, colour: bool) -> str:
    """The document of a form, without secrets."""
    if form == "text":
        from svc.report import text

        if not run.diagnostics:  # no line of a source is shown
            return text.render(run, colour=colour)
        from svc.report.mask import masked

        return text.render(masked(replace(run, sources=_with_files(run))), colour=colour)
    from svc.report.mask import masked

    return _renderer(form)(masked(run))


def _with_files(run: Run) -> Mapping[str, Source]:
    """The sources of a run and the other files that it speaks of, such as policies: their lines are shown as well."""
    named = {one.place.file for one in run.diagnostics if one.place.span is not None} - set(run.sources)
    read = {file: load(file) for file in sorted(named)}
    return {**run.sources, **{file: source for file, source in read.items() if isinstance(source, Source)}}


def _renderer(form: str) -> Callable[[Run], str]:
    from importlib import import_module

    render: Callable[[Run], str] = import_module(f"svc.report.{form}").render
    return render


def _run(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], formats: Sequence[str]) -> Run:
    from svc.report.form import Run

    if not any(text.partition("=")[0] == "sarif" for text in formats):
        return Run(diagnostics, sources)
    from svc import assets
    from svc.policy.load import load

    return Run(diagnostics, sources, {policy.id: policy for policy in load([assets.policies()]).policies})


def write_baseline(file: str, diagnostics: Sequence[Diagnostic]) -> Exit:
    """Writes what is found now; files that cannot be read have to be mended first."""
    from svc.cli.console import verdict
    from svc.gate import home
    from svc.policy.baseline import Baseline, read, write

    if verdict(diagnostics) == Exit.INVALID:
        to_console([one for one in diagnostics if not one.policy])
        warn(f"svc lint: {file} was not written, since not everything could be read\n")
        return Exit.INVALID
    there = load(file) if Path(file).is_file() else None
    if there is not None and not (isinstance(there, Source) and isinstance(read(there), Baseline)):
        warn(f"svc lint: {file} is there and is no baseline; remove it, or name another file\n")
        return Exit.INVALID
    text = write(diagnostics, home(Path(file).parent))
    to_file(Path(file), text)
    count = sum(one.policy and one.waived is None for one in diagnostics)
    warn(f"svc lint: {file} holds {count} finding{'' if count == 1 else 's'}\n")
    return Exit.CLEAN


def _statistics(diagnostics: Sequence[Diagnostic]) -> str:
    counts = Counter((one.id, one.severity.word) for one in diagnostics if one.counts)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:6d}  {word:7}  {name}\n" for (name, word), count in rows)


def _colour(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
