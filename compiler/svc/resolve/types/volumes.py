"""Storage that processes mount."""

from __future__ import annotations

from typing import Literal

from svc.diagnostics import Route
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Scratch:
    """An emptyDir: on disk or in memory, with a size limit."""

    name: str
    size: str
    memory: bool
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A persistent volume. `existing` names a claim made elsewhere; `template`: one claim per replica (StatefulSet)."""

    name: str
    size: str
    access: Literal["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"]
    storage_class: str
    keep: bool
    existing: str
    template: bool
    annotations: tuple[tuple[str, str], ...] = ()
    at: Route = ()


@dataclass(frozen=True, slots=True)
class ConfigFiles:
    """Keys of a ConfigMap as files. `items` (key, file name, mode or None); empty means all keys."""

    name: str
    config: str
    items: tuple[tuple[str, str, int | None], ...]
    mode: int
    optional: bool
    at: Route = ()


@dataclass(frozen=True, slots=True)
class SecretFiles:
    name: str
    secret: str
    items: tuple[tuple[str, str, int | None], ...]
    mode: int
    optional: bool
    at: Route = ()


Volume = Scratch | Claim | ConfigFiles | SecretFiles
