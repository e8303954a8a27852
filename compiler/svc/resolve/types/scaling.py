"""How many replicas, what decides it, and how fast it changes."""

from __future__ import annotations

from typing import Literal

from svc.diagnostics import Route
from svc.records import dataclass
from svc.resolve.types.process import SecretKey

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """An autoscaling target. Utilization in percent for cpu and memory; the other kinds name a metric."""

    kind: Literal["cpu", "memory", "pods", "external", "object"]
    target: str
    name: str = ""
    at: Route = ()
    in_all: bool = False
    """The target is for all pods together, not for each."""
    selector: Pairs = ()
    described: tuple[str, str, str] = ("", "", "")
    """Of `object`: API, kind and name."""


@dataclass(frozen=True, slots=True)
class Step:
    unit: Literal["Pods", "Percent"]
    value: int
    period: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast replicas change in one direction; `window` in seconds."""

    window: int | None
    select: Literal["Max", "Min", "Disabled"]
    steps: tuple[Step, ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class TriggerAuth:
    """`made`: an object of ours, of `secrets` (parameter of the scaler, and what it is) and `identity`."""

    name: str
    cluster: bool
    made: bool
    secrets: tuple[tuple[str, SecretKey, Route], ...] = ()
    identity: str = ""
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    name: str
    type: str
    metadata: Pairs
    metric_type: str
    auth: TriggerAuth | None
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Fallback:
    failures: int
    replicas: int
    behavior: str
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Events:
    """What KEDA makes an autoscaler of. Times in seconds, None: KEDA's default."""

    triggers: tuple[Trigger, ...]
    polling: int | None
    cooldown: int | None
    idle: int | None
    fallback: Fallback | None
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """Neither `metrics` nor `events`: `min` fixed replicas, no autoscaler."""

    min: int
    max: int
    metrics: tuple[Metric, ...]
    at: Route = ()
    up: Rate | None = None
    down: Rate | None = None
    events: Events | None = None

    @property
    def driven(self) -> bool:
        return bool(self.metrics) or self.events is not None
