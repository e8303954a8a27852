"""The pin catalogue: complete for what svc relies on, and honest about what it does not know."""

from __future__ import annotations

import re

import pytest

from svc import pins


def test_every_image_has_a_digest_and_a_confirmed_source() -> None:
    for pin in pins.catalogue().images:
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", pin.digest), pin
        assert pin.tag
        assert pin.tag != "latest"
        assert not {"single", "unverified"} & set(pin.confidence.split("+")), pin


def test_every_action_is_a_full_commit_with_a_version() -> None:
    for pin in pins.catalogue().actions:
        assert re.fullmatch(r"[0-9a-f]{40}", pin.sha), pin
        assert re.match(r"v?\d", pin.version), pin


def test_no_image_and_no_current_action_twice() -> None:
    images = [(pin.repository, pin.tag) for pin in pins.catalogue().images]
    actions = [pin.name.lower() for pin in pins.catalogue().actions if pin.role == "current"]
    assert len(images) == len(set(images))
    assert len(actions) == len(set(actions))


def test_find_image_takes_the_newest_of_a_line() -> None:
    found = pins.find_image("python", "3.12", "slim-bookworm")
    assert found is not None
    assert found.tag == "3.12.14-slim-bookworm"
    newest = pins.find_image("golang")
    assert newest is not None
    assert newest.version == "1.27.2"


def test_a_line_is_matched_by_whole_parts() -> None:
    assert pins.find_image("golang", "1.2") is None
    assert not pins.starts_with("3.120.1", "3.12")


def test_unknown_names_are_errors() -> None:
    with pytest.raises(KeyError, match="no pin for python:0"):
        pins.image("python", "0")
    with pytest.raises(KeyError, match="actions/nothing"):
        pins.action("actions/nothing")
    with pytest.raises(KeyError, match="hashicorp/aws"):
        pins.provider("nothing")


def test_what_svc_relies_on_is_there() -> None:
    for repository in ("postgres", "mysql", "redis", "rabbitmq", "mongo", "minio/minio", "localstack/localstack"):
        assert pins.find_image(repository) is not None, repository
    assert pins.image("busybox", "1.38.0").role == "tool"
    assert pins.image("docker/dockerfile", "1").role == "syntax"
    assert pins.action("actions/checkout").version == "v7.0.1"
    assert pins.provider("aws").version.startswith("6.")


@pytest.mark.parametrize("language", ["python", "node", "go", "java", "dotnet", "rust", "ruby", "php", "static"])
def test_every_language_has_a_version(language: str) -> None:
    assert pins.supported(language)
