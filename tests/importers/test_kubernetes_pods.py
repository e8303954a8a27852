"""What pods hold: jobs, volumes and files, what hardens or weakens them, and what a patch keeps."""

from __future__ import annotations

from typing import Any

import pytest

from importers import imported, shop
from svc.emit import emit
from svc.importers.check import check
from svc.importers.run import run
from svc.source import Source


def _job(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    container = {"name": "x", "image": "acme/shop:1", "command": ["./x"], "env": [{"name": "A", "value": "1"}]}
    template = {"spec": {"restartPolicy": "OnFailure", "containers": [container]}}
    inner = {"template": template, "backoffLimit": 1}
    return shop.named(kind, name, "batch/v1", spec={"jobTemplate": {"spec": inner}, **spec} if spec else inner)


def test_a_cron_job_is_a_job_with_a_schedule() -> None:
    cron = _job("CronJob", "shop-clean", schedule="0 1 * * *", concurrencyPolicy="Replace")
    made = imported.kubernetes(shop.deployment(), cron)
    job = imported.the_spec(made)["jobs"]["clean"]
    assert (job["schedule"], job["concurrency"], job["backoff"], job["restart"]) == (
        "0 1 * * *",
        "replace",
        1,
        "on-failure",
    )
    assert "image" not in job
    assert imported.generated(made, "CronJob")["spec"]["schedule"] == "0 1 * * *"


@pytest.mark.parametrize(
    ("hook", "run_"), [("pre-install,pre-upgrade", "before-deploy"), ("post-upgrade", "after-deploy")]
)
def test_a_hook_of_helm_says_when_a_job_runs(hook: str, run_: str) -> None:
    job = _job("Job", "migrate")
    job["metadata"]["annotations"] = {"helm.sh/hook": hook}
    made = imported.kubernetes(shop.deployment(), job)
    assert imported.the_spec(made)["jobs"]["migrate"]["run"] == run_


def test_a_job_alone_is_a_service_of_jobs() -> None:
    made = imported.kubernetes(_job("CronJob", "clean", schedule="0 1 * * *"))
    assert imported.the_spec(made)["workload"] == "none"
    assert imported.generated(made, "CronJob")["metadata"]["name"] == "clean-clean"


def test_the_priority_of_a_job_stays() -> None:
    cron = _job("CronJob", "clean", schedule="0 1 * * *")
    cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]["priorityClassName"] = "low"
    made = imported.kubernetes(cron)
    pod = imported.generated(made, "CronJob")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert (pod["priorityClassName"], "placement" in imported.the_spec(made)) == ("low", False)


def test_a_claim_that_one_node_mounts_stays_as_it_is() -> None:
    claim = shop.named("PersistentVolumeClaim", "data", spec={
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}})  # fmt: skip
    volumes = [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]
    made = imported.kubernetes(
        shop.deployment({"volumes": volumes}, volumeMounts=[{"name": "d", "mountPath": "/data"}]), claim
    )
    assert imported.the_spec(made)["volumes"] == {"/data": {"claim": "data"}}
    assert imported.generated(made, "PersistentVolumeClaim")["spec"] == claim["spec"]


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
    made = imported.kubernetes(shop.deployment(pod, volumeMounts=[{"name": "s", "mountPath": "/s"}]))
    data = imported.the_spec(made)
    assert (data["user"], data["group"]) == (70, 71)
    assert data["sidecars"] == {"proxy": {"image": "acme/proxy:1", "share": ["/s"]}}
    assert data["init"] == {"wait": {"image": "acme/wait:1", "command": ["wait"]}}
    assert data["volumes"] == {"/s": {"scratch": "memory", "size": "8Mi"}}
    assert {one.note.fate for one in made.entries if "sysctls" in one.route} == {"dropped"}


def test_files_of_a_map_and_their_octal_mode() -> None:
    config = shop.named("ConfigMap", "cfg", data={"a.yaml": "x: ${y}\n"})
    text = emit(shop.deployment({"volumes": [{"name": "c", "configMap": {"name": "cfg", "defaultMode": 1}}]},
                            volumeMounts=[{"name": "c", "mountPath": "/etc/shop"}])).text  # fmt: skip
    made = run([Source("all.yaml", text.replace("defaultMode: 1", "defaultMode: 0440") + "---\n" + emit(config).text)])
    assert made.drafts[0].data["files"] == {"/etc/shop/a.yaml": {"content": "x: ${y}\n", "mode": "0440"}}
    assert imported.generated(made, "ConfigMap")["data"] == {"a.yaml": "x: ${y}\n"}


def test_what_has_no_word_is_patched_in() -> None:
    pod: dict[str, Any] = {
        "tolerations": [{"key": "gpu", "operator": "Exists"}],
        "volumes": [{"name": "n", "nfs": {"server": "a", "path": "/"}}],
    }
    made = imported.kubernetes(shop.deployment(pod, tty=True, volumeMounts=[{"name": "n", "mountPath": "/n"}]))
    spec = imported.generated(made, "Deployment")["spec"]["template"]["spec"]
    assert spec["tolerations"] == pod["tolerations"]
    assert spec["containers"][0]["tty"] is True
    assert pod["volumes"][0] in spec["volumes"]
    assert {"name": "n", "mountPath": "/n"} in spec["containers"][0]["volumeMounts"]


def test_what_weakens_a_pod_is_dropped() -> None:
    pod = {"hostNetwork": True, "volumes": [{"name": "n", "hostPath": {"path": "/"}}]}
    made = imported.kubernetes(
        shop.deployment(pod, volumeMounts=[{"name": "n", "mountPath": "/n"}], securityContext={"privileged": True})
    )
    lost = {one.route[-1] for one in made.entries if one.note.fate == "dropped"}
    assert {"hostNetwork", "mountPath", "privileged", "path"} <= lost
    assert "patches" not in imported.the_spec(made)


def test_a_group_of_volumes_that_svc_would_not_write_is_a_patch() -> None:
    made = imported.kubernetes(shop.deployment({"securityContext": {"fsGroup": 999}}))
    assert [one.note.fate for one in made.entries if one.route[-1:] == ("fsGroup",)] == ["patch"]
    (pod,) = [one.tree for one in check(made.drafts[0]).objects if one.kind == "Deployment"]
    assert pod.get("spec", "template", "spec", "securityContext", "fsGroup") == 999
    assert any(one.startswith("`user`") for one in made.drafts[0].missing)


def test_a_cron_job_without_its_schedule() -> None:
    """It cannot run, and nothing else can: that is said, and where another service is, the rest of the account stands."""
    lonely = shop.named("CronJob", "late", "batch/v1", spec={"startingDeadlineSeconds": 300})
    alone = run([Source("all.yaml", emit(lonely).text)])
    assert [one.id for one in alone.diagnostics] == ["import-empty"]
    assert "nothing to run" in alone.diagnostics[0].message
    assert "a schedule such as" in alone.diagnostics[0].message
    assert alone.drafts == ()
    beside = imported.kubernetes(lonely, shop.deployment())
    assert [one.name for one in beside.drafts] == ["shop"]
    assert [one.note.fate for one in beside.entries if one.document == 0 and one.route == ("metadata", "name")] == [
        "dropped"
    ]
