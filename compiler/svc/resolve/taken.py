"""Names of a service's parts, which share the names of objects, of labels and of containers in compose."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.resolve.context import Context

SERVER = "server"
"""The component that the service's own pods are labelled with."""


def report_taken(context: Context) -> None:
    _containers(context)
    _objects(context)


def _containers(context: Context) -> None:
    """The process of the service, its steps and its sidecars run in one pod, each under its name."""
    seen: dict[str, tuple[str, Route]] = {context.service.name: ("the process of the service", ("name",))}
    for key, what in (("init", "a step before the start"), ("sidecars", "a sidecar")):
        for name in getattr(context.service, key):
            at: Route = (key, name)
            other, there = seen.setdefault(name, (what, at))
            if there != at:
                message = f"{other} is called `{name}` already, and both are containers of one pod"
                context.report(
                    "name-taken", at, message, help=f"rename {what}", anchor="key", related=(("the other", there),)
                )


def _objects(context: Context) -> None:
    """Workers, jobs and needs that run beside them: each is `<service>-<name>`, and its pods have the name as a label."""
    seen: dict[str, tuple[str, Route]] = {}
    parts: list[tuple[str, str, Route]] = [
        (what, name, (key, name))
        for key, what in (("workers", "worker"), ("jobs", "job"))
        for name in getattr(context.service, key)
    ]
    parts += [("need", name, ("needs", name)) for name, need in context.needs.items() if need.image is not None]
    for what, name, at in parts:
        if name == SERVER and what != "need":
            message = f"a {what} cannot be called `{SERVER}`: the pods of the service itself have this label"
            context.report("name-taken", at, message, help="call it what it does", anchor="key")
            continue
        other, there = seen.setdefault(name, (what, at))
        if there != at:
            message = f"a {other} is called `{name}` already: both would be `{context.service.name}-{name}`"
            context.report(
                "name-taken", at, message, help="rename one of them", anchor="key", related=((f"the {other}", there),)
            )
