"""How a new version replaces the old one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from svc.model.base import Command, Part, about, required
from svc.model.health import HttpProbe
from svc.model.mapped import Chosen, after
from svc.model.scalars import Count, CountOrPercent, Duration
from svc.model.spelled import refuse


def _which(value: Any) -> int:
    """A wait, a command or a request."""
    if isinstance(value, dict | StopRequest):
        return 2
    return 1 if isinstance(value, list) else 0


class StopRequest(Part):
    """A GET to the process before SIGTERM."""

    http: HttpProbe = required("What is asked.", {"path": "/drain", "port": "http"})


WaitOrCommand = Annotated[Duration | Command | StopRequest, Chosen(_which)]


class Rollout(Part):
    """How a new version replaces the old one."""

    strategy: Literal["rolling", "recreate"] = about("Replace one by one, or stop all first.", default="rolling")
    max_surge: CountOrPercent | None = about("Extra pods during a rolling update; 25% unless given.", "25%")
    max_unavailable: CountOrPercent | None = about("Missing pods during a rolling update; 0 unless given.", "0")
    grace: Duration | None = about("Time between SIGTERM and SIGKILL; 30s unless given.", "30s")
    pre_stop: WaitOrCommand | None = about("Seconds to wait, a command to run, or a request, before SIGTERM.", "5s")
    min_ready: Duration = about("How long a new pod must be ready to count.", "10s", default=0)
    deadline: Duration = about("When a rollout that makes no progress has failed.", "10m", default=600)
    history: Count = about("Old versions kept for rollback.", default=3)

    @after
    def _recreate_has_no_rolling_values(self) -> Rollout:
        rolling = [name for name in ("max_surge", "max_unavailable") if getattr(self, name) is not None]
        if self.strategy == "recreate" and rolling:
            raise refuse(
                f"strategy recreate stops all pods first, so `{rolling[0]}` means nothing: remove it, or write strategy: rolling",
                rolling[0],
            )
        return self
