"""A peer of a NetworkPolicy that selects no pod, while a pod with nearly the same label is there.

A peer that selects nothing is usually another service, deployed from elsewhere; only a slip is certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._objects import Found, objects, selected
from svc.checks._params import NoParams as Params
from svc.checks.seen import reaches, seen
from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.suggest import alike
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    for subject, policy in objects(subjects, "NetworkPolicy"):
        for route, selector in _peers(policy):
            wanted = mapping(selector, "matchLabels")
            if not wanted or selected(subjects, policy, selector):
                continue
            for key, value in wanted.items():
                spaces = seen(subjects).pods.values.get(key, {})
                known = {one for one, where in spaces.items() if reaches(where, policy)}
                near = sorted(one for one in known if _slip(str(value), one))
                if near and str(value) not in known:
                    message = f"the peer selects no pod: none has {key}={value}; there is {key}={near[0]}"
                    yield subject, (*route, "podSelector", "matchLabels", key), message


def _peers(policy: Manifest) -> Iterator[tuple[Route, Any]]:
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for index, rule in mappings(policy.tree.data, "spec", direction):
            for place, peer in mappings(rule, side):
                if "namespaceSelector" not in peer:
                    yield ("spec", direction, index, side, place), peer.get("podSelector")


def _slip(one: str, other: str) -> bool:
    """One letter more, less or other: `cart` and `carts`, but not `web-1` and `web-2`."""
    near = abs(len(one) - len(other)) <= 1
    return near and not any(char.isdigit() for char in one + other) and alike(one, other)
