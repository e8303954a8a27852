"""A spec and a workspace in which every field is set, and what comes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from model.arrival import Outputs, compiled

SPEC: dict[str, Any] = {
    "apiVersion": "svc/v1",
    "name": "web",
    "team": "shop",
    "profile": "small",
    "build": {"language": "go"},
    "ports": {"http": 8080},
    "health": {"http": "/healthz"},
    "expose": {"host": "web.${environment.domain}"},
    "env": {"URL": "${needs.db.url}", "A": "a"},
    "secrets": {"TOKEN": {"from": "shop/token"}},
    "needs": {"db": "postgres"},
    "labels": {"tier": "backend"},
    "files": {"/etc/a": {"content": "a"}},
    "observe": {"metrics": {"port": "http"}},
    "cloud": {"provider": "aws"},
}
WORKSPACE: dict[str, Any] = {
    "apiVersion": "svc/v1",
    "kind": "Workspace",
    "registry": "ghcr.io/acme",
    "repository": "acme/shop",
    "branch": "main",
    "services": ["services/*/service.yaml"],
    "environments": {
        "production": {
            "namespace": "shop",
            "cluster": "shop",
            "account": "123456789012",
            "region": "eu-west-1",
            "domain": "example.com",
            "state_bucket": "acme-state",
            "dns_zone": "example.com",
            "alarm_topic": "arn:aws:sns:eu-west-1:123456789012:alerts",
            "defaults": {"env": {"B": "b"}, "labels": {"a": "b"}},
        }
    },
    "defaults": {"team": "platform", "env": {"C": "c"}, "description": "a"},
    "profiles": {"small": {"env": {"D": "d"}}},
    "targets": ["docker", "helm", "github", "terraform", "compose"],
    "policy": {
        "profile": "recommended",
        "severities": {"no-network-policy": "error"},
        "mandatory": ["runs-as-root"],
        "packs": ["policies"],
        "plugins": ["acme-svc-checks"],
    },
    "secret_store": {"name": "vault", "kind": "SecretStore", "refresh": "1h"},
    "ingress_class": "nginx",
    "ingress_namespace": "ingress-nginx",
    "monitoring_namespace": "monitoring",
    "ports": {"web": 8080},
    "protected": ["charts/legacy/**"],
    "waivers": [{"policy": "a", "reason": "b", "until": "2027-03-31", "owner": "c", "at": "d", "file": "e"}],
}
FILES = {"go.mod": "module a\n\ngo 1.26\n", "go.sum": ""}


def outputs_of(root: Path, spec: object, workspace: object = None, name: str = "services/web/service.yaml") -> Outputs:
    """What comes of a spec and a workspace, which are written as JSON: it says any text in ASCII."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for file, text in FILES.items():
        (path.parent / file).write_text(text, "utf-8")
    if workspace is not None:
        (root / "svc-workspace.yaml").write_text(json.dumps(workspace), "utf-8")
    path.write_text(spec if isinstance(spec, str) else json.dumps(spec), "utf-8")
    return compiled(path)
