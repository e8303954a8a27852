"""Mounts of a RUN that BuildKit refuses (frontend/dockerfile/instructions/commands_runmount.go)."""

from __future__ import annotations

from svc.patterns import regex
from svc.suggest import nearest

_TYPES = ("bind", "cache", "secret", "ssh", "tmpfs")
_SHARING = ("locked", "private", "shared")
_ALONE = frozenset(("readonly", "readwrite", "required", "ro", "rw"))
"""Keys that mean something without a value."""
_KEYS = (
    *("destination", "dst", "env", "from", "gid", "id", "mode", "readonly", "readwrite", "required", "ro", "rw"),
    *("sharing", "size", "source", "src", "target", "type", "uid"),
)
_ONLY = {
    "size": ("tmpfs",),
    "required": ("secret", "ssh"),
    "sharing": ("cache",),
    "env": ("secret",),
    **dict.fromkeys(("mode", "uid", "gid"), ("cache", "secret", "ssh")),
}
"""Which types have a key."""
_PLACED = ("bind", "cache", "tmpfs")
_TARGETS = ("destination", "dst", "target")
_NUMBERS = {"mode": regex(r"[0-7]+"), "uid": regex(r"\d+"), "gid": regex(r"\d+")}

Said = tuple[str, str]


def wrong(mount: str) -> Said | None:
    """What is wrong with a mount, and what to write; None where variables or quotes hide what it says."""
    if "$" in mount or '"' in mount:
        return None
    fields = [(field.partition("=")[0].lower(), field.partition("=")[2], "=" in field) for field in mount.split(",")]
    given = {key: value for key, value, _ in fields}
    kind = given.get("type", "bind").lower()
    if kind not in _TYPES:
        return f"there is no mount of type `{kind}`{nearest(kind, _TYPES)}", f"the types are {', '.join(_TYPES)}"
    for key, value, has in fields:
        said = _field(key, value, has, kind)
        if said is not None:
            return said
    if kind in _PLACED and not any(given.get(key) for key in _TARGETS):
        return f"a mount of type `{kind}` does not say where it goes", "add target=PATH"
    if kind == "secret" and not any(given.get(key) for key in ("id", "source", "src", *_TARGETS)):
        return "a mount of type `secret` does not say which one", "add id=NAME"
    return None


def _field(key: str, value: str, has: bool, kind: str) -> Said | None:
    if key not in _KEYS:
        return f"a mount has no `{key}`{nearest(key, _KEYS)}", f"it has {', '.join(_KEYS)}"
    if not has and key not in _ALONE:
        return f"`{key}` of a mount has no value", f"write {key}=..."
    if key in _ONLY and kind not in _ONLY[key]:
        kinds = " or ".join(_ONLY[key])
        return f"a mount of type `{kind}` has no `{key}`", f"remove it, or mount one of type {kinds}"
    if key == "sharing" and value.lower() not in _SHARING:
        return f"there is no sharing `{value}`{nearest(value, _SHARING)}", f"write {', '.join(_SHARING)}"
    if key in _NUMBERS and not _NUMBERS[key].fullmatch(value):
        return f"`{value}` is no `{key}`", f"write a number, such as {key}={'0755' if key == 'mode' else '1000'}"
    return None
