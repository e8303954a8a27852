"""Objects of the user's own beside the generated ones: their namespace, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from svc.diagnostics import Problem, Route, Severity, shown
from svc.kubernetes import sanity, schema
from svc.kubernetes.types import Manifest
from svc.resolve.types.delivery import RawObject
from svc.resolve.types.whole import Resolved
from svc.tree import EXACT, Tree, walk

_OF_THE_CLUSTER = frozenset(
    (
        *("APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding"),
        *("ClusterTrustBundle", "ComponentStatus", "CustomResourceDefinition", "DeviceClass", "DeviceTaintRule"),
        *("FlowSchema", "IPAddress", "IngressClass", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"),
        *("MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PriorityClass"),
        *("PriorityLevelConfiguration", "ResourceSlice", "RuntimeClass", "ServiceCIDR", "StorageClass"),
        *("StorageVersionMigration", "SelfSubjectAccessReview", "SelfSubjectReview", "SelfSubjectRulesReview"),
        *("SubjectAccessReview", "TokenReview", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"),
        *("ValidatingWebhookConfiguration", "VolumeAttachment", "VolumeAttributesClass", "ClusterSecretStore"),
        "ClusterIssuer",
    )
)
"""Kinds without a namespace."""


def raw(resolved: Resolved) -> tuple[Manifest, ...]:
    """The user's own objects in their order, in the environment's namespace unless they name one."""
    return tuple(_manifest(one, resolved.namespace) for one in resolved.manifests)


def raw_problems(resolved: Resolved) -> Iterator[Problem]:
    """What no API server takes, and what cannot be judged."""
    for one in raw(resolved):
        yield from _unfit(one)


def clashes(own: Sequence[Manifest], generated: Sequence[Manifest]) -> Iterator[Problem]:
    """The user's own objects whose kind and name another object has."""
    made = {(one.kind, one.name): one for one in generated}
    seen: dict[tuple[str, str], Manifest] = {}
    for one in own:
        key = (one.kind, one.name)
        other = made.get(key) or seen.setdefault(key, one)
        if other is not one:
            yield _clash(one, other, own=key not in made)


def twice(made: Sequence[Manifest]) -> Iterator[Problem]:
    """Objects that are made for different parts of a service, and come out with one kind and name."""
    seen: dict[tuple[str, str, str], Manifest] = {}
    for one in made:
        other = seen.setdefault((one.kind, one.namespace, one.name), one)
        if other is not one and one.origin(())[:1] != ("manifests",):
            message = f"{one.kind} {one.name} would be made twice: two parts of the service come out with this name"
            related = (("the other part", other.origin(())),)
            yield Problem("object-named-twice", one.origin(()), message, "rename one of them", "key", related=related)


def _manifest(one: RawObject, namespace: str) -> Manifest:
    origins: dict[Route, Route] = {route: (*one.at, *route) for route, _ in walk(one.data)}
    data: dict[str, Any] = _as_json(one.data)
    if _namespaced(str(data["apiVersion"]), str(data["kind"])):
        data["metadata"] = {"namespace": namespace, **data["metadata"]}
    return Manifest(Tree(data, origins))


def _as_json(value: Any) -> Any:
    """As the API gets it: in JSON 2.0 is 2."""
    if isinstance(value, dict):
        return {key: _as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < EXACT else value


def _namespaced(api_version: str, kind: str) -> bool:
    """What is not known is left as it is: Helm puts it into the release's namespace if it wants one."""
    return kind not in _OF_THE_CLUSTER and schema.known(api_version, kind)


def _clash(one: Manifest, other: Manifest, *, own: bool) -> Problem:
    what = f"{one.kind} {one.name}"
    message = f"two of your own objects are {what}" if own else f"{what} is generated, and one of your own is too"
    help_ = "rename one" if own else f"rename yours, or change the generated one with a patch of kubernetes/{one.kind}"
    note = "the other" if own else "what it is generated from"
    return Problem(
        "manifest-clash", one.origin(("metadata", "name")), message, help_, related=((note, other.origin(())),)
    )


def _unfit(one: Manifest) -> Iterator[Problem]:
    minor = schema.MINORS[-1]
    known = schema.known(one.api_version, one.kind)
    if not known:
        yield _unknown(one)
    for route, node in walk(one.tree.data):
        if isinstance(node, float) and not math.isfinite(node):
            text = f"{one.kind} {one.name} has {node!r} at {shown(route)}, which is no number in JSON, as the API speaks it"
            yield Problem("manifest-invalid", one.origin(route), text, "write a number, or a text in quotes")
    found = schema.check(one, minor) if known else sanity.check(one)
    for route, message in {route: message for route, message in found}.items():  # noqa: C416 - the last one says most
        text = f"Kubernetes {minor} refuses {one.kind} {one.name} at {shown(route) or 'its root'}: {message}"
        yield Problem("manifest-invalid", one.origin(route), text, anchor="key")


def _unknown(one: Manifest) -> Problem:
    at = one.origin(("apiVersion",))
    group = one.api_version.rpartition("/")[0]
    if group and "." in group and not group.endswith(".k8s.io"):
        message = f"svc has no schema of {one.kind} in {one.api_version}: its fields are not checked"
        return Problem("manifest-kind-unknown", at, message, severity=Severity.INFO)
    message = f"Kubernetes {schema.MINORS[-1]} has no {one.kind} in {one.api_version}"
    return Problem("manifest-invalid", at, message, "`kubectl api-resources` lists kinds and their versions")
