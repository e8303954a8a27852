"""Workloads become Deployments, StatefulSets, CronJobs and Jobs. Jobs around a deploy are Helm hooks: see `hooks`."""

from __future__ import annotations

from typing import Any

from svc.diagnostics import Problem
from svc.kubernetes import meta
from svc.kubernetes.pods import template
from svc.kubernetes.storage import claim_spec
from svc.kubernetes.types import Manifest
from svc.resolve import names
from svc.resolve.released import needs_release
from svc.resolve.types.volumes import Claim
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import JobTuning, Workload
from svc.tree import At, without_none

NEVER = "0 0 1 1 *"
"""A CronJob needs a schedule even when it is suspended: `kubectl create job --from=cronjob/NAME` runs it."""


def governing_service(workload: Workload) -> str:
    """The headless Service that gives the pods of a StatefulSet their names."""
    if workload.service is not None and workload.service.headless:
        return workload.service.name
    return f"{workload.name}-headless"


def workload_manifest(resolved: Resolved, workload: Workload) -> Manifest:
    match workload.kind:
        case "Deployment":
            return _object(resolved, workload, "apps/v1", _deployment(resolved, workload))
        case "StatefulSet":
            return _object(resolved, workload, "apps/v1", _stateful_set(resolved, workload))
        case "CronJob":
            return _object(resolved, workload, "batch/v1", _cron_job(resolved, workload))
        case "Job":
            return _object(resolved, workload, "batch/v1", _job(resolved, workload, _tuning(workload)))


def workload_problems(workload: Workload) -> tuple[Problem, ...]:
    """What a StatefulSet cannot do although the spec asks for it."""
    if workload.kind != "StatefulSet":
        return ()
    found = []
    if workload.rollout.strategy == "recreate" and workload.scale.max > 1:
        message = "a StatefulSet replaces its replicas one by one, it cannot stop them all first"
        found.append(
            Problem(
                "statefulset-recreate", workload.rollout.at, message, "remove `strategy: recreate`, or run one replica"
            )
        )
    claims = _templates(workload)
    differing = [one for one in claims if one.keep != claims[0].keep]
    found += [
        Problem(
            "claims-keep-differ",
            (*one.at, "keep"),
            f"volume {one.name} says keep: {str(one.keep).lower()}, and {claims[0].name} says the opposite",
            "a StatefulSet keeps or deletes all claims of its replicas: give them the same `keep`",
            related=(("the other volume", claims[0].at),),
        )
        for one in differing
    ]
    return tuple(found)


def _object(resolved: Resolved, workload: Workload, api_version: str, spec: dict[str, Any]) -> Manifest:
    notes: list[tuple[str, Any]] = []
    if workload is resolved.server and resolved.description:
        notes.append((meta.DESCRIPTION, At(("description",), resolved.description)))
    notes += hook_annotations(resolved, workload)
    head = meta.metadata(resolved, workload.name, workload.component, notes)
    return meta.manifest(api_version, workload.kind, head, workload.at, spec=spec)


# --- long-running ------------------------------------------------------------------------------------------------


def _deployment(resolved: Resolved, workload: Workload) -> dict[str, Any]:
    rollout = workload.rollout
    made = {
        "replicas": _replicas(workload),
        "revisionHistoryLimit": At(rollout.at, rollout.history),
        "progressDeadlineSeconds": At(rollout.at, rollout.deadline),
        "minReadySeconds": At(rollout.at, rollout.min_ready) if rollout.min_ready else None,
        "strategy": At(rollout.at, _strategy(workload)),
        "selector": {"matchLabels": names.selector(resolved, workload.component)},
        "template": template(resolved, workload),
    }
    return without_none(made)


def _replicas(workload: Workload) -> At | None:
    """Absent when an autoscaler drives it: every deploy would reset what the autoscaler decided."""
    return None if workload.scale.driven else At(workload.scale.at or workload.at, workload.scale.min)


def _strategy(workload: Workload) -> dict[str, Any]:
    rollout = workload.rollout
    if rollout.strategy == "recreate":
        return {"type": "Recreate"}
    rolling = {"maxSurge": meta.count(rollout.max_surge), "maxUnavailable": meta.count(rollout.max_unavailable)}
    return {"type": "RollingUpdate", "rollingUpdate": rolling}


