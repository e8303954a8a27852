"""Well-known kinds of other API groups hold pods, which are judged as those of Kubernetes' own workloads."""

from __future__ import annotations

from typing import Any

import pytest

from svc.checks.pods import pod_labels
from svc.kubernetes.types import Manifest
from svc.tree import Tree

POD = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "a"}]}}


def manifest(api_version: str, kind: str, spec: dict[str, Any]) -> Manifest:
    return Manifest(Tree({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, "spec": spec}, {}))


@pytest.mark.parametrize(
    ("api_version", "kind", "spec"),
    [
        ("apps.openshift.io/v1", "DeploymentConfig", {"template": POD}),
        ("argoproj.io/v1alpha1", "Rollout", {"template": POD}),
        ("keda.sh/v1alpha1", "ScaledJob", {"jobTargetRef": {"template": POD}}),
        ("serving.knative.dev/v1", "Service", {"template": POD}),
    ],
)
def test_their_pods_are_found(api_version: str, kind: str, spec: dict[str, Any]) -> None:
    found = manifest(api_version, kind, spec)
    assert [one["name"] for _, one in found.containers()] == ["a"]
    assert pod_labels(found) == {"app": "a"}


def test_the_group_counts() -> None:
    assert manifest("example.com/v1", "Rollout", {"template": POD}).pod is None
    assert manifest("argoproj.io/v1alpha1", "Rollout", {"workloadRef": {"name": "a"}}).pod is None


@pytest.mark.parametrize(
    ("api_version", "kind", "sorts"),
    [
        ("networking.k8s.io/v1", "Ingress", ("Ingress",)),
        ("config.openshift.io/v1", "Ingress", ()),
        ("iam.aws.upbound.io/v1beta1", "Role", ()),
        ("keda.sh/v1alpha1", "ScaledObject", ("ScaledObject",)),
        ("serving.knative.dev/v1", "Service", ("pods",)),
        ("", "Service", ("Service",)),
        ("svc/v1", "Service", ()),
    ],
)
def test_what_is_called_like_a_kind_of_kubernetes_is_none(api_version: str, kind: str, sorts: tuple[str, ...]) -> None:
    assert manifest(api_version, kind, {"template": POD} if "pods" in sorts else {}).sorts == sorts
