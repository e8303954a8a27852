"""The Deployment and the Service of one shop, beside which tests put their objects."""

from __future__ import annotations

from typing import Any

LABELS = {"app": "shop"}


def named(kind: str, name: str, api: str = "v1", **parts: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, **parts}


def deployment(pod: dict[str, Any] | None = None, **container: Any) -> dict[str, Any]:
    main = {"name": "shop", "image": "acme/shop:1", "ports": [{"name": "web", "containerPort": 8080}], **container}
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [main], **(pod or {})}}
    return named("Deployment", "shop", "apps/v1", spec={"selector": {"matchLabels": LABELS}, "template": template})


SERVICE = named("Service", "shop", spec={"selector": LABELS, "ports": [{"port": 80, "targetPort": "web"}]})
