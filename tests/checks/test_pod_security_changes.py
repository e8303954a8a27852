"""Pods that every level admits, each with one thing changed: the library and our policies say the same of each rule alone."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from checks.test_pod_security_oracle import LEVELS, MINORS, VOLUME_TYPES, admitted, theirs

pytestmark = pytest.mark.tools

PROFILES: tuple[dict[str, str], ...] = (
    {"type": "RuntimeDefault"},
    {"type": "Localhost"},
    {"type": "Unconfined"},
    {"type": ""},
    {},
)
SELINUX: tuple[dict[str, str], ...] = (
    *({"type": one} for one in ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t")),
    *({one: "a"} for one in ("user", "role", "level")),
)  # fmt: skip
SHARED: dict[str, tuple[Any, ...]] = {
    "runAsNonRoot": (None, False, True),
    "runAsUser": (None, 0, 1000),
    "seccompProfile": (None, *PROFILES),
    "appArmorProfile": (None, *PROFILES),
    "seLinuxOptions": (None, *SELINUX),
    "windowsOptions": (None, {}, {"hostProcess": True}, {"hostProcess": False}),
}
CONTAINER: dict[str, tuple[Any, ...]] = {
    **SHARED,
    "privileged": (True, False),
    "allowPrivilegeEscalation": (None, True),
    "procMount": ("Default", "Unmasked", ""),
    "capabilities": (
        None,
        {"drop": ["NET_RAW"]},
        {"drop": ["all"]},
        *({"drop": ["ALL"], "add": [one]} for one in ("NET_BIND_SERVICE", "CHOWN", "NET_RAW", "ALL", "chown")),
    ),
}
HOSTS = (
    {"httpGet": {"host": "a", "port": 80}},
    {"tcpSocket": {"host": "a", "port": 80}},
    {"httpGet": {"host": "", "port": 80}},
)
SYSCTLS = (
    *("kernel.shm_rmid_forced", "kernel.msgmax", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"),
    *("net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_rmem"),
    *("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_wmem"),
    *("net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_notsent_lowat"),
)
ALPHA = (
    *("container.apparmor.security.beta.kubernetes.io/a", "container.apparmor.security.beta.kubernetes.io/other"),
    *("container.seccomp.security.alpha.kubernetes.io/a", "container.seccomp.security.alpha.kubernetes.io/other"),
    "seccomp.security.alpha.kubernetes.io/pod",
)
SAID = ("", "runtime/default", "docker/default", "localhost/a", "locally", "unconfined")


def _good(name: str) -> dict[str, Any]:
    confined = {"capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    return {"name": name, "securityContext": {"allowPrivilegeEscalation": False, **confined}}


def _pod(**spec: Any) -> dict[str, Any]:
    kinds = {"containers": "a", "initContainers": "i", "ephemeralContainers": "e"}
    whole = {**{kind: [_good(name)] for kind, name in kinds.items()}, **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "annotations": {}}, "spec": whole}


def _with(pod: dict[str, Any], *route: str | int, value: Any) -> dict[str, Any]:
    """Without the key, for a value of None."""
    made = copy.deepcopy(pod)
    here: Any = made
    for part in route[:-1]:
        here = here.setdefault(part, {}) if isinstance(part, str) else here[part]
    if value is None:
        here.pop(route[-1], None)
    else:
        here[route[-1]] = value
    return made


def _changed(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield pod
    for key, values in SHARED.items():
        yield from (_with(pod, "spec", "securityContext", key, value=value) for value in values)
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        for key, values in CONTAINER.items():
            yield from (_with(pod, "spec", kind, 0, "securityContext", key, value=value) for value in values)
        yield _with(pod, "spec", kind, 0, "securityContext", value=None)
        yield _with(pod, "spec", kind, 0, "ports", value=[{"containerPort": 80, "hostPort": 80}])
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            yield from (_with(pod, "spec", kind, 0, probe, value=one) for one in HOSTS)
        for hook in ("postStart", "preStop"):
            yield from (_with(pod, "spec", kind, 0, "lifecycle", value={hook: one}) for one in HOSTS)
    for key in ("hostNetwork", "hostPID", "hostIPC", "hostUsers"):
        yield from (_with(pod, "spec", key, value=value) for value in (True, False))
    yield from (_with(pod, "spec", "volumes", value=[{"name": "v", kind: {}}]) for kind in VOLUME_TYPES)
    for name in SYSCTLS:
        yield _with(pod, "spec", "securityContext", "sysctls", value=[{"name": name, "value": "1"}])
    for key in ALPHA:
        yield from (_with(pod, "metadata", "annotations", key, value=said) for said in SAID)


FORMS = {
    "plain": _pod(),
    "its own name space of users": _pod(hostUsers=False),
    "windows": _pod(os={"name": "windows"}),
    "said for the pod": _pod(
        securityContext={"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        containers=[{"name": "a", "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_each_rule_alone(form: str) -> None:
    pods = list(_changed(FORMS[form]))
    answers = theirs(pods)
    assert 25 < sum(len(one["restricted"]) < len(answers[0]["restricted"]) for one in answers) < len(pods)
    wrong = []
    for pod, answer in zip(pods, answers, strict=True):
        assert "error" not in answer
        wrong += [
            (level, pod) for level in LEVELS if admitted(pod, level) != [one for one in answer[level] if one in MINORS]
        ]
    assert wrong == []
