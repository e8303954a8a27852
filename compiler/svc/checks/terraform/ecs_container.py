"""A container of an ECS task that may do too much, or holds a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from svc.checks._terraform import Found, json_document, resources
from svc.checks.secrets import is_secret
from svc.records import dataclass
from svc.targets.terraform.types import Module, Value

APART = True


@dataclass(frozen=True, slots=True)
class Params:
    """`fault`: what is looked for."""

    fault: Literal["privileged", "writable", "secret"] = "privileged"


def about(_: Params) -> Iterable[str]:
    return ("aws_ecs_task_definition",)


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in resources(module, "aws_ecs_task_definition"):
        route = (*block.address, "container_definitions")
        for index, container in _containers(block.get("container_definitions")):
            for message in _judged(container, params.fault):
                yield route, message, (index, index + 1)


def _judged(container: dict[str, Any], fault: str) -> Iterator[str]:
    name = f"container `{container.get('name', '?')}`"
    if fault == "privileged" and container.get("privileged") is True:
        yield f"{name} is privileged"
    if fault == "writable" and container.get("readonlyRootFilesystem") in (None, False):
        yield f"{name} can write to its root file system"
    variables = container.get("environment")
    for one in variables if fault == "secret" and isinstance(variables, list) else ():
        key, value = (str(one.get("name")), one.get("value")) if isinstance(one, dict) else ("", None)
        if isinstance(value, str) and is_secret(key, value):
            yield f"`{key}` of {name} holds a secret in plain text"


def _containers(value: Value) -> Iterator[tuple[int, dict[str, Any]]]:
    document = json_document(value)
    for index, one in enumerate(document if isinstance(document, list) else ()):
        if isinstance(one, dict):
            yield index, one
