"""Ports of a compose service; a range is each of its ports."""

from __future__ import annotations

from svc.importers.compose_values import filled, inserted
from svc.importers.draft import Draft
from svc.importers.ledger import View, number
from svc.patterns import regex

_HTTP = {80, 3000, 3001, 4000, 4200, 5000, 5173, 8000, 8001, 8080, 8081, 8088, 8888, 9000}
_KNOWN = {443: "https", 8443: "https", 9443: "https", 50051: "grpc", 5432: "postgres", 3306: "mysql", 6379: "redis", 5672: "amqp",
          27017: "mongo", 9092: "kafka", 9090: "metrics", 9100: "metrics"}  # fmt: skip
_SHORT = regex(r"(?:(?P<host>.*):)?(?P<port>\d+(?:-\d+)?)(?:/(?P<transport>tcp|udp|sctp))?")
_WIDEST = 50
"""Ports of a range; a Service with more of them is a matter of host networking."""
_PUBLISHED = {
    "published": "where a port is published is the Service's and the exposure's matter",
    "host_ip": "where a port is published is the Service's and the exposure's matter",
    "mode": "where a port is published is the Service's and the exposure's matter",
    "name": "svc names ports by what they speak",
    "app_protocol": "svc says the protocol of the ports that it knows",
}


def ports(view: View, draft: Draft) -> None:
    for one in view.each():
        if isinstance(one.value, dict):
            target = one.at("target")
            _port(draft, filled(target), one.at("protocol").text or "tcp", one, target)
            for key, part in one.items():
                if key == "protocol":
                    part.mapped("ports")
                elif key != "target":
                    part.dropped(_PUBLISHED.get(key, "svc import does not know this key of a port"))
            continue
        text, unknown = inserted(one)
        match = _SHORT.fullmatch(text)
        if match is not None:
            _port(draft, match["port"], match["transport"] or "tcp", one, one)
        elif unknown:
            one.dropped(f"${{{unknown[0]}}} has no default in the file: write the port into `ports`")
        else:
            one.dropped("svc import reads host:container, with single ports or ranges")


def expose(view: View, draft: Draft) -> None:
    for one in view.each():
        text, _, transport = filled(one).partition("/")
        _port(draft, text, transport or "tcp", one, one)


def _port(draft: Draft, text: str, transport: str, whole: View, view: View) -> None:
    first, sign, last = text.partition("-")
    start, end = number(first), number(last) if sign else number(first)
    if not isinstance(start, int) or not isinstance(end, int) or transport not in ("tcp", "udp"):
        whole.dropped("svc import reads TCP and UDP ports")
    elif not 0 <= end - start < _WIDEST:
        whole.dropped(f"a range of more than {_WIDEST} ports, or of none: write those that matter into `ports`")
    else:
        names = [named(draft, port, transport) for port in range(start, end + 1)]
        reason = f"each of the {len(names)} ports" if sign else ""
        view.mapped("ports", *names[:1], reason=reason)


def named(draft: Draft, port: int, transport: str) -> str:
    """The port's name; it may be there already."""
    known = draft.get("ports") or {}
    for name, one in known.items():
        there = (one, "tcp") if isinstance(one, int) else (one["port"], one.get("protocol", "tcp"))
        if there == (port, transport):
            return str(name)
    name = _KNOWN.get(port) or ("http" if port in _HTTP or not known else f"port-{port}")
    name = f"port-{port}" if name == "http" and transport == "udp" else name
    name = f"{name}-{port}"[:15] if name in known else f"udp-{port}" if transport == "udp" else name
    draft.set(("ports", name), {"port": port, "protocol": "udp"} if transport == "udp" else port)
    return name
