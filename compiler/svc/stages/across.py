"""What is wrong between services, and is seen only where all of them are known."""

from __future__ import annotations

from collections.abc import Sequence

from svc.diagnostics import Diagnostic, Place, Related, Severity
from svc.fingerprint import identity
from svc.folders import WORKSPACE_FILES
from svc.policy.types import Policy, Settings
from svc.records import replace
from svc.specs import Located
from svc.stages.types import Calls, Outline, Part, Request
from svc.targets.protocol import Subject
from svc.tree import Tree

_BETWEEN = "service_circle"
"""The check that looks at all services of a run at once."""
_NOWHERE = Place("")
_SHARED = {
    "secret": Diagnostic(
        "secret-path-shared",
        Severity.WARNING,
        "`{}` is a secret of `{}` too, and the Terraform of both would make it",
        _NOWHERE,
        "give each a path of its own, or read the other's Kubernetes Secret with `secret:` and `key:`",
    ),
    "host": Diagnostic(
        "host-shared",
        Severity.WARNING,
        "`{}` leads to `{}` too: one of the two is never asked",
        _NOWHERE,
        "give one of them another host or path",
    ),
    "node port": Diagnostic(
        "node-port-shared",
        Severity.ERROR,
        "port {} of the nodes is that of `{}` too, and Kubernetes refuses the second",
        _NOWHERE,
        "give one of them another `node_port`",
    ),
    "object": Diagnostic(
        "object-shared",
        Severity.ERROR,
        "{} is made by the chart of `{}` too, and Helm refuses the second",
        _NOWHERE,
        "rename one of them, or give the services namespaces of their own",
    ),
}
"""What is said of a claim that another service has as well; the message with what is claimed and by whom else."""


def unknown_environments(wanted: Sequence[str], outlines: Sequence[Outline]) -> list[Diagnostic]:
    """Environments that the run asks for and a service does not have."""
    diagnostics = []
    for one in outlines:
        for name in wanted:
            if one.environments and name not in one.environments:
                message = f"there is no environment `{name}`; known are {', '.join(one.environments)}"
                diagnostics.append(Diagnostic("environment-unknown", Severity.ERROR, message, Place(one.source)))
    return diagnostics


def scattered(located: Located, request: Request) -> list[Diagnostic]:
    """Outputs of several folders without a workspace stand elsewhere when only one of the specs is named."""
    apart = any(file.absolute().parent != located.root for file in located.wanted)
    if located.base is not None or not request.files or len(located.wanted) < 2 or not apart:
        return []
    message = (
        "these specs have no workspace: outputs stand below the folder that they have in common, and elsewhere "
        "when one of them is named alone, as its workflow does"
    )
    advice = f"write {WORKSPACE_FILES[0]} into this folder, with `apiVersion: svc/v1`"
    return [Diagnostic("workspace-missing", Severity.WARNING, message, Place(request.shown(located.root)), advice)]


def same_names(outlines: Sequence[Outline]) -> list[Diagnostic]:
    seen: dict[str, Place] = {}
    diagnostics = []
    for one in outlines:
        if one.place is None:
            continue
        if one.name in seen:
            related = (Related("the other service", seen[one.name]),)
            message = f"two services are named `{one.name}`"
            diagnostics.append(
                Diagnostic("service-named-twice", Severity.ERROR, message, one.place, "rename one", related)
            )
        seen.setdefault(one.name, one.place)
    return diagnostics


def shared(parts: Sequence[Part]) -> list[Diagnostic]:
    """What two services claim, though it can be of one only: each claim after the first of another service."""
    seen: dict[str, tuple[str, Place]] = {}
    found = []
    for part in parts:
        for one in part.claims:
            other, theirs = seen.setdefault(one.key, (part.name, one.place))
            if other != part.name and one.made:
                said = _SHARED[one.kind]
                message, related = said.message.format(one.path, other), (Related(f"in {other}", theirs),)
                found.append(replace(said, message=message, place=one.place, related=related))
    return found


def circles(parts: Sequence[Part], policies: Sequence[Policy], settings: Settings) -> list[Diagnostic]:
    """What the policies say of services that call one another, with every further call of the circle beside it."""
    chosen = [one for one in policies if one.check == _BETWEEN]
    if not chosen or not any(one.calls for part in parts for one in part.calls):
        return []
    from svc.checks.across.service_circle import around, message
    from svc.policy.run import judge

    places: dict[str, tuple[Place, ...]] = {}
    subjects = []
    for part in parts:
        for one in part.calls:
            subjects.append(_caller(part.name, one))
            places[subjects[-1].key] = tuple(place for _, _, place in one.calls)
    found = []
    for finding in judge(subjects, chosen, settings):
        waiting = bool(next(one for one in chosen if one.id == finding.policy).params.get("waiting"))
        together = [one for one in subjects if one.environment == finding.subject.environment]
        circle = next(
            edges for edges in around(together, waiting=waiting) if message(edges, waiting=waiting) == finding.message
        )
        related = tuple(Related(f"in {one.name}", places[one.key][index]) for one, index in circle[1:])
        place = places[finding.subject.key][circle[0][1]]
        found.append(
            Diagnostic(
                finding.policy, finding.severity, finding.message, place, finding.help, related,
                policy=True, environment=finding.subject.environment, identity=identity(finding.subject.name, place.route),
            )
        )  # fmt: skip
    return found


def _caller(name: str, one: Calls) -> Subject:
    from svc.resolve.view import View

    calls = [{"service": service, "waits": waits} for service, waits, _ in one.calls]
    return Subject(
        "service",
        f"service/{name}/{one.environment}",
        name,
        View(Tree({"name": name, "calls": calls})),
        one.environment,
    )
