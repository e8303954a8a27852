"""Labels and selectors that the API refuses for their syntax."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, template_metadata_route
from svc.diagnostics import Route
from svc.kubernetes.syntax import filled_in_later
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.patterns import regex
from svc.tree import mapping

_PART = regex(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_PREFIX = regex(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_SHAPE = "up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends"


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route in _places(manifest):
        for key, value in mapping(manifest.tree.get(*route)).items():
            if type(value) is str and _fine(key, value):
                continue
            if filled_in_later(str(key)) or filled_in_later(str(value)):
                continue
            if not _is_key(str(key)):
                yield (*route, key), f"`{key}` is no label key: an optional DNS name and `/`, then {_SHAPE}"
            if isinstance(value, str) and value and not _PART.fullmatch(value):
                yield (*route, key), f"`{value}` is no label value: {_SHAPE}"


def _places(manifest: Manifest) -> Iterator[Route]:
    yield ("metadata", "labels")
    if manifest.kind in POD_TEMPLATES and manifest.kind != "Pod":
        yield (*template_metadata_route(manifest), "labels")
        yield ("spec", "selector", "matchLabels")
    if manifest.kind == "Service":
        yield ("spec", "selector")


@lru_cache(maxsize=4096)
def _fine(key: Any, value: str) -> bool:
    return _is_key(str(key)) and (not value or _PART.fullmatch(value) is not None)


@lru_cache(maxsize=2048)
def _is_key(key: str) -> bool:
    prefix, slash, name = key.rpartition("/")
    return bool(_PART.fullmatch(name)) and (not slash or (len(prefix) <= 253 and bool(_PREFIX.fullmatch(prefix))))
