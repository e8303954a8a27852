"""What the deploy workflow may do: assume a role from its GitHub environment, and change its namespace."""

from __future__ import annotations

from svc.resolve import names
from svc.targets.terraform.build import Nested, data, ex, output, resource, shared, template
from svc.targets.terraform.scene import NAME, Part, Scene
from svc.targets.terraform.types import Block

GITHUB = "token.actions.githubusercontent.com"


def lower(scene: Scene) -> Part:
    return _blocks(names.oidc_subject(scene.first.ci.repository, "${var.environment}"))


@shared
def _blocks(subject: str) -> Part:
    at = ("ci",)
    role = {
        "name": template(names.deploy_role(NAME, "${var.environment}")),
        "description": template(f"Deploy job of {NAME} to ${{var.environment}}."),
        "assume_role_policy": ex("data.aws_iam_policy_document.deploy_trust.json"),
        "max_session_duration": 3600,
    }
    describe = Nested(
        {"sid": "Cluster", "actions": ["eks:DescribeCluster"], "resources": [ex("data.aws_eks_cluster.this.arn")]}
    )
    policy = {
        "name": "deploy",
        "role": ex("aws_iam_role.deploy.name"),
        "policy": ex("data.aws_iam_policy_document.deploy.json"),
    }
    blocks: tuple[Block, ...] = (
        provider(),
        data("aws_iam_policy_document", "deploy_trust", {"statement": trust(subject)}, at),
        data("aws_iam_policy_document", "deploy", {"statement": describe}, at),
        resource("aws_iam_role", "deploy", role, at),
        resource("aws_iam_role_policy", "deploy", policy, at),
        *_access(),
    )
    arn = output("deploy_role_arn", "Role of the deploy job.", ex("aws_iam_role.deploy.arn"), at)
    return Part({"deploy.tf": blocks}, outputs=(arn,))


def provider() -> Block:
    return data(
        "aws_iam_openid_connect_provider",
        "github",
        {"url": f"https://{GITHUB}"},
        ("ci",),
        "GitHub's identity provider, which the platform has registered once per account.",
    )


def trust(subject: str) -> Nested:
    """Only jobs whose token has exactly this subject."""
    return Nested(
        {
            "actions": ["sts:AssumeRoleWithWebIdentity"],
            "principals": Nested(
                {"type": "Federated", "identifiers": [ex("data.aws_iam_openid_connect_provider.github.arn")]}
            ),
            "condition": [
                Nested({"test": "StringEquals", "variable": f"{GITHUB}:sub", "values": [template(subject)]}),
                Nested({"test": "StringEquals", "variable": f"{GITHUB}:aud", "values": ["sts.amazonaws.com"]}),
            ],
        }
    )


def _access() -> tuple[Block, ...]:
    at = ("ci",)
    entry = {
        "cluster_name": ex("data.aws_eks_cluster.this.name"),
        "principal_arn": ex("aws_iam_role.deploy.arn"),
        "kubernetes_groups": [template(f"{NAME}-deployers")],
        "type": "STANDARD",
    }
    association = {
        "cluster_name": ex("data.aws_eks_cluster.this.name"),
        "principal_arn": ex("aws_eks_access_entry.deploy.principal_arn"),
        "policy_arn": template(
            "arn:${data.aws_partition.current.partition}:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy"
        ),
        "access_scope": Nested({"type": "namespace", "namespaces": [ex("var.namespace")]}),
    }
    comment = (
        "The cluster's built-in objects in one namespace. Custom resources (ExternalSecret, ServiceMonitor, HTTPRoute)\n"
        "need a RoleBinding of the platform to the group."
    )
    return (
        resource("aws_eks_access_entry", "deploy", entry, at, comment),
        resource("aws_eks_access_policy_association", "deploy", association, at),
    )
