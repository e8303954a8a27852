"""Checks that speak of some kinds of objects: they are not asked about others, and would have nothing to say of them."""

from __future__ import annotations

from typing import Any

from svc import assets
from svc.checks import bound
from svc.kubernetes.types import WITH_PODS, Manifest
from svc.parse import parse_one
from svc.policy.examples import _subjects, examples
from svc.policy.load import load
from svc.policy.params import bind
from svc.policy.run import Bench
from svc.policy.types import Settings
from svc.source import Source
from svc.tree import Tree

POLICIES = [one for one in load([assets.policies()]).policies if one.surface == "kubernetes"]


def _objects() -> list[Manifest]:
    """Those of all examples, each also as if it were of kinds that nobody knows and that an example lacks."""
    found: list[Manifest] = []
    for policy in POLICIES:
        text = (assets.policies() / f"{policy.id}.yaml").read_text("utf-8")
        for example in examples(parse_one(Source(policy.id, text)).documents[0]):
            made = _subjects(policy, example.input)[0][0].artifact
            assert isinstance(made, Manifest)
            found += [made, *(Manifest(Tree({**made.tree.data, "kind": kind})) for kind in ("Gadget", "DaemonSet"))]
    return found


def test_no_check_has_something_to_say_of_other_sorts() -> None:
    objects = _objects()
    assert {one.kind for one in objects} > {"Service", "ConfigMap", "Role", "PodDisruptionBudget", "CronJob", "Pod"}
    said: dict[str, set[bool]] = {}
    for policy in POLICIES:
        if policy.check == "cue":
            continue
        check = bound(policy.check)
        params: Any = bind(policy.check, policy.params, Settings().kubernetes)
        for one in objects if check.kinds is not None else ():
            if list(check.single(one, params)):
                said.setdefault(policy.check, set()).add(check.kinds.isdisjoint(one.sorts))  # type: ignore[union-attr]
    assert {check for check, apart in said.items() if True in apart} == set()
    assert len(said) > 50, "most checks speak of few kinds, and each has an example"


def test_a_check_is_not_asked_about_other_sorts() -> None:
    bench = Bench(POLICIES, Settings())
    every = len(bench.of("kubernetes"))
    asked = {sorts: len(bench._of_sorts("kubernetes", sorts)) for sorts in (("ConfigMap",), ("Deployment", WITH_PODS))}
    assert asked["ConfigMap",] < every / 4
    assert every / 2 < asked["Deployment", WITH_PODS] < every
