"""The stages in order, from paths to a file map. Nothing here prints or writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from svc import collecting, gate
from svc.diagnostics import Diagnostic, Place, Problem, Related, Route, Severity, ordered
from svc.fingerprint import identity
from svc.lint.findings import findings as own_findings
from svc.lint.own import Own, own
from svc.policy import services as views
from svc.policy.types import CueFailed, Finding, Policy
from svc.policy.waive import Waiver
from svc.resolve import resolve
from svc.resolve.override import Override
from svc.resolve.unit import LOCAL, Unit
from svc.source import Source
from svc.specs import Found, Read, find, from_disk
from svc.targets.protocol import Fault, Judgement, Rendered, Subject, Target
from svc.targets.table import TARGET_NAMES, target
from svc.tools import Toolbox
from svc.write import Output

Shown = Callable[[Path], str]


@dataclass(frozen=True, slots=True)
class Request:
    """What to compile. Empty `environments` and `targets`: all. `today` decides which waivers have expired.

    `box` is where `cue` is found; without one, in the checkout alone. `load_text` is how specs and workspaces are read.
    """

    paths: tuple[Path, ...]
    shown: Shown
    today: date
    environments: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    overrides: Sequence[Override] = ()
    demand: gate.Demand = field(default_factory=gate.Demand)
    box: Toolbox | None = None
    load_text: Read = from_disk


@dataclass(frozen=True, slots=True)
class Piece:
    """One artifact of one service, on its way."""

    unit: Unit
    name: str
    target: Target
    artifact: Any
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """`outputs` is empty when an error-level diagnostic stands; `faults` are bugs of ours, found by verifying."""

    root: Path
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    units: tuple[Unit, ...] = ()
    pieces: tuple[Piece, ...] = ()
    outputs: tuple[Output, ...] = ()
    faults: tuple[Fault, ...] = ()
    owners: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Files and folders of the user's own, relative to the output root."""

    @property
    def failed(self) -> bool:
        return any(one.counts and one.severity == Severity.ERROR for one in self.diagnostics)


@collecting.paused()
def compile_(request: Request) -> Compiled:
    """Stages 1 to 8: load, parse, model, resolve, lower, policy, render, verify."""
    found = find(request.paths, request.overrides, request.shown, request.box, request.load_text)
    units, diagnostics = _units(found, request)
    if _stops(diagnostics):
        return Compiled(found.root, _urgent(diagnostics), found.sources, units)
    pieces, problems = _lower(units, found, request)
    diagnostics += problems
    if _stops(diagnostics):
        return Compiled(found.root, _urgent(diagnostics), found.sources, units, pieces)
    mine = own(units, _targets(found, request), found.root, request.shown)
    diagnostics += _policies(units, pieces, mine, found, request)
    sources = {**found.sources, **mine.sources}
    base = Compiled(found.root, _urgent(diagnostics), sources, units, pieces, kept=mine.kept)
    if base.failed:
        return base
    outputs, faults = _render(pieces)
    owners = tuple(f"{unit.name}/{name}" for unit in units for name in _targets(found, request))
    return replace(
        base, outputs=outputs, faults=faults, owners=owners, protected=tuple(found.workspace.workspace.protected)
    )


