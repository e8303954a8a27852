"""Where a compose file does not fit the published schema (schemas/compose/compose-spec.json)."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

from svc import assets
from svc.diagnostics import Problem
from svc.shapes import Shape


def problems(data: Any) -> Iterator[Problem]:
    """Values that the environment fills in fit everything; so does what the file leaves empty."""
    return _shape().problems(data)


@functools.cache
def _shape() -> Shape:
    schema = json.loads((assets.schemas() / "compose" / "compose-spec.json").read_text(encoding="utf-8"))
    return Shape(schema, "compose", lambda text: "$" in text or text.startswith("!"), empty=True)
