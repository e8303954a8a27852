"""Stage 6 for a batch of services: findings at the spec's lines, with the generated lines beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

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
from svc.source import Source
from svc.stages.types import Part, Piece
from svc.targets.protocol import Rendered, Subject
from svc.tree import value_at


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
    sources = {part.name: part.sources for part in parts}
    findings: dict[str, list[Diagnostic]] = {part.name: [] for part in parts}
    rendered: dict[tuple[str, str], Rendered] = {}
    try:
        for one in gate.findings(groups, loaded.policies, settings, demand):
            unit, piece = owners[id(one.subject)]
            findings[unit.name].append(_finding(one, unit, piece, rendered, sources[unit.name]))
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
    finding: Finding,
    unit: Unit,
    piece: Piece | None,
    rendered: dict[tuple[str, str], Rendered],
    sources: Mapping[str, Source],
) -> Diagnostic:
    """A finding at the spec's line, with the generated line beside it; a finding about the service itself has none."""
    subject = finding.subject
    route: Route = subject.artifact.origin(finding.route)
    whole = piece is None and not route
    origin = unit.origin(LOCAL if whole else subject.environment, route)
    related = () if piece is None else _beside(finding, piece, rendered)
    place = replace(_part(finding, origin.place, sources), route=route)
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


def _part(finding: Finding, whole: Place, sources: Mapping[str, Source]) -> Place:
    """The line within a text of the spec whose words the finding is about; the whole where it has no such words."""
    words = _words(finding) if finding.within is not None else ""
    source = sources.get(whole.file)
    if not words or source is None or source.name.endswith(".cue"):
        return whole
    from svc.parse import parse_one

    documents = parse_one(source).documents
    return documents[0].part(whole.route, words) if documents else whole


def _words(finding: Finding) -> str:
    """What of its text a finding is about, as far as its first line goes."""
    artifact: Any = finding.subject.artifact
    tree = getattr(artifact, "tree", None)
    if tree is not None:
        text = value_at(tree.data, finding.route)
    else:
        index = finding.route[1] if finding.subject.surface == "docker" and len(finding.route) > 1 else None
        text = artifact.instructions[index].text if isinstance(index, int) else None
    if not isinstance(text, str) or finding.within is None:
        return ""
    start, end = finding.within
    return text[start:end].strip().partition("\n")[0]


def _beside(finding: Finding, piece: Piece, rendered: dict[tuple[str, str], Rendered]) -> tuple[Related, ...]:
    key = (piece.unit.name, piece.name)
    if key not in rendered:
        rendered[key] = piece.target.render(piece.artifact)
    line = rendered[key].line(finding.subject.key, finding.route)
    if line is None:
        return ()
    path, row = line
    return (Related(f"generated, {finding.subject.name}", Place(path, Span(row, 1, row, 1), finding.route)),)
