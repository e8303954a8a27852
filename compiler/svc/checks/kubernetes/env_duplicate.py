"""A variable is set twice; the last one wins."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mappings

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        first: dict[str, int] = {}
        for index, variable in mappings(container, "env"):
            key = str(variable.get("name"))
            if key in first:
                message = f"variable `{key}` of {name(container)} is set twice; the first one is env[{first[key]}]"
                yield (*route, "env", index, "name"), message
            first.setdefault(key, index)
