"""Any file of compose, Score or Kubernetes is accounted for: drawn ones, and known ones with a key more."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from importers import imported
from svc.emit import emit

_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from(["80", "a:b", "1m", "/x"])
)
_KEYS = st.sampled_from(
    ["image", "build", "command", "ports", "environment", "healthcheck", "test", "volumes", "deploy", "resources",
     "limits", "memory", "user", "tmpfs", "replicas", "target", "type", "expose", "interval", "x-a", "odd", "read_only",
     "cap_add", "scale", "variables", "httpGet", "files"]
)  # fmt: skip
_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(
    services=st.dictionaries(st.sampled_from(["a", "b", "db"]), st.dictionaries(_KEYS, _TREES, max_size=5), max_size=3)
)
def test_any_compose_file_is_accounted_for(services: dict[str, Any]) -> None:
    text = emit({"services": services}).text
    made = imported.of_text(text)
    if not made.diagnostics:
        imported.accounted(made, text)


@settings(max_examples=40, deadline=None)
@given(container=st.dictionaries(_KEYS, _TREES, max_size=5), resources=_TREES)
def test_any_score_file_is_accounted_for(container: dict[str, Any], resources: Any) -> None:
    text = emit(
        {
            "apiVersion": "score.dev/v1b1",
            "metadata": {"name": "a"},
            "containers": {"c": container},
            "resources": resources,
        }
    ).text
    made = imported.of_text(text)
    if not made.diagnostics:
        imported.accounted(made, text)


_POD_KEYS = st.sampled_from(
    ["name", "image", "command", "ports", "containerPort", "env", "value", "valueFrom", "secretKeyRef", "key", "envFrom",
     "configMapRef", "resources", "requests", "cpu", "readinessProbe", "httpGet", "path", "port", "volumeMounts",
     "mountPath", "securityContext", "runAsUser", "capabilities", "add", "lifecycle", "preStop", "odd"]
)  # fmt: skip
_POD_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_POD_KEYS, inner, max_size=4)),
    max_leaves=14,
)


@settings(max_examples=60, deadline=None)
@given(container=st.dictionaries(_POD_KEYS, _POD_TREES, max_size=6), odd=_POD_TREES)
def test_any_manifest_is_accounted_for(container: dict[str, Any], odd: Any) -> None:
    pod = {"containers": [{"image": "a:1", **container}], "volumes": odd, "hostAliases": odd}
    spec = {"replicas": odd, "strategy": odd, "template": {"metadata": {"labels": odd}, "spec": pod}}
    head = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}}
    service = {"apiVersion": "v1", "kind": "Service", "spec": {"selector": odd, "ports": odd}}
    text = emit({**head, "spec": spec}).text + "---\n" + emit(service).text
    made = imported.of_text(text)
    if not made.diagnostics:
        imported.accounted(made, text)
