"""What the input of an example has to be, so that its surface can read it."""

from __future__ import annotations

from typing import Any

from svc.diagnostics import Route
from svc.parse import parse_one
from svc.source import Source
from svc.targets.named import TERRAFORM
from svc.targets.protocol import Surface

Wrong = tuple[Route, str]


def kind_of(file: str) -> Surface | None:
    """What a file among others is by its name; None for data of no kind that is judged as a file."""
    if file.endswith(TERRAFORM):
        return "terraform"
    if "workflows" in file:
        return "github"
    if "compose" in file:
        return "compose"
    return None if file.endswith((".yaml", ".yml", ".json")) else "docker"


def misshapen(surface: Any, value: Any) -> Wrong | None:
    """The first part of an input that is not as it has to be; None where all is right. Views of services are judged apart."""
    if surface in ("docker", "github", "terraform"):
        return _text(surface, value, ())
    if surface in ("kubernetes", "compose"):
        return None if isinstance(value, dict) else ((), f"an example of surface {surface} is a mapping")
    if surface == "helm":
        texts = isinstance(value, dict) and all(isinstance(part, str) for one in value.items() for part in one)
        return None if texts else ((), "an example of surface helm is a mapping of files: path to text")
    if surface == "across":
        if not isinstance(value, list):
            return (), "an example of surface across is a list of objects, of services or of files"
        found = (_beside(one, index) for index, one in enumerate(value))
        return next((one for one in found if one is not None), None)
    return None


def _beside(value: Any, index: int) -> Wrong | None:
    if not isinstance(value, dict):
        return (index,), "what stands among others is a mapping: an object, a service, or `file` and `text`"
    if "calls" in value:
        return _service(value, index)
    if set(value) != {"file", "text"}:
        return None
    file = value["file"]
    if not isinstance(file, str):
        return (index, "file"), "a file has a path"
    kind = kind_of(file)
    if kind is None:
        return (
            index,
            "file",
        ), "a file is a Dockerfile, a workflow, a compose file or of Terraform; objects stand as such"
    return _text(kind, value["text"], (index, "text"), file)


def _service(value: dict[str, Any], index: int) -> Wrong | None:
    calls = value["calls"]
    called = isinstance(calls, list) and all(
        isinstance(one, dict) and isinstance(one.get("service"), str) and "waits" in one for one in calls
    )
    if called and isinstance(value.get("name"), str):
        return None
    return (index,), "a service that calls others has a `name`, and each of its `calls` has `service` and `waits`"


def _text(surface: str, value: Any, route: Route, file: str = "") -> Wrong | None:
    if not isinstance(value, str):
        return route, f"an example of surface {surface} is text"
    if surface == "terraform":
        from svc.targets.terraform.read import TerraformError
        from svc.targets.terraform.read_json import read_file

        try:
            read_file(file, value)
        except TerraformError as error:
            return route, f"this is no Terraform: line {error.line}: {error.message}"
    elif surface in ("github", "compose"):
        parsed = parse_one(Source("example", value))
        if parsed.problems:
            return route, f"this is no YAML: {parsed.problems[0].message}"
        if not isinstance(parsed.documents[0].data, dict):
            return route, f"an example of surface {surface} is the text of a mapping"
    return None
