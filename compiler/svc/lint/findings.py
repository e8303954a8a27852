"""What the policies say about hand-written artifacts, each finding at its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from svc import gate
from svc.diagnostics import Diagnostic, Fix, Place, Route, ordered
from svc.fingerprint import identity
from svc.lint import in_part, kustomized
from svc.lint.linted import Linted
from svc.policy.types import SETS, Finding, Policy, Settings
from svc.policy.whose import whose
from svc.records import replace
from svc.targets.named import TERRAFORM_JSON
from svc.targets.protocol import Subject


class Judge(Protocol):
    """What policies find in groups of subjects; `ahead`: what is known already."""

    def __call__(
        self,
        groups: Sequence[Sequence[Subject]],
        policies: Sequence[Policy],
        /,
        *,
        ahead: Mapping[int, Sequence[Finding]] | None = None,
    ) -> list[Finding]: ...


def findings(
    linted: Linted,
    policies: Sequence[Policy],
    settings: Settings,
    demand: gate.Demand,
    judge: Judge | None = None,
) -> list[Diagnostic]:
    """`judge`: who judges, if not all by these settings. Raises CueFailed when a policy in CUE cannot be evaluated."""
    judge = judge or partial(gate.findings, chosen=settings, demand=demand)
    groups = [linted.subjects, *(one.subjects for one in linted.groups)]
    found = judge(groups, policies, ahead=linted.ahead)
    parts = {id(one) for group in linted.groups if not group.whole for one in group.subjects}
    found = in_part.counting(found, linted.diagnostics, policies, parts)
    found = kustomized.settled(found, linted.subjects, policies)
    if linted.groups:
        from svc.lint import beside

        found += judge(beside.groups(linted), [one for one in policies if one.check in beside.CHECKS])
    fixes = {one.id: Fix(one.fix) for one in policies if one.fix in ("safe", "unsafe") and gate.built_in(one)}
    linted.prepare([(one.subject, one.route, one.within) for one in found])
    rendered = {id(subject) for group in linted.groups for subject in group.subjects}  # no fix edits a template
    broken = in_part.unedited(linted.diagnostics)
    asked: Counter[tuple[int, str]] = Counter()
    placed = []
    for one, place in _once(found, linted):
        unedited = id(one.subject) in rendered or place.file in broken
        placed.append(_placed(one, place, {} if unedited else fixes, asked))
    if rendered:
        placed = list(ordered(placed))
    if settings.profile in SETS:
        return placed
    return [*placed, *shapes(linted, settings.kubernetes), *linted.shapes]


def _once(found: Sequence[Finding], linted: Linted) -> Iterator[tuple[Finding, Place]]:
    """Findings with their places. What an alias of a workflow repeats stands in one place, and is said once."""
    said: set[tuple[object, ...]] = set()
    for one in found:
        place = linted.places[id(one.subject)](one.route, one.within)
        key = (place.file, place.span, one.policy, one.message)
        if one.subject.surface != "github" or key not in said:
            said.add(key)
            yield one, place


def shapes(linted: Linted, minor: int) -> list[Diagnostic]:
    """What the API of a Kubernetes minor, GitHub and compose would refuse."""
    return [*_shapes(linted, minor), *_files(linted)]


def _files(linted: Linted) -> list[Diagnostic]:
    """What GitHub and compose would refuse of workflows, actions and compose files."""
    if not linted.shaped:
        return []
    from svc.lint.shaped import problems

    return problems(linted)


def _shapes(linted: Linted, minor: int) -> list[Diagnostic]:
    """Keys and types of manifests that the API of a Kubernetes minor does not know. A policy set judges by itself."""
    if not linted.manifests:
        return []
    from svc.kubernetes import shape

    return [
        Diagnostic(one.id, one.severity, one.message, read.place(one.route, one.anchor), one.help)
        for read in linted.manifests
        for one in shape.check(read.manifest, minor)
    ]


def _placed(finding: Finding, place: Place, fixes: Mapping[str, Fix], asked: Counter[tuple[int, str]]) -> Diagnostic:
    return Diagnostic(
        finding.policy,
        finding.severity,
        finding.message,
        Place(place.file, place.span, finding.route, place.outer),
        finding.help,
        policy=True,
        identity=_identity(finding.subject, finding.route),
        whose=whose(finding.subject, finding.route),
        fix=_fix(finding, place, fixes, asked),
    )


def _fix(finding: Finding, place: Place, fixes: Mapping[str, Fix], asked: Counter[tuple[int, str]]) -> Fix | None:
    fix = None if place.file.endswith(TERRAFORM_JSON) else fixes.get(finding.policy)
    if fix is None or finding.unfixed:
        return replace(fix, refused=finding.unfixed) if fix is not None else None
    if finding.subject.surface in ("docker", "terraform"):
        return fix
    from svc.lint.foretold import MOST, foretold

    alike = (id(finding.subject), finding.policy)
    asked[alike] += 1
    return foretold(finding, fix) if asked[alike] <= MOST else None


def _identity(subject: Subject, route: Route) -> str:
    """A Dockerfile's instruction by its stage and words, an item of a list by its name: both survive moved lines."""
    artifact: Any = subject.artifact
    if subject.surface == "docker":
        if len(route) < 2 or not isinstance(route[1], int):
            return identity("", route)
        stage = next((one for one in reversed(artifact.stages) if one.first <= route[1]), None)
        words = artifact.instructions[route[1]]
        return identity(stage.name or str(stage.index) if stage else "", (words.keyword, *words.args, *route[2:]))
    tree = getattr(artifact, "tree", None)
    return identity(subject.name if subject.surface == "kubernetes" else "", route, getattr(tree, "data", None))
