"""svc, its JSON Schema and its CUE definition say the same of documents: valid ones, and each changed in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from judges import schemas
from model.spec_documents import HEADS, documents, wrong_documents
from svc.model.cue import cue_definition

ROOT = Path(__file__).parents[2]
_DAY = re.compile(r'"until": "\d{4}-\d\d-\d\d"')


def _scales(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield node.get("scale")
        for value in node.values():
            yield from _scales(value)


def _backwards(document: Any) -> bool:
    found = [one for one in _scales(document) if isinstance(one, dict)]
    return any(isinstance(one.get("max"), int) and one["max"] < (one.get("min") or 0) for one in found)


ONLY_SVC: dict[str, Callable[[Any], bool]] = {
    "two numbers in order, as min and max of scale": _backwards,
    "the value of a ${reference}, which is known in an environment": lambda one: "${environment." in json.dumps(one),
    "whether a layer and what it is merged over make a whole": lambda one: bool(
        {"environments", "defaults", "profiles"} & set(one)
    ),
    "a day that its month does not have": lambda one: _DAY.search(json.dumps(one.get("waivers"))) is not None,
    "bits behind the prefix of a network": lambda one: "/8" in json.dumps(one) or "/33" in json.dumps(one),
}
"""What svc refuses and no schema can say. Nothing is refused by a schema only."""


def test_the_cue_definition_is_fresh() -> None:
    assert (ROOT / "schemas" / "service.cue").read_text("utf-8") == cue_definition()


def test_svc_and_the_json_schema_say_the_same() -> None:
    tried = {**dict(list(documents().items())[::3]), **wrong_documents()}
    assert len(tried) >= 1000
    differing, refused = [], 0
    for name, document in tried.items():
        kind = "service" if name.startswith("s") else "workspace"
        by_svc = schemas.svc_refuses(document, kind)
        by_schema = not schemas.json_schema(kind).is_valid(document)
        refused += by_svc
        only_svc = by_svc and not by_schema and any(holds(document) for holds in ONLY_SVC.values())
        if by_svc != by_schema and not only_svc:
            differing.append(f"svc={by_svc} json={by_schema}: {json.dumps(document)}")
    assert differing == []
    assert 200 <= refused <= len(tried) - 200


@pytest.mark.tools
@pytest.mark.slow
def test_json_schema_and_cue_say_the_same(tmp_path: Path) -> None:
    tried = dict([*list(documents().items())[::10], *list(wrong_documents().items())[::25]])
    assert len(tried) >= 400
    refused = schemas.cue_refuses(tried, cue_definition(), tmp_path)
    kinds = {"s": "service", "w": "workspace"}
    by_schema = {name for name, one in tried.items() if not schemas.json_schema(kinds[name[0]]).is_valid(one)}
    assert {name: tried[name] for name in refused ^ by_schema} == {}
    assert 100 <= len(refused) <= len(tried) - 100


HEALTH: tuple[tuple[Any, bool], ...] = (
    ("/healthz", True),
    ({"http": "/healthz", "period": "5s"}, True),
    ({"http": "/healthz", "tcp": None}, True),
    ({"http": "/healthz", "live": {"failures": 5}}, True),
    ({"ready": {"http": "/ready"}, "live": False}, True),
    ({"live": False}, True),
    ({"exec": ["true"], "startup": {"tcp": 5432, "period": "1s"}}, True),
    ({}, False),
    ({"period": "5s"}, False),
    ({"http": "/healthz", "tcp": 5432}, False),
    ({"grpc": "grpc", "exec": ["true"]}, False),
    ({"ready": {"period": "5s"}}, False),
    ({"ready": {"http": "/ready"}, "startup": {"failures": 30}}, False),
    ({"http": "/healthz", "live": {"http": "/live", "grpc": "grpc"}}, False),
)
"""Probes, and whether they are right: exactly one question each, of their own or of the whole."""


def test_the_model_and_the_json_schema_judge_probes_alike() -> None:
    for health, right in HEALTH:
        document = {**HEADS["service"], "ports": {"grpc": 9090}, "health": health}
        assert schemas.svc_refuses(document, "service") is not right, health
        assert schemas.json_schema("service").is_valid(document) is right, health


@pytest.mark.tools
def test_cue_judges_probes_alike(tmp_path: Path) -> None:
    documents = {f"s{index}": {**HEADS["service"], "health": health} for index, (health, _) in enumerate(HEALTH)}
    refused = schemas.cue_refuses(documents, cue_definition(), tmp_path)
    assert refused == {f"s{index}" for index, (_, right) in enumerate(HEALTH) if not right}
