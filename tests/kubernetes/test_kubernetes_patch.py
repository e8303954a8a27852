"""Patches change the lowered objects, and one that fits nothing is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import samples
from svc.kubernetes.lower import lower
from svc.resolve.types.delivery import Patch


def _patched(patch: Patch) -> Any:
    return lower(replace(samples.worker_only(), patches=(patch,)))


def _deployment(lowered: Any) -> Any:
    return next(one for one in lowered.manifests if one.kind == "Deployment")


def test_a_merge_adds_and_removes_and_keeps_the_rest() -> None:
    change = {"spec": {"template": {"spec": {"priorityClassName": "high", "enableServiceLinks": None}}}}
    lowered = _patched(Patch("kubernetes/Deployment", "", change, (), ("patches", 0)))
    pod = _deployment(lowered).pod
    assert pod["priorityClassName"] == "high"
    assert "enableServiceLinks" not in pod
    assert pod["containers"]
    assert lowered.problems == ()


def test_a_patched_part_leads_back_to_the_patch() -> None:
    change = {"spec": {"template": {"spec": {"priorityClassName": "high"}}}}
    manifest = _deployment(_patched(Patch("kubernetes/Deployment", "", change, (), ("patches", 0))))
    route = ("spec", "template", "spec", "priorityClassName")
    assert manifest.origin(route) == ("patches", 0, "merge", *route)


def test_json_patch_operations_apply_in_order() -> None:
    operations = (
        {"op": "add", "path": "/metadata/annotations", "value": {}},
        {"op": "add", "path": "/metadata/annotations/example.com~1tier", "value": "gold"},
    )
    manifest = _deployment(_patched(Patch("kubernetes/Deployment", "", None, operations, ("patches", 0))))
    assert manifest.tree.get("metadata", "annotations") == {"example.com/tier": "gold"}


def test_what_fits_nothing_is_a_problem() -> None:
    cases = {
        "patch-matches-nothing": Patch("kubernetes/DaemonSet", "", {}, (), ()),
        "patch-does-not-fit": Patch("kubernetes/Deployment", "", None, ({"op": "remove", "path": "/nope"},), ()),
    }
    for name, patch in cases.items():
        assert [problem.id for problem in _patched(patch).problems] == [name]


def test_an_object_that_a_patch_breaks_is_the_patchs_fault() -> None:
    lowered = _patched(Patch("kubernetes/Deployment", "", {"spec": {"replicas": "three"}}, (), ("patches", 0)))
    assert [(one.id, one.route) for one in lowered.problems] == [
        ("patch-invalid-object", ("patches", 0, "merge", "spec", "replicas"))
    ]
    assert "three" in lowered.problems[0].message


def test_a_failing_operation_is_named() -> None:
    operations = (
        {"op": "test", "path": "/kind", "value": "Deployment"},
        {"op": "test", "path": "/kind", "value": "DaemonSet"},
    )
    lowered = _patched(Patch("kubernetes/Deployment", "", None, operations, ("patches", 0)))
    assert [(one.id, one.route) for one in lowered.problems] == [
        ("patch-does-not-fit", ("patches", 0, "json_patch", 1))
    ]
