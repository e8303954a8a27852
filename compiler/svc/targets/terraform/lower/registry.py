"""The image repository, when the image is built by this service and lives in ECR, and the role that may push to it."""

from __future__ import annotations

import re
from typing import Any

from svc.diagnostics import Problem, Severity
from svc.patterns import regex
from svc.records import replace
from svc.resolve import names
from svc.targets.terraform.build import Nested, data, ex, jsonencode, output, resource, shared, template
from svc.targets.terraform.lower import deploy
from svc.targets.terraform.scene import NAME, Input, Part, Scene, merged
from svc.targets.terraform.types import Block

ECR = regex(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<name>.+)")
PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
CREATE = "var.create_registry ? 1 : 0"


def repository(scene: Scene) -> re.Match[str] | None:
    image = scene.first.image
    return ECR.fullmatch(image.repository) if image.built else None


def lower(scene: Scene) -> Part:
    found = repository(scene)
    if found is None:
        return Part()
    owner = _owner(scene, found["account"], found["region"])
    built = scene.first.ci.provider == "github" and bool(scene.first.ci.repository)
    if not owner:
        return Part(problems=(_elsewhere(scene, found, built),))
    subject = names.branch_subject(scene.first.ci.repository, scene.first.ci.branch) if built else ""
    made = _blocks(_named(found["name"], scene.name), subject)
    readers = _readers(scene, found["account"], owner)
    return merged((replace(made, inputs=(_input(scene, owner),)), readers))


def _elsewhere(scene: Scene, found: re.Match[str], built: bool) -> Problem:
    """A repository that one of the environments made would be another one than that which is pushed to."""
    account, region = found["account"], found["region"]
    message = f"no environment is in account {account} and region {region}: the repository `{found['name']}` is made elsewhere"
    role = f", and the role `{names.build_role(scene.name)}` that the workflow pushes with" if built else ""
    also = " and the same with `aws_iam_role.build[0]`" if built else ""
    help_ = (
        f"make it there{role}; or let an environment be there, which then makes them. Terraform destroys those that an "
        f"environment made before, unless they hold images; `terraform state rm 'aws_ecr_repository.this[0]'`{also} keeps them"
    )
    return Problem("registry-elsewhere", ("build",), message, help_, anchor="key", severity=Severity.INFO)


def _named(repository: str, service: str) -> str:
    """The repository's name by that of the service, where it ends with it."""
    start = repository.removesuffix(service)
    return f"{start}{NAME}" if start != repository and start[-1:] in ("", "/") else repository


@shared
def _blocks(name: str, subject: str) -> Part:
    """`subject`: of the job that builds, if there is one."""
    url = ex("one(aws_ecr_repository.this[*].repository_url)")
    outputs = [output("registry_url", "Image repository, in the environment that owns it.", url, ("build",))]
    if subject:
        arn = ex("one(aws_iam_role.build[*].arn)")
        outputs.append(output("build_role_arn", "Role of the build job.", arn, ("ci",)))
    blocks = (*_repository(name), *(_builder(subject) if subject else ()))
    return Part({"registry.tf": blocks}, outputs=tuple(outputs))


def _owner(scene: Scene, account: str, region: str) -> str:
    """One environment owns it: the first that is where the registry is, else the last that may be; none if all are
    elsewhere."""
    near = [one for one in scene.environments if one.cloud.region in ("", region)]
    owners = [one.environment for one in near if one.cloud.account == account]
    unknown = [one.environment for one in near if not one.cloud.account]
    return owners[0] if owners else unknown[-1] if unknown else ""


def _readers(scene: Scene, account: str, owner: str) -> Part:
    """Clusters of other accounts pull from it too."""
    others = sorted({one.cloud.account for one in scene.environments} - {account, ""})
    if not others:
        return Part()
    at = ("build",)
    values = {one.environment: others if one.environment == owner else [] for one in scene.environments}
    accounts = Input(
        "registry_reader_accounts",
        "set(string)",
        "Other accounts whose clusters pull the images.",
        check=(
            'alltrue([for id in var.registry_reader_accounts : can(regex("^[0-9]{12}$", id))])',
            "An account id has 12 digits.",
        ),
        values=values,
        at=at,
    )
    return Part({"registry.tf": _pull()}, (accounts,))


@shared
def _pull() -> tuple[Block, ...]:
    at = ("build",)
    root = "arn:${data.aws_partition.current.partition}:iam::${id}:root"
    arns = ex(f'[for id in var.registry_reader_accounts : "{root}"]')
    condition = {"count": ex("var.create_registry && length(var.registry_reader_accounts) > 0 ? 1 : 0")}
    pull = Nested(
        {
            "sid": "Pull",
            "actions": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "principals": Nested({"type": "AWS", "identifiers": arns}),
        }
    )
    policy = {
        **condition,
        "repository": ex("aws_ecr_repository.this[0].name"),
        "policy": ex("data.aws_iam_policy_document.pull[0].json"),
    }
    return (
        data("aws_iam_policy_document", "pull", {**condition, "statement": pull}, at),
        resource("aws_ecr_repository_policy", "this", policy, at),
    )


def _input(scene: Scene, owner: str) -> Input:
    return Input(
        "create_registry",
        "bool",
        "Whether this environment owns the image repository, which all environments share.",
        True,
        values={one.environment: one.environment == owner for one in scene.environments},
        at=("build",),
    )


def _repository(name: str) -> tuple[Block, ...]:
    parts = {
        "count": ex(CREATE),
        "name": template(name),
        "image_tag_mutability": "IMMUTABLE",
        "encryption_configuration": Nested({"encryption_type": "KMS", "kms_key": ex("aws_kms_key.service.arn")}),
        "image_scanning_configuration": Nested({"scan_on_push": True}),
    }
    keep = [
        (
            "Untagged images are left-overs of builds.",
            {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14},
        ),
        (
            "The last hundred images are enough to roll back to.",
            {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 100},
        ),
    ]
    rules = [
        {"rulePriority": number, "description": text, "selection": selection, "action": {"type": "expire"}}
        for number, (text, selection) in enumerate(keep, 1)
    ]
    policy = {
        "count": ex(CREATE),
        "repository": ex("aws_ecr_repository.this[0].name"),
        "policy": jsonencode({"rules": rules}),
    }
    return (
        resource("aws_ecr_repository", "this", parts, ("build",)),
        resource("aws_ecr_lifecycle_policy", "this", policy, ("build",)),
    )


def _builder(subject: str) -> tuple[Block, ...]:
    at = ("ci",)
    role: dict[str, Any] = {
        "count": ex(CREATE),
        "name": template(names.build_role(NAME)),
        "description": template(f"Build job of {NAME}: pushes images and nothing else."),
        "assume_role_policy": ex("data.aws_iam_policy_document.build_trust.json"),
    }
    statements = [
        Nested({"sid": "Login", "actions": ["ecr:GetAuthorizationToken"], "resources": ["*"]}),
        Nested({"sid": "Push", "actions": list(PUSH), "resources": [ex("aws_ecr_repository.this[0].arn")]}),
    ]
    policy = {
        "count": ex(CREATE),
        "name": "push",
        "role": ex("aws_iam_role.build[0].name"),
        "policy": ex("data.aws_iam_policy_document.build[0].json"),
    }
    return (
        data("aws_iam_policy_document", "build_trust", {"statement": deploy.trust(subject)}, at),
        data("aws_iam_policy_document", "build", {"count": ex(CREATE), "statement": statements}, at),
        resource("aws_iam_role", "build", role, at),
        resource("aws_iam_role_policy", "build", policy, at),
    )
