"""What is wrong between services, and is seen only where all of them are known."""

from __future__ import annotations

from collections.abc import Sequence

from svc.diagnostics import Diagnostic, Place, Related, Severity
from svc.stages.types import Outline, Part


def unknown_environments(wanted: Sequence[str], outlines: Sequence[Outline]) -> list[Diagnostic]:
    """Environments that the run asks for and a service does not have."""
    diagnostics = []
    for one in outlines:
        for name in wanted:
            if one.environments and name not in one.environments:
                message = f"there is no environment `{name}`; known are {', '.join(one.environments)}"
                diagnostics.append(Diagnostic("environment-unknown", Severity.ERROR, message, Place(one.source)))
    return diagnostics


def same_names(outlines: Sequence[Outline]) -> list[Diagnostic]:
    seen: dict[str, Place] = {}
    diagnostics = []
    for one in outlines:
        if one.place is None:
            continue
        if one.name in seen:
            related = (Related("the other service", seen[one.name]),)
            message = f"two services are named `{one.name}`"
            diagnostics.append(
                Diagnostic("service-named-twice", Severity.ERROR, message, one.place, "rename one", related)
            )
        seen.setdefault(one.name, one.place)
    return diagnostics


def shared_secrets(parts: Sequence[Part]) -> list[Diagnostic]:
    """Paths in the secret store that two services read: each has a Terraform module that would make them."""
    seen: dict[str, tuple[str, Place]] = {}
    found = []
    for part in parts:
        for one in part.secrets:
            other, theirs = seen.setdefault(one.path, (part.name, one.place))
            if other != part.name and one.made:
                message = f"`{one.path}` is a secret of `{other}` too, and the Terraform of both would make it"
                help_ = "give each a path of its own, or read the other's Kubernetes Secret with `secret:` and `key:`"
                related = (Related(f"in {other}", theirs),)
                found.append(Diagnostic("secret-path-shared", Severity.WARNING, message, one.place, help_, related))
    return found
