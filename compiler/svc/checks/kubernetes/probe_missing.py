"""A container that opens ports has no probe of a kind; with `portless`, one that opens none, which may be a worker."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import LONG_RUNNING, Found, name
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    probe: str = "readinessProbe"
    portless: bool = False


KINDS = LONG_RUNNING


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.kind not in LONG_RUNNING or mapping(manifest.pod).get("restartPolicy") in ("Never", "OnFailure"):
        return
    serving = any(container.get("ports") for _, container in manifest.containers("containers"))
    for route, container in manifest.containers("containers"):
        if params.probe in container or (serving if params.portless else not container.get("ports")):
            continue
        yield route, f"{name(container)} has no {params.probe}"
