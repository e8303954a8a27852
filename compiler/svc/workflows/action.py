"""What GitHub would refuse of an action's own file (action.yml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem
from svc.shapes import Shape
from svc.suggest import nearest
from svc.workflows import names, structure
from svc.workflows.contexts import mapping
from svc.workflows.expression import OPEN

RUNTIMES = ("composite", "docker", "node20", "node24")
OLD = ("node12", "node16")
_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "object", "additionalProperties": _TEXT}
_STEP = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": _TEXT,
        "if": {"type": "string"},
        "name": _TEXT,
        "run": _TEXT,
        "uses": _TEXT,
        "shell": _TEXT,
        "with": _TEXTS,
        "env": {"type": ["object", "string"]},
        "working-directory": _TEXT,
        "continue-on-error": {"type": "boolean"},
    },
}
_RUNS = [
    "using",
    "main",
    "pre",
    "pre-if",
    "post",
    "post-if",
    "steps",
    "image",
    "entrypoint",
    "pre-entrypoint",
    "post-entrypoint",
    "args",
    "env",
    "plugin",
]
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "description", "runs"],
    "properties": {
        "name": _TEXT,
        "author": _TEXT,
        "description": _TEXT,
        "branding": {"type": "object"},
        "inputs": {
            "type": "object",
            "additionalProperties": {
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {
                    "description": _TEXT,
                    "default": {"type": ["string", "null"]},
                    "required": {"type": ["boolean", "string"]},
                    "deprecationMessage": _TEXT,
                    "type": _TEXT,
                },
            },
        },
        "outputs": {
            "type": "object",
            "additionalProperties": {
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {"description": _TEXT, "value": _TEXT},
            },
        },
        "runs": {
            "type": "object",
            "additionalProperties": False,
            "required": ["using"],
            "properties": {**dict.fromkeys(_RUNS, True), "steps": {"type": "array", "items": _STEP}},
        },
    },
}


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from Shape(_SCHEMA, "workflow", lambda text: OPEN in text, empty=True).problems(data)
    runs = mapping(data, "runs")
    using = runs.get("using")
    if isinstance(using, str) and using not in RUNTIMES:
        words = ", ".join(f"`{one}`" for one in RUNTIMES)
        gone = "which GitHub has removed" if using in OLD else "which is no runtime"
        message = f"the action runs with `{using}`, {gone}; there are {words}{nearest(using, RUNTIMES)}"
        yield Problem("workflow-action-runtime", ("runs", "using"), message, "write one of them")
    needs = {"composite": "steps", "docker": "image", "node20": "main", "node24": "main"}.get(str(using))
    if needs and needs not in runs:
        yield Problem(
            "workflow-key-missing", ("runs",), f"an action with `{using}` has no `{needs}`", f"write `{needs}`"
        )
    yield from structure.step_ids(runs.get("steps"), ("runs", "steps"))
    yield from names.steps(runs.get("steps"), ("runs", "steps"), [])
    listed = runs.get("steps")
    for index, step in enumerate(listed if isinstance(listed, list) else ()):
        at = ("runs", "steps", index)
        if "run" in mapping(step) and "shell" not in mapping(step):
            yield Problem("workflow-key-missing", at, "a step of an action runs in no shell", "write `shell: bash`")
        if isinstance(step, dict) and ("run" in step) == ("uses" in step):
            message = "a step has both `run` and `uses`" if "run" in step else "a step has neither `run` nor `uses`"
            yield Problem("workflow-step", at, message, "write one of them")
