"""A workload's pod template: containers, volumes, security, placement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from svc.digests import sha256
from svc.kubernetes import meta
from svc.kubernetes.containers import container
from svc.resolve import names
from svc.resolve.released import claim_name
from svc.resolve.types.process import ConfigKey
from svc.resolve.types.volumes import Claim, ConfigFiles, Scratch, SecretFiles, Volume
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.tree import At, without_none

HOSTNAME = "kubernetes.io/hostname"
CHECKSUM = "checksum/config"


def template(resolved: Resolved, workload: Workload) -> dict[str, Any]:
    """`spec.template` of the workload's object."""
    selector = names.selector(resolved, workload.component)
    labels = {**meta.common_labels(resolved, selector), **_free_of(selector, workload.pod_labels)}
    head: dict[str, Any] = {"labels": labels}
    given = {key: At(("annotations", key), value) for key, value in workload.pod_annotations}
    annotations = {**given, **_checksum(resolved, workload)}
    if annotations:
        head["annotations"] = annotations
    return {"metadata": head, "spec": pod_spec(resolved, workload, selector)}


def _free_of(selector: Mapping[str, str], labels: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {key: value for key, value in labels if key not in selector}


def pod_spec(resolved: Resolved, workload: Workload, selector: Mapping[str, str]) -> dict[str, Any]:
    """Native sidecars come before init steps, so that a step may already use them (a database proxy)."""
    first = [container(one, sidecar=True) for one in workload.sidecars] + [container(one) for one in workload.init]
    place = workload.placement
    volumes = [_volume(resolved, workload, one) for one in workload.volumes if not _templated(one)]
    made = {
        "serviceAccountName": At(resolved.account.at, resolved.account.name),
        "automountServiceAccountToken": At(resolved.account.at, resolved.account.token),
        "enableServiceLinks": False,
        "imagePullSecrets": [At(("pull_secrets",), {"name": one}) for one in resolved.pull_secrets] or None,
        "priorityClassName": At((*place.at, "priority_class"), place.priority_class) if place.priority_class else None,
        "restartPolicy": workload.job.restart if workload.job else None,
        "terminationGracePeriodSeconds": At(workload.rollout.at, workload.rollout.grace),
        "securityContext": pod_security(workload.main.user, workload.main.group, workload.fs_group),
        "nodeSelector": At(place.at, dict(place.node_selector)) if place.node_selector else None,
        "affinity": _affinity(workload, selector),
        "topologySpreadConstraints": [At(place.at, _spread(key, selector)) for key in place.spread] or None,
        "initContainers": first or None,
        "containers": [container(workload.main)],
        "volumes": volumes or None,
    }
    return without_none(made)


def pod_security(user: int, group: int, fs_group: int | None) -> dict[str, Any]:
    made = {
        "runAsNonRoot": True,
        "runAsUser": At(("user",), user),
        "runAsGroup": group,
        "fsGroup": fs_group,
        "fsGroupChangePolicy": "OnRootMismatch" if fs_group is not None else None,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    return without_none(made)


# --- placement ---------------------------------------------------------------------------------------------------


def _spread(key: str, selector: Mapping[str, str]) -> dict[str, Any]:
    return {
        "maxSkew": 1,
        "topologyKey": key,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": dict(selector)},
    }


def _affinity(workload: Workload, selector: Mapping[str, str]) -> dict[str, Any] | None:
    """Preferences only: replicas apart when there can be several, then what the spec says about other services."""
    place = workload.placement
    apart = [_preference(selector)] if workload.scale.max > 1 and HOSTNAME in place.spread else []
    apart += [At(place.at, _preference({names.NAME_LABEL: one})) for one in place.separate]
    near = [At(place.at, _preference({names.NAME_LABEL: one})) for one in place.together]
    parts = {"podAffinity": near, "podAntiAffinity": apart}
    made = {key: {"preferredDuringSchedulingIgnoredDuringExecution": terms} for key, terms in parts.items() if terms}
    return made or None


def _preference(selector: Mapping[str, str]) -> Any:
    term = {"labelSelector": {"matchLabels": dict(selector)}, "topologyKey": HOSTNAME}
    return {"weight": 100, "podAffinityTerm": term}


# --- volumes -----------------------------------------------------------------------------------------------------


def _templated(volume: Volume) -> bool:
    return isinstance(volume, Claim) and volume.template and not volume.existing


def _volume(resolved: Resolved, workload: Workload, volume: Volume) -> At:
    return At(volume.at or workload.at, {"name": volume.name, **_volume_source(resolved, workload, volume)})


def _volume_source(resolved: Resolved, workload: Workload, volume: Volume) -> dict[str, Any]:
    match volume:
        case Scratch():
            medium = {"medium": "Memory"} if volume.memory else {}
            return {"emptyDir": {**medium, **({"sizeLimit": volume.size} if volume.size else {})}}
        case Claim():
            claim = volume.existing or claim_name(resolved, workload, volume.name)
            read_only = {"readOnly": True} if volume.access == "ReadOnlyMany" else {}
            return {"persistentVolumeClaim": {"claimName": claim, **read_only}}
        case ConfigFiles():
            return {"configMap": {"name": volume.config, **_files(volume)}}
        case SecretFiles():
            return {"secret": {"secretName": volume.secret, **_files(volume)}}


def _files(volume: ConfigFiles | SecretFiles) -> dict[str, Any]:
    items = [without_none({"key": key, "path": path, "mode": mode}) for key, path, mode in volume.items]
    made = {"defaultMode": volume.mode, "items": items or None, "optional": True if volume.optional else None}
    return without_none(made)


# --- configuration -----------------------------------------------------------------------------------------------


def configs_used(workload: Workload) -> frozenset[str]:
    """Names of the ConfigMaps that the pod reads."""
    used = {one.config for one in workload.volumes if isinstance(one, ConfigFiles)}
    for process in workload.processes:
        used.update(one.value.config for one in process.env if isinstance(one.value, ConfigKey))
        used.update(one.name for one in process.env_from if one.kind == "config")
    return frozenset(used)


def _checksum(resolved: Resolved, workload: Workload) -> dict[str, str]:
    """Changed configuration restarts the pods that read it: Kubernetes would not."""
    used = configs_used(workload)
    data = {one.name: dict(one.data) for one in resolved.configs if one.name in used}
    if not data:
        return {}
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {CHECKSUM: sha256(text.encode()).hexdigest()}
