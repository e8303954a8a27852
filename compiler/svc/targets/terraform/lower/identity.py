"""The cloud identity of the pods (IAM role for the service account), with exactly what the service needs."""

from __future__ import annotations

from collections.abc import Iterable

from svc.diagnostics import Route
from svc.records import replace
from svc.resolve import names
from svc.targets.terraform.build import Nested, data, ex, output, resource, shared, template
from svc.targets.terraform.scene import NAME, Grant, Input, Part, Scene
from svc.targets.terraform.types import Block
from svc.targets.terraform.write import quoted
from svc.tree import At

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
AT: Route = ("account",)
KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


def needed(scene: Scene, grants: tuple[Grant, ...]) -> bool:
    """Whether any pod has a cloud identity: by its needs, its permissions, or its service account's annotation."""
    return bool(grants) or any(
        one.cloud.permissions
        or dict(one.account.annotations).get(ROLE_ANNOTATION, "").endswith(f"/{_role(scene, one.environment)}")
        for one in scene.environments
    )


def _role(scene: Scene, environment: str) -> str:
    return names.workload_role(scene.name, environment)


def lower(scene: Scene, grants: tuple[Grant, ...]) -> Part:
    inputs = (
        Input(
            "service_account",
            "string",
            "Kubernetes service account of the pods.",
            check=(
                'can(regex("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$", var.service_account))',
                "The name of the service account is needed.",
            ),
            values=scene.per(lambda one: one.account.name),
            at=AT,
        ),
    )
    return replace(_blocks(_statements(scene, grants)), inputs=inputs)


@shared
def _blocks(statements: tuple[Grant, ...]) -> Part:
    role = {
        "name": template(names.workload_role(NAME, "${var.environment}")),
        "description": template(f"Pods of {NAME} in ${{var.environment}}."),
        "assume_role_policy": ex("data.aws_iam_policy_document.workload_trust.json"),
        "max_session_duration": 3600,
    }
    blocks: list[Block] = [
        data(
            "aws_iam_openid_connect_provider",
            "cluster",
            {"url": ex("data.aws_eks_cluster.this.identity[0].oidc[0].issuer")},
        ),
        data("aws_iam_policy_document", "workload_trust", {"statement": _trust()}, AT),
        resource("aws_iam_role", "workload", role, AT),
    ]
    if statements:
        policy = {
            "name": "workload",
            "role": ex("aws_iam_role.workload.name"),
            "policy": ex("data.aws_iam_policy_document.workload.json"),
        }
        blocks += [_document(statements), resource("aws_iam_role_policy", "workload", policy, AT)]
    arn = ex("aws_iam_role.workload.arn")
    return Part(
        {"identity.tf": tuple(blocks)},
        outputs=(output("workload_role_arn", "Role of the pods: annotation of their service account.", arn, AT),),
        locals={"cluster_oidc": ex('replace(data.aws_eks_cluster.this.identity[0].oidc[0].issuer, "https://", "")')},
    )


def _trust() -> Nested:
    subject = template("system:serviceaccount:${var.namespace}:${var.service_account}")
    return Nested(
        {
            "actions": ["sts:AssumeRoleWithWebIdentity"],
            "principals": Nested(
                {"type": "Federated", "identifiers": [ex("data.aws_iam_openid_connect_provider.cluster.arn")]}
            ),
            "condition": [
                Nested(
                    {"test": "StringEquals", "variable": template("${local.cluster_oidc}:sub"), "values": [subject]}
                ),
                Nested(
                    {
                        "test": "StringEquals",
                        "variable": template("${local.cluster_oidc}:aud"),
                        "values": ["sts.amazonaws.com"],
                    }
                ),
            ],
        }
    )


def _statements(scene: Scene, grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """Needs, then the key if any of them has data at rest, then the service's own permissions."""
    key = (Grant("Key", KEY_ACTIONS, (ex("aws_kms_key.service.arn"),)),) if grants else ()
    return (*grants, *key, *_permissions(scene))


def _permissions(scene: Scene) -> Iterable[Grant]:
    every = [one.environment for one in scene.environments]
    holders: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Route, list[str]]] = {}
    for one in scene.environments:
        for permission in one.cloud.permissions:
            holders.setdefault((permission.actions, permission.resources), (permission.at, []))[1].append(
                one.environment
            )
    for number, ((actions, resources), (at, where)) in enumerate(holders.items(), 1):
        sid = f"Permission{number}"
        if where == every:
            yield Grant(sid, actions, resources, at=at)
            continue
        condition = " || ".join(f"var.environment == {quoted(name)}" for name in where)
        arns = ", ".join(quoted(arn) for arn in resources)
        yield Grant(sid, actions, each=f"{condition} ? [[{arns}]] : []", listed=True, at=at)


def _document(statements: tuple[Grant, ...]) -> Block:
    made: dict[str, list[At]] = {}
    for grant in statements:
        kind, nested = grant.blocks()
        made.setdefault(kind, []).append(At(grant.at or ("needs",), nested))
    return data("aws_iam_policy_document", "workload", made, ("needs",))
