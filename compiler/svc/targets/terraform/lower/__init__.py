"""A unit to one Terraform module: each concern is one module here, `LOWERINGS` lists them in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route
from svc.notice import notice
from svc.resolve.types.needs import Need
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Unit
from svc.targets.protocol import Lowered
from svc.targets.terraform.build import Nested, body, ex, shared
from svc.targets.terraform.lower import (
    base,
    cache,
    connection,
    database,
    deploy,
    dns,
    identity,
    messaging,
    observability,
    registry,
    secrets,
    storage,
)
from svc.targets.terraform.lower.fitting import too_long
from svc.targets.terraform.references import references
from svc.targets.terraform.scene import UNSET, Input, Part, Scene, merged
from svc.targets.terraform.types import Attribute, Block, Module, Values

NEEDS = (database.lower, cache.lower, messaging.lower, storage.lower)
UNSUPPORTED = {
    "mongodb": "run it in the cluster, or refer to an existing one (Atlas, DocumentDB)",
    "rabbitmq": "run it in the cluster, refer to an existing one (Amazon MQ), or use a queue or topic",
}


def lower(unit: Unit) -> Lowered:
    """The module, empty when no environment is in a cloud that we know."""
    environments = tuple(one for one in unit.environments if one.cloud.provider == "aws")
    header = notice(unit.spec)
    if not environments:
        return Lowered(Module(unit.path("terraform"), {}, header=header))
    scene = Scene(unit, environments)
    part = _whole(scene)
    files = {name: blocks for name, blocks in part.files.items() if blocks}
    files["locals.tf"] = (Block("locals", (), body(part.locals)),)
    files["outputs.tf"] = part.outputs
    mentioned = references(files)
    if ("data", "aws_partition") in mentioned:
        files["main.tf"] = (base.partition(), *files.get("main.tf", ()))
    used = {name for kind, name in mentioned if kind == "var"}
    inputs = tuple(one for one in part.inputs if one.name in used or one.name == "environment")
    files["variables.tf"] = tuple(_variable(one) for one in inputs)
    values = {}
    for one in environments:
        values[f"environments/{one.environment}.tfvars"] = _tfvars(one, inputs)
        values[f"environments/{one.environment}.s3.tfbackend"] = _backend(unit, one)
    module = Module(unit.path("terraform"), dict(sorted(files.items())), values, header=header)
    return Lowered(module, (*_unsupported(scene), *_differing(scene), *part.problems, *too_long(scene, files)))


def _whole(scene: Scene) -> Part:
    needs = merged(make(scene) for make in NEEDS)
    alarms = observability.alarms(scene)
    parts = [base.lower(scene), base.key(), registry.lower(scene)]
    with_role = identity.needed(scene, needs.grants)
    with_deploy = scene.first.ci.provider == "github" and bool(scene.first.ci.repository)
    if with_role or with_deploy or needs.files:
        parts.append(base.cluster(scene))
    if with_role:
        parts.append(identity.lower(scene, needs.grants))
    parts += [needs, secrets.lower(scene), observability.logs(scene), alarms, dns.lower(scene)]
    if with_deploy:
        parts.append(deploy.lower(scene))
    whole = merged(parts)
    if "secrets.tf" not in whole.files:
        return whole
    return merged((whole, Part(inputs=(connection.rotation_input(scene),))))


def _variable(one: Input) -> Block:
    nullable = None in one.values.values() or one.default is None
    return _declared(one.name, one.type, one.description, one.default, one.check, one.at, nullable=nullable)


@shared
def _declared(
    name: str, type_: str, description: str, default: Any, check: tuple[str, str], at: Route | None, *, nullable: bool
) -> Block:
    parts: dict[str, Any] = {"description": description, "type": ex(type_)}
    if default is not UNSET:
        parts["default"] = default
    if not nullable:
        parts["nullable"] = False
    if check[0]:
        parts["validation"] = Nested({"condition": ex(check[0]), "error_message": check[1]})
    return Block("variable", (name,), body(parts), origin=at)


def _tfvars(environment: Resolved, inputs: tuple[Input, ...]) -> Values:
    known: list[Attribute] = []
    missing: list[tuple[str, str]] = []
    for one in inputs:
        value = one.values.get(environment.environment, one.default)
        if value is UNSET:
            missing.append((one.name, one.description))
        elif value != one.default or one.default is UNSET:
            known += [part for part in body({one.name: value}) if isinstance(part, Attribute)]
    return Values(tuple(known), tuple(missing))


def _backend(unit: Unit, one: Resolved) -> Values:
    facts = {"bucket": one.cloud.state_bucket, "region": one.cloud.region}
    texts = {"bucket": "Bucket that holds the platform's Terraform states.", "region": "Region of that bucket."}
    known = {
        "bucket": facts["bucket"],
        "key": f"services/{unit.name}/{one.environment}.tfstate",
        "region": facts["region"],
    }
    made = body({name: value for name, value in known.items() if value})
    attributes = tuple(part for part in made if isinstance(part, Attribute))
    return Values(attributes, tuple((name, texts[name]) for name, value in facts.items() if not value))


def _differing(scene: Scene) -> Iterator[Problem]:
    """What stands in the blocks themselves, and so is the same in every environment."""
    first: dict[str, Need] = {}
    for one in scene.environments:
        for need in one.needs:
            known = first.setdefault(need.name, need) if need.realise == "managed" else need
            for key in ("type", "version", "fifo"):
                if getattr(known, key) != getattr(need, key):
                    message = f"`{key}` of the managed need `{need.name}` differs between environments, but one Terraform module makes it in all of them"
                    help_ = "write one for all environments, or give the need another name where it differs"
                    at = (*need.at, key)
                    yield Problem("need-differs", at, message, help_, environment=one.environment)


def _unsupported(scene: Scene) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for one in scene.environments:
        for need in one.needs:
            if need.realise == "managed" and need.type in UNSUPPORTED:
                at, help_ = (*need.at, "realise"), UNSUPPORTED[need.type]
                message = f"{need.type} has no managed realisation on {one.cloud.provider}"
                found.append(Problem("need-not-manageable", at, message, help_, environment=one.environment))
    return tuple(found)
