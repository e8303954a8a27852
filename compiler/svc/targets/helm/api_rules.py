"""What the API demands of its own types beyond their schemas, as JSON Schema: which keys go together, and which do not.

From `validation.go` of apps, core and networking in Kubernetes: what an API server answers `Invalid` or `Required` to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.model.network import LENGTH_6, RANGE_4

NAME = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
DOMAIN = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
LABEL_KEY, LABEL_VALUE = f"^({DOMAIN}/)?{NAME}$", f"^({NAME})?$"
_KEY, _VALUE = {"pattern": LABEL_KEY}, {"pattern": LABEL_VALUE}
_GROUP = "[0-9a-fA-F]{1,4}"
_SIX = "|".join(
    (
        f"({_GROUP}:){{7}}{_GROUP}",
        f"({_GROUP}:){{1,7}}:",
        f":((:{_GROUP}){{1,7}}|:)",
        *(f"({_GROUP}:){{1,{7 - count}}}(:{_GROUP}){{1,{count}}}" for count in range(1, 7)),
    )
)
"""Addresses of IPv6 without one of IPv4 at their end: all eight groups, or `::` for one or more of them."""
_SUBNET = {"pattern": rf"^({RANGE_4}|({_SIX})/{LENGTH_6})$"}
_PORT = {"minimum": 1, "maximum": 65535}
NODE_PORT = {"minimum": 0, "maximum": 65535}
"""0: the API chooses one."""
_PORT_NAME = {"allOf": [{"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}, {"pattern": "[a-z]"}], "maxLength": 15}


def _when(key: str, values: list[str], then: Mapping[str, Any]) -> dict[str, Any]:
    """A demand that holds where a key has one of some values."""
    return {"if": {"properties": {key: {"enum": values}}, "required": [key]}, "then": then}


def _has(key: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"properties": {key: schema}, "required": [key]}


_LISTED = _when("operator", ["In", "NotIn"], _has("values", {"minItems": 1}))
_UNLISTED = _when("operator", ["Exists", "DoesNotExist"], {"properties": {"values": {"maxItems": 0}}})
_COMPARED = _when(
    "operator", ["Gt", "Lt"], _has("values", {"minItems": 1, "maxItems": 1, "items": {"pattern": "^-?[0-9]+$"}})
)
_FIELD = (
    r"^(metadata\.(name|namespace|uid)|metadata\.(annotations|labels)\['[^']+'\]"
    r"|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$"
)
"""What a variable can be given of its pod."""
_METRICS = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
_TARGETS = {"Utilization": "averageUtilization", "AverageValue": "averageValue", "Value": "value"}

RULES: Mapping[str, list[dict[str, Any]]] = {
    "EnvVarSource": [
        {"minProperties": 1, "maxProperties": 1},
        {"properties": {"fieldRef": {"properties": {"fieldPath": {"pattern": _FIELD}}}}},
    ],
    "LabelSelector": [{"properties": {"matchLabels": {"propertyNames": _KEY, "additionalProperties": _VALUE}}}],
    "LabelSelectorRequirement": [_LISTED, _UNLISTED, {"properties": {"key": _KEY, "values": {"items": _VALUE}}}],
    "MetricSpec": [
        {"minProperties": 2, "maxProperties": 2},
        *(_when("type", [kind], {"required": [key]}) for kind, key in _METRICS.items()),
    ],
    "MetricTarget": [_when("type", [kind], {"required": [key]}) for kind, key in _TARGETS.items()],
    "NetworkPolicyPeer": [
        {"minProperties": 1},
        {"if": {"required": ["ipBlock"]}, "then": {"maxProperties": 1}},
    ],
    "IPBlock": [{"properties": {"cidr": _SUBNET, "except": {"items": _SUBNET}}}],
    "NetworkPolicyPort": [
        {"if": {"required": ["endPort"]}, "then": _has("port", {"type": "integer"})},
        {"properties": {"port": {**_PORT, **_PORT_NAME}, "endPort": _PORT}},
    ],
    "NodeSelectorRequirement": [_LISTED, _UNLISTED, _COMPARED, {"properties": {"key": _KEY}}],
    "PodAffinityTerm": [{"properties": {"topologyKey": _KEY}}],
    "ServicePort": [
        {
            "properties": {
                "port": _PORT,
                "nodePort": NODE_PORT,
                "targetPort": {**_PORT_NAME, "minimum": 0, "maximum": 65535},
            }
        },
        {"properties": {"name": {"pattern": "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$"}}},
    ],
    "Toleration": [
        _when("operator", ["Exists"], {"properties": {"value": {"maxLength": 0}}}),
        {"if": {"required": ["tolerationSeconds"]}, "then": _has("effect", {"const": "NoExecute"})},
        {"anyOf": [_has("key", {"minLength": 1}), _has("operator", {"const": "Exists"})]},
        {"properties": {"key": {"anyOf": [{"maxLength": 0}, _KEY]}, "value": _VALUE}},
    ],
    "TopologySpreadConstraint": [
        {"if": {"required": ["minDomains"]}, "then": {"properties": {"whenUnsatisfiable": {"const": "DoNotSchedule"}}}},
        {"properties": {"topologyKey": _KEY}},
    ],
}
"""Type -> what else has to hold."""
