"""PostgreSQL and MySQL as RDS instances."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from svc.diagnostics import Route
from svc.targets.terraform.build import Nested, data, ex, output, resource, shared, template
from svc.targets.terraform.lower import connection, network
from svc.targets.terraform.lower.fitting import need_name, role_name
from svc.targets.terraform.lower.logs import log_group
from svc.targets.terraform.scene import NAME, Input, Managed, Owned, Part, Scene, merged
from svc.targets.terraform.types import Block, Value

DB = "aws_db_instance"
PORTS = {"postgres": 5432, "mysql": 3306}
CLASSES = {"small": "db.t4g.medium", "medium": "db.m7g.large", "large": "db.r7g.xlarge"}
LOGS = {"postgres": ("postgresql", "upgrade"), "mysql": ("error", "slowquery")}
PARAMETERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "postgres": (("rds.force_ssl", "1"), ("log_statement", "ddl"), ("log_min_duration_statement", "1000")),
    "mysql": (("require_secure_transport", "1"), ("slow_query_log", "1"), ("long_query_time", "1")),
}
_KEY = ex("aws_kms_key.service.arn")
_MYSQL = {"8": "8.4", "": "8.4"}


def lower(scene: Scene) -> Part:
    managed = scene.managed("postgres", "mysql")
    parts = [_database(scene, one) for one in managed]
    if managed:
        parts.append(_monitoring(managed[0].need.at, _some(scene), role_name(scene, "-rds-monitoring")))
    return merged(parts)


def _database(scene: Scene, managed: Managed) -> Part:
    name = _database_name(scene, managed)
    own, identifier = managed.own, need_name(scene, managed, 63)
    made = _blocks(own, identifier)
    instance = resource(DB, own.id, _instance(own, identifier, name, _which(scene)), own.at)
    return Part(
        {**made.files, "database.tf": (*made.files["database.tf"], instance)},
        (*scene.enabled(managed), *_inputs(scene, managed), network.subnets_input(scene), *_shared()),
        made.outputs,
        problems=made.problems,
    )


@shared
def _blocks(own: Owned, identifier: str) -> Part:
    """All but the instance itself, whose database has a name that cannot be made of the service's in Terraform."""
    known, at = _outputs(own), own.at
    blocks = (
        connection.password(own),
        *network.security_group(own, PORTS[own.type]),
        network.subnet_group("aws_db_subnet_group", own, f"{NAME}-{own.name}-${{var.environment}}"),
        _parameters(own, identifier),
        *_log_groups(own, identifier),
    )
    return Part(
        {"database.tf": blocks, "secrets.tf": connection.secret(own, known, f"var.{own.id}_password_version")},
        outputs=(output(f"{own.id}_endpoint", f"Host name of {own.name}.", own.shown(DB, "address"), at),),
        problems=connection.unknown_outputs(own, known),
    )


def engine_version(need: Owned) -> str:
    return _MYSQL.get(need.version, need.version) if need.type == "mysql" else need.version or "17"


def family(need: Owned) -> str:
    version = engine_version(need)
    parts = version.split(".")
    return f"postgres{parts[0]}" if need.type == "postgres" else f"mysql{'.'.join(parts[:2])}"


def _instance(own: Owned, identifier: str, database: str, which: str) -> dict[str, Any]:
    """`which`: the index of the role that monitors."""
    return {
        **own.count(),
        "identifier": template(identifier),
        "engine": own.type,
        "engine_version": engine_version(own),
        "instance_class": ex(f"var.{own.id}_instance_class"),
        "allocated_storage": ex(f"var.{own.id}_storage_gib"),
        "max_allocated_storage": ex(f"var.{own.id}_storage_gib * 4"),
        "storage_type": "gp3",
        "storage_encrypted": True,
        "kms_key_id": _KEY,
        "db_name": database,
        "username": "app",
        "password_wo": ex(_password(own)),
        "password_wo_version": ex(f"var.{own.id}_password_version"),
        "port": PORTS[own.type],
        "iam_database_authentication_enabled": True,
        "multi_az": ex(f"var.{own.id}_multi_az"),
        "db_subnet_group_name": ex(own.ref("aws_db_subnet_group", "name")),
        "vpc_security_group_ids": [ex(own.ref("aws_security_group", "id"))],
        "publicly_accessible": False,
        "parameter_group_name": ex(own.ref("aws_db_parameter_group", "name")),
        "ca_cert_identifier": "rds-ca-rsa2048-g1",
        "backup_retention_period": ex("var.backup_retention_days"),
        "copy_tags_to_snapshot": True,
        "delete_automated_backups": False,
        "deletion_protection": ex("var.deletion_protection"),
        "skip_final_snapshot": False,
        "final_snapshot_identifier": template(f"{identifier}-final"),
        "auto_minor_version_upgrade": True,
        **_watched(own, which),
    }


def _watched(own: Owned, which: str) -> dict[str, Any]:
    """What is measured and logged of an instance."""
    logs = LOGS[own.type]
    return {
        "performance_insights_enabled": True,
        "performance_insights_kms_key_id": _KEY,
        "monitoring_interval": 60,
        "monitoring_role_arn": ex(f"aws_iam_role.database_monitoring{which}.arn"),
        "enabled_cloudwatch_logs_exports": list(logs),
        "depends_on": [ex(f"aws_cloudwatch_log_group.{own.id}_{name}") for name in logs],
    }


