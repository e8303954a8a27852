"""What every module has: versions, backend, provider, the cluster, the key."""

from __future__ import annotations

import json
from typing import Any

from svc import pins
from svc.targets.terraform.build import Nested, body, data, ex, jsonencode, output, resource, shared, template
from svc.targets.terraform.scene import NAME, Input, Part, Scene
from svc.targets.terraform.types import Block

REQUIRED_VERSION = ">= 1.11.0, < 2.0.0"
"""Write-only arguments came with 1.11."""


def lower(scene: Scene) -> Part:
    return Part(_settings(), _inputs(scene), locals={"name": scene.name, "tags": _tags(scene)})


@shared
def _settings() -> dict[str, tuple[Block, ...]]:
    versions = Nested({"aws": {"source": "hashicorp/aws", "version": pins.provider("hashicorp/aws").version}})
    settings = {"required_version": REQUIRED_VERSION, "required_providers": versions}
    backend = Nested({"encrypt": True, "use_lockfile": True}, ("s3",))
    provider = {
        "region": ex("var.region"),
        "allowed_account_ids": [ex("var.account_id")],
        "default_tags": Nested({"tags": ex("local.tags")}),
    }
    comment = "Bucket, key and region: terraform init -backend-config=environments/<environment>.s3.tfbackend"
    return {
        "versions.tf": (Block("terraform", (), body(settings)),),
        "backend.tf": (Block("terraform", (), body({"backend": backend}), comment),),
        "providers.tf": (Block("provider", ("aws",), body(provider), origin=("cloud",)),),
    }


def _tags(scene: Scene) -> dict[str, Any]:
    first = scene.first
    team = {"team": first.team} if first.team else {}
    return {
        "service": ex("local.name"),
        "environment": ex("var.environment"),
        **team,
        **dict(first.labels),
        "managed-by": "svc",
    }


def _inputs(scene: Scene) -> tuple[Input, ...]:
    known = json.dumps([one.environment for one in scene.environments])
    return (
        Input(
            "environment",
            "string",
            "Environment that this state describes.",
            check=(
                f"contains({known}, var.environment)",
                f"The environment must be one of {known[1:-1]}.".replace('"', ""),
            ),
            values=scene.per(lambda one: one.environment),
        ),
        Input(
            "region",
            "string",
            "AWS region of the environment.",
            check=('can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))', "A region looks like eu-west-1."),
            values=scene.per(lambda one: one.cloud.region),
            at=("cloud",),
        ),
        Input(
            "account_id",
            "string",
            "AWS account of the environment; nothing is ever applied to another one.",
            check=('can(regex("^[0-9]{12}$", var.account_id))', "An account id has 12 digits."),
            values=scene.per(lambda one: one.cloud.account),
            at=("cloud",),
        ),
    )


@shared
def partition() -> Block:
    return data("aws_partition", "current", {})


def cluster(scene: Scene) -> Part:
    """The EKS cluster, which the platform owns."""
    return Part(
        {"main.tf": (_cluster(),)},
        (
            Input(
                "cluster_name",
                "string",
                "EKS cluster that runs the service.",
                check=(
                    'can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$", var.cluster_name))',
                    "The name of the cluster is needed: letters, digits, - and _.",
                ),
                values=scene.per(lambda one: one.cloud.cluster),
                at=("cloud",),
            ),
            Input(
                "namespace",
                "string",
                "Kubernetes namespace of the service.",
                check=(
                    'can(regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", var.namespace))',
                    "A namespace is a DNS label.",
                ),
                values=scene.per(lambda one: one.namespace),
            ),
        ),
    )


@shared
def _cluster() -> Block:
    return data("aws_eks_cluster", "this", {"name": ex("var.cluster_name")}, ("cloud",))


@shared
def key() -> Part:
    """One key for everything of the service at rest; CloudWatch and the alarms' messages use it as well."""
    parts = {
        "description": template(f"Data of {NAME} in ${{var.environment}}."),
        "enable_key_rotation": True,
        "deletion_window_in_days": 30,
        "policy": jsonencode({"Version": "2012-10-17", "Statement": [_of_account(), _of_logs()]}),
    }
    alias = {
        "name": template(f"alias/{NAME}-${{var.environment}}"),
        "target_key_id": ex("aws_kms_key.service.key_id"),
    }
    comment = "In a key's policy, `*` means this key; the account's own policies decide who may use it."
    return Part(
        {
            "kms.tf": (
                resource("aws_kms_key", "service", parts, comment=comment),
                resource("aws_kms_alias", "service", alias),
            )
        },
        outputs=(output("kms_key_arn", "Key that encrypts the service's data.", ex("aws_kms_key.service.arn")),),
    )


def _of_account() -> dict[str, Any]:
    """The statement of a key's policy that leaves everything to the account's own policies."""
    return {
        "Sid": "Account",
        "Effect": "Allow",
        "Principal": {
            "AWS": template("arn:${data.aws_partition.current.partition}:iam::${var.account_id}:root"),
        },
        "Action": "kms:*",
        "Resource": "*",
    }


def _of_logs() -> dict[str, Any]:
    """The statement of a key's policy for CloudWatch: the logs of this account in this region."""
    every = "arn:${data.aws_partition.current.partition}:logs:${var.region}:${var.account_id}:log-group:*"
    return {
        "Sid": "Logs",
        "Effect": "Allow",
        "Principal": {"Service": template("logs.${var.region}.amazonaws.com")},
        "Action": [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": template(every)}},
    }