def _stateful_set(resolved: Resolved, workload: Workload) -> dict[str, Any]:
    rollout, claims = workload.rollout, _templates(workload)
    made = {
        "serviceName": governing_service(workload),
        "replicas": _replicas(workload),
        "revisionHistoryLimit": At(rollout.at, rollout.history),
        "minReadySeconds": At(rollout.at, rollout.min_ready) if rollout.min_ready else None,
        "updateStrategy": At(rollout.at, {"type": "RollingUpdate"}),
        "persistentVolumeClaimRetentionPolicy": retention(claims[0].keep) if claims else None,
        "selector": {"matchLabels": names.selector(resolved, workload.component)},
        "template": template(resolved, workload),
        "volumeClaimTemplates": [At(one.at, _claim_template(resolved, workload, one)) for one in claims] or None,
    }
    return without_none(made)


def retention(keep: bool) -> dict[str, str]:
    policy = "Retain" if keep else "Delete"
    return {"whenDeleted": policy, "whenScaled": policy}


def _templates(workload: Workload) -> list[Claim]:
    return [one for one in workload.volumes if isinstance(one, Claim) and one.template and not one.existing]


def _claim_template(resolved: Resolved, workload: Workload, claim: Claim) -> dict[str, Any]:
    head: dict[str, Any] = {"name": claim.name, "labels": names.selector(resolved, workload.component)}
    if claim.annotations:
        head["annotations"] = dict(claim.annotations)
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": head, "spec": claim_spec(claim)}


# --- jobs --------------------------------------------------------------------------------------------------------


def _tuning(workload: Workload) -> JobTuning:
    assert workload.job is not None, f"{workload.name} is a {workload.kind} without job tuning"
    return workload.job


def _job(resolved: Resolved, workload: Workload, job: JobTuning) -> dict[str, Any]:
    """Of a CronJob's runs its history limits decide how long they are kept; a time to live would work against them."""
    made = {
        "backoffLimit": job.backoff_limit,
        "podFailurePolicy": _failure_policy(job),
        "activeDeadlineSeconds": job.timeout,
        "completions": job.completions,
        "completionMode": "Indexed" if job.indexed else None,
        "parallelism": job.parallelism,
        "ttlSecondsAfterFinished": job.keep_finished if workload.kind == "Job" else None,
        "template": template(resolved, workload),
    }
    return without_none(made)


def _failure_policy(job: JobTuning) -> dict[str, Any] | None:
    """Kubernetes judges exit codes of pods that are not restarted in place only."""
    if job.restart != "Never":
        return None
    rules: list[dict[str, Any]] = []
    if job.ignore_disruptions:
        disrupted = [{"type": "DisruptionTarget", "status": "True"}]
        rules.append({"action": "Ignore", "onPodConditions": disrupted})
    if job.give_up_on:
        rules.append({"action": "FailJob", "onExitCodes": {"operator": "In", "values": list(job.give_up_on)}})
    return {"rules": rules} if rules else None


def _cron_job(resolved: Resolved, workload: Workload) -> dict[str, Any]:
    job = _tuning(workload)
    manual = job.run == "manual"
    made = {
        "schedule": NEVER if manual else job.schedule,
        "timeZone": job.timezone or None,
        "concurrencyPolicy": job.concurrency,
        "startingDeadlineSeconds": job.start_deadline,
        "suspend": manual or job.suspend,
        "successfulJobsHistoryLimit": job.history[0],
        "failedJobsHistoryLimit": job.history[1],
        "jobTemplate": {
            "metadata": {"labels": names.selector(resolved, workload.component)},
            "spec": _job(resolved, workload, job),
        },
    }
    return without_none(made)


# --- hooks -------------------------------------------------------------------------------------------------------


def hook_phases(resolved: Resolved, workload: Workload) -> str:
    """When Helm runs the job; empty for what is not around a deploy (decision 0010)."""
    run = workload.job.run if workload.job else ""
    if run == "after-deploy":
        return "post-install,post-upgrade"
    if run == "before-deploy":
        return "post-install,pre-upgrade" if needs_release(resolved, workload) else "pre-install,pre-upgrade"
    return ""


def hook_annotations(resolved: Resolved, workload: Workload) -> list[tuple[str, Any]]:
    """Jobs of one phase run one after the other, in the spec's order."""
    phases = hook_phases(resolved, workload)
    if not phases:
        return []
    peers = [one.name for one in resolved.jobs if hook_phases(resolved, one)]
    return [
        (meta.HOOK, phases),
        (meta.HOOK_WEIGHT, str(peers.index(workload.name))),
        (meta.HOOK_DELETE, "before-hook-creation,hook-succeeded"),
    ]
