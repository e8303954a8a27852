"""What the Kubernetes API takes at a place, as JSON Schema: its own types, with the words that it knows.

Of the oldest minor that charts are made for, so that what is allowed is allowed everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from svc.kubernetes import schema, words
from svc.targets.helm import plain_texts
from svc.targets.helm.api_rules import RULES
from svc.targets.helm.types import Spot

DRAFT = "http://json-schema.org/draft-07/schema#"
DEFINITIONS = "#/definitions/"
QUANTITY = r"^([0-9]+|[0-9]+\.[0-9]*|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$"
_OWN: Mapping[str, dict[str, Any]] = {
    "Quantity": {"type": ["string", "number"], "pattern": QUANTITY},
    "IntOrString": {"type": ["integer", "string"]},
}
"""Types that the API's schemas say less about than the API takes."""
_BOUNDS: Mapping[str, Mapping[str, dict[str, Any]]] = {
    "TopologySpreadConstraint": {
        "maxSkew": {"minimum": 1},
        "minDomains": {"minimum": 1},
        "topologyKey": {"minLength": 1},
    },
    "NodeSelector": {"nodeSelectorTerms": {"minItems": 1}},
    "PreferredSchedulingTerm": {"weight": {"minimum": 1, "maximum": 100}},
    "WeightedPodAffinityTerm": {"weight": {"minimum": 1, "maximum": 100}},
}

Definitions = dict[str, dict[str, Any]]


@cache
def typed(spot: Spot) -> tuple[dict[str, Any], Definitions] | None:
    """The type at a place and the definitions that it refers to; None where no schema is known."""
    whole = schema.of(spot.api_version, spot.kind, schema.MINORS[0])
    node = _at(whole, spot) if whole is not None else None
    if whole is None or node is None:
        return None
    builder = _Builder(whole)
    made = builder.built(node, words.at(spot.kind, spot.route))
    for key in spot.without:
        made = _without(builder.made[made["$ref"].removeprefix(DEFINITIONS)] if "$ref" in made else made, key)
    return made, builder.made


def _at(whole: Mapping[str, Any], spot: Spot) -> Mapping[str, Any] | None:
    node: Any = whole
    for part in spot.route:
        node = _resolved(whole, node)
        more = node.get("additionalProperties")
        node = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part, more)
        if not isinstance(node, Mapping):
            return None
    return dict(node)


def _resolved(whole: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = whole["$defs"][_name(node)] if "$ref" in node else node
    return found


def _name(node: Mapping[str, Any]) -> str:
    return str(node["$ref"]).removeprefix("#/$defs/")


def _without(node: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What stands in a mapping beside a key: something does."""
    properties = {name: one for name, one in node["properties"].items() if name != key}
    required = [name for name in node.get("required", ()) if name != key]
    left_out = {"if", "then", *([] if required else ["required"])}
    made = {**node, "properties": properties, "required": required, "minProperties": 1}
    return {name: one for name, one in made.items() if name not in left_out}


class _Builder:
    def __init__(self, whole: Mapping[str, Any]) -> None:
        self.whole = whole
        self.made: Definitions = {}
        self.worded: dict[str, bool] = {}

    def built(self, node: Mapping[str, Any], known: words.Known | None) -> dict[str, Any]:
        if "$ref" in node:
            return self.reference(_name(node), known)
        if isinstance(known, tuple):
            return {"enum": list(known)}
        made: dict[str, Any] = {}
        if "type" in node:
            made["type"] = _no_null(node["type"])
        for key in ("enum", "required", "minimum", "maximum", "oneOf", "anyOf"):
            if key in node:
                made[key] = node[key]
        if "properties" in node:
            inside = known if isinstance(known, dict) else {}
            made["properties"] = {key: self.built(one, inside.get(key)) for key, one in node["properties"].items()}
        if "items" in node:
            made["items"] = self.built(node["items"], known[0] if isinstance(known, list) else None)
        if "additionalProperties" in node:
            more = node["additionalProperties"]
            made["additionalProperties"] = more if isinstance(more, bool) else self.built(more, None)
        return made

    def reference(self, full: str, known: words.Known | None) -> dict[str, Any]:
        name = full.rpartition(".")[2]
        if name not in self.made or (known is not None and not self.worded[name]):
            self.made[name] = {}  # a type may refer to itself
            self.worded[name] = known is not None
            self.made[name] = _refined(name, self.built(self.whole["$defs"][full], known))
        return {"$ref": DEFINITIONS + name}


def _refined(name: str, made: dict[str, Any]) -> dict[str, Any]:
    if name == "EnvVar":
        more = {**made["properties"], **plain_texts.VARIABLE["properties"]}
        return {**made, **plain_texts.VARIABLE, "properties": more}
    for key, more in _BOUNDS.get(name, {}).items():
        made["properties"][key].update(more)
    if name in RULES:
        made = {**made, "allOf": RULES[name]}
    return dict(_OWN.get(name, made))


def _no_null(kind: Any) -> Any:
    """Nobody writes null where nothing is meant; the API's schemas allow it everywhere."""
    if not isinstance(kind, list):
        return kind
    kept = [one for one in kind if one != "null"]
    return kept[0] if len(kept) == 1 else kept
