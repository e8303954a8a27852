"""A top-level key that compose ignores."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.records import dataclass
from svc.targets.compose.types import ComposeFile
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    key: str = "version"


def check(compose: ComposeFile, params: Params) -> Iterator[Found]:
    if params.key in mapping(compose.tree.data):
        yield (params.key,), f"`{params.key}` is ignored"
