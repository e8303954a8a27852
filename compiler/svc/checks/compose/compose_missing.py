"""A service does not say something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks.pods import Found
from svc.records import dataclass
from svc.targets.compose.types import ComposeFile, is_whole
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    """`keys` are dotted paths of which one must be set. `dependencies`: only services that others wait for are judged.
    `lasting`: not those that others wait for to end."""

    keys: tuple[str, ...] = ()
    dependencies: bool = False
    lasting: bool = False
    what: str = "it"


def check(compose: ComposeFile, params: Params) -> Iterator[Found]:
    needed = {other for service in compose.services.values() for other in _needs(service)}
    ending = {other for service in compose.services.values() for other in _ends(service)} if params.lasting else set()
    for name, service in compose.services.items():
        if not isinstance(service, dict) or "extends" in service or (params.dependencies and name not in needed):
            continue
        if name in ending or not is_whole(service):
            continue
        if not any(_set(service, key) for key in params.keys):
            yield ("services", name), f"service `{name}` has no {params.what}"


def _needs(service: Any) -> list[str]:
    needs = mapping(service).get("depends_on")
    return [str(one) for one in needs] if isinstance(needs, list | dict) else []


def _ends(service: Any) -> list[str]:
    needs = mapping(service, "depends_on")
    return [str(one) for one in needs if mapping(needs, one).get("condition") == "service_completed_successfully"]


def _set(service: Any, path: str) -> bool:
    node = service
    for key in path.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    return node is not None and node is not False
