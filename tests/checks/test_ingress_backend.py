"""Backends that an annotation describes, `use-annotation`, name no Service: in a rule and as the default."""

from __future__ import annotations

from typing import Any

import pytest

from svc.checks.across.ingress_backend import Params, check
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import Tree

SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"port": 80}]}}


def _ingress(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "a"}, "spec": spec}


@pytest.mark.parametrize(
    ("port", "found"), [({"name": "use-annotation"}, 0), ({"name": "http"}, 1), ({"number": 80}, 1)]
)
@pytest.mark.parametrize("default", [True, False])
def test_a_backend_by_annotation_is_no_service(default: bool, port: dict[str, Any], found: int) -> None:
    backend = {"service": {"name": "ssl-redirect", "port": port}}
    rule = {"http": {"paths": [{"backend": backend}]}}
    ingress = _ingress(defaultBackend=backend) if default else _ingress(rules=[rule])
    subjects = [Subject("kubernetes", str(at), "", Manifest(Tree(one))) for at, one in enumerate([ingress, SERVICE])]
    assert len(list(check(subjects, Params()))) == found


@pytest.mark.parametrize(("port", "known"), [({"number": 81}, "`80`, `90`"), ({"name": "web"}, "`http`, `90`")])
def test_ports_are_listed_as_one_is_asked_for(port: dict[str, Any], known: str) -> None:
    ports = [{"name": "http", "port": 80}, {"port": 90}, {"name": "http", "port": 80, "protocol": "UDP"}]
    service = {**SERVICE, "spec": {"ports": ports}}
    ingress = _ingress(defaultBackend={"service": {"name": "a", "port": port}})
    subjects = [Subject("kubernetes", str(at), "", Manifest(Tree(one))) for at, one in enumerate([ingress, service])]
    (message,) = [message for _, _, message in check(subjects, Params(port=True))]
    assert message.endswith(f"; it has {known}")
