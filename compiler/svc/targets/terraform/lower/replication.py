"""Copies of a bucket in another region, where an environment names a bucket for them."""

from __future__ import annotations

from typing import Any

from svc.targets.terraform.build import Nested, data, ex, resource, shared, template
from svc.targets.terraform.lower.fitting import need_name
from svc.targets.terraform.scene import Input, Managed, Owned, Part, Scene
from svc.targets.terraform.types import Block

BUCKET = "aws_s3_bucket"


def lower(scene: Scene, managed: Managed) -> Part:
    blocks = _blocks(managed.own, need_name(scene, managed, 64 - len("-replication")))
    return Part({"storage.tf": blocks}, (_input(scene, managed),))


@shared
def _blocks(own: Owned, name: str) -> tuple[Block, ...]:
    replica, at = f"var.{own.id}_replica", own.at
    condition = own.count(f"{replica} != null")
    role = {
        **condition,
        "name": template(f"{name}-replication"),
        "description": f"Lets S3 copy the objects of {own.name} to its replica.",
        "assume_role_policy": ex(f"data.aws_iam_policy_document.{own.id}_replication_trust.json"),
    }
    policy = {
        **condition,
        "name": "replicate",
        "role": ex(f"aws_iam_role.{own.id}_replication[0].name"),
        "policy": ex(f"data.aws_iam_policy_document.{own.id}_replication[0].json"),
    }
    return (
        data("aws_iam_policy_document", f"{own.id}_replication_trust", {"statement": _trust()}, at),
        data(
            "aws_iam_policy_document",
            f"{own.id}_replication",
            {**condition, "statement": _statements(own, replica)},
            at,
        ),
        resource("aws_iam_role", f"{own.id}_replication", role, at),
        resource("aws_iam_role_policy", f"{own.id}_replication", policy, at),
        resource("aws_s3_bucket_replication_configuration", own.id, _rule(own, replica, condition), at),
    )


def _input(scene: Scene, managed: Managed) -> Input:
    name = f"{managed.id}_replica"
    bucket = f'regex("^arn:[a-z-]+:s3:::[a-z0-9.-]+$", var.{name}.bucket_arn)'
    key = f'regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{{12}}:key/[A-Za-z0-9-]+$", var.{name}.kms_key_arn)'
    return Input(
        name,
        "object({ bucket_arn = string, kms_key_arn = string })",
        f"Bucket in another region that receives a copy of {managed.name}, and its key; null for no copy.",
        check=(f"var.{name} == null || can([{bucket}, {key}])", "The ARNs of a bucket and of a key are needed."),
        values={one.environment: None for one in scene.environments},
        at=managed.need.at,
    )


def _trust() -> Nested:
    return Nested(
        {
            "actions": ["sts:AssumeRole"],
            "principals": Nested({"type": "Service", "identifiers": ["s3.amazonaws.com"]}),
            "condition": Nested(
                {"test": "StringEquals", "variable": "aws:SourceAccount", "values": [ex("var.account_id")]}
            ),
        }
    )


def _statements(own: Owned, replica: str) -> list[Nested]:
    arn = own.ref(BUCKET, "arn")
    objects = template(f"${{{arn}}}/*")
    read = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
    write = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"]
    made = [
        ("ReadConfiguration", ["s3:GetReplicationConfiguration", "s3:ListBucket"], ex(arn)),
        ("ReadObjects", read, objects),
        ("WriteCopies", write, template(f"${{{replica}.bucket_arn}}/*")),
        ("Decrypt", ["kms:Decrypt"], ex("aws_kms_key.service.arn")),
        ("Encrypt", ["kms:Encrypt"], ex(f"{replica}.kms_key_arn")),
    ]
    return [Nested({"sid": sid, "actions": actions, "resources": [on]}) for sid, actions, on in made]


def _rule(own: Owned, replica: str, condition: dict[str, Any]) -> dict[str, Any]:
    encryption = Nested({"replica_kms_key_id": ex(f"{replica}.kms_key_arn")})
    destination = Nested({"bucket": ex(f"{replica}.bucket_arn"), "encryption_configuration": encryption})
    selection = Nested({"sse_kms_encrypted_objects": Nested({"status": "Enabled"})})
    return {
        **condition,
        "bucket": ex(own.ref(BUCKET, "id")),
        "role": ex(f"aws_iam_role.{own.id}_replication[0].arn"),
        "rule": Nested(
            {
                "id": "all",
                "status": "Enabled",
                "filter": Nested({}),
                "delete_marker_replication": Nested({"status": "Enabled"}),
                "source_selection_criteria": selection,
                "destination": destination,
            }
        ),
        "depends_on": [ex(f"aws_s3_bucket_versioning.{own.id}")],
    }
