"""The published JSON Schema of workflows (schemas/github/workflow.json)."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from svc import assets
from svc.diagnostics import Route
from svc.fits import Test, fitting
from svc.tree import Data

if TYPE_CHECKING:
    from jsonschema import Draft7Validator


def schema_errors(data: Data) -> tuple[tuple[Route, str], ...]:
    """Every place where data is no workflow, with what the schema says, in the file's order of routes."""
    if _fits()(data):
        return ()
    found = [(tuple(error.absolute_path), error.message) for error in _validator().iter_errors(data)]
    return tuple(sorted(found, key=lambda one: ([str(part) for part in one[0]], one[1])))


@functools.cache
def _validator() -> Draft7Validator:
    from jsonschema import Draft7Validator

    return Draft7Validator(_schema())


@functools.cache
def _fits() -> Test:
    return fitting(_schema(), ["#/definitions/step"])


@functools.cache
def _schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((assets.schemas() / "github" / "workflow.json").read_text(encoding="utf-8"))
    return found
