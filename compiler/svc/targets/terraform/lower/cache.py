"""Redis as an ElastiCache replication group."""

from __future__ import annotations

from typing import Any

from svc.resolve.types.needs import Need
from svc.targets.terraform.build import Nested, ex, output, resource, template
from svc.targets.terraform.lower import connection, network
from svc.targets.terraform.lower.fitting import need_name
from svc.targets.terraform.scene import Input, Managed, Part, Scene, merged
from svc.targets.terraform.types import Block, Value

GROUP = "aws_elasticache_replication_group"
PORT = 6379
NODES = {"small": "cache.t4g.small", "medium": "cache.m7g.large", "large": "cache.r7g.xlarge"}


def lower(scene: Scene) -> Part:
    return merged(_cache(scene, one) for one in scene.managed("redis"))


def _cache(scene: Scene, managed: Managed) -> Part:
    known, at = _outputs(managed), managed.need.at
    name = need_name(scene, managed, 40 - len("-default"))
    subnets = {
        **managed.count(),
        "name": template(name),
        "description": f"Private subnets of {managed.name}.",
        "subnet_ids": ex("var.private_subnet_ids"),
    }
    logs = {
        **managed.count(),
        "name": template(f"/aws/elasticache/{name}"),
        "retention_in_days": ex("var.log_retention_days"),
        "kms_key_id": ex("aws_kms_key.service.arn"),
    }
    blocks = (
        connection.password(managed),
        *network.security_group(scene, managed, PORT),
        resource("aws_elasticache_subnet_group", managed.id, subnets, at),
        resource("aws_cloudwatch_log_group", managed.id, logs, at),
        *_user(managed, name),
        resource(GROUP, managed.id, _group(scene, managed, name), at),
    )
    host = managed.shown(GROUP, "primary_endpoint_address")
    return Part(
        {
            "cache.tf": blocks,
            "secrets.tf": connection.secret(scene, managed, known, f"var.{managed.id}_password_version"),
        },
        (*scene.enabled(managed), *_inputs(scene, managed), network.subnets_input(scene)),
        (output(f"{managed.id}_endpoint", f"Host name of {managed.name}.", host, at),),
        problems=connection.unknown_outputs(managed, known),
    )


def engine(need: Need) -> tuple[str, str]:
    """ElastiCache offers Redis up to 7.1; what is newer runs as Valkey, which speaks the same protocol."""
    major = need.version.split(".")[0] or "7"
    if int(major) >= 8:
        return "valkey", "8.0"
    return "redis", "7.1" if major == "7" else "6.2"


def _group(scene: Scene, managed: Managed, name: str) -> dict[str, Any]:
    kind, version = engine(managed.need)
    several = ex(f"var.{managed.id}_multi_az")
    return {
        **managed.count(),
        "replication_group_id": template(name),
        "description": f"{managed.name} of {scene.name}.",
        "engine": kind,
        "engine_version": version,
        "node_type": ex(f"var.{managed.id}_node_type"),
        "num_cache_clusters": ex(f"var.{managed.id}_multi_az ? 2 : 1"),
        "automatic_failover_enabled": several,
        "multi_az_enabled": several,
        "port": PORT,
        "subnet_group_name": ex(managed.ref("aws_elasticache_subnet_group", "name")),
        "security_group_ids": [ex(managed.ref("aws_security_group", "id"))],
        "at_rest_encryption_enabled": True,
        "kms_key_id": ex("aws_kms_key.service.arn"),
        "transit_encryption_enabled": True,
        "transit_encryption_mode": "required",
        "user_group_ids": [ex(managed.ref("aws_elasticache_user_group", "user_group_id"))],
        "snapshot_retention_limit": 7,
        "final_snapshot_identifier": template(f"{name}-final"),
        "auto_minor_version_upgrade": True,
        "apply_immediately": False,
        "log_delivery_configuration": Nested(
            {
                "destination": ex(managed.ref("aws_cloudwatch_log_group", "name")),
                "destination_type": "cloudwatch-logs",
                "log_format": "json",
                "log_type": "slow-log",
            }
        ),
    }


def _user(managed: Managed, name: str) -> tuple[Block, ...]:
    """Redis' default user, so that a client may authenticate by password alone."""
    at = managed.need.at
    common = {**managed.count(), "engine": engine(managed.need)[0]}
    user = {
        **common,
        "user_id": template(f"{name}-default"),
        "user_name": "default",
        "access_string": "on ~* &* +@all -@admin",
        "passwords_wo": ex(_token(managed)),
        "passwords_wo_version": ex(f"var.{managed.id}_password_version"),
    }
    users = [ex(managed.ref("aws_elasticache_user", "user_id"))]
    group = {**common, "user_group_id": template(name), "user_ids": users}
    return (
        resource("aws_elasticache_user", managed.id, user, at, "The user of clients that have a password only."),
        resource("aws_elasticache_user_group", managed.id, group, at),
    )


def _token(managed: Managed) -> str:
    return "ephemeral." + managed.ref("aws_secretsmanager_random_password", "random_password")


def _outputs(managed: Managed) -> dict[str, Value]:
    host, port = (managed.ref(GROUP, part) for part in ("primary_endpoint_address", "port"))
    return {
        "url": template(f"rediss://:${{{_token(managed)}}}@${{{host}}}:${{{port}}}"),
        "host": ex(host),
        "port": ex(f"tostring({port})"),
        "password": ex(_token(managed)),
    }


def _inputs(scene: Scene, managed: Managed) -> tuple[Input, ...]:
    name, at = managed.id, managed.need.at
    return (
        Input(
            f"{name}_node_type",
            "string",
            f"Node type of {managed.name}.",
            NODES["small"],
            (f'startswith(var.{name}_node_type, "cache.")', 'An ElastiCache node type starts with "cache.".'),
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
        connection.password_version(managed),
    )
