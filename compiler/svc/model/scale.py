"""How many replicas, what decides it, and how fast it changes."""

from __future__ import annotations

from typing import ClassVar, Literal

from svc.model.base import Part, about, required
from svc.model.mapped import after
from svc.model.scalars import Count, DnsLabel, Duration, LabelKey, LabelValue, Percent, Positive, Quantity, Text, Zero
from svc.model.spelled import refuse
from svc.model.triggers import Fallback, Trigger

_SELECTOR = "Labels that the metric has, when its name alone is not enough."


class PodMetric(Part):
    """A metric of the pods themselves."""

    SHORT: ClassVar[str] = "average"
    average: Quantity = required("Average value per pod.", "30")
    selector: dict[LabelKey, LabelValue] = about(_SELECTOR, {"queue": "orders"}, default_factory=dict)


class OutsideMetric(Part):
    """A metric from elsewhere: an average per pod, or one value for all of them together."""

    SHORT: ClassVar[str] = "average"
    average: Quantity | None = about("Value that each pod can take on.", "100")
    value: Quantity | None = about("Value that is to be held, however many pods there are.", "500")
    selector: dict[LabelKey, LabelValue] = about(_SELECTOR, {"queue": "orders"}, default_factory=dict)

    @after
    def _one_target(self) -> OutsideMetric:
        if (self.average is None) == (self.value is None):
            raise refuse("a metric has exactly one of average (per pod) and value (in all)")
        return self


class ObjectMetric(OutsideMetric):
    """A metric of another object in the namespace, such as the requests that an Ingress gets."""

    SHORT: ClassVar[str] = ""
    kind: Text = required("Kind of the object.", "Ingress")
    name: Text = required("Its name.", "checkout")
    api_version: Text = required("Its API.", "networking.k8s.io/v1")


class ScaleStep(Part):
    """So many pods, or so many percent of them, in a period."""

    pods: Positive | None = about("Pods.", 4)
    percent: Positive | None = about("Percent of the pods that there are.", 100)
    period: Duration = required("In how long a time; at most 30m.", "15s")

    @after
    def _one_unit(self) -> ScaleStep:
        if (self.pods is None) == (self.percent is None):
            raise refuse("a step has exactly one of pods, percent")
        return self


class ScaleRate(Part):
    """How fast the number of replicas may change in one direction; short form: the policies."""

    SHORT: ClassVar[str] = "policies"
    policies: list[ScaleStep] = about(
        "Steps; Kubernetes' own when there are none.", [{"pods": 4, "period": "15s"}], default_factory=list
    )
    select: Literal["max", "min", "disabled"] = about(
        "Which step counts: the largest, the smallest, or none at all, so that it never goes this way.", default="max"
    )


class Scale(Part):
    """How many replicas: a number, or a range with what drives it."""

    SHORT: ClassVar[str] = "replicas"
    replicas: Count | None = about("A fixed number.", 3)
    min: Count | None = about("At least so many; 0 with `triggers` only.", 2)
    max: Positive | None = about("At most so many; makes an autoscaler.", 10)
    cpu: Percent | None = about("Target CPU utilization of the request.", "70%")
    memory: Percent | None = about("Target memory utilization of the request.", "80%")
    metrics: dict[Text, PodMetric] = about(
        "Custom pod metric -> average value per pod.", {"queue_depth": "30"}, default_factory=dict
    )
    external: dict[Text, OutsideMetric] = about(
        "Metric from outside the cluster -> average value per pod.", {"orders_waiting": "100"}, default_factory=dict
    )
    objects: dict[Text, ObjectMetric] = about(
        "Metric of another object -> the object, and the value.",
        {
            "requests_per_second": {
                "kind": "Ingress",
                "name": "checkout",
                "api_version": "networking.k8s.io/v1",
                "value": "2k",
            }
        },
        default_factory=dict,
    )
    triggers: dict[DnsLabel, Trigger] = about(
        "Name of your own -> an event that KEDA scales by; KEDA makes the autoscaler.",
        {
            "orders": {
                "type": "rabbitmq",
                "metadata": {
                    "queueName": "orders",
                    "mode": "QueueLength",
                    "value": "20",
                    "hostFromEnv": "RABBITMQ_URL",
                },
            }
        },
        default_factory=dict,
    )
    scale_up_window: Duration | None = about("How long to look back before adding replicas.", "1m")
    scale_down_window: Duration | None = about("How long to look back before removing replicas.", "5m")
    scale_up: ScaleRate | None = about("How fast replicas are added.", [{"pods": 4, "period": "15s"}])
    scale_down: ScaleRate | None = about("How fast replicas are removed.", [{"percent": 10, "period": "1m"}])
    polling_interval: Duration | None = about("How often KEDA asks the triggers; 30s unless given.", "15s")
    cooldown: Duration | None = about("How long KEDA waits before it goes to zero; 5m unless given.", "10m")
    idle_replicas: Zero | None = about("0: no replicas while no trigger is active, though `min` is higher.", 0)
    fallback: Fallback | None = about(
        "How many replicas there are while a trigger does not answer.", {"failures": 3, "replicas": 4}
    )

    @after
    def _consistent(self) -> Scale:
        named = ("metrics", "external", "objects", "triggers")
        driven = [name for name in ("max", "cpu", "memory") if getattr(self, name) is not None]
        driven += [name for name in named if getattr(self, name)]
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
        other = next((name for name in named[:3] if getattr(self, name)), "")
        if self.triggers and other:
            raise refuse(
                f"with `triggers` the autoscaler is KEDA's, which does not know `{other}`: write a trigger, of type prometheus for example",
                other,
            )
        return self
