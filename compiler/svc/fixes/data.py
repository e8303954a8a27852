"""The literal table of fixes that change data at routes of a manifest, a workflow or a compose file: policy -> changes."""

from __future__ import annotations

from collections.abc import Callable

from svc.diagnostics import Route
from svc.edit.changes import Change
from svc.fixes import checkout, kubernetes, permissions, pipelines
from svc.tree import Data

DATA: dict[str, Callable[[Data, Route], tuple[Change, ...]]] = {
    "added-capability": kubernetes.gone,
    "api-version-removed": kubernetes.served_version,
    "apparmor-unconfined": kubernetes.confined,
    "capabilities-not-dropped": kubernetes.drop_all,
    "compose-added-capability": pipelines.gone,
    "compose-confinement-off": pipelines.gone,
    "compose-container-name": pipelines.unnamed,
    "compose-host-memory": pipelines.gone,
    "compose-host-network": pipelines.gone,
    "compose-host-processes": pipelines.gone,
    "compose-links": pipelines.unlinked,
    "compose-port-for-everybody": pipelines.from_here_only,
    "compose-privileged": pipelines.gone,
    "compose-privileges-gained": pipelines.no_new_privileges,
    "compose-restart-missing": pipelines.restarted,
    "compose-root-writable": pipelines.read_only,
    "compose-starts-too-early": pipelines.healthy,
    "compose-version-key": pipelines.gone,
    "condition-always-true": pipelines.one_expression,
    "concurrency-missing": pipelines.one_run,
    "credentials-persisted": checkout.no_credentials,
    "dangerous-capability": kubernetes.gone,
    "debug-on": pipelines.gone,
    "deprecated-service-account-field": kubernetes.account_name,
    "duplicate-variable": kubernetes.last_one_counts,
    "external-ips": kubernetes.gone,
    "host-namespace": kubernetes.off,
    "host-port": kubernetes.gone,
    "image-always-pulled": kubernetes.always_pulled,
    "insecure-workflow-commands": pipelines.no_insecure_commands,
    "job-restarts-always": kubernetes.job_restart,
    "job-timeout-missing": pipelines.timeout,
    "may-run-as-root": kubernetes.non_root,
    "permissions-missing": permissions.read_only,
    "privilege-escalation": kubernetes.no_escalation,
    "privileged-container": kubernetes.unprivileged,
    "probe-of-another-host": kubernetes.own_host,
    "proc-unmasked": kubernetes.default_proc,
    "replicas-beside-autoscaler": kubernetes.gone,
    "proc-unmasked-in-user-namespace": kubernetes.default_proc,
    "root-filesystem-writable": kubernetes.read_only,
    "runner-retired": pipelines.served_runner,
    "seccomp-missing": kubernetes.seccomp,
    "seccomp-unconfined": kubernetes.confined,
    "selinux-custom": kubernetes.gone,
    "token-mounted": kubernetes.no_token,
    "unhealthy-pods-block-drain": kubernetes.unhealthy_evicted,
    "unsafe-sysctl": kubernetes.entry_gone,
    "windows-host-process": kubernetes.gone,
}
