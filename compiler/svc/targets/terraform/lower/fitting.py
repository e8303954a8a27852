"""Names of cloud resources within the cloud's limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svc.diagnostics import Problem
from svc.digests import sha256
from svc.targets.terraform.scene import NAME, Managed, Scene
from svc.targets.terraform.types import Attribute, Block, Expr

ENVIRONMENT = "${var.environment}"
_ROLE = 64
_LIMITS: Mapping[str, tuple[str, int]] = {
    "aws_db_instance": ("identifier", 63),
    "aws_elasticache_replication_group": ("replication_group_id", 40),
    "aws_iam_role": ("name", _ROLE),
    "aws_s3_bucket": ("bucket", 63),
    "aws_sqs_queue": ("name", 80),
}
"""Resources whose names are short in AWS: the argument, and how long it may be."""


def need_name(scene: Scene, managed: Managed, limit: int) -> str:
    """`${local.name}-<need>-${var.environment}`; where that would be longer than `limit`, a digest ends the shortened start."""
    start, room = f"{scene.name}-{managed.name}", limit - _longest(scene) - 1
    return f"{f'{NAME}-{managed.name}' if len(start) <= room else _shortened(start, room)}-{ENVIRONMENT}"


def role_name(scene: Scene, suffix: str) -> str:
    """The same of a role that nothing but Terraform knows by its name."""
    room = _ROLE - _longest(scene) - 1 - len(suffix)
    return f"{NAME if len(scene.name) <= room else _shortened(scene.name, room)}-{ENVIRONMENT}{suffix}"


def _longest(scene: Scene) -> int:
    return max(len(one.environment) for one in scene.environments)


def _shortened(start: str, room: int) -> str:
    return f"{start[: max(room - 7, 1)].rstrip('-')}-{sha256(start.encode()).hexdigest()[:6]}"


def too_long(scene: Scene, files: Mapping[str, tuple[Block, ...]]) -> Iterator[Problem]:
    """What still does not fit, since an environment has a long name: once for each of them."""
    named = [(block, *_LIMITS[block.labels[0]]) for made in files.values() for block in made if _limited(block)]
    for one in scene.environments:
        known = {NAME: scene.name, ENVIRONMENT: one.environment, "${var.account_id}": "0" * 12}
        for block, argument, limit in named:
            name = _written(block, argument, known)
            if len(name) > limit:
                kind = block.labels[0]
                message = f"the name of {kind}, `{name}`, has {len(name)} characters and may have {limit}"
                help_ = f"shorten the name of the service, or that of the environment `{one.environment}`"
                yield Problem("name-too-long", ("name",), message, help_, environment=one.environment)
                break


def _limited(block: Block) -> bool:
    return block.type == "resource" and block.labels[0] in _LIMITS


def _written(block: Block, argument: str, known: Mapping[str, str]) -> str:
    given = next((one for one in block.body if isinstance(one, Attribute) and one.name == argument), None)
    value = given.value if given is not None else ""
    text = value.text.strip('"') if isinstance(value, Expr) else str(value)
    for reference, value in known.items():
        text = text.replace(reference, value)
    return text if "${" not in text else ""
