"""`svc compile`: all stages, and writing at the end."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli import demands, overrides, reporting, sharing, unchanged
from svc.cli.console import SEVERITIES, say, shown, tell, verdict, warn
from svc.cli.exits import Exit
from svc.outputs import Done, Overtaken, Plan
from svc.owned import overtaken
from svc.write import execute, plan

if TYPE_CHECKING:
    from svc.pipeline import Compiled, Request
    from svc.report.mask import Words
    from svc.resolve.override import Override


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "compile",
        help="compile specs into artifacts",
        description="Compiles specs: policies judge first, then all files are written or none.",
    )
    verb.add_argument(
        "paths", nargs="*", metavar="PATH", default=["."], help="specs, or folders to search (default: this folder)"
    )
    verb.add_argument(
        "--out", metavar="DIR", default=None, help="output root (default: the workspace's folder, or the spec's)"
    )
    verb.add_argument(
        "--env", action="append", default=[], metavar="NAME", help="only this environment; can be repeated"
    )
    verb.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME",
        help="only this target: docker, helm, github, terraform, compose; can be repeated",
    )
    overrides.add(verb)
    verb.add_argument("--check", action="store_true", help="write nothing; exit 1 when the output is out of date")
    verb.add_argument("--diff", action="store_true", help="show what would change; write nothing")
    verb.add_argument(
        "--verify", action="store_true", help="run the external tools over the output before it is written"
    )
    verb.add_argument("--force", action="store_true", help="write over files that were edited by hand")
    sharing.add(verb)
    demands.add(verb)
    reporting.add(verb, baseline=False)
    verb.set_defaults(run=run, writes=lambda one: not (one.check or one.diff))


def run(options: argparse.Namespace) -> Exit:
    from svc.pipeline import compile_
    from svc.records import replace

    wrong = _wrong_usage(options) or sharing.wrong(options) or demands.wrong(options) or reporting.wrong(options)
    if wrong:
        warn(f"svc compile: {wrong}\n")
        return Exit.INVALID
    began = unchanged.start(options)
    chosen = overrides.read(options)
    if chosen is None:
        return Exit.INVALID
    request = _request(options, chosen)
    try:
        return _finished(options, compile_(request), began)
    except Overtaken:
        return _finished(options, compile_(replace(request, before=None)), began)


def _finished(options: argparse.Namespace, compiled: Compiled, began: unchanged.Start) -> Exit:
    """Raises Overtaken where another run has written since the last one that this one relies on."""
    overtaken(_root(options, compiled), compiled.rest)
    with unchanged.heard() as said:
        ended, wrote = _ended(options, compiled)
    if wrote is None:
        return ended
    made, _ = wrote
    talks = _talks(options) and not (options.check or options.diff)
    with unchanged.heard() as now:
        if talks:
            _summary(made, compiled)
    if ended is not Exit.CLEAN:
        return ended
    if not made.up_to_date:
        with unchanged.heard(aloud=False) as now:
            if talks:
                _summary(_settled(made), compiled)
    unchanged.keep(options, compiled, wrote, [*said, *now], began)
    return ended


def _settled(made: Plan) -> Plan:
    """The plan of a run after this one, as far as it is told."""
    return Plan(made.root, unchanged=made.unchanged, rest=made.rest + len(made.create) + len(made.update))


def _ended(options: argparse.Namespace, compiled: Compiled) -> tuple[Exit, tuple[Plan, Done] | None]:
    """What is said and done once all is compiled, but for the summary; what was written where all is in order then."""
    from svc.lock import locked
    from svc.pool import cores

    reporting.emit(compiled.diagnostics, compiled.sources, options)
    judged = verdict(compiled.diagnostics, SEVERITIES[options.fail_on])
    if compiled.failed or judged:
        return judged, None
    if compiled.faults:
        return _faulty(compiled), None
    if options.verify and not _verified(compiled, options):
        return Exit.INTERNAL, None
    if options.diff or options.check:
        made = _plan(options, compiled)
        return _compared(made, compiled, options), (made, Done({}, made.record, 0)) if made.up_to_date else None
    with locked(_root(options, compiled)):
        made = _plan(options, compiled)
        if made.refused:
            reporting.to_console(made.refused)
            return Exit.INVALID, None
        done = execute(made, options.jobs or cores())
    return Exit.CLEAN, (made, done)


def _compared(made: Plan, compiled: Compiled, options: argparse.Namespace) -> Exit:
    if made.refused:
        reporting.to_console(made.refused)
        return Exit.INVALID
    if options.diff:
        _show_diff(made, compiled)
    return _stale(made, options) if options.check else Exit.CLEAN


def _talks(options: argparse.Namespace) -> bool:
    """Whether standard output is for people; a report in another form stays alone there."""
    return not options.quiet and all("=" in text or text == "text" for text in options.formats)


def _wrong_usage(options: argparse.Namespace) -> str:
    from svc.suggest import nearest
    from svc.targets.table import TARGET_NAMES

    for name in options.target:
        if name not in TARGET_NAMES:
            return f"there is no target `{name}`; targets are {', '.join(TARGET_NAMES)}{nearest(name, TARGET_NAMES)}"
    return ""


def _request(options: argparse.Namespace, chosen: tuple[Override, ...]) -> Request:

    from svc.cli.progress import teller
    from svc.pipeline import Request

    return Request(
        paths=tuple(Path(path) for path in options.paths),
        shown=shown,
        today=date.today(),
        environments=tuple(options.env),
        targets=tuple(options.target),
        overrides=chosen,
        demand=demands.demand(options),
        box=demands.box(options),
        whole=options.verify,
        jobs=options.jobs,
        store=sharing.store(options),
        before=options.before,
        progress=teller(),
    )


def _plan(options: argparse.Namespace, compiled: Compiled) -> Plan:
    root = _root(options, compiled)
    made, owners = compiled.outputs, compiled.owners
    return plan(
        root, made, owners, force=options.force, protected=compiled.protected, kept=compiled.kept, rest=compiled.rest
    )


def _root(options: argparse.Namespace, compiled: Compiled) -> Path:
    return Path(options.out) if options.out is not None else compiled.root


def _faulty(compiled: Compiled) -> Exit:
    """Our own output did not stand up to reading it back: a bug of ours, so nothing is written."""
    known = _known(compiled)
    for fault in compiled.faults:
        warn(f"svc: {fault.path}:{fault.line}: {fault.tool}: {fault.message}\n", known)
    warn(
        "svc: the generated files failed their own verification. This is a bug of svc; please report it. No file was changed.\n"
    )
    return Exit.INTERNAL


def _known(compiled: Compiled) -> Words:
    """What a program may say of the outputs, which hold what was waived, and that nobody may read in a log."""
    from svc.report.mask import words_of
    from svc.source import Source

    return words_of({**compiled.sources, **{one.path: Source(one.path, one.text) for one in compiled.outputs}})


def _verified(compiled: Compiled, options: argparse.Namespace) -> bool:
    import tempfile

    from svc.cli.progress import teller
    from svc.pipeline import verify

    with tempfile.TemporaryDirectory(prefix="svc-verify-") as folder:
        root = Path(folder)
        execute(plan(root, compiled.outputs, ()))
        (root / ".svc-outputs.json").unlink(missing_ok=True)
        judgements = verify(compiled, root, sharing.asking(demands.box(options), options), teller())
    good = True
    for one in judgements:
        for fault in one.faults:
            good = False
            warn(f"svc: {fault.path}:{fault.line}: {one.tool}: {fault.message}\n", _known(compiled))
    for line in sorted({f"svc: skipped {one.tool}: {one.skipped}\n" for one in judgements if one.skipped}):
        warn(line)
    if good:
        ran = sorted({one.tool for one in judgements if not one.skipped})
        warn(f"svc: verified by {', '.join(ran) or 'no external tool'}\n")
    return good


def _show_diff(made: Plan, compiled: Compiled) -> None:
    from svc.cli.difference import difference, presentable, removal
    from svc.report.mask import hidden_lines, words_of
    from svc.source import Unreadable, contents

    known = words_of(compiled.sources)

    for output in (*made.create, *made.update):
        path = made.root / output.path
        found = contents(path, output.path)
        before = "" if isinstance(found, Unreadable) else found.decode("utf-8", errors="replace")
        plain = hidden_lines(difference(output.path, before, output.text), known, before, output.text)
        say(presentable(plain))
    for gone in made.remove:
        say(removal(gone))


def _stale(made: Plan, options: argparse.Namespace) -> Exit:
    if made.up_to_date:
        return Exit.CLEAN
    for word, paths in (
        ("missing", [one.path for one in made.create]),
        ("out of date", [one.path for one in made.update]),
        ("no longer wanted", list(made.remove)),
    ):
        for path in paths:
            warn(f"{word}: {path}\n")
    if _talks(options):
        warn("svc: the output is out of date; run `svc compile`\n")
    return Exit.FINDINGS


LISTED = 200
"""Files named after a run; of more, people look at the difference."""


def _summary(made: Plan, compiled: Compiled) -> None:
    many = len(compiled.services) > LISTED
    for name, environments in compiled.services if not many else ():
        say(f"{name}: {', '.join(environments)}\n")
    if many:
        tell(f"{len(compiled.services)} services\n")
    for word, count in (
        ("written", len(made.create) + len(made.update)),
        ("unchanged", len(made.unchanged) + made.rest),
        ("removed", len(made.remove)),
    ):
        if count:
            tell(f"  {count} file{'s' if count > 1 else ''} {word}\n")
    changed = (*made.create, *made.update)
    for output in changed[:LISTED]:
        tell(f"  {shown(made.root / output.path)}\n")
    if len(changed) > LISTED:
        tell(f"  and {len(changed) - LISTED} more\n")
