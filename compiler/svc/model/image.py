"""References to images."""

from __future__ import annotations

import re
from functools import reduce
from typing import Any

from svc.model.spelled import quoted, refuse, text_of

_IMAGE = (
    r"(?P<repository>(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
IMAGE_PATTERN = reduce(
    lambda text, word: text.replace(word, ""), ("?P<repository>", "?P<tag>", "?P<digest>", "?:"), _IMAGE
)
"""As JSON Schema and CUE write it."""


def image_parts(text: str) -> tuple[str, str, str] | None:
    """Repository, tag and digest of an image reference (empty when absent), or None when it is none."""
    match = re.fullmatch(_IMAGE, text)
    return None if match is None else (match["repository"], match["tag"] or "", match["digest"] or "")


def _meant(text: str) -> tuple[str, ...]:
    """Without what a browser or another tool puts before it; in small letters, which a repository is written in."""
    bare = re.sub("^(https?|docker|oci)://", "", text)
    name, colon, rest = bare.rpartition("/")[2].partition(":")
    return bare, f"{bare.rpartition('/')[0]}/{name}".lstrip("/").lower() + colon + rest


def image(value: Any) -> str:
    text = text_of(value)
    if image_parts(text) is None or not isinstance(value, str):
        hint = next((f"; write {one}" for one in _meant(text) if image_parts(one) is not None), "")
        raise refuse(
            f"{quoted(value)} is not an image reference, such as ghcr.io/acme/checkout:1.4.2@sha256:<64 hex digits>{hint}"
        )
    return text
