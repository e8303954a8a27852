"""A role with `*` allows what nobody has thought of, now and later."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.tree import items, mappings

KINDS = frozenset({"Role", "ClusterRole"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind not in ("Role", "ClusterRole"):
        return
    for index, rule in mappings(manifest.tree.data, "rules"):
        for field in ("verbs", "resources", "apiGroups"):
            if field == "apiGroups" and "*" not in items(rule, "resources"):
                continue
            if "*" in items(rule, field):
                yield ("rules", index, field), f"the role allows all {field} (`*`)"
