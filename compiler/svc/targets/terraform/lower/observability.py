"""The service's log group, and alarms on what it owns."""

from __future__ import annotations

from typing import Any

from svc.records import dataclass, replace
from svc.targets.terraform.build import ex, output, resource, shared, template
from svc.targets.terraform.lower.logs import log_group
from svc.targets.terraform.scene import NAME, UNSET, Input, Owned, Part, Scene
from svc.targets.terraform.types import Block

KEPT = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
AT = ("cloud",)


@dataclass(frozen=True, slots=True)
class Watch:
    """A metric of a resource and the value past which somebody should look."""

    name: str
    text: str
    namespace: str
    metric: str
    statistic: str
    comparison: str
    threshold: int | str
    dimension: str
    resource: str
    attribute: str
    suffix: str = ""


ABOVE, BELOW = "GreaterThanThreshold", "LessThanThreshold"
WATCHES: dict[str, tuple[Watch, ...]] = {
    "database": (
        Watch(
            "cpu",
            "uses more than 80 % of its processor",
            "AWS/RDS",
            "CPUUtilization",
            "Average",
            ABOVE,
            80,
            "DBInstanceIdentifier",
            "aws_db_instance",
            "identifier",
        ),
        Watch(
            "storage",
            "has less than 5 GiB of storage left",
            "AWS/RDS",
            "FreeStorageSpace",
            "Minimum",
            BELOW,
            5 * 2**30,
            "DBInstanceIdentifier",
            "aws_db_instance",
            "identifier",
        ),
    ),
    "redis": (
        Watch(
            "memory",
            "uses more than 80 % of its memory",
            "AWS/ElastiCache",
            "DatabaseMemoryUsagePercentage",
            "Maximum",
            ABOVE,
            80,
            "ReplicationGroupId",
            "aws_elasticache_replication_group",
            "id",
        ),
    ),
    "queue": (
        Watch(
            "age",
            "has messages older than 15 minutes",
            "AWS/SQS",
            "ApproximateAgeOfOldestMessage",
            "Maximum",
            ABOVE,
            900,
            "QueueName",
            "aws_sqs_queue",
            "name",
        ),
        Watch(
            "dead_letters",
            "has messages that failed",
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "Maximum",
            ABOVE,
            0,
            "QueueName",
            "aws_sqs_queue",
            "name",
            "_dead_letter",
        ),
    ),
}
_KINDS = {"postgres": "database", "mysql": "database", "redis": "redis", "queue": "queue"}


def logs(scene: Scene) -> Part:
    allowed = ", ".join(str(days) for days in KEPT)
    retention = Input(
        "log_retention_days",
        "number",
        "How many days CloudWatch keeps the logs.",
        365,
        (f"contains([{allowed}], var.log_retention_days)", "CloudWatch does not offer this retention."),
        scene.per(lambda one: kept(one.cloud.log_retention_days)),
        AT,
    )
    return replace(_group(), inputs=(retention,))


@shared
def _group() -> Part:
    group = log_group("service", f"/services/{NAME}/${{var.environment}}", AT)
    name = output("log_group_name", "Log group of the service.", ex("aws_cloudwatch_log_group.service.name"), AT)
    return Part({"observability.tf": (group,)}, outputs=(name,))


def kept(days: int) -> int:
    """The shortest retention that CloudWatch offers and that keeps logs for so many days."""
    return next((offered for offered in KEPT if offered >= days), KEPT[-1])


def alarms(scene: Scene) -> Part:
    wanted = {one.environment: one.cloud.alarms for one in scene.environments}
    watched = scene.managed(*_KINDS)
    if not watched or not any(wanted.values()):
        return Part()
    always = all(wanted.values())
    blocks = tuple(alarm for managed in watched for alarm in _alarms(managed.own, always))
    switch = Input("alarms_enabled", "bool", "Whether this environment has alarms.", True, values=wanted, at=AT)
    topics = {
        one.environment: one.cloud.alarm_topic or (UNSET if one.cloud.alarms else None) for one in scene.environments
    }
    topic = Input(
        "alarm_topic_arn",
        "string",
        "SNS topic that alarms go to.",
        check=(
            'var.alarm_topic_arn == null || can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$", var.alarm_topic_arn))',
            "The ARN of an SNS topic is needed.",
        ),
        values=topics,
        at=AT,
    )
    actions = {"alarm_actions": ex("var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]")}
    return Part({"observability.tf": blocks}, (topic, *(() if always else (switch,))), locals=actions)


@shared
def _alarms(own: Owned, always: bool) -> tuple[Block, ...]:
    return tuple(_alarm(own, watch, always) for watch in WATCHES[_KINDS[own.type]])


def _alarm(own: Owned, watch: Watch, always: bool) -> Block:
    name = f"{own.id}{watch.suffix}"
    parts: dict[str, Any] = {
        **own.count("" if always else "var.alarms_enabled"),
        "alarm_name": template(f"{NAME}-${{var.environment}}-{own.name}-{watch.name.replace('_', '-')}"),
        "alarm_description": template(f"{own.name} of {NAME} {watch.text}."),
        "namespace": watch.namespace,
        "metric_name": watch.metric,
        "dimensions": {watch.dimension: ex(own.ref(watch.resource, watch.attribute, name))},
        "statistic": watch.statistic,
        "period": 300,
        "evaluation_periods": 3,
        "comparison_operator": watch.comparison,
        "threshold": watch.threshold,
        "treat_missing_data": "notBreaching",
        "actions_enabled": True,
        "alarm_actions": ex("local.alarm_actions"),
        "ok_actions": ex("local.alarm_actions"),
    }
    return resource("aws_cloudwatch_metric_alarm", f"{own.id}_{watch.name}", parts, own.at)
