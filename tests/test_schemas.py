"""The vendored schemas are the recorded ones, none is unrecorded, and the embedded check can read them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[1] / "schemas"
SOURCES: list[dict[str, str]] = yaml.safe_load((ROOT / "SOURCES.yaml").read_text(encoding="utf-8"))
OWN = ("service", "aws-extra")
"""Prefixes of the names of files that are our own work."""


def digest(path: Path) -> str:
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    lines = [f"{digest(one)}  {one.name}\n" for one in sorted(path.glob("*.json"))]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize("entry", SOURCES, ids=lambda entry: str(entry["path"]))
def test_a_vendored_schema_is_the_recorded_one(entry: dict[str, str]) -> None:
    assert set(entry) == {"path", "source", "by", "license", "sha256"}
    assert digest(ROOT / entry["path"]) == entry["sha256"]


def test_every_schema_in_a_folder_is_recorded() -> None:
    recorded = {ROOT / entry["path"] for entry in SOURCES}
    found = [path for path in ROOT.rglob("*.json") if path.parent != ROOT and not path.name.startswith(OWN)]
    assert found
    assert [path for path in found if path not in recorded and path.parent not in recorded] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "kubernetes").glob("*/*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_a_kubernetes_schema_is_strict_and_reaches_only_itself(path: Path) -> None:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert references(schema) <= {f"#/$defs/{name}" for name in schema["$defs"]}


def references(node: object) -> set[str]:
    if isinstance(node, list):
        return set().union(*(references(one) for one in node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*(references(value) for value in node.values()))
