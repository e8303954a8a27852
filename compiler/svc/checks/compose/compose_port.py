"""Two services of one file claim one port of the host: the second does not start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._params import NoParams as Params
from svc.checks._pods import Found, items
from svc.targets.compose.types import ComposeFile

_ANY = ("", "0.0.0.0")  # noqa: S104 - what compose binds to when nothing is said


def check(compose: ComposeFile, _: Params) -> Iterator[Found]:
    """Services with profiles may be alternatives of each other: nothing is said of them."""
    owners: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name, service in compose.services.items():
        if not isinstance(service, dict) or service.get("profiles"):
            continue
        for index, port in enumerate(items(service, "ports")):
            address, number, protocol = _published(port)
            if not number.isdigit():
                continue
            there = owners.setdefault((number, protocol), [])
            first = next((who for who, at in there if at == address or at in _ANY or address in _ANY), "")
            if first:
                yield ("services", name, "ports", index), f"port {number} of the host is also claimed by `{first}`"
            there.append((name, address))


def _published(port: Any) -> tuple[str, str, str]:
    """Address, port of the host and protocol of an entry; no port when compose chooses one."""
    if isinstance(port, dict):
        return str(port.get("host_ip", "")), str(port.get("published", "")), str(port.get("protocol", "tcp"))
    text, _, protocol = str(port).partition("/")
    host, _, _ = text.rpartition(":")
    address, _, number = host.rpartition(":")
    return address, number, protocol or "tcp"
