"""The object lives in the namespace `default`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svc.checks._pods import Found
from svc.kubernetes.types import Manifest


@dataclass(frozen=True, slots=True)
class Params:
    """None."""


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.namespace == "default":
        yield ("metadata", "namespace"), "the object lives in namespace `default`"
