"""What processes start: commands that say nothing, and parts that start what the service starts."""

from __future__ import annotations

from svc.diagnostics import Route, Severity
from svc.model.process import Container
from svc.resolve.context import Context

_PARTS = {"init": "step", "sidecars": "sidecar", "workers": "worker", "jobs": "job"}
_OWN = ("image", "command", "args", "workdir", "env", "env_from", "secrets", "files")
"""What may make a process another one than the service's."""


def report_started(context: Context) -> None:
    service = context.service
    own = service.workload != "none" and not service.command and not service.args
    _empty(context, service.command, service.args, ())
    for key, what in _PARTS.items():
        parts: dict[str, Container] = getattr(service, key)
        for name, part in parts.items():
            _empty(context, part.command, part.args, (key, name))
            if own and not any(getattr(part, field) for field in _OWN):
                _again(context, what, (key, name))


def _empty(context: Context, command: list[str] | None, args: list[str] | None, at: Route) -> None:
    """Kubernetes takes an empty list for none."""
    idle = ["command"] if command == [] else []
    idle += ["args"] if args == [] and not command else []
    for key in idle:
        message = f"`{key}` has no effect: an empty list leaves the image's own"
        context.report(
            "no-effect", (*at, key), message, help=f"remove `{key}`", anchor="key", severity=Severity.WARNING
        )


def _again(context: Context, what: str, at: Route) -> None:
    message = f"the {what} `{at[-1]}` starts what the service starts: the image's own command"
    advice = "write its `command` or `args`, or its `image`"
    context.report("same-process", at, message, help=advice, anchor="key", severity=Severity.WARNING)
