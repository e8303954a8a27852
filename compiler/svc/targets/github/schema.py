"""The published JSON Schema of workflows (schemas/github/workflow.json)."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.diagnostics import Route
from svc.tree import Data

if TYPE_CHECKING:
    from jsonschema import Draft7Validator


def schema_errors(data: Data) -> tuple[tuple[Route, str], ...]:
    """Every place where data is no workflow, with what the schema says, in the file's order of routes."""
    found = [(tuple(error.absolute_path), error.message) for error in _validator().iter_errors(data)]
    return tuple(sorted(found, key=lambda one: ([str(part) for part in one[0]], one[1])))


@functools.cache
def _validator() -> Draft7Validator:
    from jsonschema import Draft7Validator

    return Draft7Validator(_schema())


def _schema() -> Any:
    """Beside the package in a wheel, at the root of a checkout."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "schemas", package.parents[1] / "schemas"):
        path = folder / "github" / "workflow.json"
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    raise FileNotFoundError("schemas/github/workflow.json is missing from this installation")
