"""The ServiceAccount, and what it may do with the Kubernetes API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.resolve.types.around import Rule
from svc.resolve.types.whole import Resolved
from svc.tree import At, without_none

COMPONENT = "identity"


def identity(resolved: Resolved) -> Iterator[Manifest]:
    account = resolved.account
    if account.create:
        yield service_account(resolved, account.name, [])
    if account.rules:
        yield from access(resolved, account.name, [])


def service_account(resolved: Resolved, name: str, notes: list[tuple[str, Any]]) -> Manifest:
    account = resolved.account
    annotations = [(key, At(account.at, value)) for key, value in account.annotations]
    head = meta.metadata(resolved, name, COMPONENT, [*annotations, *notes])
    return meta.manifest("v1", "ServiceAccount", head, account.at, automountServiceAccountToken=account.token)


def access(resolved: Resolved, name: str, notes: list[tuple[str, Any]]) -> Iterator[Manifest]:
    """A Role and its binding, both named like the account that has it."""
    account = resolved.account
    head = meta.metadata(resolved, name, COMPONENT, notes)
    rules = [At(one.at or account.at, _rule(one)) for one in account.rules]
    yield meta.manifest("rbac.authorization.k8s.io/v1", "Role", head, account.at, rules=rules)
    yield meta.manifest(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        head,
        account.at,
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        subjects=[{"kind": "ServiceAccount", "name": name, "namespace": resolved.namespace}],
    )


def _rule(rule: Rule) -> dict[str, Any]:
    made = {
        "apiGroups": list(rule.groups),
        "resources": list(rule.resources),
        "resourceNames": list(rule.names) or None,
        "verbs": list(rule.verbs),
    }
    return without_none(made)
