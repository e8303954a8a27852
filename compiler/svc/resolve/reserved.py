"""The workspace's `ports`, a register of which service opens which port: nobody takes another's, and owners use their own."""

from __future__ import annotations

from collections.abc import Callable

from svc.diagnostics import Anchor, Diagnostic, Place, Related, Route, Severity
from svc.model.service import Service
from svc.model.workspace import Workspace
from svc.parse import Document


def _twice(workspace: Workspace, document: Document) -> list[Diagnostic]:
    """One port that two services have in the register."""
    first: dict[int, str] = {}
    found = []
    for name, number in workspace.ports.items():
        other = first.setdefault(number, name)
        if other != name:
            related = (Related("the other", document.place(("ports", other), "key")),)
            message = f"port {number} is reserved for `{other}` and for `{name}`"
            at = document.place(("ports", name), "key")
            found.append(
                Diagnostic("port-reserved-twice", Severity.ERROR, message, at, "give one another port", related)
            )
    return found


def reserved(
    service: Service, workspace: Workspace, document: Document | None, place: Callable[[Route, Anchor], Place]
) -> list[Diagnostic]:
    """What a service does against the register, each at its port, with the entry as the other half."""
    if document is None or not workspace.ports:
        return []
    found = _twice(workspace, document)
    if found:
        return found
    owners = {number: name for name, number in workspace.ports.items()}
    for name, port in service.ports.items():
        owner = owners.get(port.port)
        if owner not in (None, service.name):
            related = (Related("the reservation", document.place(("ports", str(owner)), "key")),)
            message = f"port {port.port} is reserved for `{owner}` in this workspace"
            free = workspace.ports.get(service.name)
            advice = f"`{service.name}` has {free}" if free else "choose another port"
            at = place(("ports", name), "value")
            found.append(Diagnostic("port-reserved", Severity.ERROR, message, at, advice, related))
    own = workspace.ports.get(service.name)
    if own is not None and not found and service.ports and own not in {port.port for port in service.ports.values()}:
        related = (Related("the reservation", document.place(("ports", service.name), "key")),)
        message = f"port {own} is reserved for `{service.name}`, but none of its ports has this number"
        at = place(("ports",), "key")
        found.append(Diagnostic("port-reservation-unused", Severity.ERROR, message, at, f"use {own}", related))
    return found
