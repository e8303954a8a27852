"""Two ports of a pod have one name, or one number and protocol."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mappings

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers("containers"):
        names: list[object] = []
        numbers: list[tuple[object, object]] = []
        for index, port in mappings(container, "ports"):
            number = (port.get("containerPort"), port.get("protocol", "TCP"))
            if port.get("name") in names:
                yield (*route, "ports", index, "name"), f"{name(container)} has two ports named `{port['name']}`"
            elif number in numbers:
                message = f"{name(container)} declares port {number[0]}/{number[1]} twice"
                yield (*route, "ports", index, "containerPort"), message
            names.extend([port["name"]] if port.get("name") else [])
            numbers.append(number)
