"""A Secret object, or what Kustomize makes one of, stands with its values where everybody who can read the files can read them."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, generated
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import Manifest
from svc.tree import mapping

KINDS = frozenset({"Secret", *KUSTOMIZATIONS})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, key, value in generated(manifest, "secretGenerator"):
        if value.strip():
            yield route, f"value of `{key}` stands in the file"
    if manifest.kind != "Secret" or manifest.tree.get("type") == "kubernetes.io/service-account-token":
        return
    for field in ("data", "stringData"):
        for key, value in mapping(manifest.tree.data, field).items():
            if isinstance(value, str) and value.strip():
                yield (field, key), f"value of `{key}` stands in the manifest: base64 hides nothing"
