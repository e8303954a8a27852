"""Ports on the host: published twice, or for everybody although only this machine needs them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.records import dataclass
from svc.targets.compose.types import ComposeFile
from svc.tree import items, mapping


@dataclass(frozen=True, slots=True)
class Published:
    """One port of the host. `address` "" is every one."""

    route: Route
    service: str
    address: str
    host: str
    container: str
    protocol: str


@dataclass(frozen=True, slots=True)
class Params:
    """`open`: container ports that are not for everybody; `unbound`: no port is without an address. Without either, ports
    of the host that are taken twice are found."""

    open: tuple[int, ...] = ()
    unbound: bool = False


def check(compose: ComposeFile, params: Params) -> Iterator[Found]:
    taken: list[Published] = []
    for one in _published(compose):
        if params.unbound:
            if not one.address and one.host:
                yield one.route, f"service `{one.service}` publishes port {one.host} on every address of this machine"
            continue
        if params.open:
            if _everywhere(one.address) and one.host and one.container in {str(port) for port in params.open}:
                yield one.route, f"service `{one.service}` opens port {one.host} to everybody who reaches this machine"
            continue
        other = next((before for before in taken if _clash(before, one)), None)
        if other is not None:
            yield one.route, f"port {one.host} of the host is published by `{other.service}` as well"
        taken.append(one)


def _clash(one: Published, other: Published) -> bool:
    same = one.address == other.address or _everywhere(one.address) or _everywhere(other.address)
    return bool(one.host) and (one.host, one.protocol) == (other.host, other.protocol) and same


def _everywhere(address: str) -> bool:
    """No address, or the one of only zeros, of either version."""
    return not address.strip("[]0.:")


def _published(compose: ComposeFile) -> Iterator[Published]:
    for name, service in compose.services.items():
        if mapping(service).get("profiles"):
            continue
        for index, port in enumerate(items(service, "ports")):
            found = _port(port)
            if found is not None and "$" not in "".join(found):
                yield Published(("services", name, "ports", index), name, *found)


def _port(port: Any) -> tuple[str, str, str, str] | None:
    """Address, port of the host, port of the container, protocol. Ranges are left alone."""
    if isinstance(port, dict):
        published = str(port.get("published") or "")
        return str(port.get("host_ip", "")), published, str(port.get("target", "")), str(port.get("protocol", "tcp"))
    text, _, protocol = str(port).partition("/")
    rest, _, container = text.rpartition(":")
    address, _, host = rest.rpartition(":")
    if not rest or "-" in host:
        return None
    return address, host, container, protocol or "tcp"
