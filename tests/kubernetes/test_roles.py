"""Words of roles that no request has."""

from __future__ import annotations

import pytest

from svc.kubernetes.roles import check
from svc.kubernetes.types import Manifest
from svc.tree import Tree


def _said(key: str, word: str, api: str = "rbac.authorization.k8s.io/v1") -> list[str]:
    data = {"apiVersion": api, "kind": "Role", "metadata": {"name": "a"}, "rules": [{}, {key: ["x", word]}]}
    found = list(check(Manifest(Tree(data))))
    assert all(one.route == ("rules", 1, key, 1) for one in found)
    return [one.help for one in found]


@pytest.mark.parametrize(
    ("key", "word", "help_"),
    [
        ("apiGroups", "apps/v1", "write `apps`"),
        ("apiGroups", "v1", 'write ""'),
        ("apiGroups", "core", 'write ""'),
        ("resources", "Deployment", "write `deployments`"),
        ("resources", "pod/log", "write `pods/log`"),
        ("resources", "NetworkPolicy", "write `networkpolicies`"),
        ("resources", "ingress", "write `ingresses`"),
        ("resources", "Widgets", "write `widgets`"),
        ("verbs", "Get", "write `get`"),
        ("verbs", "all", "write `*`"),
    ],
)
def test_a_word_that_no_request_has(key: str, word: str, help_: str) -> None:
    assert _said(key, word) == [help_]
    assert not _said(key, word, "authorization.openshift.io/v1")


@pytest.mark.parametrize(
    ("key", "word"),
    [
        *[("apiGroups", word) for word in ("", "*", "apps", "example.com", "${GROUP}/v1")],
        *[("resources", word) for word in ("*", "*/scale", "pods", "pods/exec", "endpoints", "widget", "${KIND}")],
        *[("verbs", word) for word in ("*", "use", "impersonate", "useAsOther", "deletecollection")],
    ],
)
def test_words_that_requests_have(key: str, word: str) -> None:
    assert not _said(key, word)
