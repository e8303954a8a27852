"""Stage 6 for a batch of services: findings at the spec's lines, with the generated lines beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from svc import gate
from svc.diagnostics import Diagnostic, Place, Related, Route, Span
from svc.fingerprint import identity
from svc.lint.findings import findings as own_findings
from svc.lint.own import Own
from svc.policy import services as views
from svc.policy.types import CueFailed, Finding, Loaded, Settings
from svc.policy.whose import whose
from svc.records import replace
from svc.resolve.unit import LOCAL, Unit
from svc.stages.types import Part, Piece
from svc.targets.protocol import Rendered, Subject


class Verdict(TypedDict, total=False):
    """The fields of a part that judging fills."""

    judged: tuple[Diagnostic, ...]
    by_hand: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]


def judged(
    parts: Sequence[Part],
    mine: Mapping[str, Own],
    loaded: Loaded,
    settings: Settings,
    viewed: bool,
    demand: gate.Demand,
) -> Mapping[str, Verdict]:
    """What the policies find in each service, by its name. `viewed`: a policy looks at the service itself."""
    found: dict[str, Verdict] = {part.name: {} for part in parts}
    if loaded.problems:
        return {name: {"refused": loaded.problems} for name in found}
    owners: dict[int, tuple[Unit, Piece | None]] = {}
    groups: list[list[Subject]] = []
    for part in parts:
        assert part.unit is not None
        group = [subject for piece in part.pieces for subject in piece.subjects]
        owners.update({id(subject): (part.unit, piece) for piece in part.pieces for subject in piece.subjects})
        seen = list(views.subjects(part.unit)) if viewed else []
        owners.update({id(subject): (part.unit, None) for subject in seen})
        groups.append([*group, *seen])
    findings: dict[str, list[Diagnostic]] = {part.name: [] for part in parts}
    rendered: dict[tuple[str, str], Rendered] = {}
    try:
        for one in gate.findings(groups, loaded.policies, settings, demand):
            unit, piece = owners[id(one.subject)]
            findings[unit.name].append(_finding(one, unit, piece, rendered))
        for name, verdict in found.items():
            verdict["judged"] = tuple(findings[name])
            read = mine[name].linted.values()
            verdict["by_hand"] = tuple(
                said for linted in read for said in own_findings(linted, loaded.policies, settings, demand)
            )
    except CueFailed as failed:
        return {name: {"refused": failed.diagnostics} for name in found}
    return found


def _finding(
    finding: Finding, unit: Unit, piece: Piece | None, rendered: dict[tuple[str, str], Rendered]
) -> Diagnostic:
    """A finding at the spec's line, with the generated line beside it; a finding about the service itself has none."""
    subject = finding.subject
    route: Route = subject.artifact.origin(finding.route)
    whole = piece is None and not route
    origin = unit.origin(LOCAL if whole else subject.environment, route)
    related = () if piece is None else _beside(finding, piece, rendered)
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
        whose=whose(subject, finding.route),
    )


def _beside(finding: Finding, piece: Piece, rendered: dict[tuple[str, str], Rendered]) -> tuple[Related, ...]:
    key = (piece.unit.name, piece.name)
    if key not in rendered:
        rendered[key] = piece.target.render(piece.artifact)
    line = rendered[key].line(finding.subject.key, finding.route)
    if line is None:
        return ()
    path, row = line
    return (Related(f"generated, {finding.subject.name}", Place(path, Span(row, 1, row, 1), finding.route)),)
