"""A draft is compiled while it is made: what does not fit the language is taken out again, and said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from svc.diagnostics import Diagnostic, Route, Severity
from svc.importers.draft import NO_IMAGE, Draft
from svc.importers.ledger import Ledger
from svc.kubernetes.lower import lower
from svc.kubernetes.types import Manifest
from svc.model.workspace import Workspace
from svc.parse import parse
from svc.patterns import regex
from svc.records import dataclass, field, replace
from svc.resolve import resolve
from svc.resolve.context import Neighbour, Others
from svc.resolve.types.whole import Resolved
from svc.source import Source, Unreadable
from svc.targets.table import target

Read = Callable[[str], Source | Unreadable]
_ABOUT_FILES = {"dockerfile-unreadable"}
_STAGE = regex(r"[A-Za-z][\w.-]*")
_TARGETS = ("docker", "compose", "terraform")
_WORKSPACE = resolve.LoadedWorkspace(Workspace(apiVersion="svc/v1"))
Neighbours = Mapping[str, Neighbour]
_ALONE: Neighbours = {}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a draft, at a route of it."""

    route: Route
    message: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    faults: tuple[Fault, ...]
    resolved: Resolved | None = None
    objects: tuple[Manifest, ...] = ()
    others: Mapping[str, tuple[Manifest, ...]] = field(default_factory=dict)

    def of(self, environment: str) -> tuple[Manifest, ...]:
        return self.others.get(environment, ())


def check(draft: Draft, neighbours: Neighbours = _ALONE) -> Checked:
    """Stages 2 to 5 over the draft as it would be written, beside the others of the import."""
    spec, found, faults = _typed(draft)
    if faults:
        return Checked(faults)
    unit, problems = resolve.unit(spec, _WORKSPACE, found, Others(neighbours, draft.name))
    faults = tuple(one for one in _faults(problems) if one.id not in _ABOUT_FILES)
    if faults or unit is None:
        return Checked(faults)
    every = {one.environment: lower(one) for one in unit.environments}
    wrong = [problem for lowered in every.values() for problem in lowered.problems]
    if not wrong:
        wrong += [one for name in _TARGETS for one in target(name).lower(unit).problems]
    faults = tuple(Fault(one.route, one.message, one.id) for one in wrong if one.severity == Severity.ERROR)
    objects = {name: lowered.manifests for name, lowered in every.items()}
    return Checked(faults, unit.first, objects[unit.first.environment], objects)


def _typed(draft: Draft) -> tuple[resolve.Spec, Mapping[str, resolve.Draft], tuple[Fault, ...]]:
    parsed = parse(Source("service.yaml", draft.text()))
    spec = resolve.Spec(parsed.documents[0], "", "service.yaml", reader(draft), lambda _: frozenset(), ())
    found, problems = resolve.drafts(spec, _WORKSPACE)
    return spec, found, _faults(problems)


def _faults(problems: Iterable[Diagnostic]) -> tuple[Fault, ...]:
    return tuple(Fault(one.place.route, one.message, one.id) for one in problems if one.severity == Severity.ERROR)


def neighbours(drafts: Sequence[Draft]) -> Neighbours:
    """What the drafts of an import see of each other."""
    found = {draft.name: resolve.neighbour(_typed(draft)[1]) for draft in drafts}
    return {name: one for name, one in found.items() if one is not None}


def reader(draft: Draft) -> Read:
    """Files beside the spec are not there yet: any Dockerfile will do, with the stage that is asked for."""
    target = draft.get("build", "target")
    stage = f" AS {target}" if isinstance(target, str) and _STAGE.fullmatch(target) else ""
    return lambda relative: Source(relative, f"FROM scratch{stage}\n")


def settle(drafts: Sequence[Draft], ledgers: Sequence[Ledger]) -> tuple[Fault, ...]:
    """Takes out what does not fit until all drafts compile. Faults are left only when they cannot be made to."""
    for draft in drafts:
        _settle(draft, ledgers, lambda one: _typed(one)[2])  # then all have ports to refer to
    for _ in range(len(drafts) + 1):
        others = neighbours(drafts)
        judge = partial(_judged, others)
        left = [fault for draft in drafts for fault in _settle(draft, ledgers, judge)]
        if left or neighbours(drafts) == others:
            return tuple(left)
    return ()


def _judged(others: Neighbours, draft: Draft) -> tuple[Fault, ...]:
    return check(draft, others).faults


def _settle(draft: Draft, ledgers: Sequence[Ledger], judge: Callable[[Draft], tuple[Fault, ...]]) -> tuple[Fault, ...]:
    for _ in range(200):
        faults = judge(draft)
        if not faults:
            return ()
        removed = False
        for fault in faults:
            if removed and draft.get(*fault.route) is None:
                continue
            _fail(draft, fault.route, f"does not fit the language: {fault.message}", ledgers)
            listed = len(draft.get("patches") or ())
            removed = draft.remove(fault.route) or removed
            if len(draft.get("patches") or ()) < listed:
                _shifted(draft.name, fault.route, ledgers)
        if not removed and not _without_image(draft):
            return () if idle(draft) else faults
    return judge(draft)


def idle(draft: Draft) -> bool:
    """Whether nothing is left of a draft that was to run jobs alone."""
    return draft.get("workload") == "none" and not draft.get("jobs") and not draft.get("workers")


def _shifted(spec: str, gone: Route, ledgers: Sequence[Ledger]) -> None:
    """Behind a patch that is taken out, all others move up."""
    for ledger in ledgers:
        for route, note in ledger.notes.items():
            if note.spec == spec and note.to[:1] == ("patches",) and note.to[1:] > gone[1:2]:
                to = (note.to[0], int(note.to[1]) - 1, *note.to[2:])
                ledger.notes[route] = replace(note, to=to)


def _without_image(draft: Draft) -> bool:
    """Whether the draft now has the image that it lacked: one of a domain that never is, for the user to replace."""
    if draft.get("image") is not None or draft.get("build") is not None:
        return False
    draft.set(("image",), f"{NO_IMAGE}/{draft.name}:unknown")
    draft.missing.append(f"`image`: nothing usable is named; put yours for {draft.get('image')}, which does not exist")
    return True


def _fail(draft: Draft, route: Route, reason: str, ledgers: Sequence[Ledger]) -> None:
    while route and draft.get(*route) is None:
        route = route[:-1]
    for ledger in ledgers:
        if route:
            ledger.fail(draft.name, route, reason)
    if route:
        draft.missing.append(f"`{'.'.join(str(part) for part in route)}` {reason}")
