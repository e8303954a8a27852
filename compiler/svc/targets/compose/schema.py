"""Where a compose file does not fit the published schema (schemas/compose/compose-spec.json)."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from svc import assets
from svc.diagnostics import Problem, Route
from svc.shapes import Shape

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def problems(data: Any) -> Iterator[Problem]:
    """Values that the environment fills in fit everything; so does what the file leaves empty."""
    return _shape().problems(data)


def schema_errors(data: Any) -> tuple[tuple[Route, str], ...]:
    """Every place where data is no compose file, in the words of the schema."""
    return tuple((tuple(error.absolute_path), error.message) for error in _validator().iter_errors(data))


@functools.cache
def _validator() -> Validator:
    from jsonschema.validators import validator_for

    schema = _schema()
    return validator_for(schema)(schema)


@functools.cache
def _schema() -> dict[str, Any]:
    path = assets.schemas() / "compose" / "compose-spec.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@functools.cache
def _shape() -> Shape:
    return Shape(_schema(), "compose", lambda text: "$" in text or text.startswith("!"), empty=True)
