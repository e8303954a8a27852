"""An ECS task whose program has the rights of the agent that starts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, resources, title
from svc.targets.terraform.types import Module

APART = True


def about(_: Params) -> Iterable[str]:
    return ("aws_ecs_task_definition",)


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in resources(module, "aws_ecs_task_definition"):
        role = block.get("task_role_arn")
        if role is not None and role == block.get("execution_role_arn"):
            yield (*block.address, "task_role_arn"), f"`{title(block)}` has one role for the task and its execution"
