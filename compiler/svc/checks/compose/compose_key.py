"""A service key with a value that it should not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks.pods import Found
from svc.records import dataclass
from svc.targets.compose.types import ComposeFile
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    key: str = ""
    values: tuple[object, ...] = ()


def check(compose: ComposeFile, params: Params) -> Iterator[Found]:
    for name, service in compose.services.items():
        value = mapping(service).get(params.key)
        if value is not None and (not params.values or value in params.values or _switched_on(value, params.values)):
            written = str(value).lower() if isinstance(value, bool) else value
            yield ("services", name, params.key), f"service `{name}` has `{params.key}: {written}`"


def _switched_on(value: Any, values: tuple[object, ...]) -> bool:
    """Whether a text means true to Compose, which takes YAML 1.1's words for it, in quotes and without."""
    return True in values and isinstance(value, str) and value.lower() in ("true", "y", "yes", "on")
