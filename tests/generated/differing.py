"""Strategy: one service of which each environment has other parts: kinds of workloads, names that are one word in values,
keys, volumes, jobs, accounts. A part is one of the table here, or what `tests/model/parts.yaml` says about a field."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from generated.specs import Spec, laid, pinned
from model.test_every_field import CASES

HEAD: Spec = {
    "apiVersion": "svc/v1",
    "name": "web",
    "image": "ghcr.io/acme/web:1.4.2",
    "team": "shop",
    "ports": {"http": 8080, "metrics": 9100},
    "health": "/healthz",
}
NAMES = ("dev", "live", "stage", "on")
_RULES = [{"resources": ["configmaps"], "verbs": ["get"]}]
_PORTS = ({"http": 8081}, {"metrics": {"port": 9100, "service": 9101}}, {"grpc": 5000}, {"dns": {"port": 5353, "protocol": "udp"}})  # fmt: skip
_SCALES = (1, 4, {"min": 2, "max": 5, "cpu": "70%"}, {"min": 1, "max": 4, "memory": "80%"}, {"min": 0, "max": 3, "triggers": {"lag": {"type": "kafka"}}})  # fmt: skip
_EXPOSED = (
    {"host": "a.example.com"},
    {"host": "b.example.com", "tls": False},
    {"hosts": ["c.example.com", "d.example.com"], "path": "/x"},
    {"host": "e.example.com", "via": "gateway", "gateway": "infra/public"},
    {"host": "f.example.com", "via": "load-balancer", "tls": False},
    {"host": "g.example.com", "paths": [{"path": "/x", "port": "http"}, {"path": "/y", "type": "Exact"}]},
)
_ACCOUNTS = ({"name": "web"}, {"name": "web-2"}, {"name": "robot"}, {"name": "create"}, {"rules": _RULES}, {"token": True}, {"create": False, "name": "shared"}, {"annotations": {"a.b/c": "d"}}, {"annotations": {"y": "e"}})  # fmt: skip
_VOLUMES = ({"size": "1Gi"}, {"size": "2Gi", "keep": True}, {"scratch": "memory"}, {"claim": "other"}, {"size": "5Gi", "access": "many"})  # fmt: skip
_NEEDS = ("postgres", {"type": "postgres", "realise": "in-cluster"}, {"type": "redis", "realise": "in-cluster"}, {"type": "postgres", "realise": "existing", "secret": "s"}, "queue", "bucket")  # fmt: skip
_RUNS = ({"run": "before-deploy"}, {"run": "after-deploy"}, {"run": "manual"}, {"schedule": "5 4 * * *"}, {"schedule": "5 4 * * *", "suspend": True})  # fmt: skip
_SIDECAR = {"image": "envoy:1", "ports": {"stats": 9300}}
_ACCESS: tuple[Spec, ...] = ({"from": ["a"]}, {"to": ["api.stripe.com:443"]}, {"from": [], "to": []}, {"to": ["b", "10.0.0.0/8:443"]}, {"open_egress": True})  # fmt: skip
_KEYED: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {
    "volumes": (("/data", "/data-1", "/data1", "/var/lib/x"), _VOLUMES),
    "files": (("/etc/..a", "/etc/x/cfg", "/etc/y/cfg", "/etc/z.yaml"), ({"content": "a"}, {"content": "{{ .Values.x }}"}, {"content": "a: b\n"}, {"config": "c"}, {"secret": "s"})),
    "env": (("A", "B", "LOG", "y", "schedule"), ("1", "true", "${ports.http}", "null", " x", {"secret": "s", "key": "k"}, {"config": "c", "key": "k"})),
    "secrets": (("KEY", "TOKEN"), ({"from": "a/b"}, {"from": "c/d"}, {"secret": "s"})),
    "jobs": (("migrate", "m-1", "m1", "mail1"), tuple({**run, "command": ["x"]} for run in _RUNS)),
    "workers": (("mail-1", "mail1", "migrate"), tuple({"command": ["x"], **({"scale": scale} if scale else {})} for scale in (0, *_SCALES))),
    "needs": (("db", "db-1", "db1"), _NEEDS),
    "sidecars": (("proxy", "proxy-1", "proxy1"), (_SIDECAR, {**_SIDECAR, "ports": {"edge": {"port": 9301, "service": 443}}}, {"image": "envoy:1", "env": {"A": "1"}})),
    "init": (("wait", "load"), ({"command": ["true"]}, {"command": ["x", "y"]})),
    "labels": (("x", "y", "on"), ("a", "b", "no")),
    "annotations": (("x", "y", "a.b/c"), ("a", "b", "1e3")),
}  # fmt: skip
"""Part of a spec -> what its entries may be called, and what they may be."""
_WHOLE: dict[str, tuple[Any, ...]] = {
    "ports": _PORTS,
    "scale": _SCALES,
    "expose": _EXPOSED,
    "account": _ACCOUNTS,
    "access": _ACCESS,
    "workload": ("deployment", "statefulset"),
    "image": ("ghcr.io/acme/web:1.5.0", "ghcr.io/acme/other:2"),
    "service": ({"type": "NodePort"}, {"type": "LoadBalancer"}, {"headless": True}, {"annotations": {"y": "b"}}, {"session_affinity": "ClientIP"}),
    "observe": ({"metrics": {"port": "http"}}, {"metrics": {"port": "metrics", "interval": "7s"}}),
    "resources": ({"cpu": "1", "memory": "1Gi"}, {"cpu": "100m", "memory": "64Mi"}),
    "placement": ({"node_selector": {"kubernetes.io/arch": "arm64"}}, {"priority_class": "high"}, {"spread": ["zone"]}, {"apart_from": ["a"]}),
    "rollout": ({"strategy": "recreate"}, {"grace": "30s"}, {"max_surge": "50%"}),
    "health": ("/other", {"tcp": "http"}, {"exec": ["true"]}, {"http": "/x", "live": False}),
    "command": (["./web"], ["./web", "x"]),
    "writable": (["/cache"], ["/cache", "/cache-1"]),
    "user": (1234,),
    "namespace": ("apart", "shop"),
    "team": ("shop", "y"),
    "description": ("One.", "Other: one"),
    "env_from": ([{"secret": "s"}], [{"config": "c"}]),
}  # fmt: skip
_TOGETHER: tuple[Spec, ...] = (
    *({"needs": {name: need}, "env": {"URL": f"${{needs.{name}.host}}"}} for name in ("db", "db-1") for need in _NEEDS[:4]),
    {"needs": {"db": _NEEDS[1]}, "jobs": {"migrate": {"run": "before-deploy", "command": ["x", "${needs.db.host}"]}}},
    {"workload": "none", "ports": {}, "health": None, "jobs": {"migrate": {"schedule": "5 4 * * *", "command": ["x"]}}},
    {"workload": "none", "ports": {}, "health": None, "workers": {"mail1": {"command": ["x"]}}},
    {"ports": {}, "health": {"exec": ["true"]}},
    {"workload": "statefulset", "volumes": {"/data": {"size": "1Gi"}}, "scale": {"min": 2, "max": 5, "cpu": "70%"}},
    {"expose": {"host": "a.example.com", "via": "gateway", "gateway": "infra/public", "paths": [{"path": "/y", "port": "metrics"}]}},
    {"service": {"type": "NodePort"}, "ports": {"http": {"port": 8080, "node_port": 30080}}},
    {"manifests": {"quota": {"inline": {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "web"}, "spec": {"hard": {"pods": "20"}}}}}},
    {"manifests": {"more": {"inline": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web-y", "labels": {"on": "y"}}, "data": {"y": "on"}}}}},
    {"patches": [{"target": "kubernetes/Deployment", "merge": {"metadata": {"annotations": {"y": "1"}, "labels": {"x": "c"}}}}]},
    {"patches": [{"target": "kubernetes/ServiceAccount", "merge": {"metadata": {"annotations": {"y": "1"}}}}]},
)  # fmt: skip
"""Parts that mean something together."""
_NOT_THESE = frozenset({"apiVersion", "name", "image", "build", "environments", "ci", "own", "profile"})


def _listed() -> list[Spec]:
    found = [{key: {name: one}} for key, (names, ones) in _KEYED.items() for name in names for one in ones]
    return found + [{key: one} for key, ones in _WHOLE.items() for one in ones]


_LISTED = _listed()
listed = st.sampled_from(sorted({next(iter(one)) for one in _LISTED})).flatmap(
    lambda key: st.sampled_from([one for one in _LISTED if key in one])
)
together = st.sampled_from(_TOGETHER)
of_fields = st.sampled_from([{key: one.after[key]} for one in CASES for key in one.after if key not in _NOT_THESE])
without = st.sampled_from([{key: None} for key in ("volumes", "jobs", "workers", "expose", "scale", "sidecars", "needs", "env", "account", "labels")])  # fmt: skip


@st.composite
def differing(draw: st.DrawFn) -> Spec:
    spec = HEAD
    for part in draw(st.lists(listed | listed | together | of_fields, max_size=4)):
        spec = laid(spec, part)
    environments: Spec = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True)):
        over: Spec = {}
        for part in draw(st.lists(listed | listed | together | of_fields | without, max_size=6)):
            over = laid(over, part)
        environments[name] = over
    made: Spec = pinned({**spec, "environments": environments})
    return made
