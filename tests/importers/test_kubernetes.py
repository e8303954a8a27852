"""Kinds of objects, as other people's charts have them, one at a time: what they become, and what is generated then."""

from __future__ import annotations

from typing import Any

import pytest

from svc.emit import emit
from svc.importers.check import check
from svc.importers.result import Imported
from svc.importers.run import run
from svc.source import Source

_LABELS = {"app": "shop"}


def _object(kind: str, name: str, api: str = "v1", **parts: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, **parts}


def _deployment(pod: dict[str, Any] | None = None, **container: Any) -> dict[str, Any]:
    main = {"name": "shop", "image": "acme/shop:1", "ports": [{"name": "web", "containerPort": 8080}], **container}
    template = {"metadata": {"labels": _LABELS}, "spec": {"containers": [main], **(pod or {})}}
    return _object("Deployment", "shop", "apps/v1", spec={"selector": {"matchLabels": _LABELS}, "template": template})


_SERVICE = _object("Service", "shop", spec={"selector": _LABELS, "ports": [{"port": 80, "targetPort": "web"}]})


def _run(*objects: dict[str, Any]) -> Imported:
    made = run([Source("all.yaml", "---\n".join(emit(one).text for one in objects))])
    assert made.diagnostics == ()
    return made


def _spec(made: Imported) -> dict[str, Any]:
    (draft,) = made.drafts
    return draft.data


def _made(made: Imported, kind: str) -> dict[str, Any]:
    """The one generated object of a kind."""
    checked = check(made.drafts[0])
    assert checked.faults == ()
    (found,) = [one.tree.data for one in checked.objects if one.kind == kind]
    return dict(found)


def _fates(made: Imported, *route: str | int) -> set[str]:
    return {one.note.fate for one in made.entries if one.route[: len(route)] == route}


def _ingress(*hosts: str, **more: Any) -> dict[str, Any]:
    backend = {"service": {"name": "shop", "port": {"number": 80}}}
    http = {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}
    rules = [{"host": host, "http": http} for host in hosts]
    return _object("Ingress", "shop", "networking.k8s.io/v1", spec={"rules": rules, **more})


def test_ingress() -> None:
    made = _run(_deployment(), _SERVICE, _ingress("a.example.com", ingressClassName="alb"))
    assert _spec(made)["expose"] == {"host": "a.example.com", "class_name": "alb", "tls": False}
    rule = _made(made, "Ingress")["spec"]["rules"][0]
    assert rule["host"] == "a.example.com"
    assert rule["http"]["paths"][0]["backend"] == {"service": {"name": "shop", "port": {"name": "web"}}}


def test_the_port_is_named_where_another_one_would_be_exposed() -> None:
    ports = [{"name": "http", "containerPort": 9000}, {"name": "web", "containerPort": 8080}]
    made = _run(_deployment(ports=ports), _SERVICE, _ingress("a.example.com"))
    assert _spec(made)["expose"]["port"] == "web"
    rule = _made(made, "Ingress")["spec"]["rules"][0]
    assert rule["http"]["paths"][0]["backend"]["service"]["port"] == {"name": "web"}


def test_a_second_ingress_goes_along_as_it_is() -> None:
    other = _ingress("b.example.com")
    other["metadata"]["name"] = "other"
    made = _run(_deployment(), _SERVICE, _ingress("a.example.com"), other)
    assert _spec(made)["manifests"]["ingress-other"]["inline"]["spec"] == other["spec"]
    names = {one.name for one in check(made.drafts[0]).objects if one.kind == "Ingress"}
    assert names == {"shop", "other"}


def test_route() -> None:
    rule = {"matches": [{"path": {"type": "Exact", "value": "/a"}}], "backendRefs": [{"name": "shop", "port": 80}]}
    parents = [{"name": "public", "namespace": "infra"}]
    spec = {"parentRefs": parents, "hostnames": ["a.example.com"], "rules": [rule]}
    made = _run(_deployment(), _SERVICE, _object("HTTPRoute", "shop", "gateway.networking.k8s.io/v1", spec=spec))
    assert _spec(made)["expose"] == {
        "via": "gateway",
        "gateway": "infra/public",
        "host": "a.example.com",
        "paths": [{"path": "/a", "type": "Exact"}],
    }
    assert _made(made, "HTTPRoute")["spec"] == spec


