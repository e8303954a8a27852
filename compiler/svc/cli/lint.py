"""`svc lint`: specs and hand-written artifacts, judged by the same policies."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import ExitStack
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli import apart, demands, fixing, lint_options, overrides, reporting, sharing, unchanged
from svc.cli.console import SEVERITIES, shown, verdict, warn
from svc.cli.exits import Exit
from svc.cli.lint_options import STDIN, paths_of
from svc.collecting import paused
from svc.diagnostics import Diagnostic, ordered
from svc.records import dataclass, replace

if TYPE_CHECKING:
    from svc.cli.changed import Changes
    from svc.fixing import Fixed
    from svc.gate import Demand, Ruled
    from svc.lint.collect import Load
    from svc.lint.linted import Linted
    from svc.pipeline import Compiled
    from svc.resolve.override import Override
    from svc.source import Source

Looked = Callable[[], "tuple[Sequence[str], Sequence[str]] | None"]
"""Every file and folder that a report depends on, and those of them that were read; None when that is not known."""


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "lint",
        help="judge specs and artifacts",
        description="Judges specs, Dockerfiles, Kubernetes manifests, charts, workflows, compose files and Terraform.",
    )
    lint_options.add(verb)
    verb.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class Report:
    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, Source]
    looked: Looked | None = None
    """All that this depends on."""
    plain: Set[str] = frozenset()
    """The sources in which nothing looks like a secret, as far as that is known."""


def run(options: argparse.Namespace) -> Exit:
    wrong = sharing.wrong(options) or demands.wrong(options) or reporting.wrong(options) or fixing.wrong(options)
    wrong = wrong or lint_options.wrong(options)
    if wrong:
        warn(f"svc lint: {wrong}\n")
        return Exit.INVALID
    chosen = overrides.read(options)
    if chosen is None:
        return Exit.INVALID
    began = unchanged.start_lint(options) if _may_be_kept(options) else None
    if began is not None:
        with unchanged.heard() as said:
            ended, looked = _reported(options, chosen)
        unchanged.keep_lint(options, looked() if looked is not None else None, said, ended, began)
        return ended
    written = Exit.CLEAN
    if options.fix or options.diff:
        from svc.cli.changed import NoSuchChange

        try:
            made, before, files = _fixed(options, chosen)
        except NoSuchChange as error:
            return _no_such(options, error)
        if options.diff:
            return fixing.show(made, before)
        if STDIN in options.paths:
            return fixing.printed(made, before, options)
        written = fixing.write(made, before, files)
    try:
        return max(written, _reported(options, chosen)[0])
    except Exception as error:
        from svc.tools import ToolError

        if isinstance(error, ToolError):
            error.wrote = options.fix
        raise


def _may_be_kept(options: argparse.Namespace) -> bool:
    """Whether all that the report depends on is files: no programs, no other input, and nothing is written."""
    given = options.fix or options.diff or options.deep or options.changed_since or options.write_baseline
    return not (given or options.no_cache or options.overrides or STDIN in options.paths)


def _reported(options: argparse.Namespace, chosen: Sequence[Override]) -> tuple[Exit, Looked | None]:
    from svc.cli.changed import NoSuchChange

    try:
        made = judged(options, chosen)
    except NoSuchChange as error:
        return _no_such(options, error), None
    if options.write_baseline:
        return reporting.write_baseline(options.write_baseline, made.diagnostics), None
    reporting.emit(made.diagnostics, made.sources, options, made.plain)
    if not (made.sources or made.diagnostics or options.quiet):
        warn(f"svc lint: nothing was judged: there is no file of a kind that it knows in {', '.join(options.paths)}\n")
    return verdict(made.diagnostics, SEVERITIES[options.fail_on]), made.looked


def _no_such(options: argparse.Namespace, error: Exception) -> Exit:
    warn(f"svc lint: --changed-since {options.changed_since}: {error}\n")
    return Exit.INVALID


def judged(options: argparse.Namespace, chosen: Sequence[Override] = ()) -> Report:
    """Everything that the command line names, read and judged; specs with the values of `--set`."""
    paths, read = paths_of(options)
    box = cache(lambda: sharing.asking(demands.box(options), options))
    demand = replace(demands.demand(options, demands.kubernetes_minor(options.kubernetes) or 0), box=box)
    notes: tuple[Diagnostic, ...] = ()
    if options.deep:
        demand, notes = demands.deepened(demand)
    made = _Run(options, chosen, paths, read, demand, _changes(options))
    whole = made.by_hand(apart.Share(paths))
    shares, mixed = apart.shares(paths, whole[0])
    parts = [made.told(*made.by_hand(one)) for one in shares] or [made.told(*whole, alone=True)]
    told = [*mixed, *notes, *(one for part in parts for one in part.diagnostics)]
    return Report(
        ordered(sorted(told, key=lambda one: one.waived is None)),
        {name: source for part in parts for name, source in part.sources.items()},
        partial(_joined, [part.looked for part in parts]),
        frozenset(name for part in parts for name in part.plain),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run judges, and how."""

    options: argparse.Namespace
    chosen: Sequence[Override]
    paths: Sequence[Path]
    read: Load | None
    demand: Demand
    changes: Changes | None

    def by_hand(self, share: apart.Share) -> tuple[Linted, list[Diagnostic], Callable[[], Ruled]]:
        """Everything of a share that is read, what is said of all but specs, and what it was judged by."""
        from svc.lint.collect import collect, from_disk

        options, demand = self.options, self.demand
        ruling = cache(lambda: _ruled(share.start, demand))
        with paused(), ExitStack() as stack:
            linted = collect(
                self.paths,
                shown,
                self.read or from_disk,
                box=None if options.no_render else demand.box,
                minor=demands.kubernetes_minor(options.kubernetes) or 0,
                share=sharing.crew(options, demand, ruling, stack),
                unknown=options.ignore_unknown,
                exclude=options.exclude,
                found=share.found,
            )
            found = list(linted.diagnostics)
            if linted.subjects or linted.shaped or demand.problems:
                found += _artifacts(linted, demand, ruling())
        return linted, found, ruling

    def told(
        self, linted: Linted, found: list[Diagnostic], ruling: Callable[[], Ruled], *, alone: bool = False
    ) -> Report:
        """With what is said of specs; where nothing is judged apart, also of what is of no use any more."""
        sources = dict(linted.sources)
        found = _asked(linted, found)
        if self.changes is not None:
            found = _narrow(self.changes, linted, found)
        compiled: list[Compiled] = []
        if linted.specs:
            from svc.cli.specs_linted import compiled as specs

            compiled.append(specs(linted.specs, self.demand, self.chosen, self.read, date.today(), self.options))
            sources.update(compiled[0].sources)
            found += compiled[0].diagnostics
        if alone:
            from svc.cli import leftover

            found += leftover.of(self.options, self.paths, found, self.demand, ruling)
        looked = partial(_looked, self.paths, linted, compiled, self.demand, ruling, self.options.exclude)
        return Report(tuple(found), sources, looked, linted.plain)


