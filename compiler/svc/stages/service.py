"""Stages 1 to 8 for single services: an outline each, then parts in batches, since CUE is asked once for a batch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from svc import gate
from svc.diagnostics import Diagnostic, Place, Problem, Related, Route
from svc.lint.own import Own, own
from svc.outputs import Output, digest
from svc.parse import Document
from svc.patterns import regex
from svc.policy import services as views
from svc.policy.types import Loaded, Settings
from svc.policy.waive import Waiver
from svc.records import dataclass, replace
from svc.resolve import resolve
from svc.resolve.context import Neighbour
from svc.resolve.told import told
from svc.resolve.types.around import Call
from svc.resolve.unit import LOCAL, Unit
from svc.source import Source
from svc.specs import Located, read_spec
from svc.stages.claims import claims
from svc.stages.judging import Verdict, judged
from svc.stages.traced import Traced, absent, traced
from svc.stages.types import Calls, Outline, Part, Piece, Request, Trace, stops
from svc.targets.protocol import Fault
from svc.targets.table import TARGET_NAMES, target


@dataclass(frozen=True, slots=True)
class Drafted:
    """A spec after stage 3, with its typed service in each environment, and the sources that are read for it."""

    spec: resolve.Spec
    made: Mapping[str, resolve.Draft]
    sources: dict[str, Source]


@dataclass(frozen=True, slots=True)
class Ruled:
    """The policies of this run, loaded once."""

    rules: gate.Rules
    loaded: Loaded
    settings: Settings
    views: bool


def ruled(located: Located, demand: gate.Demand) -> Ruled:
    rules = gate.rules(located.workspace, located.root)
    loaded = gate.load(rules, demand)
    settings = gate.settings(rules, demand)
    return Ruled(rules, loaded, settings, not loaded.problems and views.wanted(loaded.policies, settings))


def targets(located: Located, request: Request) -> tuple[str, ...]:
    chosen = request.targets or tuple(located.workspace.workspace.targets)
    return tuple(name for name in TARGET_NAMES if name in chosen)


def outline(file: Path, located: Located, request: Request, *, near: bool = False) -> tuple[Outline, Drafted | None]:
    """Stages 1 to 3. `near`: a neighbour that nobody asked for, of which only the facts are wanted."""
    sources: dict[str, Source] = {}
    overrides = () if near else request.overrides
    spec, said = read_spec(located, file, request.shown, sources, overrides, request.load_text)
    if spec is None:
        return Outline(request.shown(file), tuple(said), sources, _unread(sources)), None
    made, problems = resolve.drafts(spec, located.workspace)
    known = resolve.environments_of(spec, located.workspace)
    name = next(iter(made.values())).service.name if made else ""
    facts = Outline(
        spec.document.source.name,
        (*said, *problems),
        dict(sources),
        resolve.neighbour(made, spec.made_of, known, "unsaid" if near else "said") or _broken(spec, near=near),
        name,
        spec.document.place(("name",)) if made else None,
        known,
        set(made) >= {*known, LOCAL},
    )
    return facts, Drafted(spec, made, sources)


def _broken(spec: resolve.Spec, *, near: bool) -> Neighbour | None:
    """A service that is there by name alone, for those that refer to it."""
    data = spec.document.data
    name = data.get("name") if isinstance(data, dict) else None
    return Neighbour(name, {}, "unsaid" if near else "said") if isinstance(name, str) and name else None


def apart(one: Outline) -> Outline:
    """Of a spec that is no member of the workspace: others know that it is there, and nothing that could reach outputs."""
    known = one.neighbour
    return one if known is None or known.broken else replace(one, neighbour=Neighbour(known.name, {}, "apart"))


_NAMED = regex(r"^name: *[\"']?([a-z][-a-z0-9]*)[\"']? *\r?$", re.MULTILINE)


def _unread(sources: Mapping[str, Source]) -> Neighbour | None:
    """A service whose text cannot be read: said once, and not again of everybody who refers to it."""
    match = next((found for one in sources.values() if (found := _NAMED.search(one.text)) is not None), None)
    return Neighbour(match[1], {}, "said") if match else None


def parts(
    batch: Sequence[Drafted],
    neighbours: Mapping[str, Neighbour],
    located: Located,
    request: Request,
    rules: Callable[[], Ruled],
) -> Iterator[Part]:
    """Stages 4 to 8, each as far as the service gets. `rules` are asked for when there is something to judge."""
    lowered = [_lowered(one, neighbours, located, request) for one in batch]
    going = [part for part in lowered if part.unit is not None and not stops((*part.resolved, *part.lowered))]
    names = targets(located, request)
    mine = {part.name: own([part.unit], names, located.root, request.shown) for part in going if part.unit is not None}
    found = _judged(going, mine, rules(), request) if going else {}
    for one, part in zip(batch, lowered, strict=True):
        if part.name in mine:
            read = mine[part.name]
            waivers, comments = _waivers(one, part.unit, read)
            outputs, faults = _rendered(part.pieces) if request.files else ((), ())
            part = replace(
                part,
                waivers=waivers,
                comments=comments,
                kept=read.kept,
                outputs=outputs,
                faults=faults,
                sources={**one.sources, **read.sources},
                trace=absent(part.trace, read, located.root),
                **found[part.name],
            )
        yield part if request.whole else replace(part, unit=None, pieces=())


def _judged(going: Sequence[Part], mine: Mapping[str, Own], rules: Ruled, request: Request) -> Mapping[str, Verdict]:
    return judged(going, mine, rules.loaded, rules.settings, rules.views, request.demand)


def _lowered(one: Drafted, neighbours: Mapping[str, Neighbour], located: Located, request: Request) -> Part:
    """Stages 4 and 5."""
    trace, near, spec = Trace(), neighbours, one.spec
    if request.store is not None:
        near, spec = Traced(neighbours, trace.neighbours), traced(one.spec, trace)
    unit, problems = resolve.unit(spec, located.workspace, one.made, near, request.environments)
    if unit is None or stops(problems):
        return Part(resolved=tuple(problems), sources=one.sources, trace=trace)
    pieces: list[Piece] = []
    said: list[Diagnostic] = []
    documents = (spec.document, located.workspace.document)
    for name in (name for name in targets(located, request) if name not in unit.first.own):
        module = target(name)
        lowered = module.lower(unit)
        said += _told(lowered.problems, unit, name, documents)
        pieces.append(Piece(unit, name, module, lowered.artifact, tuple(module.subjects(lowered.artifact))))
    return Part(
        unit.name,
        tuple(one.environment for one in unit.environments),
        tuple(problems),
        claims(unit),
        _calls(unit),
        tuple(said),
        sources=one.sources,
        trace=trace,
        unit=unit,
        pieces=tuple(pieces),
    )


def _calls(unit: Unit) -> tuple[Calls, ...]:
    def placed(environment: str, one: Call) -> tuple[str, bool, Place]:
        return one.service, one.waits, replace(unit.origin(environment, one.at).place, route=one.at)

    return tuple(
        Calls(one.environment, tuple(placed(one.environment, call) for call in one.calls)) for one in unit.environments
    )


_BY_ENVIRONMENT = ("helm", "terraform")
"""Targets that look at one environment after the other."""


def _told(
    problems: Sequence[Problem], unit: Unit, target: str, documents: Sequence[Document | None]
) -> Iterator[Diagnostic]:
    """Problems at their places; what is wrong in some environments alone says in which. A target that looks at all of
    them at once says that in its own words."""
    seen = LOCAL if target == "compose" else ""
    said: dict[str, list[Diagnostic]] = {one.environment: [] for one in unit.environments}
    for problem in problems:
        if problem.environment and target in _BY_ENVIRONMENT:
            said[problem.environment].append(_placed(problem, unit, seen))
        else:
            yield _placed(problem, unit, seen)
    yield from told(said, documents)


def _placed(problem: Problem, unit: Unit, seen: str) -> Diagnostic:
    """`seen`: the environment that the problem is about, when it is one and the same."""
    known = problem.environment or seen or _knowing(unit, problem.route)
    place = replace(unit.origin(known, problem.route, problem.anchor).place, route=problem.route)
    related = tuple(
        Related(note, unit.origin(seen or _knowing(unit, route), route).place) for note, route in problem.related
    )
    return Diagnostic(problem.id, problem.severity, problem.message, place, problem.help, related)


def _knowing(unit: Unit, route: Route) -> str:
    """The first environment that says the most about a route."""

    def depth(name: str) -> int:
        return max(length for length in range(len(route) + 1) if route[:length] in unit.origins[name])

    return max((one.environment for one in unit.environments), key=depth)


def _waivers(one: Drafted, unit: Unit | None, mine: Own) -> tuple[tuple[Waiver, ...], tuple[Diagnostic, ...]]:
    """Those of the spec, which speak of the service's own files as well, and those in comments of all these files."""
    used = unit.files if unit is not None else {}
    read = next(iter(mine.linted.values()), None)
    document = one.spec.document
    given = gate.waivers_of(document, document.source.name)
    waivers = [replace(waiver, also=(*used, *(read.files if read is not None else ()))) for waiver in given]
    said = [gate.comments_of(document.source, [document])]
    said += [gate.comments_of(file.source, file.documents) for file in used.values()]
    problems: list[Diagnostic] = []
    if read is not None:
        waivers += read.waivers
        problems += read.diagnostics
    waivers += [waiver for comments in said for waiver in comments.waivers]
    problems += [problem for comments in said for problem in comments.problems]
    return tuple(waivers), tuple(problems)


def _rendered(pieces: Iterable[Piece]) -> tuple[tuple[Output, ...], tuple[Fault, ...]]:
    """Stages 7 and 8: texts, read back."""
    outputs: list[Output] = []
    faults: list[Fault] = []
    for piece in pieces:
        files = piece.target.render(piece.artifact).files
        faults += piece.target.verify(piece.artifact, files)
        owner = f"{piece.unit.name}/{piece.name}"
        outputs += [Output(path, text, owner, digest(text)) for path, text in files.items()]
    return tuple(outputs), tuple(faults)