def test_a_route_with_a_filter_is_no_exposure() -> None:
    rule = {"filters": [{"type": "RequestRedirect"}], "backendRefs": [{"name": "shop", "port": 80}]}
    spec = {"parentRefs": [{"name": "public"}], "rules": [rule]}
    made = _run(_deployment(), _SERVICE, _object("HTTPRoute", "shop", "gateway.networking.k8s.io/v1", spec=spec))
    assert "expose" not in _spec(made)
    assert _spec(made)["manifests"]["httproute-shop"]["inline"]["spec"] == spec


def test_policy() -> None:
    peer = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "db"}}}
    public = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]}
    spec = {
        "podSelector": {"matchLabels": _LABELS},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}}]}],
        "egress": [{"to": [peer], "ports": [{"port": 5432}]}, public],
    }
    made = _run(_deployment(), _object("NetworkPolicy", "p", "networking.k8s.io/v1", spec=spec))
    assert _spec(made)["access"] == {"from": ["web"], "to": ["db:5432"]}
    policy = next(one.tree.data for one in check(made.drafts[0]).objects if one.name == "shop" and "Policy" in one.kind)
    assert policy["spec"]["egress"][1:] == [{"to": [peer], "ports": [{"port": 5432, "protocol": "TCP"}]}, public]


def test_without_a_policy_everything_may_be_reached_and_that_is_said() -> None:
    made = _run(_deployment())
    assert _spec(made)["access"] == {"open_egress": True}
    assert any("access.to" in one for one in made.drafts[0].missing)


def test_account_and_role() -> None:
    account = _object("ServiceAccount", "robot", imagePullSecrets=[{"name": "pull"}])
    account["metadata"]["annotations"] = {"a.example.com/role": "x"}
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}]
    api = "rbac.authorization.k8s.io/v1"
    subject = {"kind": "ServiceAccount", "name": "robot"}
    binding = _object("RoleBinding", "b", api, roleRef={"kind": "Role", "name": "r"}, subjects=[subject])
    made = _run(_deployment({"serviceAccountName": "robot"}), account, _object("Role", "r", api, rules=rules), binding)
    assert _spec(made)["account"] == {
        "name": "robot",
        "annotations": {"a.example.com/role": "x"},
        "rules": [{"resources": ["configmaps"], "verbs": ["get"]}],
    }
    assert _made(made, "Role")["rules"] == rules
    assert _made(made, "ServiceAccount")["imagePullSecrets"] == [{"name": "pull"}]


def test_an_account_made_elsewhere_is_not_made() -> None:
    made = _run(_deployment({"serviceAccountName": "robot"}))
    assert _spec(made)["account"] == {"name": "robot", "create": False}


def _job(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    container = {"name": "x", "image": "acme/shop:1", "command": ["./x"], "env": [{"name": "A", "value": "1"}]}
    template = {"spec": {"restartPolicy": "OnFailure", "containers": [container]}}
    inner = {"template": template, "backoffLimit": 1}
    return _object(kind, name, "batch/v1", spec={"jobTemplate": {"spec": inner}, **spec} if spec else inner)


def test_cron_job() -> None:
    cron = _job("CronJob", "shop-clean", schedule="0 1 * * *", concurrencyPolicy="Replace")
    made = _run(_deployment(), cron)
    job = _spec(made)["jobs"]["clean"]
    assert (job["schedule"], job["concurrency"], job["backoff"], job["restart"]) == (
        "0 1 * * *",
        "replace",
        1,
        "on-failure",
    )
    assert "image" not in job
    assert _made(made, "CronJob")["spec"]["schedule"] == "0 1 * * *"


@pytest.mark.parametrize(
    ("hook", "run_"), [("pre-install,pre-upgrade", "before-deploy"), ("post-upgrade", "after-deploy")]
)
def test_hook(hook: str, run_: str) -> None:
    job = _job("Job", "migrate")
    job["metadata"]["annotations"] = {"helm.sh/hook": hook}
    made = _run(_deployment(), job)
    assert _spec(made)["jobs"]["migrate"]["run"] == run_


def test_a_job_alone_is_a_service_of_jobs() -> None:
    made = _run(_job("CronJob", "clean", schedule="0 1 * * *"))
    assert _spec(made)["workload"] == "none"
    assert _made(made, "CronJob")["metadata"]["name"] == "clean-clean"


def test_the_priority_of_a_job_stays() -> None:
    cron = _job("CronJob", "clean", schedule="0 1 * * *")
    cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]["priorityClassName"] = "low"
    made = _run(cron)
    pod = _made(made, "CronJob")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert (pod["priorityClassName"], "placement" in _spec(made)) == ("low", False)


