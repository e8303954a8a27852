"""Sets of manifests as charts render them: several services, objects beside them, and what only a patch can say."""

from __future__ import annotations

from typing import Any

import pytest

from importers import imported
from svc.emit import emit
from svc.importers.check import check, neighbours
from svc.importers.result import Imported
from svc.importers.run import run
from svc.source import Source


def _pod(name: str, pod: dict[str, Any] | None = None, **container: Any) -> dict[str, Any]:
    main = {"name": name, "image": f"acme/{name}:1", "ports": [{"containerPort": 8080, "name": "http"}], **container}
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [main], **(pod or {})}}


def _workload(
    name: str, kind: str = "Deployment", pod: dict[str, Any] | None = None, **container: Any
) -> dict[str, Any]:
    spec = {"selector": {"matchLabels": {"app": name}}, "template": _pod(name, pod, **container)}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def _service(name: str, port: int = 80) -> dict[str, Any]:
    spec = {"selector": {"app": name}, "ports": [{"port": port, "targetPort": "http"}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def _objects(made: Imported, kind: str) -> list[Any]:
    around = neighbours(made.drafts)
    return [one.tree.data for draft in made.drafts for one in check(draft, around).objects if one.kind == kind]


def _main(made: Imported) -> Any:
    return _objects(made, "Deployment")[0]["spec"]["template"]["spec"]


def test_one_ingress_for_two_services_is_an_exposure_of_each() -> None:
    def path(prefix: str, name: str) -> dict[str, Any]:
        return {"path": prefix, "pathType": "Prefix", "backend": {"service": {"name": name, "port": {"number": 80}}}}

    http = {"paths": [path("/", "web"), path("/api", "api"), path("/gone", "gone")]}
    tls = [{"hosts": ["a.example.com"], "secretName": "a-tls"}, {"hosts": ["x.example.com"], "secretName": "x"}]
    spec = {"ingressClassName": "nginx", "tls": tls, "rules": [{"host": "a.example.com", "http": http}]}
    made = imported.kubernetes(
        *(_workload(name) for name in ("web", "api")),
        *(_service(name) for name in ("web", "api")),
        {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "front"}, "spec": spec},
    )
    web, api = (one.data["expose"] for one in made.drafts)
    assert web == {"host": "a.example.com", "tls_secret": "a-tls"}
    assert api == {"host": "a.example.com", "path": "/api", "tls_secret": "a-tls"}
    lost = [
        one.note.reason for one in made.entries if one.route[:7] == ("spec", "rules", 0, "http", "paths", 2, "path")
    ]
    assert lost == ["the Service that it leads to is none of these"]


def test_objects_of_other_kinds_go_along_with_whom_they_name() -> None:
    daemon = _workload("agent", "DaemonSet")
    sealed = {
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": {"name": "api-secret"},
        "spec": {"encryptedData": {"a": "AgBy"}},
    }
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "api"},
        "rules": [],
    }
    items = {"apiVersion": "v1", "kind": "List", "items": [_workload("web"), _workload("api"), daemon, sealed, role]}
    made = imported.kubernetes(items)
    web, api = made.drafts
    assert list(web.data["manifests"]) == ["daemonset-agent"]
    assert sorted(api.data["manifests"]) == ["clusterrole-api", "sealedsecret-api-secret"]
    assert [one["spec"] for one in _objects(made, "DaemonSet")] == [daemon["spec"]]
    assert not made.lost


def test_what_has_no_word_arrives_by_patches() -> None:
    pod = {
        "securityContext": {"windowsOptions": {"runAsUserName": "x"}, "supplementalGroups": [4], "sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]},
        "hostUsers": False,
        "dnsConfig": {"options": [{"name": "ndots", "value": "1"}]},
        "volumes": [{"name": "p", "projected": {"sources": [{"configMap": {"name": "a"}}]}}, {"name": "unused", "emptyDir": {}}],
    }  # fmt: skip
    field = {"name": "L", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}}
    made = imported.kubernetes(
        _workload(
            "shop",
            pod=pod,
            env=[{"name": "A", "value": "1"}, field],
            lifecycle={"postStart": {"exec": {"command": ["warm"]}}},
            volumeMounts=[{"name": "p", "mountPath": "/p"}],
            securityContext={"seLinuxOptions": {"level": "s0"}},
        )
    )
    assert not made.lost
    found = _main(made)
    assert found["securityContext"]["windowsOptions"] == {"runAsUserName": "x"}
    assert found["securityContext"]["supplementalGroups"] == [4]
    assert (found["hostUsers"], found["dnsConfig"]) == (False, pod["dnsConfig"])
    main = found["containers"][0]
    assert field in main["env"]
    assert set(main["lifecycle"]) == {"preStop", "postStart"}
    assert main["securityContext"]["seLinuxOptions"] == {"level": "s0"}
    assert {"name": "p", "mountPath": "/p"} in main["volumeMounts"]
    assert [list(one)[-1] for one in made.drafts[0].data["patches"]] == ["json_patch", "merge"]


@pytest.mark.parametrize(
    "security",
    [
        {"appArmorProfile": {"type": "Unconfined"}},
        {"seccompProfile": {"type": "Unconfined"}},
        {"windowsOptions": {"hostProcess": True}},
        {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]},
    ],
)
def test_what_weakens_stays_out_with_a_way(security: dict[str, Any]) -> None:
    made = imported.kubernetes(_workload("shop", pod={"securityContext": security}))
    (key,) = security
    said = {one.note.reason for one in made.entries if key in one.route}
    assert said == {"svc hardens every pod; weaken it by a patch, which the policies judge"}
    assert made.lost


def test_a_set_without_a_service_says_what_it_holds() -> None:
    made = run([Source("d.yaml", emit(_workload("agent", "DaemonSet")).text)])
    (said,) = made.diagnostics
    assert said.id == "import-empty"
    assert "only DaemonSet" in said.message
    assert "`manifests`" in said.message


def test_empty_keys_of_a_chart_are_no_loss() -> None:
    pod = {
        "affinity": {"podAffinity": None, "nodeAffinity": None},
        "tolerations": [],
        "securityContext": {"sysctls": []},
    }
    made = imported.kubernetes(
        _workload("shop", pod=pod, securityContext={"seLinuxOptions": {}}, lifecycle={}, resources={})
    )
    assert not made.lost
    assert "patches" not in made.drafts[0].data


def test_a_policy_that_lets_everybody_in_closes_nothing() -> None:
    spec = {
        "podSelector": {"matchLabels": {"app": "shop"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"ports": [{"port": 8080}]}],
    }
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p"}, "spec": spec}
    made = imported.kubernetes(_workload("shop"), policy)
    assert made.drafts[0].data["access"] == {"open_egress": True}
    assert any(one.startswith("`access.from`") for one in made.drafts[0].missing)


def test_a_timeout_longer_than_the_period_keeps_its_length() -> None:
    probe = {"exec": {"command": ["ok"]}, "periodSeconds": 5, "timeoutSeconds": 20}
    made = imported.kubernetes(_workload("shop", livenessProbe=probe, readinessProbe=probe))
    found = _main(made)["containers"][0]
    assert [found[key]["timeoutSeconds"] for key in ("livenessProbe", "readinessProbe")] == [20, 20]
    assert any("it was 5 s" in one for one in made.drafts[0].missing)
