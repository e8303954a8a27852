"""Two Ingresses claim one host and path: which of them answers is chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._apart import apart
from svc.checks._objects import Found, objects, same
from svc.checks._params import NoParams as Params
from svc.checks.seen import Object
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    owners: dict[str, list[Object]] = {}
    for subject, ingress in objects(subjects, "Ingress"):
        annotations = mapping(ingress.tree.data, "metadata", "annotations")
        if any(key.endswith("/canary") for key in annotations):
            continue  # a part of the traffic of the one it doubles
        for index, rule in mappings(ingress.tree.data, "spec", "rules"):
            for place, path in mappings(rule, "http", "paths"):
                kind = mapping(ingress.tree.data, "spec").get("ingressClassName")
                claim = (kind, rule.get("host"), path.get("path", "/"), path.get("pathType"))
                claims = owners.setdefault(str(claim), [])
                others = (one for at, one in claims if not same(one, ingress) and not apart(subjects, at, subject))
                if rule.get("host") and (other := next(others, None)) is not None:
                    message = f"`{claim[1]}{claim[2]}` is also claimed by Ingress `{other.name}`"
                    yield subject, ("spec", "rules", index, "http", "paths", place, "path"), message
                claims.append((subject, ingress))