def test_a_claim_that_one_node_mounts_stays_as_it_is() -> None:
    claim = _object("PersistentVolumeClaim", "data", spec={
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}})  # fmt: skip
    volumes = [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]
    made = _run(_deployment({"volumes": volumes}, volumeMounts=[{"name": "d", "mountPath": "/data"}]), claim)
    assert _spec(made)["volumes"] == {"/data": {"claim": "data"}}
    assert _made(made, "PersistentVolumeClaim")["spec"] == claim["spec"]


def test_external_secret() -> None:
    entry = {"secretKey": "k", "remoteRef": {"key": "path/to", "property": "p"}}
    spec = {"secretStoreRef": {"name": "vault"}, "target": {"name": "held"}, "data": [entry]}
    env = [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "held", "key": "k"}}}]
    made = _run(_deployment(env=env), _object("ExternalSecret", "held", "external-secrets.io/v1", spec=spec))
    assert _spec(made)["secrets"] == {"TOKEN": {"from": "path/to", "key": "p"}}
    assert _fates(made, "spec", "secretStoreRef") == {"dropped"}
    assert _made(made, "ExternalSecret")["spec"]["data"] == [{**entry, "secretKey": "TOKEN"}]


def test_monitor() -> None:
    service = {**_SERVICE, "metadata": {"name": "shop", "labels": {"app": "shop"}}}
    spec = {"selector": {"matchLabels": {"app": "shop"}}, "endpoints": [{"port": "web", "path": "/m"}]}
    made = _run(_deployment(), service, _object("ServiceMonitor", "m", "monitoring.coreos.com/v1", spec=spec))
    assert _spec(made)["observe"] == {"metrics": {"port": "web", "path": "/m"}}
    assert _made(made, "ServiceMonitor")["spec"]["endpoints"][0]["path"] == "/m"


@pytest.mark.parametrize(("budget", "patched"), [({"minAvailable": 2}, False), ({"minAvailable": "50%"}, True)])
def test_budget(budget: dict[str, Any], patched: bool) -> None:
    deployment = _deployment()
    deployment["spec"]["replicas"] = 3
    pdb = _object("PodDisruptionBudget", "b", "policy/v1", spec={"selector": {"matchLabels": _LABELS}, **budget})
    made = _run(deployment, pdb)
    assert ("patches" in _spec(made)) == patched
    assert _made(made, "PodDisruptionBudget")["spec"]["minAvailable"] == budget["minAvailable"]


def test_security_and_sidecars() -> None:
    proxy = {
        "name": "proxy",
        "image": "acme/proxy:1",
        "restartPolicy": "Always",
        "volumeMounts": [{"name": "s", "mountPath": "/s"}],
    }
    wait = {"name": "wait", "image": "acme/wait:1", "command": ["wait"]}
    pod = {
        "securityContext": {"runAsUser": 70, "runAsGroup": 71, "sysctls": [{"name": "a", "value": "1"}]},
        "initContainers": [proxy, wait],
        "volumes": [{"name": "s", "emptyDir": {"medium": "Memory", "sizeLimit": "8Mi"}}],
    }
    made = _run(_deployment(pod, volumeMounts=[{"name": "s", "mountPath": "/s"}]))
    data = _spec(made)
    assert (data["user"], data["group"]) == (70, 71)
    assert data["sidecars"] == {"proxy": {"image": "acme/proxy:1", "share": ["/s"]}}
    assert data["init"] == {"wait": {"image": "acme/wait:1", "command": ["wait"]}}
    assert data["volumes"] == {"/s": {"scratch": "memory", "size": "8Mi"}}
    assert {one.note.fate for one in made.entries if "sysctls" in one.route} == {"dropped"}


