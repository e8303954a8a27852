"""What GitHub would refuse of an action's own file (action.yml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Severity
from svc.records import replace
from svc.shapes import Shape
from svc.suggest import nearest
from svc.tree import mapping
from svc.workflows import names, structure
from svc.workflows.beyond import Beyond
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
_KEYS = {
    "composite": ("steps",),
    "docker": ("args", "entrypoint", "env", "image", "post-entrypoint", "post-if", "pre-entrypoint", "pre-if"),
    "node": ("main", "post", "post-if", "pre", "pre-if"),
}
"""What `runs` holds besides `using`, by the runtime."""
_BEFORE = {
    "node": {"pre-if": "pre", "post-if": "post"},
    "docker": {"pre-if": "pre-entrypoint", "post-if": "post-entrypoint"},
}
_RUNS = ["using", "plugin", *sorted({key for keys in _KEYS.values() for key in keys})]
_COLORS = ("black", "blue", "gray-dark", "green", "orange", "purple", "red", "white", "yellow")
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


def problems(data: Mapping[str, Any], beyond: Beyond) -> Iterator[Problem]:
    for one in Shape(_SCHEMA, "workflow", lambda text: OPEN in text, empty=True).problems(data):
        yield replace(one, severity=Severity.WARNING) if _passed_over(one) else one
    runs = mapping(data, "runs")
    using = runs.get("using")
    if "runs" in data and data["runs"] is None:
        yield Problem("workflow-key-missing", ("runs",), "`runs` has no `using`", "write `using`", "key")
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
    yield from _foreign(runs, str(using))
    yield from _face(data)
    yield from structure.step_ids(runs.get("steps"), ("runs", "steps"))
    yield from names.steps(runs.get("steps"), ("runs", "steps"), [], beyond)
    listed = runs.get("steps")
    for index, step in enumerate(listed if isinstance(listed, list) else ()):
        at = ("runs", "steps", index)
        if "run" in mapping(step) and "shell" not in mapping(step):
            yield Problem("workflow-key-missing", at, "a step of an action runs in no shell", "write `shell: bash`")
        if isinstance(step, dict) and ("run" in step) == ("uses" in step):
            message = "a step has both `run` and `uses`" if "run" in step else "a step has neither `run` nor `uses`"
            yield Problem("workflow-step", at, message, "write one of them")


def _passed_over(problem: Problem) -> bool:
    """Whether GitHub runs the action all the same: keys of the file and of an input that it does not know mean nothing, and
    who an action is for is asked of those in the Marketplace alone.

    https://github.com/actions/runner/blob/main/src/Runner.Worker/action_yaml.json
    """
    route = problem.route
    if problem.id == "workflow-key-unknown":
        return len(route) == 1 or (len(route) == 3 and route[0] == "inputs")
    return problem.id == "workflow-key-missing" and not route and "`runs`" not in problem.message


def _foreign(runs: Mapping[str, Any], using: str) -> Iterator[Problem]:
    """Keys of `runs` that are another runtime's, conditions of what is not there, an image that is none."""
    kind = "node" if using.startswith("node") else using
    for key in runs if kind in _KEYS else ():
        others = [one for one, keys in _KEYS.items() if key in keys]
        if others and kind not in others:
            message = f"an action with `{using}` has no `{key}`; {' and '.join(f'`{one}`' for one in others)} has it"
            yield Problem("workflow-key-unknown", ("runs", key), message, "remove it", "key")
        wanted = _BEFORE.get(kind, {}).get(key, "")
        if wanted and wanted not in runs:
            message, help_ = f"`{key}` stands without `{wanted}`", f"remove it, or write `{wanted}`"
            yield Problem("workflow-key-alone", ("runs", key), message, help_, "key")
    image = runs.get("image")
    if kind == "docker" and isinstance(image, str) and OPEN not in image and not image.startswith("docker://"):
        name = image.rpartition("/")[2]
        if not name.endswith("Dockerfile") and not name.startswith("Dockerfile.") and ":" not in image:
            message = f"`{image}` is neither an image (`docker://...`) nor a file called Dockerfile"
            yield Problem("workflow-value", ("runs", "image"), message, "write Dockerfile, or docker://NAME:TAG")


def _face(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Inputs and outputs that differ in case alone, words of deprecation that say nothing, unknown colours."""
    for part in ("inputs", "outputs"):
        seen: dict[str, str] = {}
        for name, value in mapping(data, part).items():
            other = seen.setdefault(name.lower(), name)
            if other != name:
                message = f"`{name}` is given twice: `{other}` is the same, for case does not count"
                yield Problem("workflow-id-duplicate", (part, name), message, "name one of them otherwise", "key")
            if "deprecationMessage" in mapping(value) and not mapping(value)["deprecationMessage"]:
                at = (part, name, "deprecationMessage")
                yield Problem("workflow-empty", at, "`deprecationMessage` is empty", "say what to use instead")
    color = mapping(data, "branding").get("color")
    if isinstance(color, str) and color not in _COLORS:
        words = ", ".join(f"`{one}`" for one in _COLORS)
        message = f"there is no color `{color}` for an action{nearest(color, _COLORS)}"
        yield Problem("workflow-value", ("branding", "color"), message, f"write one of {words}")
