"""The Pod Security Standards, control by control and version by version: the verdicts that the API server gives."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from svc.kubernetes.types import Manifest
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.targets.protocol import Subject
from svc.tree import Tree

POLICIES = load([Path(__file__).parents[2] / "policies"]).policies
CONTEXT = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def restricted() -> dict[str, Any]:
    """The least pod that the restricted level admits."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a"},
        "spec": {
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{"name": "a", "image": "a", "securityContext": deepcopy(CONTEXT)}],
            "initContainers": [{"name": "i", "image": "a", "securityContext": deepcopy(CONTEXT)}],
        },
    }


def changed(*edits: tuple[str, Any]) -> dict[str, Any]:
    """The least restricted pod with values set at dotted paths; None removes."""
    pod = restricted()
    for path, value in edits:
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        node: Any = pod if parents[:1] == ["metadata"] else pod["spec"]
        for part in parents:
            node = node[part] if isinstance(part, int) else node.setdefault(part, {})
        if value is None:
            del node[last]
        else:
            node[last] = value
    return pod


def admitted(pod: dict[str, Any], level: str, minor: int = 37) -> bool:
    subject = Subject("kubernetes", "a", "a", Manifest(Tree(pod)))
    found = judge([subject], POLICIES, Settings(f"pss-{level}", kubernetes=minor))
    assert all(one.severity.word == "error" for one in found)
    return not found


FIRST = "containers.0.securityContext"
INIT = "initContainers.0.securityContext"
WINDOWS = ("os", {"name": "windows"})
APPARMOR = "container.apparmor.security.beta.kubernetes.io/a"
SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
UNMASKED = (f"{FIRST}.procMount", "Unmasked")

BASELINE_FAILS = [
    ("hostNetwork", True),
    ("hostPID", True),
    ("hostIPC", True),
    (f"{FIRST}.privileged", True),
    (f"{INIT}.privileged", True),
    (f"{FIRST}.capabilities.add", ["NET_RAW"]),
    (f"{INIT}.capabilities.add", ["CHOWN", "chown"]),
    ("volumes", [{"name": "a", "hostPath": {"path": "/"}}]),
    ("containers.0.ports", [{"containerPort": 80, "hostPort": 80}]),
    ("securityContext.appArmorProfile", {"type": "Unconfined"}),
    ("metadata.annotations", {APPARMOR: "unconfined"}),
    ("securityContext.seLinuxOptions", {"type": "spc_t"}),
    ("securityContext.seLinuxOptions", {"user": "u"}),
    (f"{FIRST}.seLinuxOptions", {"role": "r"}),
    UNMASKED,
    ("securityContext.seccompProfile", {"type": "Unconfined"}),
    ("securityContext.sysctls", [{"name": "kernel.msgmax", "value": "1"}]),
    ("securityContext.windowsOptions", {"hostProcess": True}),
    ("containers.0.livenessProbe", {"httpGet": {"host": "a", "port": 80}}),
    ("containers.0.lifecycle", {"preStop": {"tcpSocket": {"host": "a", "port": 80}}}),
]

RESTRICTED_FAILS = [
    (f"{FIRST}.allowPrivilegeEscalation", None),
    (f"{INIT}.allowPrivilegeEscalation", True),
    (f"{FIRST}.capabilities", None),
    (f"{FIRST}.capabilities.drop", ["NET_RAW"]),
    (f"{FIRST}.capabilities.add", ["CHOWN"]),
    ("securityContext.runAsNonRoot", None),
    ("securityContext.runAsNonRoot", False),
    (f"{FIRST}.runAsNonRoot", False),
    ("securityContext.runAsUser", 0),
    (f"{INIT}.runAsUser", 0),
    ("securityContext.seccompProfile", None),
    ("volumes", [{"name": "a", "nfs": {"server": "a", "path": "/"}}]),
    ("volumes", [{"name": "a", "gitRepo": {"repository": "a"}}]),
    ("ephemeralContainers", [{"name": "e", "image": "a"}]),
]

