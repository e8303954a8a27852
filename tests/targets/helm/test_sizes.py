"""Sizes of volumes that differ between environments are values that are called after the volume."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svc.parse import parse_one
from svc.pipeline import Request, compile_
from svc.source import Source

HEAD = f"""\
apiVersion: svc/v1
name: store
image: ghcr.io/acme/store:1.4.2@sha256:{"a" * 64}
ports: {{http: 8080}}
health: /healthz
"""
SPECS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "one of several": (
        (
            "volumes: {/data: {size: 1Gi}, /var/cache-files: {size: 2Gi}, /same: {size: 3Gi}}\n"
            "environments:\n  staging: {}\n  production: {volumes: {/data: {size: 20Gi}, /var/cache-files: {size: 30Gi}}}\n"
        ),
        {"persistence": {"data": {"size": "1Gi"}, "varCacheFiles": {"size": "2Gi"}}},
        {"persistence": {"data": {"size": "20Gi"}, "varCacheFiles": {"size": "30Gi"}}},
    ),
    "the same everywhere": (
        "volumes: {/data: {size: 1Gi}}\nenvironments:\n  staging: {}\n  production: {}\n",
        {},
        {},
    ),
    "a need in the cluster": (
        (
            "needs: {db: {type: postgres, realise: in-cluster, storage: 1Gi}}\n"
            "environments:\n  staging: {}\n  production: {needs: {db: {storage: 50Gi}}}\n"
        ),
        {"needs": {"db": {"persistence": {"data": {"size": "1Gi"}}}}},
        {"needs": {"db": {"persistence": {"data": {"size": "50Gi"}}}}},
    ),
    "names that differ in a dash": (
        (
            "volumes: {/data/1: {size: 1Gi}, /data1: {size: 2Gi}, /data12: {size: 1Gi}}\n"
            "environments:\n  staging: {}\n"
            "  production: {volumes: {/data/1: {size: 10Gi}, /data1: {size: 20Gi}, /data12: {size: 10Gi}}}\n"
        ),
        {"persistence": {"data1": {"size": "2Gi"}, "data12": {"size": "1Gi"}, "data13": {"size": "1Gi"}}},
        {"persistence": {"data1": {"size": "20Gi"}, "data12": {"size": "10Gi"}, "data13": {"size": "10Gi"}}},
    ),
    "shared by replicas, with such names": (
        (
            "scale: 2\nvolumes: {/data/1: {size: 1Gi, access: many}, /data1: {size: 1Gi, access: many}}\n"
            "environments:\n  staging: {}\n  production: {volumes: {/data/1: {size: 20Gi}, /data1: {size: 20Gi}}}\n"
        ),
        {"persistence": {"data1": {"size": "1Gi"}, "data12": {"size": "1Gi"}}},
        {"persistence": {"data1": {"size": "20Gi"}, "data12": {"size": "20Gi"}}},
    ),
    "shared by replicas": (
        (
            "scale: 2\nvolumes: {/data: {size: 1Gi, access: many}}\n"
            "environments:\n  staging: {}\n  production: {volumes: {/data: {size: 20Gi}}}\n"
        ),
        {"persistence": {"data": {"size": "1Gi"}}},
        {"persistence": {"data": {"size": "20Gi"}}},
    ),
}


@pytest.mark.parametrize("named", SPECS)
def test_a_size_is_called_after_its_volume(named: str, tmp_path: Path) -> None:
    text, base, over = SPECS[named]
    (tmp_path / "service.yaml").write_text(HEAD + text, "utf-8")
    request = Request((tmp_path,), lambda path: path.name, date(2026, 11, 24), targets=("helm",))
    made = compile_(request)
    assert not made.failed, made.diagnostics
    assert not made.faults
    files = {one.path: one.text for one in made.outputs}
    for name, wanted in (("values.yaml", base), ("values-production.yaml", over)):
        data = parse_one(Source(name, files[f"chart/{name}"])).documents[0].data
        assert isinstance(data, dict)
        assert _sizes(data) == wanted, data
    assert "volumeClaimTemplates:" not in files["chart/values.yaml"]


def _sizes(values: dict[str, Any]) -> dict[str, Any]:
    """The values that are called `persistence`, where they stand."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key == "persistence":
            found[key] = value
        elif isinstance(value, dict) and (inside := _sizes(value)):
            found[key] = inside
    return found
