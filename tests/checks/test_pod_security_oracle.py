"""Our verdicts are the API server's own: pods of all forms, both levels, every Kubernetes minor, against its library."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judges import real
from svc import tools
from svc.kubernetes.types import Manifest
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Policy, Settings
from svc.targets.protocol import Subject
from svc.tree import Tree

LEVELS = ("baseline", "restricted")
MINORS = (0, 7, 8, 18, 19, 21, 22, 23, 24, *range(25, 38))
POLICIES: tuple[Policy, ...] = tuple(
    policy for policy in load([Path(__file__).parents[2] / "policies"]).policies if policy.sets
)

pytestmark = pytest.mark.tools


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with any of the fields; mostly few of them, so that each decides some verdict alone."""
    return st.fixed_dictionaries({}, optional=fields)


def absent_or(value: st.SearchStrategy[Any], chance: int = 3) -> st.SearchStrategy[Any]:
    return st.integers(0, chance).flatmap(lambda drawn: value if drawn == 0 else st.none())


FLAG = st.sampled_from([None, False, True])
PROFILE = absent_or(some(type=st.sampled_from(["RuntimeDefault", "Localhost", "Unconfined", ""])), 1)
SELINUX = absent_or(
    some(
        type=st.sampled_from(["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t"]),
        user=st.sampled_from(["", "u"]),
        role=st.sampled_from(["", "r"]),
        level=st.just("s0"),
    ),
)
WINDOWS = absent_or(some(hostProcess=FLAG))
CAPABILITIES = absent_or(
    some(
        add=st.lists(st.sampled_from(["NET_BIND_SERVICE", "CHOWN", "NET_RAW", "ALL", "chown"]), max_size=2),
        drop=st.lists(st.sampled_from(["ALL", "all", "NET_RAW"]), max_size=2),
    ),
    1,
)
SHARED = {
    "runAsNonRoot": FLAG,
    "runAsUser": st.sampled_from([None, 0, 1000]),
    "seccompProfile": PROFILE,
    "appArmorProfile": PROFILE,
    "seLinuxOptions": SELINUX,
    "windowsOptions": WINDOWS,
}
CONTEXT = st.one_of(
    st.just({"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True}),
    some(
        **SHARED,
        privileged=FLAG,
        allowPrivilegeEscalation=FLAG,
        capabilities=CAPABILITIES,
        procMount=st.sampled_from([None, "Default", "Unmasked", ""]),
    ),
)
HANDLER = some(
    httpGet=absent_or(some(host=st.sampled_from(["", "a"]), port=st.just(80)), 1),
    tcpSocket=absent_or(some(host=st.sampled_from(["", "a"]), port=st.just(80)), 1),
    exec=st.just({"command": ["a"]}),
)


def containers(name: str, least: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries(
        {"name": st.just(name)},
        optional={
            "securityContext": CONTEXT | st.none(),
            "ports": st.lists(some(containerPort=st.just(80), hostPort=st.sampled_from([0, 80])), max_size=1),
            "livenessProbe": absent_or(HANDLER),
            "readinessProbe": absent_or(HANDLER),
            "startupProbe": absent_or(HANDLER),
            "lifecycle": absent_or(some(postStart=HANDLER, preStop=HANDLER)),
        },
    )
    return st.lists(one, min_size=least, max_size=2)


VOLUME_TYPES = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
    "hostPath",
    "nfs",
    "gitRepo",
    "iscsi",
    "rbd",
    "fc",
    "azureDisk",
    "cinder",
]
VOLUMES = st.lists(
    st.lists(st.sampled_from(VOLUME_TYPES), max_size=2).map(
        lambda kinds: {"name": "v", **{kind: {} for kind in kinds}}
    ),
    max_size=2,
)
SYSCTLS = st.sampled_from(
    [
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
        "net.ipv4.tcp_notsent_lowat",
        "net.ipv4.tcp_slow_start_after_idle",
        "kernel.msgmax",
    ]
).map(lambda name: {"name": name, "value": "1"})
ANNOTATIONS = st.dictionaries(
    st.sampled_from(
        [
            "container.apparmor.security.beta.kubernetes.io/a",
            "container.seccomp.security.alpha.kubernetes.io/a",
            "container.seccomp.security.alpha.kubernetes.io/other",
            "seccomp.security.alpha.kubernetes.io/pod",
        ]
    ),
    st.sampled_from(["", "runtime/default", "docker/default", "localhost/a", "unconfined"]),
    max_size=2,
)
SPEC = st.fixed_dictionaries(
    {"containers": containers("a", 1)},
    optional={
        "initContainers": containers("i", 0),
        "ephemeralContainers": containers("e", 0),
        "securityContext": st.just({"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}})
        | some(**SHARED, sysctls=st.lists(SYSCTLS, max_size=2)),
        "hostUsers": FLAG,
        "hostNetwork": absent_or(FLAG),
        "hostPID": absent_or(FLAG),
        "hostIPC": absent_or(FLAG),
        "os": st.sampled_from([None, {"name": "windows"}, {"name": "linux"}]),
        "volumes": VOLUMES,
    },
)
PODS = st.builds(
    lambda spec, annotations: {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a", "annotations": annotations},
        "spec": spec,
    },
    SPEC,
    ANNOTATIONS,
)


def theirs(pods: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = "".join(json.dumps(pod) + "\n" for pod in pods)
    done = tools.run(real.located("pssjudge"), [], stdin=lines)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def admitted(pod: dict[str, Any], level: str) -> list[int]:
    subject = Subject("kubernetes", "a", "a", Manifest(Tree(pod)))
    return [minor for minor in MINORS if not judge([subject], POLICIES, Settings(f"pss-{level}", kubernetes=minor))]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PODS, min_size=10, max_size=10))
def test_every_verdict_is_the_librarys(pods: list[dict[str, Any]]) -> None:
    for pod, answer in zip(pods, theirs(pods), strict=True):
        assert "error" not in answer
        for level in LEVELS:
            assert admitted(pod, level) == [minor for minor in answer[level] if minor in MINORS], (level, pod)


def test_the_library_tells_apart_what_the_test_compares() -> None:
    """Pods that some minors admit and others refuse, at both levels: the comparison is of something."""
    spec = {"containers": [{"name": "a"}], "securityContext": {"sysctls": [{"name": "net.ipv4.tcp_wmem"}]}}
    bare, sysctl = theirs([{"metadata": {}, "spec": {"containers": [{"name": "a"}]}}, {"metadata": {}, "spec": spec}])
    assert bare["baseline"] == list(range(38))
    assert bare["restricted"] == []
    assert sysctl["baseline"] == list(range(32, 38))
