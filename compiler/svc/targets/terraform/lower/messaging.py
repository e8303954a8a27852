"""Queues (SQS, with a dead letter queue) and topics (SNS)."""

from __future__ import annotations

from typing import Any

from svc.records import replace
from svc.targets.terraform.build import Nested, data, ex, jsonencode, output, resource, shared, template
from svc.targets.terraform.lower import connection
from svc.targets.terraform.lower.fitting import need_name
from svc.targets.terraform.scene import NAME, Managed, Owned, Part, Scene, merged
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
    return merged([*queues, *(replace(_topics(one.own), inputs=scene.enabled(one)) for one in scene.managed("topic"))])


def _queue(scene: Scene, managed: Managed) -> Part:
    made = _queues(managed.own, need_name(scene, managed, 80 - len("-dead-letter.fifo")))
    return replace(made, inputs=scene.enabled(managed))


@shared
def _queues(own: Owned, name: str) -> Part:
    at, dead = own.at, f"{own.id}_dead_letter"
    known: dict[str, Value] = {
        "url": ex(own.ref(QUEUE, "url")),
        "name": ex(own.ref(QUEUE, "name")),
        "arn": ex(own.ref(QUEUE, "arn")),
        "region": ex("var.region"),
    }
    redrive = {"deadLetterTargetArn": ex(own.ref(QUEUE, "arn", dead)), "maxReceiveCount": 5}
    allow = {"redrivePermission": "byQueue", "sourceQueueArns": [ex(own.ref(QUEUE, "arn"))]}
    main = {**_attributes(own, name), "receive_wait_time_seconds": 20, "redrive_policy": jsonencode(redrive)}
    letters = {**_attributes(own, f"{name}-dead-letter"), "message_retention_seconds": 1209600}
    redriven = {
        **own.count(),
        "queue_url": ex(own.ref(QUEUE, "id", dead)),
        "redrive_allow_policy": jsonencode(allow),
    }
    blocks = (
        resource(QUEUE, own.id, main, at),
        resource(QUEUE, dead, letters, at, "Messages that failed five times."),
        resource("aws_sqs_queue_redrive_allow_policy", own.id, redriven, at),
        *_tls_only(own, QUEUE, "sqs", own.id, "aws_sqs_queue_policy"),
        *_tls_only(own, QUEUE, "sqs", dead, "aws_sqs_queue_policy"),
    )
    return Part(
        {"queue.tf": blocks, "secrets.tf": connection.secret(own, known)},
        (),
        (output(f"{own.id}_url", f"URL of the queue {own.name}.", own.shown(QUEUE, "url"), at),),
        (own.grant(_sid("Queue", own), CONSUME, QUEUE),),
        problems=connection.unknown_outputs(own, known),
    )


def _attributes(own: Owned, name: str) -> dict[str, Any]:
    fifo = own.fifo
    return {
        **own.count(),
        "name": template(f"{name}{'.fifo' if fifo else ''}"),
        **({"fifo_queue": True, "content_based_deduplication": True} if fifo else {}),
        "kms_master_key_id": ex("aws_kms_key.service.arn"),
        "kms_data_key_reuse_period_seconds": 300,
    }


@shared
def _topics(own: Owned) -> Part:
    at, fifo = own.at, own.fifo
    name = f"{NAME}-{own.name}-${{var.environment}}{'.fifo' if fifo else ''}"
    known: dict[str, Value] = {
        "arn": ex(own.ref(TOPIC, "arn")),
        "url": ex(own.ref(TOPIC, "arn")),
        "name": ex(own.ref(TOPIC, "name")),
        "region": ex("var.region"),
    }
    parts = {
        **own.count(),
        "name": template(name),
        **({"fifo_topic": True, "content_based_deduplication": True} if fifo else {}),
        "kms_master_key_id": ex("aws_kms_key.service.arn"),
    }
    blocks = (
        resource(TOPIC, own.id, parts, at),
        *_tls_only(own, TOPIC, "sns", own.id, "aws_sns_topic_policy"),
    )
    return Part(
        {"topic.tf": blocks, "secrets.tf": connection.secret(own, known)},
        (),
        (output(f"{own.id}_arn", f"ARN of the topic {own.name}.", own.shown(TOPIC, "arn"), at),),
        (own.grant(_sid("Topic", own), ("sns:Publish",), TOPIC),),
        problems=connection.unknown_outputs(own, known),
    )


def _tls_only(own: Owned, type_: str, service: str, name: str, policy: str) -> tuple[Block, ...]:
    """Only identities of this account, by their own policies, and only over TLS."""
    arn, at = ex(own.ref(type_, "arn", name)), own.at
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
    target = {"queue_url": ex(own.ref(type_, "id", name))} if service == "sqs" else {"arn": arn}
    document = own.ref("aws_iam_policy_document", "json", f"{name}_{service}")
    return (
        data("aws_iam_policy_document", f"{name}_{service}", {**own.count(), "statement": deny}, at),
        resource(policy, name, {**own.count(), **target, "policy": ex(f"data.{document}")}, at),
    )


def _sid(word: str, own: Owned) -> str:
    return word + "".join(part.capitalize() for part in own.id.split("_"))
