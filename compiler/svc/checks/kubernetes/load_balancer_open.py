"""A Service of type LoadBalancer offers plain HTTP to the whole internet, and no HTTPS beside it that it may lead to."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.networks import is_everywhere
from svc.tree import items, mapping, mappings

CLOSED = ("internal", "ssl-cert", "certificate", "tls", "scheme=private")
KINDS = frozenset({"Service"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind != "Service" or manifest.tree.get("spec", "type") != "LoadBalancer":
        return
    annotations = mapping(manifest.tree.data, "metadata", "annotations")
    if any(mark in f"{key}={value}".lower() for key, value in annotations.items() for mark in CLOSED):
        return
    ranges = items(manifest.tree.data, "spec", "loadBalancerSourceRanges")
    if ranges and not any(is_everywhere(str(one).strip()) for one in ranges):
        return
    ports = [port for _, port in mappings(manifest.tree.data, "spec", "ports")]
    if any(port.get("port") in (443, 8443) or port.get("name") == "https" for port in ports):
        return
    for index, port in mappings(manifest.tree.data, "spec", "ports"):
        if port.get("port") in (80, 8080) or port.get("appProtocol") in ("http", "kubernetes.io/h2c"):
            message = f"port {port.get('port')} offers plain HTTP to the whole internet"
            yield ("spec", "ports", index, "port"), message