RESTRICTED_PASSES = [
    (f"{FIRST}.capabilities.add", ["NET_BIND_SERVICE"]),
    (f"{FIRST}.runAsNonRoot", True),
    ("securityContext.runAsUser", 1000),
    (f"{FIRST}.seccompProfile", {"type": "Localhost", "localhostProfile": "a"}),
    ("volumes", [{"name": "a", "image": {"reference": "a"}}, {"name": "b", "ephemeral": {}}]),
    ("containers.0.ports", [{"containerPort": 80, "hostPort": 0}]),
    ("metadata.annotations", {APPARMOR: "localhost/a"}),
    ("securityContext.seLinuxOptions", {"type": "container_engine_t", "level": "s0"}),
    (f"{FIRST}.procMount", "Default"),
    ("containers.0.livenessProbe", {"httpGet": {"host": "", "port": 80}}),
]


def test_the_least_restricted_pod_is_admitted_by_every_level_and_version() -> None:
    assert all(admitted(restricted(), level, minor) for level in ("baseline", "restricted") for minor in range(38))


@pytest.mark.parametrize("edit", BASELINE_FAILS, ids=str)
def test_what_baseline_forbids(edit: tuple[str, Any]) -> None:
    assert not admitted(changed(edit), "baseline")
    assert not admitted(changed(edit), "restricted")


@pytest.mark.parametrize("edit", RESTRICTED_FAILS, ids=str)
def test_what_only_restricted_forbids(edit: tuple[str, Any]) -> None:
    assert admitted(changed(edit), "baseline")
    assert not admitted(changed(edit), "restricted")


@pytest.mark.parametrize("edit", RESTRICTED_PASSES, ids=str)
def test_what_restricted_admits(edit: tuple[str, Any]) -> None:
    assert admitted(changed(edit), "restricted")


@pytest.mark.parametrize(
    ("edits", "level", "since", "before"),
    [
        (((f"{FIRST}.allowPrivilegeEscalation", None),), "restricted", 8, True),
        (((f"{FIRST}.capabilities", None),), "restricted", 22, True),
        ((("securityContext.runAsUser", 0),), "restricted", 23, True),
        ((("securityContext.seccompProfile", None),), "restricted", 19, True),
        ((("securityContext.seccompProfile", {"type": "Unconfined"}),), "baseline", 19, True),
        ((("metadata.annotations", {SECCOMP: "unconfined"}),), "baseline", 19, False),
        ((WINDOWS, (f"{FIRST}.allowPrivilegeEscalation", None)), "restricted", 25, False),
        ((WINDOWS, (f"{FIRST}.capabilities", None)), "restricted", 25, False),
        ((WINDOWS, ("securityContext.seccompProfile", None)), "restricted", 25, False),
        ((("securityContext.sysctls", [{"name": "net.ipv4.ip_local_reserved_ports"}]),), "baseline", 27, False),
        ((("securityContext.sysctls", [{"name": "net.ipv4.tcp_keepalive_time"}]),), "baseline", 29, False),
        ((("securityContext.sysctls", [{"name": "net.ipv4.tcp_wmem"}]),), "baseline", 32, False),
        ((("securityContext.sysctls", [{"name": "net.ipv4.tcp_notsent_lowat"}]),), "baseline", 37, False),
        ((("securityContext.seLinuxOptions", {"type": "container_engine_t"}),), "baseline", 31, False),
        ((("containers.0.readinessProbe", {"tcpSocket": {"host": "a", "port": 1}}),), "baseline", 34, True),
        ((("hostUsers", False), UNMASKED), "baseline", 35, False),
        ((("hostUsers", False), ("securityContext.runAsNonRoot", None)), "restricted", 35, False),
        ((("hostUsers", False), ("securityContext.runAsUser", 0)), "restricted", 35, False),
    ],
    ids=str,
)
def test_what_a_version_changes(edits: tuple[tuple[str, Any], ...], level: str, since: int, before: bool) -> None:
    """Admitted `before` the minor version that changed it, and the other way round from it on."""
    pod = changed(*edits)
    assert admitted(pod, level, since - 1) is before
    assert admitted(pod, level, since) is not before


def test_restricted_wants_the_masks_over_proc_even_in_a_user_namespace() -> None:
    assert not admitted(changed(("hostUsers", False), UNMASKED), "restricted")


def test_workloads_are_judged_by_their_template() -> None:
    pod = restricted()
    pod["spec"]["hostNetwork"] = True
    template = {"metadata": {"labels": {"a": "b"}}, "spec": pod["spec"]}
    for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"):
        assert not admitted({"apiVersion": "v1", "kind": kind, "spec": {"template": template}}, "baseline")
    cron = {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": template}}}}
    assert not admitted(cron, "baseline")
