"""Redis as an ElastiCache replication group."""

from __future__ import annotations

from typing import Any

from svc.targets.terraform.build import Nested, ex, output, resource, shared, template
from svc.targets.terraform.lower import connection, network
from svc.targets.terraform.lower.fitting import need_name
from svc.targets.terraform.lower.logs import log_group
from svc.targets.terraform.scene import NAME, Input, Managed, Owned, Part, Scene, merged
from svc.targets.terraform.types import Block, Value

GROUP = "aws_elasticache_replication_group"
PORT = 6379
NODES = {"small": "cache.t4g.small", "medium": "cache.m7g.large", "large": "cache.r7g.xlarge"}


def lower(scene: Scene) -> Part:
    return merged(_cache(scene, one) for one in scene.managed("redis"))


def _cache(scene: Scene, managed: Managed) -> Part:
    made = _blocks(managed.own, need_name(scene, managed, 40 - len("-default")))
    return Part(
        made.files,
        (*scene.enabled(managed), *_inputs(scene, managed), network.subnets_input(scene)),
        made.outputs,
        problems=made.problems,
    )


@shared
def _blocks(own: Owned, name: str) -> Part:
    known, at = _outputs(own), own.at
    blocks = (
        connection.password(own),
        *network.security_group(own, PORT),
        network.subnet_group("aws_elasticache_subnet_group", own, name),
        log_group(own.id, f"/aws/elasticache/{name}", at, own.count()),
        *_user(own, name),
        resource(GROUP, own.id, _group(own, name), at),
    )
    host = own.shown(GROUP, "primary_endpoint_address")
    secret = connection.secret(own, known, f"var.{own.id}_password_version")
    return Part(
        {"cache.tf": blocks, "secrets.tf": secret},
        outputs=(output(f"{own.id}_endpoint", f"Host name of {own.name}.", host, at),),
        problems=connection.unknown_outputs(own, known),
    )


def engine(need: Owned) -> tuple[str, str]:
    """ElastiCache offers Redis up to 7.1; what is newer runs as Valkey, which speaks the same protocol."""
    major = need.version.split(".")[0] or "7"
    if int(major) >= 8:
        return "valkey", "8.0"
    return "redis", "7.1" if major == "7" else "6.2"


def _group(own: Owned, name: str) -> dict[str, Any]:
    kind, version = engine(own)
    several = ex(f"var.{own.id}_multi_az")
    return {
        **own.count(),
        "replication_group_id": template(name),
        "description": template(f"{own.name} of {NAME}."),
        "engine": kind,
        "engine_version": version,
        "node_type": ex(f"var.{own.id}_node_type"),
        "num_cache_clusters": ex(f"var.{own.id}_multi_az ? 2 : 1"),
        "automatic_failover_enabled": several,
        "multi_az_enabled": several,
        "port": PORT,
        "subnet_group_name": ex(own.ref("aws_elasticache_subnet_group", "name")),
        "security_group_ids": [ex(own.ref("aws_security_group", "id"))],
        "at_rest_encryption_enabled": True,
        "kms_key_id": ex("aws_kms_key.service.arn"),
        "transit_encryption_enabled": True,
        "transit_encryption_mode": "required",
        "user_group_ids": [ex(own.ref("aws_elasticache_user_group", "user_group_id"))],
        "snapshot_retention_limit": 7,
        "final_snapshot_identifier": template(f"{name}-final"),
        "auto_minor_version_upgrade": True,
        "apply_immediately": False,
        "log_delivery_configuration": Nested(
            {
                "destination": ex(own.ref("aws_cloudwatch_log_group", "name")),
                "destination_type": "cloudwatch-logs",
                "log_format": "json",
                "log_type": "slow-log",
            }
        ),
    }


def _user(own: Owned, name: str) -> tuple[Block, ...]:
    """Redis' default user, so that a client may authenticate by password alone."""
    at = own.at
    common = {**own.count(), "engine": engine(own)[0]}
    user = {
        **common,
        "user_id": template(f"{name}-default"),
        "user_name": "default",
        "access_string": "on ~* &* +@all -@admin",
        "passwords_wo": ex(_token(own)),
        "passwords_wo_version": ex(f"var.{own.id}_password_version"),
    }
    users = [ex(own.ref("aws_elasticache_user", "user_id"))]
    group = {**common, "user_group_id": template(name), "user_ids": users}
    return (
        resource("aws_elasticache_user", own.id, user, at, "The user of clients that have a password only."),
        resource("aws_elasticache_user_group", own.id, group, at),
    )


def _token(own: Owned) -> str:
    return "ephemeral." + own.ref("aws_secretsmanager_random_password", "random_password")


def _outputs(own: Owned) -> dict[str, Value]:
    host, port = (own.ref(GROUP, part) for part in ("primary_endpoint_address", "port"))
    return {
        "url": template(f"rediss://:${{{_token(own)}}}@${{{host}}}:${{{port}}}"),
        "host": ex(host),
        "port": ex(f"tostring({port})"),
        "password": ex(_token(own)),
    }


def _inputs(scene: Scene, managed: Managed) -> tuple[Input, ...]:
    name, at = managed.id, managed.need.at
    return (
        Input(
            f"{name}_node_type",
            "string",
            f"Node type of {managed.name}.",
            NODES["small"],
            (
                f'can(regex("^cache[.][a-z0-9.-]+$", var.{name}_node_type))',
                'An ElastiCache node type starts with "cache.".',
            ),
            scene.sized(managed, lambda need: NODES[need.size]),
            at,
        ),
        Input(
            f"{name}_multi_az",
            "bool",
            f"Whether {managed.name} has a second node in another availability zone, which takes over.",
            True,
            values=scene.sized(managed, lambda need: need.multi_zone or need.size != "small"),
            at=at,
        ),
        connection.password_version(managed.own),
    )
