"""User id 0 is set in so many words, for the pod or a container."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, contexts, in_user_namespace
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if params.kubernetes < 23 or (in_user_namespace(manifest) and params.kubernetes >= 35):
        return
    for route, context, who in contexts(manifest):
        if context.get("runAsUser") == 0 and not isinstance(context["runAsUser"], bool):
            yield (*route, "runAsUser"), f"{who} runs as root (user 0)"
