"""Buckets (S3)."""

from __future__ import annotations

from typing import Any

from svc.records import replace
from svc.targets.terraform.build import Nested, data, ex, output, resource, shared, template
from svc.targets.terraform.lower import connection, replication
from svc.targets.terraform.lower.fitting import need_name
from svc.targets.terraform.scene import NAME, UNSET, Input, Managed, Owned, Part, Scene, merged
from svc.targets.terraform.types import Block, Value

BUCKET = "aws_s3_bucket"


def lower(scene: Scene) -> Part:
    return merged(_bucket(scene, one) for one in scene.managed("bucket"))


def _bucket(scene: Scene, managed: Managed) -> Part:
    made = _blocks(managed.own, need_name(scene, managed, 63 - 13))
    copies = replication.lower(scene, managed)
    return merged((replace(made, inputs=(*scene.enabled(managed), _log_bucket(scene))), copies))


@shared
def _blocks(own: Owned, name: str) -> Part:
    known: dict[str, Value] = {
        "name": ex(own.ref(BUCKET, "bucket")),
        "url": template(f"s3://${{{own.ref(BUCKET, 'bucket')}}}"),
        "arn": ex(own.ref(BUCKET, "arn")),
        "region": ex("var.region"),
    }
    word = "".join(part.capitalize() for part in own.id.split("_"))
    objects = ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject")
    return Part(
        {"storage.tf": (*_settings(own, name), *_policy(own)), "secrets.tf": connection.secret(own, known)},
        outputs=(output(f"{own.id}_bucket", f"Name of the bucket {own.name}.", own.shown(BUCKET, "bucket"), own.at),),
        grants=(
            own.grant(f"Bucket{word}List", ("s3:GetBucketLocation", "s3:ListBucket"), BUCKET),
            own.grant(f"Bucket{word}Objects", objects, BUCKET, "/*"),
        ),
        problems=connection.unknown_outputs(own, known),
    )


def _log_bucket(scene: Scene) -> Input:
    return Input(
        "access_log_bucket",
        "string",
        "Bucket of the platform that collects S3 access logs of this account and region.",
        check=(
            'can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.access_log_bucket))',
            "A bucket name has 3 to 63 of a-z, 0-9, - and the dot.",
        ),
        values={one.environment: UNSET for one in scene.environments},
    )


def _settings(own: Owned, name: str) -> list[Block]:
    bucket = {"bucket": ex(own.ref(BUCKET, "id"))}
    encryption = {"sse_algorithm": "aws:kms", "kms_master_key_id": ex("aws_kms_key.service.arn")}
    rules = {
        "abort-incomplete-uploads": {"abort_incomplete_multipart_upload": Nested({"days_after_initiation": 7})},
        "expire-old-versions": {"noncurrent_version_expiration": Nested({"noncurrent_days": 90})},
    }
    lifecycle = [
        Nested({"id": rule, "status": "Enabled", "filter": Nested({}), **parts}) for rule, parts in rules.items()
    ]
    settings: dict[str, dict[str, Any]] = {
        BUCKET: {"bucket": template(f"{name}-${{var.account_id}}")},
        "aws_s3_bucket_public_access_block": {
            **bucket,
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
        "aws_s3_bucket_ownership_controls": {**bucket, "rule": Nested({"object_ownership": "BucketOwnerEnforced"})},
        "aws_s3_bucket_versioning": {**bucket, "versioning_configuration": Nested({"status": "Enabled"})},
        "aws_s3_bucket_server_side_encryption_configuration": {
            **bucket,
            "rule": Nested({"bucket_key_enabled": True, "apply_server_side_encryption_by_default": Nested(encryption)}),
        },
        "aws_s3_bucket_lifecycle_configuration": {**bucket, "rule": lifecycle},
        "aws_s3_bucket_logging": {
            **bucket,
            "target_bucket": ex("var.access_log_bucket"),
            "target_prefix": template(f"{NAME}/${{var.environment}}/{own.name}/"),
        },
        "aws_s3_bucket_notification": {**bucket, "eventbridge": True},
    }
    return [resource(type_, own.id, {**own.count(), **parts}, own.at) for type_, parts in settings.items()]


def _policy(own: Owned) -> tuple[Block, ...]:
    arn, at = own.ref(BUCKET, "arn"), own.at
    deny = Nested(
        {
            "sid": "DenyWithoutTls",
            "effect": "Deny",
            "actions": ["s3:*"],
            "resources": [ex(arn), template(f"${{{arn}}}/*")],
            "principals": Nested({"type": "AWS", "identifiers": ["*"]}),
            "condition": Nested({"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}),
        }
    )
    document = own.ref("aws_iam_policy_document", "json", f"{own.id}_bucket")
    parts = {
        **own.count(),
        "bucket": ex(own.ref(BUCKET, "id")),
        "policy": ex(f"data.{document}"),
        "depends_on": [ex(f"aws_s3_bucket_public_access_block.{own.id}")],
    }
    return (
        data("aws_iam_policy_document", f"{own.id}_bucket", {**own.count(), "statement": deny}, at),
        resource("aws_s3_bucket_policy", own.id, parts, at),
    )
