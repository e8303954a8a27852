"""Scratch that several containers of a pod see is one in compose, too; what one sees alone stays its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from svc.pipeline import Request, compile_

SPEC = f"""
apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop:1.4.2@sha256:{"a" * 64}
ports: {{http: 8080}}
health: /healthz
volumes: {{/data: {{scratch: disk, size: 1Gi}}, /own: {{scratch: memory, size: 64Mi}}}}
"""
SIDECAR = f"sidecars: {{proxy: {{image: 'ghcr.io/acme/proxy:1@sha256:{'b' * 64}', share: [/data]}}}}\n"


def composed(folder: Path, spec: str) -> dict[str, Any]:
    path = folder / "service.yaml"
    path.write_text(spec, "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("compose",)))
    assert not made.failed
    found: dict[str, Any] = yaml.safe_load(next(one.text for one in made.outputs if one.path == "compose.yaml"))
    return found


def test_what_a_sidecar_shares_is_one_volume(tmp_path: Path) -> None:
    found = composed(tmp_path, SPEC + SIDECAR)
    assert found["volumes"] == {
        "shop-data": {"driver_opts": {"type": "tmpfs", "device": "tmpfs", "o": "mode=1777,size=1g"}}
    }
    main, proxy = found["services"]["shop"], found["services"]["shop-proxy"]
    assert (main["volumes"], proxy["volumes"]) == (["shop-data:/data"], ["shop-data:/data"])
    assert "/own:mode=1777,size=64m" in main["tmpfs"]


def test_what_nobody_shares_is_no_volume(tmp_path: Path) -> None:
    found = composed(tmp_path, SPEC)
    assert "volumes" not in found
    assert "/data:mode=1777,size=1g" in found["services"]["shop"]["tmpfs"]
