"""Values in the form of other tools, as the language writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from svc.diagnostics import Route
from svc.model.hints import flow
from svc.model.spelled import WHOLE, Spelled
from svc.patterns import regex

_ASSIGNED = regex(r"([A-Za-z_][\w.-]*)=(.*)", re.DOTALL)
_GLUED = regex(r"([A-Za-z_][\w.-]*):(?!//)(\S+)")


def instead(key: str, value: Any, example: Any) -> str:
    """How a mapping is written where something else stands: what was given, if its form is known, else the example."""
    if isinstance(value, str) and (glued := _GLUED.fullmatch(value)):
        return f"`{value}` has no space after the colon: write `{glued[1]}: {glued[2]}`"
    given = _ports(value) if key == "ports" else {}
    if not given and isinstance(value, list):
        given = _mounts(value) if key == "volumes" else _types(value) if key == "needs" else _named(value)
    if given and (not isinstance(value, list) or len(given) == len(value)):  # what is named twice would be lost
        return f"names are keys here: `{key}: {flow(given)}`"
    return f"write for example `{key}: {flow(example)}`" if example is not None else ""


def _named(items: Sequence[Any]) -> dict[str, Any]:
    """`[A=1]` and `[{name: A, value: 1}]` as `{A: 1}`; nothing when an item has another form."""
    found: dict[str, Any] = {}
    for item in items:
        if isinstance(item, str) and (match := _ASSIGNED.fullmatch(item)):
            found[match[1]] = match[2]
        elif isinstance(item, dict) and isinstance(item.get("name"), str) and len(item) > 1:
            rest = {str(name): part for name, part in _sourced(item).items() if name != "name"}
            if "valueFrom" in rest:
                return {}
            found[item["name"]] = next(iter(rest.values())) if set(rest) <= _ALONE and len(rest) == 1 else rest
        else:
            return {}
    return found


def _sourced(item: dict[str, Any]) -> dict[str, Any]:
    """A variable of Kubernetes that a Secret or a ConfigMap has."""
    source = item.get("valueFrom")
    for key, ours in (("secretKeyRef", "secret"), ("configMapKeyRef", "config")):
        found = source.get(key) if isinstance(source, dict) else None
        if isinstance(found, dict) and isinstance(found.get("name"), str) and isinstance(found.get("key"), str):
            rest = {same: found[same] for same in ("key", "optional") if same in found}
            return {"name": item["name"], ours: found["name"], **rest}
    return item


def _ports(value: Any) -> dict[str, Any]:
    """`8080`, `[8080]` and compose's `[80:8080]` by the name that the first port mostly has."""
    items = [
        item.text if isinstance(item, Spelled) else item for item in (value if isinstance(value, list) else [value])
    ]
    found = [_PORTS.fullmatch(str(item)) for item in items if not isinstance(item, bool | dict | list)]
    if not found or len(found) != len(items) or None in found:
        return {}
    if len({(one["own"], one["protocol"] or "tcp") for one in found if one}) < len(found):
        return {}
    names = ["http", *(f"port-{one['own']}" for one in found[1:] if one)]
    return {name: _port(one) for name, one in zip(names, found, strict=True) if one}


def _port(one: re.Match[str]) -> Any:
    number = int(one["own"])
    more = {
        "protocol": one["protocol"] if one["protocol"] == "udp" else None,
        "service": int(one["host"]) if one["host"] and one["host"] != one["own"] else None,
    }
    rest = {key: item for key, item in more.items() if item is not None}
    return {"port": number, **rest} if rest else number


def _mounts(items: Sequence[Any]) -> dict[str, Any]:
    """Compose's `[data:/data]` by the path in the container."""
    found = [_MOUNT.fullmatch(item) if isinstance(item, str) else None for item in items]
    return {one[1]: {"size": "1Gi", "access": "once"} for one in found if one} if found and None not in found else {}


def _types(items: Sequence[Any]) -> dict[str, Any]:
    """`[postgres]` by a name for each."""
    return {item: item for item in items} if all(isinstance(item, str) for item in items) else {}


_PORTS = regex(r"(?:(?:[0-9.]+:)?(?P<host>[0-9]{1,5}):)?(?P<own>[0-9]{1,5})(?:/(?P<protocol>tcp|udp))?")
_MOUNT = regex(r"[^:]+:(/[^:]+)(?::[a-z,]+)?")

_ALONE = frozenset({"value", "containerPort", "port"})
"""Keys that a short form stands for."""


def instead_of(at: Route, value: Any, message: str) -> str:
    """What to write for a value in another tool's form that is refused with a message: two ports as compose joins
    them, a user as Docker takes it, an address with its path."""
    text = value if isinstance(value, str) else ""
    if at in (("expose",), ("expose", "host")) and (address := _ADDRESS.fullmatch(text)):
        return f"write `expose: {{host: {address[1]}, path: {address[2]}}}`"
    if at[-1:] in (("user",), ("group",)) and message.startswith(WHOLE):
        owner = re.fullmatch("([0-9]+):([0-9]+)", text)
        return f"write `user: {owner[1]}` and `group: {owner[2]}`" if owner else _NUMERIC if text else ""
    one = _PORTS.fullmatch(text) if "ports" in at else None
    if one is None:
        return ""
    port = _port(one)
    both = isinstance(port, dict) and not one["protocol"]
    return f"write {one['own']}, or {flow(port)}" if both else f"write {flow(port)}"


_ADDRESS = regex(r"(?:https?://)?([a-z0-9*][a-z0-9.-]*)(/[a-z0-9._/-]+)", re.IGNORECASE)
_NUMERIC = (
    "write the number that the image's /etc/passwd has for it: Kubernetes can only tell of a number that it is not root"
)
