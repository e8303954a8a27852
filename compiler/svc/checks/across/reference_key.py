"""A pod asks for a key that its ConfigMap or Secret, which stands beside it, does not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._objects import Found, objects, pods, together
from svc.checks._params import NoParams as Params
from svc.checks.pods import quoted
from svc.checks.seen import Seen, once
from svc.diagnostics import Route
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings

_GENERATORS = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
_OF_AN_ACCOUNT = frozenset({"ca.crt", "namespace", "token"})
"""What the cluster writes into the token of an account."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    for subject, manifest, _labels in pods(subjects):
        for route, reference, kind in _references(manifest):
            known = [_keys(one) for one in _sources(subjects, manifest, kind, reference.get("name"))]
            key = reference.get("key")
            if not known or None in known or reference.get("optional") is True:
                continue
            keys = sorted(set().union(*(one for one in known if one is not None)))
            if key not in keys:
                yield (
                    subject,
                    route,
                    f"{kind} `{reference.get('name')}` has no key `{key}`; it has {quoted(keys) or 'none'}",
                )


def _references(manifest: Manifest) -> Iterator[tuple[Route, dict[str, Any], str]]:
    for route, container in manifest.containers():
        for index, variable in mappings(container, "env"):
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                reference = mapping(variable, "valueFrom", field)
                if reference:
                    yield (*route, "env", index, "valueFrom", field, "key"), reference, kind
    if manifest.pod is None or manifest.pod_route is None:
        return
    for index, volume in mappings(manifest.pod, "volumes"):
        for field, name, kind in (("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret")):
            source = mapping(volume, field)
            for place, item in mappings(source, "items"):
                reference = {"name": source.get(name), "key": item.get("key"), "optional": source.get("optional")}
                yield (*manifest.pod_route, "volumes", index, field, "items", place, "key"), reference, kind


def _sources(subjects: Sequence[Subject], manifest: Manifest, kind: str, name: object) -> Iterator[Manifest]:
    known = once(subjects, _made).get((kind, name), ()) if isinstance(name, str) else ()
    yield from (one for one in known if together(one, manifest))


def _made(subjects: Seen) -> dict[tuple[str, object], list[Manifest]]:
    """ConfigMaps and Secrets by kind and name, with what makes a Secret, and the kustomizations that generate one or add to it."""
    found: dict[tuple[str, object], list[Manifest]] = {}
    for _, one in objects(subjects, *sorted(KUSTOMIZATIONS)):
        for generator, kind in _GENERATORS.items():
            for _, each in mappings(one.tree.data, generator):
                found.setdefault((kind, str(each.get("name"))), []).append(one)
    for _, one in objects(subjects, "ConfigMap", "Secret", "SealedSecret", "ExternalSecret"):
        target = mapping(one.tree.data, "spec", "target").get("name") if one.kind == "ExternalSecret" else None
        kind = "ConfigMap" if one.kind == "ConfigMap" else "Secret"
        found.setdefault((kind, str(target or one.name)), []).append(one)
    return found


def _keys(source: Manifest) -> set[str] | None:
    """The keys of a ConfigMap or Secret; None when they are only known once something has made it."""
    data = source.tree.data
    if source.kind in KUSTOMIZATIONS or _filled_by_others(source):
        return None
    if source.kind == "ExternalSecret":
        if mapping(data, "spec").get("dataFrom") or mapping(data, "spec", "target", "template"):
            return None
        return {str(item.get("secretKey")) for _, item in mappings(data, "spec", "data")}
    if source.kind == "SealedSecret":
        return set(mapping(data, "spec", "encryptedData"))
    keys = {*mapping(data, "data"), *mapping(data, "stringData"), *mapping(data, "binaryData")}
    return keys | _OF_AN_ACCOUNT if data.get("type") == "kubernetes.io/service-account-token" else keys or None


def _filled_by_others(source: Manifest) -> bool:
    """Whether a label or an annotation tells a controller to put something in: a bundle of certificates, a password, a copy."""
    metadata = source.tree.get("metadata")
    return any(
        mark in str(key)
        for part in ("annotations", "labels")
        for key in mapping(metadata, part)
        for mark in ("/inject", "autogenerate", "/reflects", "/replicate-from")
    )