def _urgent(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of reports; what is only worth knowing waits until nothing stops the compile."""
    stopped = any(one.counts and one.severity == Severity.ERROR for one in diagnostics)
    return ordered(one for one in diagnostics if not stopped or one.policy or one.severity > Severity.INFO)


def _stops(diagnostics: Sequence[Diagnostic]) -> bool:
    return any(one.severity == Severity.ERROR for one in diagnostics)


def _units(found: Found, request: Request) -> tuple[tuple[Unit, ...], list[Diagnostic]]:
    """Stages 3 and 4 for every spec: shapes first, since references need the neighbours."""
    diagnostics = list(found.diagnostics)
    drafts: list[tuple[resolve.Spec, dict[str, resolve.Draft]]] = []
    neighbours = {}
    for spec in (*found.wanted, *found.others):
        made, problems = resolve.drafts(spec, found.workspace)
        if spec in found.wanted:
            diagnostics += problems
            drafts.append((spec, made))
        near = resolve.neighbour(made)
        if near is not None:
            neighbours[near.name] = near
    diagnostics += _unknown(request, [spec for spec, _ in drafts], found)
    diagnostics += _same_names(drafts)
    units = []
    for spec, made in drafts:
        if set(made) >= {*resolve.environments_of(spec, found.workspace), LOCAL}:
            unit, problems = resolve.unit(spec, found.workspace, made, neighbours, request.environments)
            diagnostics += problems
            units += [unit] if unit is not None else []
    return tuple(units), [*diagnostics, *_shared_secrets(units)]


def _shared_secrets(units: Sequence[Unit]) -> list[Diagnostic]:
    """Paths in the secret store that two services read: each has a Terraform module that would make them."""
    seen: dict[str, tuple[str, Place]] = {}
    found = []
    for unit in units:
        for path, route in {one.path: one.at for held in unit.first.secrets for one in held.entries}.items():
            place = unit.origin("", route).place
            other, theirs = seen.setdefault(path, (unit.name, place))
            if other != unit.name and "terraform" not in unit.first.own:
                message = f"`{path}` is a secret of `{other}` too, and the Terraform of both would make it"
                help_ = "give each a path of its own, or read the other's Kubernetes Secret with `secret:` and `key:`"
                related = (Related(f"in {other}", theirs),)
                found.append(Diagnostic("secret-path-shared", Severity.WARNING, message, place, help_, related))
    return found


def _unknown(request: Request, specs: Sequence[resolve.Spec], found: Found) -> list[Diagnostic]:
    diagnostics = []
    for spec in specs:
        known = resolve.environments_of(spec, found.workspace)
        for name in request.environments:
            if name not in known:
                message = f"there is no environment `{name}`; known are {', '.join(known)}"
                diagnostics.append(
                    Diagnostic("environment-unknown", Severity.ERROR, message, Place(spec.document.source.name))
                )
    return diagnostics


def _same_names(drafts: Sequence[tuple[resolve.Spec, Mapping[str, resolve.Draft]]]) -> list[Diagnostic]:
    seen: dict[str, Place] = {}
    diagnostics = []
    for spec, made in drafts:
        if not made:
            continue
        name, place = next(iter(made.values())).service.name, spec.document.place(("name",))
        if name in seen:
            related = (Related("the other service", seen[name]),)
            diagnostics.append(
                Diagnostic(
                    "service-named-twice",
                    Severity.ERROR,
                    f"two services are named `{name}`",
                    place,
                    "rename one",
                    related,
                )
            )
        seen.setdefault(name, place)
    return diagnostics


def _targets(found: Found, request: Request) -> tuple[str, ...]:
    chosen = request.targets or tuple(found.workspace.workspace.targets)
    return tuple(name for name in TARGET_NAMES if name in chosen)


def _lower(units: Sequence[Unit], found: Found, request: Request) -> tuple[tuple[Piece, ...], list[Diagnostic]]:
    pieces: list[Piece] = []
    diagnostics: list[Diagnostic] = []
    for unit in units:
        for name in (name for name in _targets(found, request) if name not in unit.first.own):
            module = target(name)
            lowered = module.lower(unit)
            diagnostics += [_placed(problem, unit, LOCAL if name == "compose" else "") for problem in lowered.problems]
            pieces.append(Piece(unit, name, module, lowered.artifact, tuple(module.subjects(lowered.artifact))))
    return tuple(pieces), diagnostics


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


def _policies(
    units: Sequence[Unit], pieces: Sequence[Piece], mine: Own, found: Found, request: Request
) -> list[Diagnostic]:
    demand = request.demand
    ruled = gate.rules(found.workspace, found.root)
    loaded = gate.load(ruled, demand)
    if loaded.problems:
        return list(loaded.problems)
    owners: dict[int, Piece | Unit] = {id(subject): piece for piece in pieces for subject in piece.subjects}
    services: dict[str, list[Subject]] = {}
    for piece in pieces:
        services.setdefault(piece.unit.name, []).extend(piece.subjects)
    chosen = gate.settings(ruled, demand)
    for unit in units if views.wanted(loaded.policies, chosen) else ():
        seen = list(views.subjects(unit))
        services.setdefault(unit.name, []).extend(seen)
        owners.update((id(subject), unit) for subject in seen)
    try:
        judged = gate.findings(list(services.values()), loaded.policies, chosen, demand)
        by_hand = [one for read in mine.linted.values() for one in own_findings(read, loaded.policies, chosen, demand)]
    except CueFailed as failed:
        return list(failed.diagnostics)
    rendered: dict[tuple[str, str], Rendered] = {}
    diagnostics = [_finding(one, owners[id(one.subject)], rendered) for one in judged]
    waivers, problems = _waivers(units, mine, found)
    diagnostics += [*by_hand, *problems]
    return gate.settle(
        _said_once(_distinct(diagnostics), loaded.policies), waivers, loaded.policies, request.today, ruled, demand
    )


def _waivers(units: Sequence[Unit], mine: Own, found: Found) -> tuple[list[Waiver], list[Diagnostic]]:
    """Those of the specs, which speak of the service's own files as well, and those in comments of all these files."""
    waivers: list[Waiver] = []
    problems: list[Diagnostic] = []
    named = {unit.spec: unit for unit in units}
    for spec in found.wanted:
        source, unit = spec.document.source, named.get(spec.path)
        used = unit.files if unit is not None else {}
        read = mine.linted.get(unit.name) if unit is not None else None
        given = gate.waivers_of(spec.document, source.name)
        waivers += [replace(one, also=(*used, *(read.files if read is not None else ()))) for one in given]
        said = [gate.comments_of(source, [spec.document])]
        said += [gate.comments_of(one.source, one.documents) for one in used.values()]
        if read is not None:
            waivers += read.waivers
            problems += read.diagnostics
        waivers += [waiver for comments in said for waiver in comments.waivers]
        problems += [problem for comments in said for problem in comments.problems]
    return waivers, problems


def _distinct(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same finding in several environments is one finding."""
    seen: dict[tuple[object, ...], Diagnostic] = {}
    for one in diagnostics:
        seen.setdefault((one.id, one.message, one.place.file, one.place.span), one)
    return tuple(seen.values())


def _said_once(diagnostics: Sequence[Diagnostic], policies: Sequence[Policy]) -> list[Diagnostic]:
    """One cause in the spec, one message: a finding that another policy's at the same place has said is left out."""
    unless = {policy.id: policy.unless for policy in policies}
    said = {(one.id, one.place.file, one.place.route) for one in diagnostics}
    return [
        one
        for one in diagnostics
        if not any((name, one.place.file, one.place.route) in said for name in unless.get(one.id, ()))
    ]


def _finding(finding: Finding, owner: Piece | Unit, rendered: dict[tuple[str, str], Rendered]) -> Diagnostic:
    """A finding at the spec's line, with the generated line beside it; a finding about the service itself has none."""
    subject = finding.subject
    route: Route = subject.artifact.origin(finding.route)
    unit = owner if isinstance(owner, Unit) else owner.unit
    whole = isinstance(owner, Unit) and not route
    origin = unit.origin(LOCAL if whole else subject.environment, route)
    related = () if isinstance(owner, Unit) else _beside(finding, owner, rendered)
    place = replace(origin.place, route=route)
    return Diagnostic(
        finding.policy,
        finding.severity,
        finding.message,
        place,
        finding.help,
        related,
        policy=True,
        environment=subject.environment,
        identity=identity(subject.name, route),
    )


def _beside(finding: Finding, piece: Piece, rendered: dict[tuple[str, str], Rendered]) -> tuple[Related, ...]:
    key = (piece.unit.name, piece.name)
    if key not in rendered:
        rendered[key] = piece.target.render(piece.artifact)
    line = rendered[key].line(finding.subject.key, finding.route)
    if line is None:
        return ()
    return (Related(f"generated, {finding.subject.name}", _generated(line, finding.route)),)


def _generated(line: tuple[str, int], route: Route) -> Place:
    from svc.diagnostics import Span

    return Place(line[0], Span(line[1], 1, line[1], 1), route)


def _render(pieces: Sequence[Piece]) -> tuple[tuple[Output, ...], tuple[Fault, ...]]:
    """Stages 7 and 8: texts, read back."""
    outputs: list[Output] = []
    faults: list[Fault] = []
    for piece in pieces:
        files = piece.target.render(piece.artifact).files
        faults += piece.target.verify(piece.artifact, files)
        outputs += [Output(path, text, f"{piece.unit.name}/{piece.name}") for path, text in files.items()]
    return tuple(outputs), tuple(faults)


def verify(compiled: Compiled, root: Path, box: Toolbox) -> tuple[Judgement, ...]:
    """The external programs over a folder that holds exactly the outputs."""
    return tuple(judgement for piece in compiled.pieces for judgement in piece.target.judge(piece.artifact, root, box))
