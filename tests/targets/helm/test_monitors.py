"""Who reads the metrics, the Service's monitor or that of the pods: both are turned off and timed by values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.parse import parse_one
from svc.pipeline import Request, compile_
from svc.source import Source
from svc.tree import Data

HEAD = f"""\
apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop:1.4.2@sha256:{"a" * 64}
ports: {{http: 8080, metrics: 9090}}
health: /healthz
observe: {{metrics: {{path: /metrics}}}}
"""
BY_PODS = "service: {type: LoadBalancer}\n"
SLOW = "environments: {staging: {}, production: {observe: {metrics: {interval: 60s}}}}\n"
MIXED = "environments: {staging: {}, production: {service: {type: LoadBalancer}}}\n"


def files(folder: Path, more: str) -> dict[str, str]:
    (folder / "service.yaml").write_text(HEAD + more, "utf-8")
    made = compile_(Request((folder,), lambda path: path.name, date(2026, 11, 24), targets=("helm",)))
    assert not made.failed, made.diagnostics
    assert not made.faults
    return {one.path: one.text for one in made.outputs}


def values(found: dict[str, str], name: str = "values.yaml") -> dict[str, Data]:
    data = parse_one(Source(name, found[f"chart/{name}"])).documents[0].data
    assert isinstance(data, dict)
    return {key: value for key, value in data.items() if key.endswith("Monitor")}


@pytest.mark.parametrize(("more", "word"), [("", "serviceMonitor"), (BY_PODS, "podMonitor")])
def test_a_monitor_has_a_switch_and_an_interval(tmp_path: Path, more: str, word: str) -> None:
    found = files(tmp_path, more)
    assert values(found) == {word: {"enabled": True, "interval": "30s"}}
    text = found[f"chart/templates/{word.lower()}.yaml"]
    assert f".Values.{word}.enabled" in text
    assert f".Values.{word}.interval" in text


@pytest.mark.parametrize(("more", "word"), [("", "serviceMonitor"), (BY_PODS, "podMonitor")])
def test_an_interval_differs_between_environments(tmp_path: Path, more: str, word: str) -> None:
    found = files(tmp_path, more + SLOW)
    assert values(found, "values-production.yaml") == {word: {"interval": "60s"}}


def test_each_environment_has_the_monitor_that_reaches_its_metrics(tmp_path: Path) -> None:
    found = files(tmp_path, MIXED)
    on: dict[str, dict[str, Data]] = {name: {} for name in ("staging", "production")}
    for name in on:
        for word, group in (*values(found).items(), *values(found, f"values-{name}.yaml").items()):
            assert isinstance(group, dict)
            on[name] = {**on[name], **({word: group["enabled"]} if "enabled" in group else {})}
    assert on == {
        "staging": {"serviceMonitor": True, "podMonitor": False},
        "production": {"serviceMonitor": False, "podMonitor": True},
    }
