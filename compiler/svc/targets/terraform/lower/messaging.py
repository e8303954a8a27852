"""Queues (SQS, with a dead letter queue) and topics (SNS)."""

from __future__ import annotations

from typing import Any

from svc.targets.terraform.build import Nested, data, ex, jsonencode, output, resource, template
from svc.targets.terraform.lower import connection
from svc.targets.terraform.lower.fitting import need_name
from svc.targets.terraform.scene import Managed, Part, Scene, merged
from svc.targets.terraform.types import Block, Value

QUEUE, TOPIC = "aws_sqs_queue", "aws_sns_topic"
CONSUME = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
)


def lower(scene: Scene) -> Part:
    queues = [_queue(scene, one) for one in scene.managed("queue")]
    return merged([*queues, *(_topic(scene, one) for one in scene.managed("topic"))])


def _queue(scene: Scene, managed: Managed) -> Part:
    at, dead = managed.need.at, f"{managed.id}_dead_letter"
    name = need_name(scene, managed, 80 - len("-dead-letter.fifo"))
    known: dict[str, Value] = {
        "url": ex(managed.ref(QUEUE, "url")),
        "name": ex(managed.ref(QUEUE, "name")),
        "arn": ex(managed.ref(QUEUE, "arn")),
        "region": ex("var.region"),
    }
    redrive = {"deadLetterTargetArn": ex(managed.ref(QUEUE, "arn", dead)), "maxReceiveCount": 5}
    allow = {"redrivePermission": "byQueue", "sourceQueueArns": [ex(managed.ref(QUEUE, "arn"))]}
    main = {**_attributes(managed, name), "receive_wait_time_seconds": 20, "redrive_policy": jsonencode(redrive)}
    letters = {**_attributes(managed, f"{name}-dead-letter"), "message_retention_seconds": 1209600}
    redriven = {
        **managed.count(),
        "queue_url": ex(managed.ref(QUEUE, "id", dead)),
        "redrive_allow_policy": jsonencode(allow),
    }
    blocks = (
        resource(QUEUE, managed.id, main, at),
        resource(QUEUE, dead, letters, at, "Messages that failed five times."),
        resource("aws_sqs_queue_redrive_allow_policy", managed.id, redriven, at),
        *_tls_only(managed, QUEUE, "sqs", managed.id, "aws_sqs_queue_policy"),
        *_tls_only(managed, QUEUE, "sqs", dead, "aws_sqs_queue_policy"),
    )
    return Part(
        {"queue.tf": blocks, "secrets.tf": connection.secret(scene, managed, known)},
        scene.enabled(managed),
        (output(f"{managed.id}_url", f"URL of the queue {managed.name}.", managed.shown(QUEUE, "url"), at),),
        (managed.grant(_sid("Queue", managed), CONSUME, QUEUE),),
        problems=connection.unknown_outputs(managed, known),
    )


def _attributes(managed: Managed, name: str) -> dict[str, Any]:
    fifo = managed.need.fifo
    return {
        **managed.count(),
        "name": template(f"{name}{'.fifo' if fifo else ''}"),
        **({"fifo_queue": True, "content_based_deduplication": True} if fifo else {}),
        "kms_master_key_id": ex("aws_kms_key.service.arn"),
        "kms_data_key_reuse_period_seconds": 300,
    }


def _topic(scene: Scene, managed: Managed) -> Part:
    at, fifo = managed.need.at, managed.need.fifo
    name = f"{scene.name}-{managed.name}-${{var.environment}}{'.fifo' if fifo else ''}"
    known: dict[str, Value] = {
        "arn": ex(managed.ref(TOPIC, "arn")),
        "url": ex(managed.ref(TOPIC, "arn")),
        "name": ex(managed.ref(TOPIC, "name")),
        "region": ex("var.region"),
    }
    parts = {
        **managed.count(),
        "name": template(name),
        **({"fifo_topic": True, "content_based_deduplication": True} if fifo else {}),
        "kms_master_key_id": ex("aws_kms_key.service.arn"),
    }
    blocks = (
        resource(TOPIC, managed.id, parts, at),
        *_tls_only(managed, TOPIC, "sns", managed.id, "aws_sns_topic_policy"),
    )
    return Part(
        {"topic.tf": blocks, "secrets.tf": connection.secret(scene, managed, known)},
        scene.enabled(managed),
        (output(f"{managed.id}_arn", f"ARN of the topic {managed.name}.", managed.shown(TOPIC, "arn"), at),),
        (managed.grant(_sid("Topic", managed), ("sns:Publish",), TOPIC),),
        problems=connection.unknown_outputs(managed, known),
    )


def _tls_only(managed: Managed, type_: str, service: str, name: str, policy: str) -> tuple[Block, ...]:
    """Only identities of this account, by their own policies, and only over TLS."""
    arn, at = ex(managed.ref(type_, "arn", name)), managed.need.at
    action = "sqs:SendMessage" if service == "sqs" else "sns:Publish"
    deny = Nested(
        {
            "sid": "DenyWithoutTls",
            "effect": "Deny",
            "actions": [action, "sqs:ReceiveMessage"] if service == "sqs" else [action],
            "resources": [arn],
            "principals": Nested({"type": "AWS", "identifiers": ["*"]}),
            "condition": Nested({"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}),
        }
    )
    target = {"queue_url": ex(managed.ref(type_, "id", name))} if service == "sqs" else {"arn": arn}
    document = managed.ref("aws_iam_policy_document", "json", f"{name}_{service}")
    return (
        data("aws_iam_policy_document", f"{name}_{service}", {**managed.count(), "statement": deny}, at),
        resource(policy, name, {**managed.count(), **target, "policy": ex(f"data.{document}")}, at),
    )


def _sid(word: str, managed: Managed) -> str:
    return word + "".join(part.capitalize() for part in managed.id.split("_"))
