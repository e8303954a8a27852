"""The literal table of fixes: policy -> what is done about its findings. A policy's `fix` says whether that is safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from svc.diagnostics import Route
from svc.edit.changes import Change
from svc.edit.types import Edit
from svc.fixes import checkout, docker, kubernetes, permissions, pipelines, scripts, sensitive, specs, terraform
from svc.targets.terraform.types import Block
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
    "privileged-container": kubernetes.off,
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

QUOTED: dict[str, Callable[[Data, Route, str], tuple[Change, ...]]] = {
    "expression-in-script": scripts.variable,
    "script-injection": scripts.variable,
}
"""Fixes that need what the finding's message quotes."""

DOCKER: dict[str, docker.Fix] = {
    "add-for-files": docker.copy,
    "apk-cache-kept": docker.option("add", "--no-cache"),
    "apt-instead-of-apt-get": docker.apt_get,
    "copy-target-not-folder": docker.folder,
    "fixed-platform": docker.any_platform,
    "install-asks": docker.option("install|upgrade|remove|in", "-y"),
    "maintainer-instruction": docker.label,
    "package-lists-kept": docker.lists_removed,
    "pip-cache-kept": docker.option("install", "--no-cache-dir"),
    "pipe-fails-unseen": docker.pipefail,
    "platform-repeated": docker.any_platform,
    "recommended-packages": docker.option("install", "--no-install-recommends"),
    "relative-workdir": docker.rooted,
    "rpm-cache-kept": docker.rpm_cache_removed,
    "several-commands": docker.gone,
    "several-entrypoints": docker.gone,
    "several-healthchecks": docker.gone,
    "shell-form-command": docker.array,
    "stage-name-reserved": docker.stage_renamed,
    "stop-signal-unanswerable": docker.gone,
    "wget-progress-logged": docker.option("wget", "-q"),
    "yarn-cache-kept": docker.yarn_cache_removed,
}

FIRST = frozenset({"pipe-fails-unseen"})
"""Findings of a file of which the first is fixed, and then looked again: its fix may answer for the others."""

TERRAFORM: dict[str, Callable[[str, Block, Route, Mapping[str, Any]], Edit]] = {
    "alarm-switched-off": terraform.argument,
    "backup-kept-a-day": terraform.argument,
    "bucket-public-acl": terraform.argument,
    "bucket-versioning-suspended": terraform.argument,
    "cache-in-clear-text": terraform.argument,
    "certificate-gap": terraform.argument,
    "cluster-backup-off": terraform.argument,
    "compared-with-empty-list": terraform.rewritten(r"([\w.\[\]]*\w\]?)\s*==\s*\[\s*\]", r"length(\1) == 0"),
    "cross-zone-off": terraform.argument,
    "data-store-not-encrypted": terraform.argument,
    "database-insights-off": terraform.argument,
    "database-public": terraform.argument,
    "database-without-backup": terraform.argument,
    "deletion-protection-off": terraform.argument,
    "final-snapshot-skipped": terraform.argument,
    "function-not-traced": terraform.argument,
    "index-with-dot": terraform.rewritten(r"(?<=[A-Za-z_\])*])\.(\d+)(?=\.|\s|$|[)\]},])", r"[\1]"),
    "instance-metadata-open": terraform.argument,
    "interpolation-only": terraform.bare,
    "invalid-headers-kept": terraform.argument,
    "key-disabled": terraform.argument,
    "key-not-rotated": terraform.argument,
    "load-balancer-deletable": terraform.argument,
    "minor-upgrades-off": terraform.argument,
    "point-in-time-recovery-off": terraform.argument,
    "public-access-block-partial": terraform.argument,
    "public-acls-allowed": terraform.argument,
    "public-acls-honoured": terraform.argument,
    "public-buckets-unrestricted": terraform.argument,
    "registry-scan-off": terraform.argument,
    "registry-tags-mutable": terraform.argument,
    "request-smuggling-allowed": terraform.argument,
    "snapshot-without-tags": terraform.argument,
    "sqs-not-encrypted": terraform.argument,
    "task-with-public-address": terraform.argument,
    "tls-version-old": terraform.argument,
    "variable-not-sensitive": terraform.sensitive,
    "web-app-in-clear-text": terraform.argument,
}

MODULES: dict[str, Callable[[Route, str, Mapping[str, str]], None]] = {"variable-not-sensitive": sensitive.taken}
"""What refuses a fix at a route in a file for what stands elsewhere in its module, among all files of the run."""

SPECS: dict[str, tuple[Literal["safe", "unsafe"], specs.SpecFix]] = {
    "autoscaler-down-to-one": ("unsafe", specs.two),
    "dangerous-capability": ("unsafe", specs.without_capability),
    "exposed-without-tls": ("unsafe", specs.without("tls", False)),
    "removes-nothing": ("safe", specs.entry),
    "root-filesystem-writable": ("unsafe", specs.without("read_only", False)),
    "runs-as-root": ("unsafe", specs.without("user", 0)),
    "single-replica": ("unsafe", specs.two),
    "token-mounted": ("unsafe", specs.without("token", True)),
    "waiver-unused": ("safe", specs.entry),
}
"""What is done about findings on specs: by id, whether of a policy or of a stage."""
