"""A security group of a need's own, open to the cluster's nodes and pods and to nobody else."""

from __future__ import annotations

from svc.resolve.types.whole import Resolved
from svc.targets.terraform.build import ex, resource, template
from svc.targets.terraform.scene import NAME, UNSET, Input, Owned, Scene
from svc.targets.terraform.types import Block

CLUSTER_VPC = "data.aws_eks_cluster.this.vpc_config[0]"


def security_group(own: Owned, port: int) -> tuple[Block, ...]:
    at = own.at
    group = {
        **own.count(),
        "name": template(f"{NAME}-{own.name}-${{var.environment}}"),
        "description": template(f"{own.name} of {NAME}: reachable from the cluster only."),
        "vpc_id": ex(f"{CLUSTER_VPC}.vpc_id"),
        "revoke_rules_on_delete": True,
    }
    rule = {
        **own.count(),
        "description": f"{own.name} from the pods and nodes of the cluster.",
        "security_group_id": ex(own.ref("aws_security_group", "id")),
        "referenced_security_group_id": ex(f"{CLUSTER_VPC}.cluster_security_group_id"),
        "ip_protocol": "tcp",
        "from_port": port,
        "to_port": port,
    }
    return (
        resource("aws_security_group", own.id, group, at),
        resource("aws_vpc_security_group_ingress_rule", own.id, rule, at),
    )


def subnet_group(type_: str, own: Owned, name: str) -> Block:
    """A group of the cluster's private subnets, by the resource type that the need's service has for it."""
    body = {
        **own.count(),
        "name": template(name),
        "description": f"Private subnets of {own.name}.",
        "subnet_ids": ex("var.private_subnet_ids"),
    }
    return resource(type_, own.id, body, own.at)


def subnets_input(scene: Scene) -> Input:
    return Input(
        "private_subnet_ids",
        "list(string)",
        "Private subnets, in at least two availability zones, for databases and caches.",
        check=(
            'length(var.private_subnet_ids) != 1 && alltrue([for id in var.private_subnet_ids : can(regex("^subnet-[0-9a-f]+$", id))])',
            "Ids of subnets (subnet-...) in at least two availability zones are needed, or none without databases and caches.",
        ),
        values={one.environment: UNSET if _networked(one) else [] for one in scene.environments},
    )


def _networked(one: Resolved) -> bool:
    return any(need.realise == "managed" and need.type in ("postgres", "mysql", "redis") for need in one.needs)
