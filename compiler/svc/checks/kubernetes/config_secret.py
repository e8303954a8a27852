"""A ConfigMap, or what Kustomize makes one of, holds a secret."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, generated
from svc.checks.secrets import holds_secret, is_secret, names_variable, secret_at
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import Manifest
from svc.tree import mapping

KINDS = frozenset({"ConfigMap", *KUSTOMIZATIONS})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, key, value in generated(manifest, "configMapGenerator"):
        if _is_secret(key, value):
            yield route, f"key `{key}` of a ConfigMap holds a secret in plain text"
    if manifest.kind != "ConfigMap":
        return
    for key, value in mapping(manifest.tree.data, "data").items():
        if not isinstance(value, str):
            continue
        if ("\n" not in value and _is_secret(key, value)) or holds_secret(value):
            yield ("data", key), f"key `{key}` of a ConfigMap holds a secret in plain text", secret_at(value)


def _is_secret(key: str, value: str) -> bool:
    return is_secret(key, value) and not names_variable(key, value)
