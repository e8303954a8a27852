"""A user id that also is a user of the node."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, contexts
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    minimum: int = 10000


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    for route, context, who in contexts(manifest):
        user = context.get("runAsUser")
        if isinstance(user, int) and not isinstance(user, bool) and 0 < user < params.minimum:
            yield (*route, "runAsUser"), f"{who} runs as user {user}, which may be a user of the node"
