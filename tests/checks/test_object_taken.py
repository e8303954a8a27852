"""Objects that an API server takes, and what is said of one that it refuses: once, and whole."""

from __future__ import annotations

from typing import Any

import pytest

from svc.checks._params import NoParams
from svc.checks.kubernetes import object_refused
from svc.kubernetes.types import Manifest
from svc.tree import Tree


def _said(kind: str, **parts: Any) -> list[tuple[Any, str]]:
    data = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}, **parts}
    return [(one[0], one[1]) for one in object_refused.check(Manifest(Tree(data)), NoParams())]


def _pod(**parts: Any) -> list[tuple[Any, str]]:
    return _said("Pod", spec={"containers": [{"name": "a", "image": "a:1"}], **parts})


@pytest.mark.parametrize("value", ["ref+vault://a/b#/c", "@password@", "__password__", "<a>", "DB_PASSWORD", "YWJj"])
def test_a_value_that_another_program_puts_in(value: str) -> None:
    assert not _said("Secret", data={"a": value})


@pytest.mark.parametrize("value", ["...", "your-token", "**", "abc"])
def test_a_value_that_is_not_base64(value: str) -> None:
    ((route, message),) = _said("Secret", data={"a": value})
    assert route == ("data", "a")
    assert "stringData" in message


def test_a_target_port_of_0_is_the_port_and_ranges_may_have_spaces_around() -> None:
    ports = [{"port": 80, "targetPort": 0}]
    assert not _said("Service", spec={"ports": ports, "loadBalancerSourceRanges": [" 10.0.0.0/8", "::/0\n"]})


def test_a_volume_is_one_thing_and_a_key_that_there_is_not_is_none() -> None:
    assert not _pod(volumes=[{"name": "a", "configMap": {"name": "b"}, "defaultMode": 420}])
    assert not _pod(volumes=[{"name": "a", "emptyDir": None, "secret": {"secretName": "b"}, "$retainKeys": ["secret"]}])
    assert _pod(volumes=[{"name": "a", "emptyDir": {}, "secret": {"secretName": "b"}}]) == [
        (("spec", "volumes", 0), "volume `a` is emptyDir and secret at once, and can only be one of them")
    ]


@pytest.mark.parametrize("amount", [float("inf"), float("nan"), "\u0661", "1e"])
def test_what_is_no_amount_is_said(amount: Any) -> None:
    container = {"name": "a", "image": "a:1", "resources": {"requests": {"cpu": amount}, "limits": {"cpu": 1}}}
    ((route, _),) = _said("Pod", spec={"containers": [container]})
    assert route[-1] == "cpu"


@pytest.mark.parametrize("amount", ["__MEMORY__LIMIT__", "<memory>", "MEMORY_LIMIT", "@memory@", "{{ memory }}"])
def test_an_amount_that_another_program_puts_in(amount: str) -> None:
    container = {"name": "a", "image": "a:1", "resources": {"limits": {"memory": amount}}}
    assert not _said("Pod", spec={"containers": [container]})


def test_a_list_for_an_amount_is_told_by_the_schema() -> None:
    resources = {"requests": {"cpu": [1], "memory": 2}, "limits": {"cpu": 1, "memory": {"a": 1}}}
    container = {"name": "a", "image": "a:1", "resources": resources}
    assert not _said("Pod", spec={"containers": [container], "volumes": [{"name": "a", "emptyDir": {"sizeLimit": []}}]})
    assert not _said("PersistentVolumeClaim", spec={"resources": {"requests": {"storage": [1]}}})


def test_amounts_beyond_all_measure_are_compared() -> None:
    resources = {"requests": {"cpu": "1e500", "memory": "1e-500"}, "limits": {"cpu": "1e400", "memory": "1e-600"}}
    container = {"name": "a", "image": "a:1", "resources": resources}
    assert [route[-1] for route, _ in _said("Pod", spec={"containers": [container]})] == ["cpu"]
