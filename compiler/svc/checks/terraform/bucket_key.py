"""A bucket whose encryption, where it is said, is not by a key of KMS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, places, resources, title
from svc.targets.terraform.types import Module

APART = True

_BUCKET = "aws_s3_bucket"
_COMPANION = "aws_s3_bucket_server_side_encryption_configuration"
_PATH = ("rule", "apply_server_side_encryption_by_default", "sse_algorithm")


def about(_: Params) -> Iterable[str]:
    return (_BUCKET, _COMPANION)


def check(module: Module, _: Params) -> Iterator[Found]:
    paths: dict[str, tuple[str, ...]] = {_BUCKET: ("server_side_encryption_configuration", *_PATH), _COMPANION: _PATH}
    for block in resources(module, *paths):
        if block.get("acl") == "log-delivery-write":
            continue  # logs are delivered to buckets with S3's own key alone
        for route, value in places(block, paths[block.labels[0]]):
            if isinstance(value, str) and not value.startswith("aws:kms"):
                yield route, f"`{title(block)}` is encrypted by `{value}`, under a key of S3's own"
