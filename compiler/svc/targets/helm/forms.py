"""How a value is written into a template, and its JSON type: from what it is in the environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svc.tree import walk

SCALARS = (str, int, bool, float)
_BREAKS = frozenset("\x85\u2028\u2029")
"""Line breaks of YAML 1.1 only: Helm's `toYaml` writes them so that others read something else."""


def form_of(present: Sequence[Any], schema: Mapping[str, Any]) -> str:
    if isinstance(schema.get("type"), list) and all(isinstance(case, SCALARS) for case in present):
        return "scalar"
    if all(isinstance(case, str) for case in present):
        return "string"
    if all(isinstance(case, bool) for case in present):
        return "flag"
    if all(isinstance(case, int) and not isinstance(case, bool) for case in present):
        return "integer"
    if all(isinstance(case, (bool, int, float)) for case in present):
        return "scalar"
    texts = [node for case in present for _, node in walk(case) if isinstance(node, str)]
    return "json" if any(_BREAKS & set(text) for text in texts) else "block"


def schema_of(present: Sequence[Any]) -> dict[str, Any]:
    """The JSON type of a value, from what it is in the environments."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    found = sorted({names[type(case)] for case in present if type(case) in names})
    return {"type": found[0] if len(found) == 1 else found} if found else {}
