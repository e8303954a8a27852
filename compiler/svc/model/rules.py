"""Rules about several keys of one mapping, as JSON Schema: what the validators of the model say, for the published schemas.

What JSON Schema cannot say (two numbers in order, a day that a month does not have) is only judged by the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.model.health import PROBES, ROLES
from svc.model.network import CIDR_PATTERN
from svc.model.scalars import LABEL_PATTERN, START_PATTERN

Rule = Mapping[str, Any]


def given(name: str) -> Rule:
    """The key is there, and not with the null that takes it away."""
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


def items(name: str) -> Rule:
    """The list has items."""
    return {"required": [name], "properties": {name: {"type": "array", "minItems": 1}}}


def entries(name: str) -> Rule:
    """The mapping has entries."""
    return {"required": [name], "properties": {name: {"type": "object", "minProperties": 1}}}


def equals(name: str, value: str | bool) -> Rule:
    return {"required": [name], "properties": {name: {"const": value}}}


def one_of(*rules: Rule) -> Rule:
    return {"oneOf": list(rules)}


def some_of(*rules: Rule) -> Rule:
    return {"anyOf": list(rules)}


def together(*rules: Rule) -> Rule:
    return {"allOf": list(rules)}


def never(rule: Rule) -> Rule:
    return {"not": rule}


def when(rule: Rule, then: Rule) -> Rule:
    return {"if": rule, "then": then}


def _all_given(*names: str) -> list[Rule]:
    return [given(name) for name in names]


def holds(name: str, rule: Rule) -> Rule:
    """The key has a mapping that satisfies a rule."""
    return {"required": [name], "properties": {name: {"type": "object", "allOf": [rule]}}}


def _value(name: str, schema: Rule) -> Rule:
    """A narrower form of one key."""
    return {"properties": {name: schema}}


_PORT = "0*(6553[0-5]|655[0-2][0-9]|65[0-4][0-9][0-9]|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
_PEER = (
    rf"({CIDR_PATTERN})(:{_PORT})?|(\*\.)?{LABEL_PATTERN}(\.{LABEL_PATTERN})+:{_PORT}|"
    rf"({START_PATTERN}/)?{START_PATTERN}(:{_PORT})?|\*"
)
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_measured = tuple(map(entries, ("metrics", "external", "objects")))
_driven = some_of(*_all_given("max", "cpu", "memory"), *_measured, entries("triggers"))
_asks = some_of(*_all_given(*PROBES))
_one_at_most = some_of(one_of(*_all_given(*PROBES)), never(_asks))

RULES: Mapping[str, tuple[Rule, ...]] = {
    "Service": (
        some_of(*_all_given("build", "image", "profile")),
        when(
            equals("workload", "none"),
            together(
                never(some_of(*_all_given("health", "expose"), *map(entries, ("ports", "sidecars", "init")))),
                some_of(entries("jobs"), entries("workers")),
            ),
        ),
    ),
    "EnvFromSource": (one_of(*_all_given("value", "secret", "config")),),
    "EnvFrom": (one_of(*_all_given("secret", "config")),),
    "Secret": (one_of(*_all_given("from", "secret")),),
    "File": (
        one_of(*_all_given("source", "content", "config", "secret")),
        never(together(given("key"), entries("items"))),
    ),
    "Volume": (
        some_of(*_all_given("size", "scratch", "claim")),
        when(given("scratch"), together(*map(never, _all_given("access", "claim", "storage_class")))),
    ),
    "Resources": (never(together(given("requests"), some_of(*_all_given("cpu", "memory", "storage")))),),
    "Scale": (
        never(together(given("replicas"), some_of(given("min"), _driven))),
        when(_driven, given("max")),
        never(together(entries("triggers"), some_of(*_measured))),
    ),
    "OutsideMetric": (one_of(*_all_given("average", "value")),),
    "ScaleStep": (one_of(*_all_given("pods", "percent")),),
    "TriggerAuthentication": (one_of(*_all_given("name", "cluster"), some_of(entries("secrets"), given("identity"))),),
    "Rollout": (never(together(equals("strategy", "recreate"), some_of(*_all_given("max_surge", "max_unavailable")))),),
    "Probe": (_one_at_most,),
    "Health": (
        some_of(*_all_given(*PROBES, *ROLES)),
        when(never(_asks), never(some_of(*(holds(role, never(_asks)) for role in ROLES)))),
    ),
    "Build": (one_of(*_all_given("language", "dockerfile")),),
    "Expose": (
        never(together(given("host"), items("hosts"))),
        never(together(given("path"), items("paths"))),
        when(equals("via", "gateway"), given("gateway")),
        some_of(equals("via", "load-balancer"), given("host"), items("hosts")),
    ),
    "Peer": (
        _value("peer", {"type": "string", "pattern": f"^(?:{_PEER})$"}),
        when(given("peer"), never(some_of(*_all_given("service", "namespace", "cidr", "host", "ports")))),
    ),
    "Job": (
        one_of(*_all_given("run", "schedule")),
        when(equals("indexed", True), given("completions")),
        when(equals("suspend", True), given("schedule")),
    ),
    "Waiver": (
        _value("until", {"type": "string", "pattern": f"^(?:{_DAY})?$"}),
        _value("reason", {"type": ["string", "number", "boolean"], "pattern": r"[^ \t\n]"}),
    ),
    "Patch": (one_of(given("merge"), items("json_patch")), _value("merge", {"type": "object"})),
    "Workspace": (),
    "Environment": (),  # what no layer says is no property of one
    "Manifest": (one_of(*_all_given("file", "inline")), _value("inline", {"type": "object"})),
}
"""Mapping of the language -> its rules; a test holds that none with a validator of its own is forgotten."""
