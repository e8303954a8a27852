"""An Ingress lets the world in without TLS. Controllers that take certificates from annotations are known."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.tree import items, mapping, mappings

CERTIFICATES = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "networking.gke.io/managed-certificates",
    "networking.gke.io/pre-shared-certs",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "traefik.ingress.kubernetes.io/router.tls",
    "route.openshift.io/termination",
)
SECURE = {
    "alb.ingress.kubernetes.io/listen-ports": "HTTPS",
    "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
}
"""Annotations that name a port with TLS, and the word for one: the controller finds the certificate by itself."""
KINDS = frozenset({"Ingress"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind != "Ingress":
        return
    annotations = mapping(manifest.tree.data, "metadata", "annotations")
    if (
        any(key in annotations for key in CERTIFICATES)
        or any(word in str(annotations.get(key, "")) for key, word in SECURE.items())
        or annotations.get("alb.ingress.kubernetes.io/scheme") == "internal"
    ):
        return
    covered = {str(host) for _, entry in mappings(manifest.tree.data, "spec", "tls") for host in items(entry, "hosts")}
    blank = any(not items(entry, "hosts") for _, entry in mappings(manifest.tree.data, "spec", "tls"))
    if not items(manifest.tree.data, "spec", "tls"):
        yield ("spec",), "the Ingress has no TLS: passwords and cookies travel in clear text"
        return
    for index, rule in mappings(manifest.tree.data, "spec", "rules"):
        host = str(rule.get("host", ""))
        wildcard = "*." + host.partition(".")[2]
        if host and not blank and host not in covered and wildcard not in covered:
            yield ("spec", "rules", index, "host"), f"host `{host}` is in no `tls` entry"
