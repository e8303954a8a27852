"""`svc policies export`: the policies in another enforcer's words."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli import demands, reporting
from svc.cli.console import say, shown, warn
from svc.cli.exits import Exit
from svc.diagnostics import Severity

if TYPE_CHECKING:
    from svc.gate import Demand, Rules
    from svc.policy.admission import Exported
    from svc.policy.types import Loaded, Settings

NAMESPACES = ("kube-node-lease", "kube-public", "kube-system")


def add(kinds: Any) -> None:
    verb = kinds.add_parser(
        "export",
        help="the policies for the cluster",
        description="Prints the error-level Kubernetes policies as ValidatingAdmissionPolicies and their bindings.",
    )
    verb.add_argument("path", nargs="?", default=".", metavar="PATH", help="where the workspace is looked for")
    verb.add_argument("--to", choices=("admission",), required=True, help="what enforces them: the API server")
    verb.add_argument("--profile", choices=("baseline", "recommended", "strict"), default="", help="which policies")
    verb.add_argument(
        "--policy-set", choices=("pss-baseline", "pss-restricted"), default="", help="a set instead of a profile"
    )
    verb.add_argument("--select", action="append", default=[], metavar="POLICY", help="only these policies")
    verb.add_argument("--ignore", action="append", default=[], metavar="POLICY", help="all but these policies")
    verb.add_argument("--kubernetes", metavar="1.N", default="", help="Kubernetes minor that they judge by")
    verb.add_argument(
        "--exempt",
        metavar="NAMESPACE,...",
        default=",".join(NAMESPACES),
        help=f"namespaces where they do not hold (default: {', '.join(NAMESPACES)}); an empty text for none",
    )
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    from svc import gate
    from svc.policy.admission import export

    minor = _minor(options.kubernetes)
    if minor is None:
        return Exit.INVALID
    ruled, problems = gate.rules_above([Path(options.path)], shown)
    demand = _demand(options, minor)
    loaded = gate.load(ruled, demand)
    found = [*problems, *loaded.problems]
    if loaded.problems or any(one.severity == Severity.ERROR for one in problems):
        reporting.to_console(found)
        return Exit.INVALID
    settings = gate.settings(ruled, demand)
    made = export(loaded.policies, settings, tuple(name for name in options.exempt.split(",") if name))
    for line in _notes(made, ruled, loaded):
        warn(f"svc policies export: {line}\n")
    if not made.policies:
        warn("svc policies export: nothing is left to export\n")
        return Exit.INVALID
    say(_document(made, settings))
    return Exit.CLEAN


def _minor(text: str) -> int | None:
    """The Kubernetes minor; None when it is none that has such policies, which has been said."""
    from svc.policy.admission import OLDEST_MINOR
    from svc.policy.types import KUBERNETES_MINOR

    number = demands.kubernetes_minor(text) if text else KUBERNETES_MINOR
    if number is None:
        warn(f"svc policies export: --kubernetes {text} is not a version such as 1.{KUBERNETES_MINOR}\n")
        return None
    if number < OLDEST_MINOR:
        warn(
            f"svc policies export: Kubernetes {text} has no ValidatingAdmissionPolicy in v1; 1.{OLDEST_MINOR} is the first\n"
        )
        return None
    return number


def _demand(options: argparse.Namespace, minor: int) -> Demand:
    from svc.gate import Demand

    return Demand(
        profile=options.policy_set or options.profile,
        select=demands.names(options.select),
        ignore=demands.names(options.ignore),
        kubernetes=minor,
        box=demands.box,
        shown=shown,
    )


def _notes(made: Exported, ruled: Rules, loaded: Loaded) -> list[str]:
    """What the cluster will not do as the gate does it."""
    from svc.gate import ids_of

    exported = {one["metadata"]["name"].removeprefix("svc-") for one in made.policies}
    notes = [f"not exported: {one.policy}: {one.why}" for one in made.left]
    for waiver in ruled.waivers:
        if ids_of([waiver.policy], loaded.policies) & exported:
            notes.append(f"the waiver of {waiver.policy} does not reach the cluster; --exempt a namespace instead")
    return notes


def _document(made: Exported, settings: Settings) -> str:
    from svc.emit import emit

    head = [
        "Made by `svc policies export --to admission`; do not edit.",
        f"Policies of error level: {settings.profile}, Kubernetes 1.{settings.kubernetes}.",
    ]
    if made.left:
        head += ["", "Not exported, so not enforced by these objects:"]
        head += [f"- {one.policy}: {one.why}" for one in made.left]
    parts = [part for pair in zip(made.policies, made.bindings, strict=True) for part in pair]
    texts = [emit(part, header="\n".join(head) if not index else "").text for index, part in enumerate(parts)]
    return "---\n".join(texts)
