"""What a resolved service becomes: a few objects compared whole, and which objects there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kubernetes.lowered import found, listed, problems
from sample_parts import job, process, resolved, service_object, tuning, workload
from samples import HTTP, grpc, jobs_only, web, worker_only
from svc.kubernetes.lower import lower
from svc.resolve.types.process import Mount
from svc.resolve.types.scaling import Metric, Scale
from svc.resolve.types.volumes import Claim
from svc.resolve.types.whole import Resolved

EVERYBODY = {
    "app.kubernetes.io/version": "1.4.2",
    "app.kubernetes.io/part-of": "payments",
    "app.kubernetes.io/managed-by": "Helm",
    "cost-center": "cc-42",
}
INDEXER = {
    "app.kubernetes.io/name": "indexer",
    "app.kubernetes.io/instance": "indexer",
    "app.kubernetes.io/component": "server",
}


def _indexer_pod() -> dict[str, Any]:
    spread: dict[str, Any] = {
        "maxSkew": 1,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": INDEXER},
    }
    context = {"runAsUser": 10001, "runAsGroup": 10001, "runAsNonRoot": True}
    return {
        "serviceAccountName": "indexer",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 30,
        "securityContext": {
            **context,
            "fsGroup": 10001,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [
            {**spread, "topologyKey": "topology.kubernetes.io/zone"},
            {**spread, "topologyKey": "kubernetes.io/hostname"},
        ],
        "containers": [
            {
                "name": "indexer",
                "image": "ghcr.io/acme/indexer:1.4.2@sha256:" + "1" * 64,
                "imagePullPolicy": "Always",
                "resources": {
                    "requests": {"cpu": "100m", "ephemeral-storage": "128Mi", "memory": "128Mi"},
                    "limits": {"cpu": "1000m", "ephemeral-storage": "1Gi", "memory": "128Mi"},
                },
                "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
                "securityContext": {
                    **context,
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "privileged": False,
                    "readOnlyRootFilesystem": True,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
            }
        ],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}],
    }


def test_the_least_service_is_an_account_a_deployment_and_a_policy() -> None:
    service = worker_only()
    assert listed(service) == ["ServiceAccount/indexer", "Deployment/indexer", "NetworkPolicy/indexer"]
    assert found(service, "Deployment", "indexer").tree.data == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "indexer",
            "namespace": "payments-production",
            "labels": {**INDEXER, **EVERYBODY, "helm.sh/chart": "indexer-0.1.0"},
            "annotations": {"kubernetes.io/description": "Places orders."},
        },
        "spec": {
            "replicas": 1,
            "revisionHistoryLimit": 5,
            "progressDeadlineSeconds": 600,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
            "selector": {"matchLabels": INDEXER},
            "template": {
                "metadata": {"labels": {**INDEXER, **EVERYBODY}},
                "spec": _indexer_pod(),
            },
        },
    }


def test_a_rich_service_has_its_objects_in_reading_order() -> None:
    assert listed(web("production")) == [
        "ServiceAccount/checkout",
        "Role/checkout",
        "RoleBinding/checkout",
        "ConfigMap/checkout-files",
        "ExternalSecret/checkout-secrets",
        "ExternalSecret/checkout-db",
        "ExternalSecret/checkout-cache",
        "ExternalSecret/checkout-orders",
        "ExternalSecret/checkout-receipts",
        "PersistentVolumeClaim/checkout-data",
        "ServiceAccount/checkout-predeploy",
        "Role/checkout-predeploy",
        "RoleBinding/checkout-predeploy",
        "ExternalSecret/checkout-db-predeploy",
        "NetworkPolicy/checkout-predeploy",
        "Job/checkout-migrate",
        "Deployment/checkout",
        "Service/checkout",
        "HorizontalPodAutoscaler/checkout",
        "PodDisruptionBudget/checkout",
        "Deployment/checkout-mailer",
        "CronJob/checkout-report",
        "Ingress/checkout",
        "NetworkPolicy/checkout",
        "NetworkPolicy/checkout-ingress",
        "ServiceMonitor/checkout",
    ]


def test_an_autoscaled_deployment_says_no_replicas() -> None:
    assert "replicas" not in found(web("production"), "Deployment", "checkout").tree.data["spec"]
    scaler = found(web("production"), "HorizontalPodAutoscaler", "checkout").tree.data["spec"]
    assert scaler == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout"},
        "minReplicas": 3,
        "maxReplicas": 10,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
            }
        ],
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
    }


def test_custom_metrics_and_quantities_are_averages() -> None:
    service = worker_only()
    assert service.server is not None
    metrics = (Metric("pods", "100", "queue_depth"), Metric("memory", "512Mi"))
    server = replace(service.server, scale=Scale(1, 4, metrics))
    spec = found(replace(service, server=server), "HorizontalPodAutoscaler", "indexer").tree.data["spec"]
    assert spec["metrics"] == [
        {
            "type": "Pods",
            "pods": {"metric": {"name": "queue_depth"}, "target": {"type": "AverageValue", "averageValue": "100"}},
        },
        {
            "type": "Resource",
            "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "512Mi"}},
        },
    ]


def test_variables_keep_their_order_and_kind() -> None:
    container = found(web("production"), "Deployment", "checkout").pod["containers"][0]  # type: ignore[index]
    assert [one["name"] for one in container["env"]][:3] == ["LOG_LEVEL", "CURRENCY_ADDR", "HOST"]
    sources = {one["name"]: one["valueFrom"] for one in container["env"] if "valueFrom" in one}
    assert sources["DATABASE_URL"] == {"secretKeyRef": {"name": "checkout-db", "key": "url"}}
    assert sources["FEATURES"] == {"configMapKeyRef": {"name": "shared-features", "key": "flags", "optional": True}}
    assert sources["POD_IP"] == {"fieldRef": {"fieldPath": "status.podIP"}}
    assert sources["MEMORY_LIMIT"] == {"resourceFieldRef": {"resource": "limits.memory"}}


def test_sidecars_are_native() -> None:
    pod = found(web("production"), "Deployment", "checkout").pod
    assert pod is not None
    assert [(one["name"], one.get("restartPolicy")) for one in pod["initContainers"]] == [("proxy", "Always")]


def test_changed_configuration_restarts_the_pods_that_read_it() -> None:
    def checksum(service: Resolved) -> object:
        return found(service, "Deployment", "checkout").tree.get(
            "spec", "template", "metadata", "annotations", "checksum/config"
        )

    service = web()
    [config] = service.configs
    changed = replace(service, configs=(replace(config, data=(("config.yaml", "currency: USD\n"),)),))
    assert checksum(service) != checksum(changed)
    assert (
        found(service, "Deployment", "checkout-mailer").tree.get("spec", "template", "metadata", "annotations") is None
    )


def test_a_stateful_set_owns_its_claims_and_names() -> None:
    spec = found(grpc(), "StatefulSet", "ledger").tree.data["spec"]
    assert spec["serviceName"] == "ledger"
    assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    assert [one["metadata"]["name"] for one in spec["volumeClaimTemplates"]] == ["data"]
    assert "volumes" not in spec["template"]["spec"]
    assert found(grpc(), "Service", "ledger").tree.data["spec"]["clusterIP"] == "None"
    assert "PersistentVolumeClaim/ledger-data" not in listed(grpc())


def test_a_stateful_set_behind_an_ordinary_service_gets_a_headless_one() -> None:
    service = grpc()
    assert service.server is not None
    assert service.server.service is not None
    ordinary = replace(service.server, service=replace(service.server.service, headless=False))
    service = replace(service, server=ordinary)
    assert found(service, "StatefulSet", "ledger").tree.data["spec"]["serviceName"] == "ledger-headless"
    assert found(service, "Service", "ledger-headless").tree.data["spec"]["clusterIP"] == "None"


def test_claims_that_disagree_about_keeping_cannot_be_expressed() -> None:
    service = grpc()
    assert service.server is not None
    other = Claim("cache", "1Gi", "ReadWriteOnce", "", False, "", True, at=("volumes", "/cache"))
    server = replace(service.server, volumes=(*service.server.volumes, other))
    assert problems(replace(service, server=server)) == [("claims-keep-differ", ("volumes", "/cache", "keep"))]


def test_two_workloads_share_one_claim() -> None:
    claim = Claim("data", "1Gi", "ReadWriteMany", "efs", False, "", False, at=("volumes", "/data"))
    main = process("app", worker_only().image, mounts=(Mount("data", "/data"),))
    server = workload("app", main, volumes=(claim,))
    worker = workload("app-worker", main, component="worker", volumes=(claim,))
    service = resolved("app", "staging", main.image, server=server, workers=(worker,))
    assert [one for one in listed(service) if one.startswith("Pers")] == ["PersistentVolumeClaim/app-data"]
    pod = found(service, "Deployment", "app-worker").pod
    assert pod is not None
    assert pod["volumes"] == [{"name": "data", "persistentVolumeClaim": {"claimName": "app-data"}}]


def test_jobs_run_when_they_should() -> None:
    service = jobs_only()
    manual = found(service, "CronJob", "reports-replay").tree.data["spec"]
    assert (manual["suspend"], manual["concurrencyPolicy"]) == (True, "Allow")
    nightly = found(service, "CronJob", "reports-nightly").tree.data["spec"]
    assert (nightly["schedule"], nightly["timeZone"], nightly["suspend"]) == ("30 1 * * 1-5", "Etc/UTC", False)
    warm = found(service, "Job", "reports-warm").tree.data["metadata"]["annotations"]
    assert warm["helm.sh/hook"] == "post-install,post-upgrade"


def test_a_job_before_a_deploy_reads_copies_that_are_there_before_it() -> None:
    objects = [
        one for one in lower(web("production")).manifests if one.tree.get("metadata", "annotations", "helm.sh/hook")
    ]
    hooks = {one.tree.data["metadata"]["annotations"]["helm.sh/hook"] for one in objects}
    assert hooks == {"pre-install,pre-upgrade"}
    weights = {one.name: int(one.tree.data["metadata"]["annotations"]["helm.sh/hook-weight"]) for one in objects}
    assert weights.pop("checkout-migrate") == 0
    assert set(weights.values()) == {-10}
    pod = found(web("production"), "Job", "checkout-migrate").pod
    assert pod is not None
    assert pod["serviceAccountName"] == "checkout-predeploy"
    reference = pod["containers"][0]["env"][0]["valueFrom"]["secretKeyRef"]
    assert reference == {"name": "checkout-db-predeploy", "key": "url"}
    copy = found(web("production"), "ExternalSecret", "checkout-db-predeploy").tree.data["spec"]
    assert copy["target"] == {"name": "checkout-db-predeploy", "creationPolicy": "Owner"}


def test_a_job_that_needs_a_database_of_the_release_waits_for_it() -> None:
    annotations = found(web("staging"), "Job", "checkout-migrate").tree.data["metadata"]["annotations"]
    assert annotations["helm.sh/hook"] == "post-install,pre-upgrade"


def test_origins_lead_to_the_spec() -> None:
    manifest = found(web(), "Deployment", "checkout")
    container = ("spec", "template", "spec", "containers", 0)
    assert manifest.origin((*container, "env", 0, "value")) == ("env", "LOG_LEVEL")
    assert manifest.origin((*container, "ports", 0, "name")) == ("ports", "http")
    assert manifest.origin((*container, "resources", "requests", "cpu")) == ("resources",)
    assert manifest.origin((*container, "image")) == ("build",)
    assert manifest.origin(("metadata", "labels", "cost-center")) == ("labels", "cost-center")


def test_hooks_of_one_phase_run_in_the_order_of_the_spec() -> None:
    image = worker_only().image
    jobs = tuple(job(f"app-{name}", process(name, image), tuning("before-deploy")) for name in ("b", "a"))
    server = workload("app", process("app", image, ports=(HTTP,)), service=service_object("app", HTTP))
    service = resolved("app", "staging", image, server=server, jobs=jobs)
    weights = [
        found(service, "Job", name).tree.data["metadata"]["annotations"]["helm.sh/hook-weight"]
        for name in ("app-b", "app-a")
    ]
    assert weights == ["0", "1"]
