"""What holds for every object of every sample in every environment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from samples import SERVICES, grpc, web
from svc.kubernetes import sanity, schema
from svc.kubernetes.lower import lower
from svc.kubernetes.types import Manifest
from svc.resolve.types.whole import Resolved

CASES = [pytest.param(make(env), id=f"{make.__name__}-{env}") for make in SERVICES for env in ("staging", "production")]
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}


@pytest.fixture(params=CASES)
def manifests(request: pytest.FixtureRequest) -> tuple[Manifest, ...]:
    service: Resolved = request.param
    lowered = lower(service)
    assert lowered.problems == ()
    return lowered.manifests


def _pods(manifests: tuple[Manifest, ...]) -> Iterator[tuple[Manifest, dict[str, Any], dict[str, str]]]:
    for one in manifests:
        if one.pod_route is not None and one.pod is not None:
            yield one, one.pod, one.tree.get(*one.pod_route[:-1], "metadata", "labels")


def test_kind_and_name_are_unique(manifests: tuple[Manifest, ...]) -> None:
    seen = [(one.kind, one.name) for one in manifests]
    assert len(seen) == len(set(seen))


def test_an_api_server_takes_every_object(manifests: tuple[Manifest, ...]) -> None:
    assert [(one.kind, one.name, found) for one in manifests for found in sanity.check(one)] == []


@pytest.mark.skipif(not schema.folder().is_dir(), reason="the schemas are not in this checkout")
@pytest.mark.parametrize("minor", schema.MINORS)
def test_every_object_fits_its_schema(manifests: tuple[Manifest, ...], minor: str) -> None:
    assert [(one.kind, one.name, found) for one in manifests for found in schema.check(one, minor)] == []


def test_every_object_carries_the_recommended_labels(manifests: tuple[Manifest, ...]) -> None:
    wanted = {
        f"app.kubernetes.io/{part}" for part in ("name", "instance", "version", "component", "part-of", "managed-by")
    }
    for one in manifests:
        labels = one.tree.get("metadata", "labels")
        assert wanted | {"helm.sh/chart", "cost-center"} <= set(labels), one.name
        assert one.namespace.startswith("payments-")


def test_pods_are_restricted(manifests: tuple[Manifest, ...]) -> None:
    for one, pod, _ in _pods(manifests):
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["serviceAccountName"] != "default"
        for volume in pod.get("volumes", ()):
            assert set(volume) - {"name"} <= VOLUMES
        for _, container in one.containers():
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["runAsUser"] > 0
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert context["seccompProfile"] == {"type": "RuntimeDefault"}
            assert "@sha256:" in container["image"]
            assert {"cpu", "memory"} <= set(container["resources"]["requests"])
            assert "memory" in container["resources"]["limits"]


def test_every_pod_is_isolated_both_ways(manifests: tuple[Manifest, ...]) -> None:
    policies = [one.tree.data["spec"] for one in manifests if one.kind == "NetworkPolicy"]
    for one, _, labels in _pods(manifests):
        types = {kind for spec in policies if _selects(spec["podSelector"], labels) for kind in spec["policyTypes"]}
        assert types == {"Ingress", "Egress"}, one.name


def _selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    simple = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return simple and all(labels.get(one["key"]) in one["values"] for one in selector.get("matchExpressions", ()))


def test_services_select_pods_that_have_their_ports(manifests: tuple[Manifest, ...]) -> None:
    for service in (one.tree.data["spec"] for one in manifests if one.kind == "Service"):
        chosen = [one for one, _, labels in _pods(manifests) if _selects({"matchLabels": service["selector"]}, labels)]
        assert chosen
        for one in chosen:
            named = {port["name"] for _, container in one.containers() for port in container.get("ports", ())}
            assert {port["targetPort"] for port in service.get("ports", ())} <= named


def test_references_lead_to_objects_of_the_release(manifests: tuple[Manifest, ...]) -> None:
    names = {(one.kind, one.name) for one in manifests}
    for one, pod, _ in _pods(manifests):
        assert ("ServiceAccount", pod["serviceAccountName"]) in names
        for volume in pod.get("volumes", ()):
            if "persistentVolumeClaim" in volume:
                assert ("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]) in names
        if one.kind == "StatefulSet":
            assert ("Service", one.tree.get("spec", "serviceName")) in names
    for one in manifests:
        if one.kind == "HorizontalPodAutoscaler":
            target = one.tree.get("spec", "scaleTargetRef")
            assert (target["kind"], target["name"]) in names
        if one.kind == "PodDisruptionBudget":
            selector = one.tree.get("spec", "selector")
            assert any(_selects(selector, labels) for _, _, labels in _pods(manifests))


def test_workload_labels_never_take_over_the_selector() -> None:
    service = web()
    assert service.server is not None
    server = replace(service.server, pod_labels=(("app.kubernetes.io/name", "else"), ("tier", "front")))
    labelled = replace(service, server=server, labels=(("app.kubernetes.io/instance", "else"),))
    for manifest in lower(labelled).manifests:
        assert list(sanity.check(manifest)) == []


def test_lowering_twice_is_the_same() -> None:
    for make in (web, grpc):
        assert lower(make("production")) == lower(make("production"))
