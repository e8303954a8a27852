"""The object lives in the namespace `default`."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._pods import Found
from svc.kubernetes.types import Manifest


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.namespace == "default":
        yield ("metadata", "namespace"), "the object lives in namespace `default`"
