"""Ports that compose-go cannot read (docker/go-connections, nat/nat.go)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex

_RANGE = regex(r"[0-9]+(?:-[0-9]+)?")
_PROTOCOLS = ("tcp", "udp", "sctp")
_HIGHEST = 65535
_ADVICE = "write HOST:CONTAINER, such as 8080:80, or 127.0.0.1:8080:80/udp"


def check(service: dict[str, Any], route: Route) -> Iterator[Problem]:
    ports = service.get("ports")
    for index, port in enumerate(ports if isinstance(ports, list) else ()):
        if isinstance(port, dict):
            said, at = _long(port)
        else:
            said, at = _short(str(port)) if isinstance(port, str | int) else "", ()
        if said:
            yield Problem("compose-value-refused", (*route, "ports", index, *at), said, _ADVICE)


def _long(port: dict[str, Any]) -> tuple[str, Route]:
    if "target" not in port and port:
        return "the port has no `target`, which is the one in the container", ()
    for key in ("published", "target"):
        said = _numbers(str(port.get(key) or ""))
        if said:
            return said, (key,)
    address = port.get("host_ip")
    wrong = isinstance(address, str) and "$" not in address and not _is_address(address)
    return (f"`{address}` is no address of this machine", ("host_ip",)) if wrong else ("", ())


def _short(text: str) -> str:
    """What is wrong with `ADDRESS:HOST:CONTAINER/PROTOCOL`; nothing is said where a variable may hold a colon."""
    if "$" in text:
        return ""
    rest, _, target = text.rpartition(":")
    address, _, published = rest.rpartition(":")
    target, _, protocol = target.partition("/")
    if not target:
        return f"`{text}` names no port of the container"
    said = _numbers(published) or _numbers(target)
    if said:
        return said
    if protocol.lower() not in ("", *_PROTOCOLS):
        return f"`{protocol}` is none of {', '.join(f'`{one}`' for one in _PROTOCOLS)}"
    if address and not _is_address(address.removeprefix("[").removesuffix("]")):
        return f"`{address}` is no address of this machine"
    many, few = _length(target), _length(published)
    if many > 1 and published and many != few:
        return f"`{published}` are {few} ports of the host, and `{target}` {many} of the container"
    return ""


def _numbers(text: str) -> str:
    if not text or "$" in text:
        return ""
    if not _RANGE.fullmatch(text):
        return f"`{text}` is no port"
    numbers = [int(one[:9]) for one in text.split("-")]
    if max(numbers) > _HIGHEST:
        return f"{max(numbers)} is no port: 1 to {_HIGHEST}"
    return f"`{text}` ends before it begins" if numbers[-1] < numbers[0] else ""


def _length(text: str) -> int:
    first, _, last = text.partition("-")
    return int(last) - int(first) + 1 if last else 1


def _is_address(text: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True