def _looked(
    paths: Sequence[Path],
    linted: Linted,
    compiled: Sequence[Compiled],
    demand: Demand,
    ruling: Callable[[], Ruled],
    exclude: Sequence[str],
) -> tuple[Sequence[str], Sequence[str]] | None:
    """Not with policies of others, which look at more than files."""
    from svc.lint.looked import looked

    ruled = ruling()
    rules, policies = ruled.rules, ruled.loaded.policies
    foreign = rules.plugins or len(rules.folders) > 1 or any(one.check == "cue" or ":" in one.check for one in policies)
    if foreign or ruled.wrong or demand.problems:
        return None
    seen = [one.looked() for one in compiled]
    found = looked(paths, linted, exclude)
    if found is None or None in seen:
        return None
    inputs = (name for one in seen if one for row, _ in one.rows for name in row.inputs)
    names = [*found, *(name for one in seen if one for name in (*one.common, *one.folders)), *inputs]
    return names, [str(file) for file in linted.files.values()]


def _joined(parts: Sequence[Looked | None]) -> tuple[Sequence[str], Sequence[str]] | None:
    """What several shares of a run depend on."""
    every = [one() if one is not None else None for one in parts]
    known = [one for one in every if one is not None]
    if len(known) < len(every):
        return None
    names, read = ({name for one in known for name in one[at]} for at in (0, 1))
    return sorted(names), sorted(read)


def _fixed(
    options: argparse.Namespace, chosen: Sequence[Override]
) -> tuple[Fixed, Mapping[str, str], Mapping[str, Path]]:
    from svc.lint.collect import collect
    from svc.source import load

    paths, given = paths_of(options)
    changes = _changes(options)
    demand = demands.demand(options, demands.kubernetes_minor(options.kubernetes) or 0)

    def judge(read: Load) -> tuple[Linted, list[Diagnostic]]:
        whole = collect(paths, shown, read, exclude=options.exclude)
        shares, found = apart.shares(paths, whole)
        for one in shares:
            found += told(collect(paths, shown, read, found=one.found), one.start, read)
        return whole, list(ordered(found if shares else [*found, *told(whole, paths, read)]))

    def told(linted: Linted, start: Sequence[Path], read: Load) -> list[Diagnostic]:
        found = list(linted.diagnostics)
        if linted.subjects:
            found += _artifacts(linted, demand, _ruled(start, demand))
        found = _asked(linted, found)
        if changes is not None:
            found = _narrow(changes, linted, found)
        if linted.specs:
            from svc.cli.specs_linted import compiled

            found += compiled(linted.specs, demand, chosen, read, date.today()).diagnostics
        return found

    return fixing.fixed(judge, given or (lambda file, name: load(file, name=name)), options.unsafe_fixes)


def _changes(options: argparse.Namespace) -> Changes | None:
    if not options.changed_since:
        return None
    from svc.cli.changed import since

    return since(options.changed_since, demands.box(), Path.cwd())


def _asked(linted: Linted, found: list[Diagnostic]) -> list[Diagnostic]:
    """Leaves the findings in files that were asked about."""
    return [one for one in found if one.place.file not in linted.beside] if linted.beside else found


def _narrow(changes: Changes, linted: Linted, found: list[Diagnostic]) -> list[Diagnostic]:
    """Leaves the specs and findings that a change touches."""
    from svc.cli.changed import only, specs_touched

    linted.specs[:] = specs_touched(linted.specs, changes)
    return only(found, changes, lambda name: linted.files.get(name, Path(name)))


def _artifacts(linted: Linted, demand: Demand, ruled: Ruled) -> list[Diagnostic]:
    from svc import gate
    from svc.lint.findings import findings
    from svc.policy.types import CueFailed

    rules, loaded = ruled.rules, ruled.loaded
    if ruled.wrong:
        return [*ruled.problems, *loaded.problems]
    try:
        found = findings(linted, loaded.policies, gate.settings(rules, demand), demand)
    except CueFailed as failed:
        return list(failed.diagnostics)
    return [*ruled.problems, *gate.settle(found, linted.waivers, loaded.policies, date.today(), rules, demand)]


def _ruled(paths: Sequence[Path], demand: Demand) -> Ruled:
    from svc import gate

    rules, problems = gate.rules_above(paths, shown)
    return gate.Ruled(rules, gate.load(rules, demand), problems)
