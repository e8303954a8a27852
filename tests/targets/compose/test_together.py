"""What compose-go refuses of a service's keys beside each other, and of services beside each other."""

from __future__ import annotations

from typing import Any

import pytest

from svc.targets.compose.schema import problems

IMAGE = {"image": "a:1"}


def _said(services: dict[str, Any], **top: Any) -> list[tuple[tuple[str | int, ...], str]]:
    return [(one.route, one.message) for one in problems({"services": services, **top})]


@pytest.mark.parametrize(
    ("services", "at", "words"),
    [
        ({"a": {**IMAGE, "depends_on": ["b"]}, "b": {**IMAGE, "depends_on": {"a": {"condition": "service_started"}}}},
         ("a", "depends_on"), "a -> b -> a"),
        ({"a": {**IMAGE, "depends_on": ["a"]}}, ("a", "depends_on"), "a -> a"),
        ({"a": {**IMAGE, "network_mode": "service:b"}, "b": {**IMAGE, "links": ["a:x"]}},
         ("a", "network_mode"), "a -> b -> a"),
        ({"a": {**IMAGE, "extends": {"service": "bas"}}, "base": IMAGE}, ("a", "extends", "service"), "did you mean `base`?"),
        ({"a": {**IMAGE, "extends": "b"}}, ("a", "extends"), "which this file does not have"),
        ({"a": {**IMAGE, "network_mode": "host", "networks": ["default"]}}, ("a", "networks"), "one of them"),
        ({"a": {"build": {"dockerfile": "a", "dockerfile_inline": "FROM a"}}}, ("a", "build", "dockerfile_inline"), "one of them"),
        ({"a": {**IMAGE, "scale": 2, "deploy": {"replicas": 3}}}, ("a", "scale"), "`deploy.replicas` is 3"),
        ({"a": {"platform": "linux/arm64", "build": {"context": ".", "platforms": ["linux/amd64"]}}}, ("a", "platform"), "run on linux/arm64"),
        ({"a": {**IMAGE, "extra_hosts": ["b:10.0.0.1", "c"]}}, ("a", "extra_hosts", 1), "without an address"),
        ({"a": {**IMAGE, "ports": ["80800:80"]}}, ("a", "ports", 0), "80800 is no port"),
        ({"a": {**IMAGE, "ports": ["127.0.0.1:80:80800"]}}, ("a", "ports", 0), "80800 is no port"),
    ],
)  # fmt: skip
def test_what_is_refused(services: dict[str, Any], at: tuple[str, ...], words: str) -> None:
    ((route, message),) = _said(services)
    assert route == ("services", *at)
    assert words in message


@pytest.mark.parametrize(
    "services",
    [
        {"a": {**IMAGE, "depends_on": ["b"]}, "b": {**IMAGE, "network_mode": "host"}},
        {"a": {**IMAGE, "network_mode": "service:b"}, "b": {**IMAGE, "networks": {"default": {"aliases": ["a"]}}}},
        {"a": {**IMAGE, "extends": {"service": "base", "file": "base.yaml"}}, "b": {**IMAGE, "extends": "a"}},
        {"a": {**IMAGE, "extends": "$BASE", "networks": None, "network_mode": "none"}},
        {
            "a": {**IMAGE, "network_mode": "${MODE-}", "networks": ["default"]},
            "b": {**IMAGE, "network_mode": "", "networks": ["default"]},
        },
        {"a": {"build": {"dockerfile": "${FILE:-}", "dockerfile_inline": "FROM a"}}},
        {"a": {**IMAGE, "extends": "base"}, "base": None},
        {
            "a": {**IMAGE, "profiles": ["x"], "depends_on": {"b": {"condition": "service_started", "required": False}}},
            "b": {**IMAGE, "profiles": ["y"], "depends_on": ["a"]},
        },
        {"a": {**IMAGE, "scale": 2, "deploy": {"replicas": 2}}},
        {
            "a": {
                **IMAGE,
                "ports": ["80", "127.0.0.1:8080:80", "[::1]:8080:80", "10.0.0.1::80", "3000-3005:3000-3005/udp"],
            }
        },
    ],
)
def test_what_is_taken(services: dict[str, Any]) -> None:
    assert not _said(services)


def test_a_service_of_an_included_file_may_be_extended() -> None:
    assert not _said({"a": {**IMAGE, "extends": "b"}}, include=["b.yaml"])


def test_what_a_file_declares_comes_out_of_one_place() -> None:
    secrets = {"a": {"file": "a", "environment": "A"}, "b": {"external": True, "name": "b"}, "c": {"file": "c"}}
    configs = {"d": {"file": "d", "content": "d"}, "e": {"content": "e"}}
    volumes = {
        "f": {"external": True, "driver": "local"},
        "g": {"external": True, "name": "g"},
        "h": {"labels": ["a=b"]},
        "i": None,
    }
    assert [route for route, _ in _said({"x": IMAGE}, secrets=secrets, configs=configs, volumes=volumes)] == [
        ("configs", "d", "content"),
        ("secrets", "a", "environment"),
        ("volumes", "f", "driver"),
    ]
