"""Two Ingresses claim one host and path: which of them answers is chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects, same
from svc.checks._params import NoParams as Params
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    owners: dict[str, Manifest] = {}
    for subject, ingress in objects(subjects, "Ingress"):
        annotations = mapping(ingress.tree.data, "metadata", "annotations")
        if any(key.endswith("/canary") for key in annotations):
            continue  # a part of the traffic of the one it doubles
        for index, rule in mappings(ingress.tree.data, "spec", "rules"):
            for place, path in mappings(rule, "http", "paths"):
                kind = mapping(ingress.tree.data, "spec").get("ingressClassName")
                claim = (kind, rule.get("host"), path.get("path", "/"), path.get("pathType"))
                first = owners.setdefault(str(claim), ingress)
                if rule.get("host") and first is not ingress and not same(first, ingress):
                    message = f"`{claim[1]}{claim[2]}` is also claimed by Ingress `{first.name}`"
                    yield subject, ("spec", "rules", index, "http", "paths", place, "path"), message
