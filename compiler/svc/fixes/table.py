"""The literal table of fixes: policy -> what is done about its findings. A policy's `fix` says whether that is safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from svc.diagnostics import Route
from svc.edit.changes import Change
from svc.edit.types import Edit
from svc.fixes import docker, scripts, sensitive, specs, terraform
from svc.fixes.data import DATA as DATA
from svc.targets.terraform.types import Block
from svc.tree import Data

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
