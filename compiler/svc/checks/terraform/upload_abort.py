"""A bucket whose rules leave uploads that broke off where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, resources, title
from svc.targets.terraform.types import Attribute, Block, Module

APART = True


def about(_: Params) -> Iterable[str]:
    return ("aws_s3_bucket_lifecycle_configuration",)


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in resources(module, "aws_s3_bucket_lifecycle_configuration"):
        repeated = (one for one in block.blocks("dynamic") if one.labels == ("rule",))
        rules = [*block.blocks("rule"), *(content for one in repeated for content in one.blocks("content"))]
        rules = [one for one in rules if one.get("status") != "Disabled"]
        aborts = [one for one in rules if one.blocks("abort_incomplete_multipart_upload") or _maybe(one)]
        if len(aborts) < len(rules) and any(_everything(one) for one in aborts):
            continue
        if not aborts or len(aborts) < len(rules):
            yield block.address, f"`{title(block)}` leaves uploads that broke off where they are"


def _maybe(rule: Block) -> bool:
    return any(one.labels == ("abort_incomplete_multipart_upload",) for one in rule.blocks("dynamic"))


def _everything(rule: Block) -> bool:
    """Whether the rule is for all objects: no prefix, no filter that says anything."""
    said = [part for one in rule.blocks("filter") for part in one.body]
    plain = [one for one in said if not isinstance(one, Attribute) or one.value != ""]
    return not plain and rule.get("prefix") in (None, "")
