"""A secret reaches the process as a variable, which children, crash dumps and logs inherit."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping, mappings

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for index, variable in mappings(container, "env"):
            if mapping(variable, "valueFrom").get("secretKeyRef") is not None:
                message = f"variable `{variable.get('name')}` of {name(container)} comes from a Secret"
                yield (*route, "env", index), message
        for index, source in mappings(container, "envFrom"):
            secret = source.get("secretRef")
            if isinstance(secret, dict):
                message = f"{name(container)} has every key of Secret `{secret.get('name')}` as a variable"
                yield (*route, "envFrom", index), message
