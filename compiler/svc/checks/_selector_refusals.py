"""What an API server refuses of selectors, of pods and of nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from svc.checks._objects import selects
from svc.checks._refused_values import filled_in
from svc.checks.pods import Found, pod_labels
from svc.diagnostics import Route
from svc.kubernetes.parts import is_part
from svc.kubernetes.types import SELECTING, Manifest
from svc.tree import items, mappings

_LISTED = {"In": True, "NotIn": True, "Exists": False, "DoesNotExist": False}
"""Operators of selectors, and whether they have values."""


def selector(manifest: Manifest) -> Iterator[Found]:
    given = manifest.tree.get("spec", "selector")
    if manifest.kind in SELECTING and isinstance(given, dict) and not any(given.values()):
        message = f"an empty selector is refused of a {manifest.kind}; write `matchLabels` of its pods"
        yield ("spec", "selector"), message
    for index, one in mappings(manifest.tree.data, "spec", "selector", "matchExpressions"):
        at: Route = ("spec", "selector", "matchExpressions", index)
        wrong = list(expression(one, at))
        yield from wrong
        if manifest.kind in SELECTING and not wrong and not is_part(manifest) and _missed(one, pod_labels(manifest)):
            wanted = f"{one.get('key')} {one.get('operator')} {', '.join(map(str, items(one, 'values')))}"
            yield at, f"the selector wants `{wanted.strip()}`, which the labels of its own pods do not fit"


def expression(one: dict[str, Any], route: Route) -> Iterator[Found]:
    operator, values = one.get("operator"), one.get("values")
    wanted = _LISTED.get(operator) if isinstance(operator, str) else None
    if wanted is True and not values:
        yield route, f"`{operator}` without `values` selects nothing"
    elif wanted is False and values:
        yield (*route, "values"), f"`{operator}` has no `values`"
    elif operator in ("Gt", "Lt") and not (isinstance(values, list) and len(values) == 1 and _is_number(values[0])):
        yield route, f'`{operator}` compares with one number: `values: ["4"]`'


def _is_number(value: Any) -> bool:
    return filled_in(value) or re.fullmatch(r"[+-]?[0-9]+", str(value)) is not None


def _missed(one: dict[str, Any], labels: dict[str, Any]) -> bool:
    known = one.get("operator") in tuple(_LISTED)
    said = not any(filled_in(part) for part in (one.get("key"), *items(one, "values")))
    return known and said and not selects({"matchExpressions": [one]}, labels)
