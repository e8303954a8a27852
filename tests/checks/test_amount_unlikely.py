"""Advice on an amount that nobody means is none that nobody means either."""

from __future__ import annotations

import pytest

from svc.checks.kubernetes.amount_unlikely import Params, check
from svc.kubernetes.types import Manifest
from svc.tree import Tree


def _said(key: str, amount: object) -> list[str]:
    container = {"name": "a", "resources": {"limits": {key: amount}}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [container]}}
    return [message for _, message, *_ in check(Manifest(Tree(pod)), Params())]


@pytest.mark.parametrize(
    ("key", "amount", "said"),
    [
        ("cpu", 500, "500 whole processors; write `500m`"),
        ("cpu", "99999", "99999 whole processors; write `99999m`"),
        ("cpu", 100_000, "100000 whole processors"),
        ("cpu", "1k", "1000 whole processors"),
        ("cpu", "1e4500", f"{2**63 - 1} whole processors"),
        ("memory", "512", "512 bytes; write `512Mi`"),
        ("memory", 524_288, "524288 bytes"),
        ("memory", "1Ki", "1024 bytes"),
    ],
)
def test_what_is_advised(key: str, amount: object, said: str) -> None:
    assert _said(key, amount) == [f"`{amount}` of container `a` is {said}"]


@pytest.mark.parametrize("amount", [None, True, 500.0, [], {}, "", "many", 99, "99999m"])
def test_what_is_no_such_amount(amount: object) -> None:
    assert _said("cpu", amount) == []
