"""An Ingress rule that answers for any host."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.tree import mappings

KINDS = frozenset({"Ingress"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind != "Ingress":
        return
    for index, rule in mappings(manifest.tree.data, "spec", "rules"):
        host = rule.get("host")
        if not host or host == "*":
            yield ("spec", "rules", index), "the rule answers for any host name"
