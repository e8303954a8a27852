"""The ways in and out: exposure and access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from svc.model.base import Part, about, required
from svc.model.mapped import after, before
from svc.model.scalars import (
    Cidr,
    DnsLabel,
    Flag,
    HostName,
    LabelKey,
    PortName,
    PortNumber,
    SubdomainName,
    Text,
    UrlPath,
)
from svc.model.spelled import Spelled, quoted, refuse
from svc.model.texts import GatewayName
from svc.patterns import regex


class ExposePath(Part):
    """A path and the port behind it; short form: the path."""

    SHORT: ClassVar[str] = "path"
    path: UrlPath = required("The path.", "/")
    type: Literal["Prefix", "Exact", "ImplementationSpecific"] = about("How it matches.", default="Prefix")
    port: PortName | None = about("The port behind it; the exposure's port unless given.", "http")


class Expose(Part):
    """The way in from outside."""

    SHORT: ClassVar[str] = "host"
    SHORT_MERGES: ClassVar[bool] = True
    host: HostName | None = about("The host name.", "checkout.example.com")
    hosts: list[HostName] = about("Several host names.", ["shop.example.com", "shop.example.org"], default_factory=list)
    path: UrlPath | None = about("The path.", "/")
    paths: list[ExposePath] = about(
        "Several paths.", ["/api", {"path": "/login", "type": "Exact"}], default_factory=list
    )
    port: PortName | None = about("The port behind it; the main HTTP port unless given.", "http")
    tls: Flag = about("Serve TLS; plain HTTP is judged by a policy.", default=True)
    tls_secret: SubdomainName | None = about("Secret with the certificate; <name>-tls unless given.", "checkout-tls")
    via: Literal["ingress", "gateway", "load-balancer"] = about(
        "Ingress, Gateway API route, or a cloud load balancer.", default="ingress"
    )
    class_name: SubdomainName | None = about("Ingress class.", "nginx")
    gateway: GatewayName | None = about("namespace/name of the Gateway.", "infra/public")
    allow: list[Cidr] = about("Networks that may come in; all unless given.", ["10.0.0.0/8"], default_factory=list)
    annotations: dict[LabelKey, Text] = about(
        "Annotations of the Ingress, route or Service.",
        {"nginx.ingress.kubernetes.io/proxy-body-size": "8m"},
        default_factory=dict,
    )

    @after
    def _one_form(self) -> Expose:
        if self.host is not None and self.hosts:
            raise refuse("write host or hosts, not both")
        if self.path is not None and self.paths:
            raise refuse("write path or paths, not both")
        if self.via == "gateway" and self.gateway is None:
            raise refuse("via: gateway needs `gateway`, the namespace/name of the Gateway")
        if self.via != "load-balancer" and self.host is None and not self.hosts:
            raise refuse("expose needs a host, such as shop.example.com")
        _once("hosts", [(one, "") for one in self.hosts])
        _once("paths", [(one.path, one.type) for one in self.paths])
        return self


def _once(key: str, values: list[tuple[str, str]]) -> None:
    """One path may stand there once for each way to match."""
    twice = next((one for index, one in enumerate(values) if one in values[:index]), None)
    if twice is not None:
        raise refuse(f"`{twice[0]}` stands twice in `{key}`: keep one", key)


_PEER = regex(
    r"((?P<cidr>[0-9a-fA-F.:]+/[0-9]+)(?P<cport>:[0-9]+)?|(?P<host>[A-Za-z0-9*-]+(\.[A-Za-z0-9-]+)+):(?P<hport>[0-9]+)|"
    r"((?P<ns>[a-z0-9-]+)/)?(?P<service>[a-z]([-a-z0-9]*[a-z0-9])?)(?P<sport>:[0-9]+)?)(?P<udp>(?<=[0-9])/udp)?|(?P<any>\*)"
)
_LONGEST = 512
"""More than any host, or service in a namespace, with its port."""


def _peers(text: str) -> Iterator[tuple[str, ...]]:
    """What may be meant: a URL, a host alone, any host at a port, one address at a port."""
    url = regex(r"(https?)://([^/:]+)(:[0-9]+)?(/.*)?").fullmatch(text)
    if url is not None:
        yield (f"{url[2]}{url[3] or (':443' if url[1] == 'https' else ':80')}",)
    if text.startswith("*:"):
        yield f"0.0.0.0/0{text[1:]}", f"::/0{text[1:]}"
    if regex(r"[0-9]+(\.[0-9]+){3}(:[0-9]+)?").fullmatch(text):
        yield ("/32:".join(text.split(":")) if ":" in text else f"{text}/32",)
    elif "." in text:
        yield (f"{text}:443",)


class Peer(Part):
    """Somebody to talk with; short form: service, namespace/service, network, network:port, host:port, or * for the namespace.
    `/udp` behind a port means UDP."""

    SHORT: ClassVar[str] = "peer"
    peer: Text | None = about("The short form, taken apart.", "api.stripe.com:443")
    service: DnsLabel | None = about("A service (label app.kubernetes.io/name).", "frontend")
    namespace: DnsLabel | None = about("Its namespace; ours unless given. Alone: every pod in it.", "shop")
    cidr: Cidr | None = about("A network.", "10.0.0.0/8")
    host: HostName | None = about("A host outside the cluster.", "api.stripe.com")
    ports: list[PortNumber] = about("Ports.", [443], default_factory=list)
    protocol: Literal["tcp", "udp"] | None = about(
        "How they are reached: as our own port of this number, else by tcp. Short form: `/udp` behind the port.", "udp"
    )

    @classmethod
    @before
    def _take_apart(cls, value: Any) -> Any:
        text = value.get("peer") if isinstance(value, dict) else value
        if isinstance(text, Spelled) and text.value is not None:
            text = text.text
        if not isinstance(text, str):
            return value
        if isinstance(value, dict) and len(value) > 1:
            raise refuse("`peer` is the short form of the other keys: write it alone, or the others without it", "peer")
        match = _PEER.fullmatch(text) if len(text) <= _LONGEST else None
        if match is None:
            hint = next(
                (f"; write {' and '.join(some)}" for some in _peers(text) if all(map(_PEER.fullmatch, some))), ""
            )
            raise refuse(
                f"{quoted(text)} is no peer: write a service, namespace/service, a network 10.0.0.0/8[:port], or host:port such as api.stripe.com:443{hint}"
            )
        port = match["cport"] or match["hport"] or match["sport"]
        found: dict[str, Any] = {
            "peer": text,
            "cidr": match["cidr"],
            "host": match["host"],
            "service": match["service"],
            "namespace": match["ns"],
        }
        if port:
            found["ports"] = [int(port.lstrip(":"))]
            found["protocol"] = "udp" if match["udp"] else None
        return {key: item for key, item in found.items() if item is not None}


class Access(Part):
    """Who may connect to us and to whom we may connect; everything else is denied."""

    from_: list[Peer] | None = about(
        "Who may connect; the pods of our namespace unless given.", ["frontend"], alias="from"
    )
    to: list[Peer] = about(
        "To whom we connect, besides DNS, the needs and the services that `env` refers to.",
        ["api.stripe.com:443"],
        default_factory=list,
    )
    open_egress: Flag = about("No limit on outgoing connections.", default=False)
