"""An object lacks labels or annotations that everything must have."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, called
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    labels: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    for field, wanted in (("labels", params.labels), ("annotations", params.annotations)):
        had = mapping(manifest.tree.data, "metadata", field)
        for key in wanted:
            if not had.get(key):
                yield ("metadata",), f"{called(manifest)} has no {field.removesuffix('s')} `{key}`"
