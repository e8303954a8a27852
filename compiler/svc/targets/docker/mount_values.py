"""Mounts of a RUN that BuildKit refuses (frontend/dockerfile/instructions/commands_runmount.go)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    "from": ("bind", "cache", "ssh", "tmpfs"),
    **dict.fromkeys(("mode", "uid", "gid"), ("cache", "secret", "ssh")),
}
"""Which types have a key."""
_PLACED = ("bind", "cache", "tmpfs")
_TARGETS = ("destination", "dst", "target")
_LATER = ("required", "size")
"""Which are judged by the type that stands before them."""
_BOOLEANS = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")
_NUMBERS = {
    "mode": regex(r"0*[0-7]{1,10}"),
    **dict.fromkeys(("uid", "gid"), regex(r"0*[0-9]{1,10}")),
    "size": regex(r"[0-9]+(?:\.[0-9]*)?(?:[eE]\+?[0-9]{1,3})? ?[kKmMgGtTpP]?[iI]?[bB]?"),
}
_EXAMPLES = {"mode": "0755", "size": "100m"}

Said = tuple[str, str]


def wrong(mount: str) -> Said | None:
    """What is wrong with a mount, and what to write; nothing is said of values that variables or quotes hide."""
    if '"' in mount:
        return None
    fields = _fields(mount)
    given = {key: value for key, value, _ in fields}
    kind = given.get("type", "bind").lower()
    if kind not in _TYPES and "$" not in kind:
        return f"there is no mount of type `{kind}`{nearest(kind, _TYPES)}", f"the types are {', '.join(_TYPES)}"
    typed = "type" not in given
    for key, value, has in fields:
        said = _field(key, value, has, kind if "$" not in kind else "")
        if said is None and key in _LATER and not typed:
            said = f"`{key}` stands before the type of the mount, which decides whether it may", "write type=... first"
        if said is not None:
            return said
        typed |= key == "type"
    return _together(kind, given)


def _together(kind: str, given: Mapping[str, str]) -> Said | None:
    """What the keys of a mount say together."""
    source = next((key for key in ("source", "src") if given.get(key)), "")
    if kind == "secret" and not any(given.get(key) for key in ("id", "source", "src", *_TARGETS)):
        return "a mount of type `secret` does not say which one", "add id=NAME"
    if kind == "secret" and given.get("id") and source:
        return (
            f"`{source}` beside `id`: both name the secret",
            f"remove `{source}`; the builder is told where it is from",
        )
    if kind == "ssh" and source:
        return f"a mount of type `ssh` has no `{source}`", "write id=NAME for another agent than the default"
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
    """What is wrong with one key. `kind`: the type of the mount, "" where a variable decides it."""
    if key not in _KEYS:
        return f"a mount has no `{key}`{nearest(key, _KEYS)}", f"it has {', '.join(_KEYS)}"
    if not has and key not in _ALONE:
        return f"`{key}` of a mount has no value", f"write {key}=..."
    if key in _ONLY and kind and kind not in _ONLY[key]:
        kinds = " or ".join(_ONLY[key])
        return f"a mount of type `{kind}` has no `{key}`", f"remove it, or mount one of type {kinds}"
    if key == "from" and "$" in value[:-1]:
        return f"no variable is filled in in `from={value}`", f"write FROM {value} AS NAME above, and from=NAME here"
    return _value(key, value) if has and "$" not in value else None


def _value(key: str, value: str) -> Said | None:
    if key == "sharing" and value.lower() not in _SHARING:
        return f"there is no sharing `{value}`{nearest(value, _SHARING)}", f"write {', '.join(_SHARING)}"
    if key in _ALONE and value not in _BOOLEANS:
        return f"`{key}` is true or false, not `{value}`", f"write {key}, or {key}=false"
    if key in _NUMBERS and not _NUMBERS[key].fullmatch(value):
        return f"`{value}` is no `{key}`", f"write a number, such as {key}={_EXAMPLES.get(key, '1000')}"
    return None
