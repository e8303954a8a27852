"""A draft is compiled while it is made: what does not fit the language is taken out again, and said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from svc.diagnostics import Route, Severity
from svc.importers.draft import NO_IMAGE, Draft
from svc.importers.ledger import Ledger
from svc.kubernetes.lower import lower
from svc.kubernetes.types import Manifest
from svc.model.workspace import Workspace
from svc.parse import parse
from svc.resolve import resolve
from svc.resolve.types.whole import Resolved
from svc.source import Source, Unreadable
from svc.targets.table import target

Read = Callable[[str], Source | Unreadable]
_ABOUT_FILES = {"dockerfile-unreadable"}
_STAGE = re.compile(r"[A-Za-z][\w.-]*")
_TARGETS = ("docker", "compose", "terraform")


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


def check(draft: Draft) -> Checked:
    """Stages 2 to 5 over the draft as it would be written."""
    parsed = parse(Source("service.yaml", draft.text()))
    spec = resolve.Spec(parsed.documents[0], "", "service.yaml", reader(draft), lambda _: frozenset(), ())
    workspace = resolve.LoadedWorkspace(Workspace(apiVersion="svc/v1"))
    found, problems = resolve.drafts(spec, workspace)
    faults = [Fault(one.place.route, one.message, one.id) for one in problems if one.severity == Severity.ERROR]
    if faults:
        return Checked(tuple(faults))
    unit, problems = resolve.unit(spec, workspace, found, {})
    faults = [Fault(one.place.route, one.message, one.id) for one in problems if one.severity == Severity.ERROR]
    faults = [one for one in faults if one.id not in _ABOUT_FILES]
    if faults or unit is None:
        return Checked(tuple(faults))
    every = {one.environment: lower(one) for one in unit.environments}
    wrong = [problem for lowered in every.values() for problem in lowered.problems]
    if not wrong:
        wrong += [one for name in _TARGETS for one in target(name).lower(unit).problems]
    faults = [Fault(one.route, one.message, one.id) for one in wrong if one.severity == Severity.ERROR]
    objects = {name: lowered.manifests for name, lowered in every.items()}
    return Checked(tuple(faults), unit.first, objects[unit.first.environment], objects)


def reader(draft: Draft) -> Read:
    """Files beside the spec are not there yet: any Dockerfile will do, with the stage that is asked for."""
    target = draft.get("build", "target")
    stage = f" AS {target}" if isinstance(target, str) and _STAGE.fullmatch(target) else ""
    return lambda relative: Source(relative, f"FROM scratch{stage}\n")


def settle(draft: Draft, ledgers: Sequence[Ledger]) -> Checked:
    """Takes out what does not fit until the draft compiles. Faults are left only when it cannot be made to."""
    for _ in range(200):
        checked = check(draft)
        if not checked.faults:
            return checked
        removed = False
        for fault in checked.faults:
            if removed and draft.get(*fault.route) is None:
                continue
            _fail(draft, fault.route, f"does not fit the language: {fault.message}", ledgers)
            removed = draft.remove(fault.route) or removed
        if not removed and not _without_image(draft):
            return checked
    return check(draft)


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
