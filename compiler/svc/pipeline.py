"""The stages in order, from paths to a file map. Nothing here prints or writes.

Each service goes through its own stages (`svc.stages.service`), possibly in another process; what is between services
stands here, and so does the rule that a stage which stops one of them stops all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from svc import collecting, gate
from svc.diagnostics import Diagnostic, Route, Severity, ordered
from svc.folders import mixed
from svc.hands import at_once
from svc.policy.run import unless_of
from svc.pool import cores
from svc.records import replace
from svc.resolve.context import Neighbour
from svc.source import Source
from svc.specs import Located, locate
from svc.spool import Spool
from svc.stages import across, service
from svc.stages.packed import Packed, opened, packed
from svc.stages.remembered import Memory, Seen
from svc.stages.settled import Settled, Unsettled, settled
from svc.stages.shared import Crew, Done, Job, Worker
from svc.stages.types import Compiled as Compiled
from svc.stages.types import Outline, Part, Progress, silent, stops
from svc.stages.types import Piece as Piece
from svc.stages.types import Request as Request
from svc.targets.protocol import Judgement
from svc.tools import Toolbox

T = TypeVar("T")


@collecting.paused()
def compile_(request: Request) -> Compiled:
    """Stages 1 to 8: load, parse, model, resolve, lower, policy, render, verify."""
    known = settled(request)
    if known is not None:
        try:
            return _compiled(request, known)
        except Unsettled:
            pass
    return _compiled(request, None)


def _compiled(request: Request, near: Settled | None) -> Compiled:
    """`near`: of all services only those that are awake go through the stages."""
    if near is None:
        located = locate(request.paths, request.shown, request.box, request.load_text)
    else:
        located = near.located(request)
    memory = Memory(located, request, request.store)
    with Crew(Worker(located, request, memory.keep_outline, _keeping(memory, request))) as crew:
        located, every, neighbours = _outlines(located, memory, crew, request, near)
        outlines = every[: len(located.wanted)]
        shapes = [*located.diagnostics, *(said for one in outlines for said in one.diagnostics)]
        shapes += mixed(located.base, located.wanted, request.shown)
        shapes += across.scattered(located, request)
        shapes += across.unknown_environments(request.environments, outlines)
        shapes += across.same_names(outlines)
        sound = [file for file, one in zip(located.wanted, outlines, strict=True) if one.sound]
        parts = _parts(sound, neighbours, memory, crew, request)
        if near is not None and len(sound) == len(outlines):
            near.check(parts)
        resolved = [said for part in parts for said in part.resolved]
        between = across.shared(parts)
        diagnostics = [*shapes, *resolved, *between]
        base = _result(located, outlines, parts)
        if stops(diagnostics):
            return replace(base, diagnostics=_urgent(diagnostics), pieces=())
        diagnostics += [said for part in parts for said in part.lowered]
        if stops(diagnostics):
            return replace(base, diagnostics=_urgent(diagnostics))
        circles = across.circles(parts, crew.rules.loaded.policies, crew.rules.settings)
        diagnostics += _policies(parts, circles, crew.rules, request)
    memory.settle()
    kept = tuple(home for part in parts for home in part.kept)
    seen = Seen(located, every, parts, neighbours, near, apart=bool(between or circles))
    base = replace(base, diagnostics=_urgent(diagnostics), kept=kept, looked=lambda: memory.looked(seen))
    if base.failed:
        return base
    if near is None:
        return _files(base, parts, located, request)
    moving = near.moving(parts)
    return replace(_files(base, moving, located, request), services=near.services(parts), rest=near.rest())


def _outlines(
    located: Located, memory: Memory, crew: Crew, request: Request, near: Settled | None
) -> tuple[Located, list[Outline], Mapping[str, Neighbour]]:
    """Stages 1 to 3 for every spec: shapes first, since references need the neighbours. `near` may wake more of them."""
    jobs = [*(Job(file) for file in located.wanted), *(Job(file, near=True) for file in located.others)]
    found = _outlined(jobs, located, memory, crew, request)
    if near is None:
        return located, found, {one.neighbour.name: one.neighbour for one in found if one.neighbour is not None}
    woken = near.wake(found)
    made = dict(zip([job.file for job in jobs], found, strict=True))
    made |= dict(zip(woken, _outlined([Job(file) for file in woken], located, memory, crew, request), strict=True))
    located = replace(located, wanted=tuple(near.files(near=False)))
    found = [made[file] for file in (*located.wanted, *located.others)]
    return located, found, near.neighbours(found)


def _outlined(jobs: Sequence[Job], located: Located, memory: Memory, crew: Crew, request: Request) -> list[Outline]:
    known = [memory.outline(job.file) for job in jobs]
    fresh = crew.outlines([job for job, one in zip(jobs, known, strict=True) if one is None])
    made = _merged(known, lambda: next(fresh), request.progress, "reading")
    return [service.apart(one) if job.file in located.apart else one for job, one in zip(jobs, made, strict=True)]


def _keeping(memory: Memory, request: Request) -> Done:
    """What is done with a part where it was made: it is packed once, for the cache and for the way here."""

    def kept(file: Path, outline: Outline, part: Part) -> Packed | Part:
        if request.whole:
            return part
        made = packed(part, small=memory.keeps)
        memory.keep(file, outline, made)
        return made

    return kept


def _parts(
    files: Sequence[Path], neighbours: Mapping[str, Neighbour], memory: Memory, crew: Crew, request: Request
) -> list[Part]:
    known = [memory.part(file, neighbours) for file in files]
    fresh = crew.parts([file for file, one in zip(files, known, strict=True) if one is None], neighbours)
    spool = Spool()
    found = []
    for number, one in enumerate(known):
        request.progress("compiling", number, len(known))
        part = one if one is not None else next(fresh)
        known[number] = None
        found.append(part if isinstance(part, Part) else opened(part, spool))
    request.progress("compiling", len(known), len(known))
    return found


def _merged(known: Sequence[T | None], fresh: Callable[[], T], progress: Progress, phase: str) -> list[T]:
    found = []
    for number, one in enumerate(known):
        progress(phase, number, len(known))
        found.append(one if one is not None else fresh())
    progress(phase, len(known), len(known))
    return found


def _result(located: Located, outlines: Sequence[Outline], parts: Sequence[Part]) -> Compiled:
    sources: dict[str, Source] = dict(located.sources)
    for outline in outlines:
        sources.update(outline.sources)
    for part in parts:
        sources.update(part.sources)
    units = tuple(part.unit for part in parts if part.unit is not None)
    pieces = tuple(piece for part in parts for piece in part.pieces)
    services = tuple((part.name, part.environments) for part in parts)
    return Compiled(located.root, (), sources, units, pieces, services)


def _urgent(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of reports; what is only worth knowing waits until nothing stops the compile."""
    stopped = any(one.counts and one.severity == Severity.ERROR for one in diagnostics)
    return ordered(one for one in diagnostics if not stopped or one.policy or one.severity > Severity.INFO)


