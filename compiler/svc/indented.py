"""JSON with two spaces an indent, as `json.dumps(value, indent=2, ensure_ascii=False)`, whose writer in C cannot indent."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any


def indented(value: Any, pad: str = "") -> str:
    """Plain data with texts as keys. `pad`: what stands before the line that the value begins on."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if (kind is dict or kind is list or kind is tuple) and value:
        inner = f"{pad}  "
        if kind is dict:
            parts = [f"{inner}{encode_basestring(key)}: {indented(item, inner)}" for key, item in value.items()]
            return "{\n" + ",\n".join(parts) + f"\n{pad}}}"
        parts = [f"{inner}{indented(item, inner)}" for item in value]
        return "[\n" + ",\n".join(parts) + f"\n{pad}]"
    if kind is bool or value is None:
        return "true" if value else "false" if kind is bool else "null"
    return str(value) if kind is int else json.dumps(value, ensure_ascii=False)
