"""Kustomize gives an image a tag and no digest, whatever the manifests have."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.images import is_variable
from svc.checks.pods import Found, renamed
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import Manifest

KINDS = KUSTOMIZATIONS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, image, tag, digest in renamed(manifest):
        if tag and not digest and not is_variable(tag):
            yield route, f"image `{image}` gets the tag `{tag}` and no `digest` beside it"