def _policies(
    parts: Sequence[Part], circles: Sequence[Diagnostic], rules: service.Ruled, request: Request
) -> list[Diagnostic]:
    """The findings of all services with what was answered for marked."""
    loaded = rules.loaded
    if loaded.problems:
        return list(loaded.problems)
    refused = [said for part in parts for said in part.refused]
    if refused:
        return refused
    diagnostics = [said for part in parts for said in part.judged]
    diagnostics += [said for part in parts for said in part.by_hand]
    diagnostics += [said for part in parts for said in part.comments]
    diagnostics += circles
    waivers = [waiver for part in parts for waiver in part.waivers]
    once = _said_once(_distinct(diagnostics), unless_of(loaded.policies, rules.rules.mandatory))
    return gate.settle(once, waivers, loaded.policies, request.today, rules.rules, request.demand)


def _distinct(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same finding in several environments is one finding, and so is that in several containers which have the
    value at fault from the same place of the spec: the others are told beside the first."""
    once: dict[tuple[object, ...], Diagnostic] = {}
    for one in diagnostics:
        once.setdefault((one.id, one.message, one.place.file, one.place.span), one)
    seen: dict[tuple[object, ...], Diagnostic] = {}
    for one in once.values():
        key = (one.id, _of_any(one), one.place.file, one.place.span, one.environment)
        first = seen.setdefault(key, one)
        if first is not one:
            others = tuple(beside for beside in one.related if beside not in first.related)
            seen[key] = replace(first, related=(*first.related, *others))
    return tuple(seen.values())


def _of_any(one: Diagnostic) -> str:
    """The message without whose finding it is."""
    return one.message.replace(one.whose, "") if one.whose else one.message


def _said_once(diagnostics: Sequence[Diagnostic], unless: Mapping[str, Sequence[str]]) -> list[Diagnostic]:
    """One cause in the spec, one message: what another policy has said, no less severely, at the same place is left out."""
    said: dict[tuple[str, str, Route], Severity] = {}
    for one in diagnostics:
        key = (one.id, one.place.file, one.place.route)
        said[key] = max(one.severity, said.get(key, Severity.INFO))

    def repeated(one: Diagnostic) -> bool:
        keys = ((name, one.place.file, one.place.route) for name in unless.get(one.id, ()))
        return any(key in said and said[key] >= one.severity for key in keys)

    return [one for one in diagnostics if not repeated(one)]


def _files(base: Compiled, parts: Sequence[Part], located: Located, request: Request) -> Compiled:
    names = service.targets(located, request)
    return replace(
        base,
        outputs=tuple(output for part in parts for output in part.outputs),
        faults=tuple(fault for part in parts for fault in part.faults),
        owners=tuple(f"{part.name}/{name}" for part in parts for name in names),
        protected=tuple(located.workspace.workspace.protected),
    )


def verify(
    compiled: Compiled, root: Path, box: Toolbox, progress: Progress = silent, hands: int = 0
) -> tuple[Judgement, ...]:
    """The external programs over a folder that holds exactly the outputs: those of several targets at once (`hands`; 0:
    one for each processor), and each program once for all that it can read. The judgements come by target."""
    targets = {piece.name: piece.target for piece in compiled.pieces}

    def judge(name: str) -> tuple[Judgement, ...]:
        return targets[name].judge([piece.artifact for piece in compiled.pieces if piece.name == name], root, box)

    found: list[Judgement] = []
    try:
        for number, judgements in enumerate(at_once([partial(judge, name) for name in targets], hands or cores())):
            progress("verifying", number, len(targets))
            found += judgements
    finally:
        progress("verifying", len(targets), len(targets))
    return tuple(found)
