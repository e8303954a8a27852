"""A pod may use as much of its node's disk as its scratch volumes are said to hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from svc.pipeline import Request, compile_


@pytest.mark.parametrize(
    ("volumes", "resources", "limit"),
    [
        ("{/cache: {scratch: disk, size: 1Gi}}", "{}", "1Gi"),
        ("{/cache: {scratch: disk, size: 20Gi}, /spool: {scratch: disk, size: 2Gi}}", "{}", "23Gi"),
        ("{/cache: {scratch: disk, size: 1500Mi}}", "{storage: 2Gi}", "3548Mi"),
        ("{/cache: {scratch: memory, size: 2Gi}}", "{memory: 4Gi}", "1Gi"),
        ("{/cache: {scratch: disk, size: 20Gi}}", "{limits: {storage: 30Gi}}", "30Gi"),
    ],
)
def test_the_limit_holds_what_scratch_may_hold(tmp_path: Path, volumes: str, resources: str, limit: str) -> None:
    (tmp_path / "service.yaml").write_text(
        "apiVersion: svc/v1\nname: shop\nbuild: {language: go}\nports: {http: 8080}\nhealth: /healthz\n"
        f"volumes: {volumes}\nresources: {resources}\n",
        "utf-8",
    )
    compiled = compile_(Request((tmp_path / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=("helm",)))
    text = next(one.text for one in compiled.outputs if one.path.endswith("chart/values.yaml"))
    assert yaml.safe_load(text)["resources"]["limits"]["ephemeral-storage"] == limit
