"""Pods that no network policy selects: everything in the cluster may talk to them.

Policies mean nothing for pods in their node's network. The pods of a chart's tests come and go by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, pods, selects, together
from svc.checks._params import NoParams as Params
from svc.checks.pods import called
from svc.checks.seen import Seen, Selectors, once
from svc.targets.protocol import Subject
from svc.tree import mapping

FOREIGN = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy", "AuthorizationPolicy")
"""Policies of other vendors, whose selectors are not read: where there is one, nothing is said."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    policies = once(subjects, _policies)
    foreign = [one for _, one in objects(subjects, *FOREIGN)]
    for subject, manifest, labels in pods(subjects):
        near = [one for one in policies.near(manifest, labels) if together(one, manifest)]
        if (
            foreign
            or "test" in str(mapping(manifest.tree.data, "metadata", "annotations").get("helm.sh/hook"))
            or mapping(manifest.pod).get("hostNetwork") is True
            or any(selects(one.tree.get("spec", "podSelector"), labels) for one in near)
        ):
            continue
        route = ("spec", "template") if manifest.kind not in ("Pod", "CronJob") else ("spec",)
        yield subject, route, f"no NetworkPolicy selects the pods of {called(manifest)}"


def _policies(subjects: Seen) -> Selectors:
    policies = subjects.by_kind.get("NetworkPolicy", ())
    return Selectors(policies, lambda one: one.tree.get("spec", "podSelector"))
