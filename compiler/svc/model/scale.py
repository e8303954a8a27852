"""How many replicas."""

from __future__ import annotations

from typing import ClassVar

from pydantic import model_validator

from svc.model.base import Part, about
from svc.model.scalars import Count, Duration, Percent, Positive, Quantity, Text
from svc.model.spelled import refuse


class Scale(Part):
    """How many replicas: a number, or a range with what drives it."""

    SHORT: ClassVar[str] = "replicas"
    replicas: Count | None = about("A fixed number.", 3)
    min: Count | None = about("At least so many.", 2)
    max: Positive | None = about("At most so many; makes an autoscaler.", 10)
    cpu: Percent | None = about("Target CPU utilization of the request.", "70%")
    memory: Percent | None = about("Target memory utilization of the request.", "80%")
    metrics: dict[Text, Quantity] = about(
        "Custom pod metric -> average value per pod.", {"queue_depth": "30"}, default_factory=dict
    )
    external: dict[Text, Quantity] = about(
        "Metric from outside the cluster -> average value per pod.", {"orders_waiting": "100"}, default_factory=dict
    )
    scale_up_window: Duration | None = about("How long to look back before adding replicas.", "1m")
    scale_down_window: Duration | None = about("How long to look back before removing replicas.", "5m")

    @model_validator(mode="after")
    def _consistent(self) -> Scale:
        driven = [name for name in ("max", "cpu", "memory") if getattr(self, name) is not None]
        driven += [name for name in ("metrics", "external") if getattr(self, name)]
        if self.replicas is not None and (driven or self.min is not None):
            other = "min" if self.min is not None else driven[0]
            raise refuse(
                f"`replicas` is a fixed number and `{other}` makes an autoscaler: they exclude each other; write min and max, or replicas alone",
                "replicas",
            )
        if self.max is not None and self.min is not None and self.max < self.min:
            raise refuse(f"max {self.max} is less than min {self.min}", "max")
        if driven and self.max is None:
            raise refuse(f"`{driven[0]}` drives an autoscaler, which needs `max`")
        return self
