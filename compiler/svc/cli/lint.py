"""`svc lint`: specs and hand-written artifacts, judged by the same policies."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import ExitStack
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli import demands, fixing, lint_options, overrides, reporting, sharing, unchanged
from svc.cli import ruling as ruling_of
from svc.cli.console import SEVERITIES, shown, verdict, warn
from svc.cli.exits import Exit
from svc.cli.homes import Homes, Shares
from svc.cli.lint_options import STDIN, paths_of
from svc.collecting import paused
from svc.diagnostics import Diagnostic, ordered
from svc.records import dataclass, replace

if TYPE_CHECKING:
    from svc.cli.changed import Changes
    from svc.fixing import Fixed
    from svc.gate import Demand, Ruled
    from svc.lint.collect import Load, Share
    from svc.lint.linted import Linted
    from svc.pipeline import Compiled
    from svc.resolve.override import Override
    from svc.source import Source

Ruling = Callable[[], Shares]
"""What the workspaces of a run demand."""
Looked = Callable[[], "tuple[Sequence[str], Sequence[str]] | None"]
"""Every file and folder that a report depends on, and those of them that were read; None when that is not known."""


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "lint",
        help="judge specs and artifacts",
        description="Judges specs, Dockerfiles, Kubernetes manifests, charts, workflows, compose files and Terraform.",
    )
    lint_options.add(verb)
    verb.set_defaults(run=run, writes=lambda one: one.fix and not one.diff and STDIN not in one.paths)


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
    part = made.part()
    return replace(part, diagnostics=ordered(sorted([*notes, *part.diagnostics], key=lambda one: one.waived is None)))


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run judges, and how."""

    options: argparse.Namespace
    chosen: Sequence[Override]
    paths: Sequence[Path]
    read: Load | None
    demand: Demand
    changes: Changes | None

    def part(self) -> Report:
        """What is said of everything, in any order."""
        above, ruling = Homes(), cache(lambda: ruling_of.one(self.paths, self.demand))
        with paused(), ExitStack() as stack:
            linted = self._collected(sharing.crew(self.options, self.demand, lambda: ruling()[0][1], stack))
            found: list[Diagnostic] = []
            bases = above.bases(self.paths, linted)
            if bases:
                from svc.cli import together

                linted = self._collected(None)
                ruling = cache(lambda: ruling_of.each(bases, self.demand))
                found += together.judged(above, linted, ruling(), self.demand, date.today())
            elif linted.subjects or linted.shaped or self.demand.problems:
                found += ruling_of.told(linted, self.demand, ruling()[0][1])
        return self._report(linted, [*linted.diagnostics, *found], ruling, above, several=bool(bases))

    def _collected(self, share: Share | None) -> Linted:
        from svc.lint.collect import collect, from_disk

        return collect(
            self.paths,
            shown,
            self.read or from_disk,
            box=None if self.options.no_render else self.demand.box,
            minor=demands.kubernetes_minor(self.options.kubernetes) or 0,
            share=share,
            unknown=self.options.ignore_unknown,
            exclude=self.options.exclude,
        )

    def _report(
        self, linted: Linted, found: list[Diagnostic], ruling: Ruling, above: Homes, *, several: bool
    ) -> Report:
        """With what is said of specs, and of what is of no use any more."""
        sources = dict(linted.sources)
        found = _asked(linted, found)
        if self.changes is not None:
            found = _narrow(self.changes, linted, found)
        compiled: list[Compiled] = []
        for some in above.shared(linted.specs):
            from svc.cli.specs_linted import compiled as specs

            compiled.append(specs(some, self.demand, self.chosen, self.read, date.today(), self.options))
            sources.update(compiled[-1].sources)
            found += compiled[-1].diagnostics
        from svc.cli import leftover

        found += leftover.of(self.options, self.paths, found, self.demand, ruling, above, several=several)
        looked = partial(_looked, self.paths, linted, compiled, self.demand, ruling, self.options.exclude)
        return Report(tuple(found), sources, looked, linted.plain)


def _looked(
    paths: Sequence[Path],
    linted: Linted,
    compiled: Sequence[Compiled],
    demand: Demand,
    ruling: Ruling,
    exclude: Sequence[str],
) -> tuple[Sequence[str], Sequence[str]] | None:
    """Not with policies of others, which look at more than files."""
    from svc.lint.looked import looked

    if any(_more_than_files(one) for _, one in ruling()) or demand.problems:
        return None
    found = looked(paths, linted, exclude)
    seen = [one.looked() for one in compiled]
    if found is None or None in seen:
        return None
    inputs = (name for one in seen if one for row, _ in one.rows for name in row.inputs)
    names = [*found, *(name for one in seen if one for name in (*one.common, *one.folders)), *inputs]
    if demand.baseline is not None:  # `baseline.keys` asks what is there under these names
        names += [f"{demand.baseline.home.folder}/{name}" for name in linted.files]
    return names, [str(file) for file in linted.files.values()]


def _more_than_files(ruled: Ruled) -> bool:
    rules, policies = ruled.rules, ruled.loaded.policies
    foreign = rules.plugins or len(rules.folders) > 1 or any(one.check == "cue" or ":" in one.check for one in policies)
    return bool(foreign) or ruled.wrong


def _fixed(
    options: argparse.Namespace, chosen: Sequence[Override]
) -> tuple[Fixed, Mapping[str, str], Mapping[str, Path]]:
    from svc.lint.collect import collect
    from svc.source import load

    paths, given = paths_of(options)
    changes = _changes(options)
    demand = demands.demand(options, demands.kubernetes_minor(options.kubernetes) or 0)

    def judge(read: Load) -> tuple[Linted, list[Diagnostic]]:
        linted, above = collect(paths, shown, read, exclude=options.exclude), Homes()
        found = list(linted.diagnostics)
        bases = above.bases(paths, linted)
        if bases:
            from svc.cli import together

            found += together.judged(above, linted, ruling_of.each(bases, demand), demand, date.today())
        elif linted.subjects:
            found += ruling_of.told(linted, demand, ruling_of.above(paths, demand))
        found = _asked(linted, found)
        if changes is not None:
            found = _narrow(changes, linted, found)
        for some in above.shared(linted.specs):
            from svc.cli.specs_linted import compiled

            found += compiled(some, demand, chosen, read, date.today()).diagnostics
        return linted, list(ordered(found))

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
    from svc.cli.changed import only
    from svc.cli.touched import specs_touched

    linted.specs[:] = specs_touched(linted.specs, changes)
    return only(found, changes, lambda name: linted.files.get(name, Path(name)))
