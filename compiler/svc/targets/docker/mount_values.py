"""Mounts of a RUN that BuildKit refuses (frontend/dockerfile/instructions/commands_runmount.go)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import join, normpath

from svc.patterns import regex
from svc.suggest import nearest
from svc.targets.docker.types import Instruction, unquoted

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
    fields = _fields(mount)
    given = {key: value for key, value, _ in fields}
    kind = given.get("type", "bind").lower()
    if kind not in _TYPES:
        return f"there is no mount of type `{kind}`{nearest(kind, _TYPES)}", f"the types are {', '.join(_TYPES)}"
    for key, value, has in fields:
        said = _field(key, value, has, kind)
        if said is not None:
            return said
    if kind == "secret" and not any(given.get(key) for key in ("id", "source", "src", *_TARGETS)):
        return "a mount of type `secret` does not say which one", "add id=NAME"
    return None


def mounted(found: Sequence[Instruction]) -> Iterator[tuple[int, Said]]:
    """Mounts at the root of the image, where nothing can be. Without a target, one is at the working directory, which the
    image of a FROM sets as well: nothing is said where that decides."""
    stages = {"scratch": "/"}
    stage = folder = ""
    for number, one in enumerate(found):
        if one.keyword == "FROM":
            folder = stages.get(unquoted(one.args[0]), "") if one.args else ""
            stage = one.args[2].lower() if len(one.args) == 3 else ""
        elif one.keyword == "WORKDIR" and one.args:
            folder = _within(folder, unquoted(one.args[0]))
        elif one.keyword == "RUN":
            yield from ((number, said) for mount in one.flag_values("mount") if (said := _at_root(mount, folder)))
        stages |= {stage: folder} if stage else {}


def _within(folder: str, path: str) -> str:
    """A path from a folder; "" where either is not known."""
    whole = join(folder, path)
    return normpath(f"/{whole.lstrip('/')}") if whole.startswith("/") and "$" not in whole else ""


def _at_root(mount: str, folder: str) -> Said | None:
    given = {key: value for key, value, _ in _fields(mount)}
    kind = given.get("type", "bind").lower()
    target = next((given[key] for key in reversed(given) if key in _TARGETS), "")
    place = target if target.startswith("/") else _within(folder, target)  # BuildKit takes `/a/..` as it stands
    if "$" in mount or '"' in mount or kind not in _PLACED or place != "/":
        return None
    if target:
        return f"`{target}` is the root of the image, where nothing can be mounted", "write another target"
    return f"a mount of type `{kind}` goes to the working directory, which is the root here", "add target=PATH"


def _fields(mount: str) -> list[tuple[str, str, bool]]:
    """Key, value, and whether there is one."""
    return [(field.partition("=")[0].lower(), field.partition("=")[2], "=" in field) for field in mount.split(",")]


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
