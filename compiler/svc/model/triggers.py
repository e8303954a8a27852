"""Scaling by events: what KEDA asks, and with which rights."""

from __future__ import annotations

from typing import ClassVar, Literal

from svc.model.base import Part, about, required
from svc.model.mapped import after
from svc.model.scalars import Count, EnvName, Positive, ScalerType, SubdomainName, Text
from svc.model.spelled import refuse


class TriggerAuthentication(Part):
    """With what KEDA asks: an authentication that is there already, or one that is made of secrets of this service."""

    SHORT: ClassVar[str] = "name"
    name: SubdomainName | None = about("A TriggerAuthentication in the namespace.", "rabbitmq")
    cluster: SubdomainName | None = about("A ClusterTriggerAuthentication.", "platform-aws")
    secrets: dict[Text, EnvName] = about(
        "Parameter of the scaler -> the variable of this process that holds the secret.",
        {"password": "DB_PASSWORD"},
        default_factory=dict,
    )
    identity: Literal["aws", "azure-workload", "gcp"] | None = about("KEDA's workload identity in a cloud.", "aws")

    @after
    def _one_source(self) -> TriggerAuthentication:
        given = [name for name in ("name", "cluster") if getattr(self, name) is not None]
        made = [name for name in ("secrets", "identity") if getattr(self, name)]
        if len(given) > 1 or (given and made) or not (given or made):
            said = " and ".join([*given, *made])
            raise refuse(
                "an authentication is one of name, cluster, or is made of secrets and identity"
                + (f"; found {said}" if said else "")
            )
        return self


class Trigger(Part):
    """What KEDA asks, in the words of its scaler."""

    type: ScalerType = required("KEDA's scaler.", "rabbitmq", "aws-sqs-queue", "prometheus", "cron")
    metadata: dict[Text, Text] = about(
        "What the scaler wants to know. ${...} refers to services and needs; a key that ends with FromEnv names a variable.",
        {"queueName": "orders", "mode": "QueueLength", "value": "20", "hostFromEnv": "RABBITMQ_URL"},
        default_factory=dict,
    )
    metric_type: Literal["AverageValue", "Value", "Utilization"] | None = about(
        "What the target means; the scaler's own unless given.", "AverageValue"
    )
    authentication: TriggerAuthentication | None = about("With what KEDA asks.", {"secrets": {"host": "RABBITMQ_URL"}})


class Fallback(Part):
    """How many replicas there are while a trigger does not answer."""

    failures: Positive = required("After how many failures in a row.", 3)
    replicas: Count = required("Replicas then.", 4)
    behavior: Literal["static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower"] = about(
        "Whether that number counts always, or the present one.", default="static"
    )