def _database_name(scene: Scene, managed: Managed) -> str:
    return re.sub(r"[^a-z0-9]+", "_", f"{scene.name}_{managed.name}".lower())[:63]


def _password(own: Owned) -> str:
    return "ephemeral." + own.ref("aws_secretsmanager_random_password", "random_password")


def _outputs(own: Owned) -> dict[str, Value]:
    host, port, name, user = (own.ref(DB, part) for part in ("address", "port", "db_name", "username"))
    scheme, tail = ("postgresql", "?sslmode=require") if own.type == "postgres" else ("mysql", "")
    url = f"{scheme}://${{{user}}}:${{{_password(own)}}}@${{{host}}}:${{{port}}}/${{{name}}}{tail}"
    return {
        "url": template(url),
        "host": ex(host),
        "port": ex(f"tostring({port})"),
        "name": ex(name),
        "user": ex(user),
        "password": ex(_password(own)),
    }


def _parameters(own: Owned, identifier: str) -> Block:
    settings = [
        Nested({"name": name, "value": value, "apply_method": "immediate"}) for name, value in PARAMETERS[own.type]
    ]
    parts = {
        **own.count(),
        "name": template(f"{identifier}-{family(own).replace('.', '-')}"),
        "family": family(own),
        "description": template(f"{own.name} of {NAME}: TLS only, slow statements logged."),
        "parameter": settings,
        "lifecycle": Nested({"create_before_destroy": True}),
    }
    return resource("aws_db_parameter_group", own.id, parts, own.at)


def _log_groups(own: Owned, identifier: str) -> list[Block]:
    return [
        log_group(f"{own.id}_{log}", f"/aws/rds/instance/{identifier}/{log}", own.at, own.count())
        for log in LOGS[own.type]
    ]


def _inputs(scene: Scene, managed: Managed) -> tuple[Input, ...]:
    name, at = managed.id, managed.need.at
    return (
        Input(
            f"{name}_instance_class",
            "string",
            f"Instance class of {managed.name}.",
            CLASSES["small"],
            (
                f'can(regex("^db[.][a-z0-9.-]+$", var.{name}_instance_class))',
                'An RDS instance class starts with "db.".',
            ),
            scene.sized(managed, lambda need: CLASSES[need.size]),
            at,
        ),
        Input(
            f"{name}_storage_gib",
            "number",
            f"Storage of {managed.name} in GiB; it grows by itself up to four times as much.",
            20,
            (f"var.{name}_storage_gib >= 20", "RDS needs at least 20 GiB."),
            scene.sized(managed, lambda need: max(20, gib(need.storage))),
            at,
        ),
        Input(
            f"{name}_multi_az",
            "bool",
            f"Whether {managed.name} has a standby in another availability zone.",
            True,
            values=scene.sized(managed, lambda need: need.multi_zone),
            at=at,
        ),
        connection.password_version(managed.own),
    )


def gib(quantity: str) -> int:
    """Whole GiB of a Kubernetes quantity, rounded up; 0 for none."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(Mi|Gi|Ti|M|G|T)?", quantity)
    if match is None:
        return 0
    unit = {"Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "M": 10**6, "G": 10**9, "T": 10**12}.get(match[2] or "", 1)
    return -int(-float(match[1]) * unit // 2**30)


def _shared() -> tuple[Input, ...]:
    return (
        Input(
            "backup_retention_days",
            "number",
            "How many days backups are kept.",
            14,
            (
                "var.backup_retention_days >= 7 && var.backup_retention_days <= 35",
                "Backups are kept between 7 and 35 days.",
            ),
        ),
        Input("deletion_protection", "bool", "Whether the cloud refuses to delete databases.", True),
    )


@shared
def _monitoring(at: Route, some: str, name: str) -> Part:
    """`some`: the condition under which there is a database at all; `name`: that of the role."""
    trust = Nested(
        {
            "actions": ["sts:AssumeRole"],
            "principals": Nested({"type": "Service", "identifiers": ["monitoring.rds.amazonaws.com"]}),
            "condition": Nested(
                {"test": "StringEquals", "variable": "aws:SourceAccount", "values": [ex("var.account_id")]}
            ),
        }
    )
    condition, which = ({"count": ex(f"{some} ? 1 : 0")}, "[0]") if some else ({}, "")
    role = {
        **condition,
        "name": template(name),
        "description": template(f"Lets RDS write the operating system metrics of {NAME}'s databases."),
        "assume_role_policy": ex("data.aws_iam_policy_document.database_monitoring_trust.json"),
    }
    arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    attachment = {
        **condition,
        "role": ex(f"aws_iam_role.database_monitoring{which}.name"),
        "policy_arn": template(arn),
    }
    return Part(
        {
            "database.tf": (
                data("aws_iam_policy_document", "database_monitoring_trust", {"statement": trust}, at),
                resource("aws_iam_role", "database_monitoring", role, at),
                resource("aws_iam_role_policy_attachment", "database_monitoring", attachment, at),
            )
        }
    )


def _some(scene: Scene) -> str:
    """The condition under which there is a database at all; empty when there always is one."""
    databases = scene.managed("postgres", "mysql")
    return "" if any(one.always for one in databases) else " || ".join(f"var.{one.id}_enabled" for one in databases)


def _which(scene: Scene) -> str:
    return "[0]" if _some(scene) else ""
