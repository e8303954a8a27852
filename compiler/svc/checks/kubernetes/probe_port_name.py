"""A probe names a port that its container does not declare. Numbers need no declaration."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name, quoted
from svc.kubernetes.syntax import stands_in
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping, mappings

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        names = [port.get("name") for _, port in mappings(container, "ports")]
        for probe in (one for one in ("startupProbe", "readinessProbe", "livenessProbe") if one in container):
            for action in ("httpGet", "tcpSocket"):
                port = mapping(container, probe, action).get("port")
                if isinstance(port, str) and not port.isdigit() and port not in names and not stands_in(port):
                    declared = quoted(name for name in names if name) or "none"
                    message = f"{probe} of {name(container)} names port `{port}`; declared are {declared}"
                    yield (*route, probe, action, "port"), message
