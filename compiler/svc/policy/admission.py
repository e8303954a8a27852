"""Policies as ValidatingAdmissionPolicies: the cluster goes on demanding what the gate demanded.

What cannot be said to an API server is in `left`, each with a reason: nobody may think that it is enforced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from svc.checks import CHECKS
from svc.checks.kubernetes.cel.table import RULES
from svc.checks.kubernetes.cel.text import text
from svc.checks.kubernetes.cel.types import RESOURCES, Rule, Unsayable
from svc.checks.kubernetes.cel.variables import used
from svc.diagnostics import Severity
from svc.kubernetes.served import plural
from svc.policy.params import bind
from svc.policy.run import selected
from svc.policy.types import Policy, Settings
from svc.records import dataclass

API_VERSION = "admissionregistration.k8s.io/v1"
OLDEST_MINOR = 30
"""The first Kubernetes 1.x that serves ValidatingAdmissionPolicy as v1."""

SYSTEM_NAMESPACES = ("kube-node-lease", "kube-public", "kube-system")
PREFIX = "svc-"

_SUBRESOURCES = {"pods": ("pods/ephemeralcontainers",)}
"""What else carries the whole object: `kubectl debug` adds containers by this one."""
_DELETED = {"name": "not-being-deleted", "expression": "!has(object.metadata.deletionTimestamp)"}
_THE_SERVER = {"name": "not-by-the-api-server", "expression": 'request.userInfo.username != "system:apiserver"'}
"""Its own roles have wildcards; one that it may not renew after an upgrade keeps it from starting."""
_OWNED = {
    "name": "not-made-by-a-controller",
    "expression": "!has(object.metadata.ownerReferences) || size(object.metadata.ownerReferences) == 0",
}


@dataclass(frozen=True, slots=True)
class Left:
    """A policy that is not exported, and why."""

    policy: str
    why: str


@dataclass(frozen=True, slots=True)
class Exported:
    """`policies` and `bindings` are objects of the Kubernetes API, of the same length and order."""

    policies: tuple[dict[str, Any], ...]
    bindings: tuple[dict[str, Any], ...]
    left: tuple[Left, ...]


def export(policies: Sequence[Policy], settings: Settings, exempt: Sequence[str] = SYSTEM_NAMESPACES) -> Exported:
    """The error-level policies over Kubernetes objects, as far as CEL can say them; none for `exempt` namespaces."""
    made, left = [], []
    for policy, severity in selected(policies, settings):
        if severity != Severity.ERROR or policy.surface not in ("kubernetes", "across"):
            continue
        found = rule(policy, settings.kubernetes)
        if isinstance(found, Unsayable):
            left.append(Left(policy.id, found.why))
        else:
            made.append(_policy(policy, found))
    bindings = tuple(_binding(one["metadata"]["name"], exempt) for one in made)
    return Exported(tuple(made), bindings, tuple(left))


def rule(policy: Policy, kubernetes: int) -> Rule | Unsayable:
    """What a policy demands, in CEL."""
    if policy.surface == "across":
        return Unsayable("it judges objects together, and an API server shows a policy one at a time")
    if policy.check == "cue":
        return Unsayable("it is written in CUE")
    if policy.check not in CHECKS:
        return Unsayable("its check is Python of another package")
    params = bind(policy.check, policy.params, kubernetes)
    minor = getattr(params, "kubernetes", OLDEST_MINOR)
    if minor < OLDEST_MINOR:
        return Unsayable(f"it judges by Kubernetes 1.{minor}, which has no such admission policies")
    made = RULES[policy.check](params)
    foreign = (
        [one for one in made.of if isinstance(one, str) and one not in RESOURCES] if isinstance(made, Rule) else []
    )
    if foreign:
        return Unsayable(f"it judges {', '.join(foreign)}, whose resource is not known here")
    return made


def _policy(policy: Policy, made: Rule) -> dict[str, Any]:
    names = [name for name, _ in made.variables]
    own = {**dict(made.variables), "faults": made.faults}
    shared = [one for one in used(*own.values()) if one[0] not in names]
    said = _line(f"{policy.title} ({policy.id})")
    message = f'{text(said + ": ")} + variables.faults.join("; ") + {text(". " + _line(policy.help))}'
    return {
        "apiVersion": API_VERSION,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {
            "name": f"{PREFIX}{policy.id}",
            "labels": {"app.kubernetes.io/managed-by": "svc"},
            "annotations": {"kubernetes.io/description": _line(policy.why)},
        },
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "matchPolicy": "Equivalent" if all(isinstance(one, str) for one in made.of) else "Exact",
                "resourceRules": list(_resource_rules(made.of)),
            },
            "matchConditions": [_DELETED, _THE_SERVER, *(() if made.owned else (_OWNED,))],
            "variables": [{"name": name, "expression": expression} for name, expression in (*shared, *own.items())],
            "validations": [
                {
                    "expression": "size(variables.faults) == 0",
                    "message": _line(f"{said}. {policy.help}"),
                    "messageExpression": message,
                }
            ],
        },
    }


def _resource_rules(of: Iterable[str | tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """One rule for every API group and version; kinds match in every version that the server knows."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in of:
        group, version, resource = (
            (RESOURCES[one][0], "*", RESOURCES[one][1])
            if isinstance(one, str)
            else (*_group_version(one[0]), plural(one[1]))
        )
        resources = found.setdefault((group, version), [])
        resources += [name for name in (resource, *_SUBRESOURCES.get(resource, ())) if name not in resources]
    for (group, version), resources in sorted(found.items()):
        yield {
            "apiGroups": [group],
            "apiVersions": [version],
            "operations": ["CREATE", "UPDATE"],
            "resources": sorted(resources),
        }


def _group_version(api_version: str) -> tuple[str, str]:
    group, _, version = api_version.rpartition("/")
    return group, version


def _binding(policy: str, exempt: Sequence[str]) -> dict[str, Any]:
    spec: dict[str, Any] = {"policyName": policy, "validationActions": ["Deny"]}
    if exempt:
        outside = {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": sorted(exempt)}
        spec["matchResources"] = {"namespaceSelector": {"matchExpressions": [outside]}}
    return {
        "apiVersion": API_VERSION,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": policy, "labels": {"app.kubernetes.io/managed-by": "svc"}},
        "spec": spec,
    }


def _line(words: str) -> str:
    """A message of an API server has one line."""
    return " ".join(words.split())