def test_files_of_a_map_and_their_octal_mode() -> None:
    config = _object("ConfigMap", "cfg", data={"a.yaml": "x: ${y}\n"})
    text = emit(_deployment({"volumes": [{"name": "c", "configMap": {"name": "cfg", "defaultMode": 1}}]},
                            volumeMounts=[{"name": "c", "mountPath": "/etc/shop"}])).text  # fmt: skip
    made = run([Source("all.yaml", text.replace("defaultMode: 1", "defaultMode: 0440") + "---\n" + emit(config).text)])
    assert made.drafts[0].data["files"] == {"/etc/shop/a.yaml": {"content": "x: ${y}\n", "mode": "0440"}}
    assert _made(made, "ConfigMap")["data"] == {"a.yaml": "x: ${y}\n"}


def test_what_has_no_word_is_patched_in() -> None:
    pod: dict[str, Any] = {
        "tolerations": [{"key": "gpu", "operator": "Exists"}],
        "volumes": [{"name": "n", "nfs": {"server": "a", "path": "/"}}],
    }
    made = _run(_deployment(pod, tty=True, volumeMounts=[{"name": "n", "mountPath": "/n"}]))
    spec = _made(made, "Deployment")["spec"]["template"]["spec"]
    assert spec["tolerations"] == pod["tolerations"]
    assert spec["containers"][0]["tty"] is True
    assert pod["volumes"][0] in spec["volumes"]
    assert {"name": "n", "mountPath": "/n"} in spec["containers"][0]["volumeMounts"]


def test_what_weakens_a_pod_is_dropped() -> None:
    pod = {"hostNetwork": True, "volumes": [{"name": "n", "hostPath": {"path": "/"}}]}
    made = _run(_deployment(pod, volumeMounts=[{"name": "n", "mountPath": "/n"}], securityContext={"privileged": True}))
    lost = {one.route[-1] for one in made.entries if one.note.fate == "dropped"}
    assert {"hostNetwork", "mountPath", "privileged", "path"} <= lost
    assert "patches" not in _spec(made)


def test_a_secret_never_goes_along() -> None:
    made = _run(_deployment(), _object("Secret", "s", stringData={"a": "hunter22"}))
    assert _fates(made, "stringData") == {"dropped"}
    assert "hunter22" not in made.drafts[0].text()


def test_an_object_of_nobody_goes_along_with_the_first_of_two_services() -> None:
    other = _deployment()
    other["metadata"]["name"] = "other"
    made = _run(_deployment(), other, _object("ResourceQuota", "q", spec={"hard": {"pods": "3"}}))
    assert [one.name for one in made.drafts] == ["shop", "other"]
    assert {one.note.fate for one in made.entries if "hard" in one.route} == {"patch"}
    assert list(made.drafts[0].data["manifests"]) == ["resourcequota-q"]
    assert any("move it, if it belongs elsewhere" in one for one in made.drafts[0].missing)


def test_a_port_that_is_no_number_is_said_and_crashes_nothing() -> None:
    spec = {"podSelector": {"matchLabels": _LABELS}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": []}]}]}
    made = _run(_deployment(), _object("NetworkPolicy", "p", "networking.k8s.io/v1", spec=spec))
    assert check(made.drafts[0]).faults == ()
    assert [one.note.fate for one in made.entries if one.route == ("spec", "egress", 0, "ports", 0, "port")] == [
        "dropped"
    ]


def test_a_group_of_volumes_that_svc_would_not_write_is_a_patch() -> None:
    made = _run(_deployment({"securityContext": {"fsGroup": 999}}))
    assert [one.note.fate for one in made.entries if one.route[-1:] == ("fsGroup",)] == ["patch"]
    (pod,) = [one.tree for one in check(made.drafts[0]).objects if one.kind == "Deployment"]
    assert pod.get("spec", "template", "spec", "securityContext", "fsGroup") == 999
    assert any(one.startswith("`user`") for one in made.drafts[0].missing)


def test_a_cron_job_without_its_schedule() -> None:
    """It cannot run, and nothing else can: that is said, and where another service is, the rest of the account stands."""
    lonely = _object("CronJob", "late", "batch/v1", spec={"startingDeadlineSeconds": 300})
    alone = run([Source("all.yaml", emit(lonely).text)])
    assert [one.id for one in alone.diagnostics] == ["import-empty"]
    assert "nothing to run" in alone.diagnostics[0].message
    assert "a schedule such as" in alone.diagnostics[0].message
    assert alone.drafts == ()
    beside = _run(lonely, _deployment())
    assert [one.name for one in beside.drafts] == ["shop"]
    assert [one.note.fate for one in beside.entries if one.document == 0 and one.route == ("metadata", "name")] == [
        "dropped"
    ]
