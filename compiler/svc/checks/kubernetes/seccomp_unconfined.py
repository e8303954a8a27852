"""A seccomp profile is set that confines nothing."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._pods import Found, contexts, mapping, quoted
from svc.kubernetes.types import Manifest

ALLOWED = ("RuntimeDefault", "Localhost")


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, context, who in contexts(manifest):
        kind = mapping(context, "seccompProfile").get("type")
        if kind is not None and kind not in ALLOWED:
            message = f"{who} has seccomp profile `{kind}`; allowed are {quoted(ALLOWED)}"
            yield (*route, "seccompProfile", "type"), message
