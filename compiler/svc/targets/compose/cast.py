"""Texts where Compose takes a number, or true and false (compose-go, loader/interpolate.go)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex

_TRUTHS = regex(r"(?i:true|false|y|yes|n|no|on|off)")
_WHOLE = regex(r"[+-]?[0-9]+")
_ANY = regex(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_UPDATE = ("deploy.update_config", "deploy.rollback_config")
_LIMITS = ("deploy.resources.limits", "deploy.resources.reservations")
_KEYS = {
    "true or false": (
        *("attach", "init", "oom_kill_disable", "privileged", "read_only", "stdin_open", "tty", "healthcheck.disable"),
        *("depends_on.*.required", "depends_on.*.restart", "volumes.*.read_only", "volumes.*.volume.nocopy"),
    ),
    "a whole number": (
        *("cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "oom_score_adj"),
        *("pids_limit", "ulimits.*", "ulimits.*.hard", "ulimits.*.soft", "healthcheck.retries"),
        *("deploy.replicas", "deploy.restart_policy.max_attempts", "deploy.placement.max_replicas_per_node", "scale"),
        *(f"{part}.parallelism" for part in _UPDATE),
        "deploy.resources.limits.pids",
    ),
    "a number": (
        "cpu_percent",
        "cpus",
        *(f"{part}.max_failure_ratio" for part in _UPDATE),
        *(f"{part}.cpus" for part in _LIMITS),
    ),
}
_EXAMPLES = {
    "true or false": "true or false",
    "a whole number": "a number, such as 3",
    "a number": "a number, such as 0.5",
}
_FITS = {"true or false": _TRUTHS, "a whole number": _WHOLE, "a number": _ANY}
_PATHS = [(what, tuple(key.split("."))) for what, keys in _KEYS.items() for key in keys]
_FIRST = frozenset(path[0] for _, path in _PATHS)


def check(service: dict[str, Any], route: Route) -> Iterator[Problem]:
    """Nothing is said of texts that a variable fills."""
    for what, path in _PATHS if not _FIRST.isdisjoint(service) else ():
        for at, value in _found(service, path, ()):
            if isinstance(value, str) and "$" not in value and value and not _FITS[what].fullmatch(value):
                message = f"`{at[-1]}` is `{value}`, and must be {what}"
                yield Problem("compose-value-refused", (*route, *at), message, f"write {_EXAMPLES[what]}")


def _found(node: Any, path: tuple[str, ...], at: Route) -> Iterator[tuple[Route, Any]]:
    if not path:
        yield at, node
        return
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        if path[0] in ("*", key):
            yield from _found(value, path[1:], (*at, key))
