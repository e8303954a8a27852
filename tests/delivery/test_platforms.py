"""The architectures of an image are those of the nodes that its pods ask for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.delivery import types as delivery
from svc.delivery.lower import pipeline
from svc.pipeline import Request, compile_

SPEC = """\
apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop
ports: {{http: 8080}}
health: /healthz
cloud: {{provider: none}}
build: {{language: {language}, main: {main}}}
"""
ARM = "placement: {node_selector: {kubernetes.io/arch: arm64}}\n"
RUNNER = "ci: {runner: ubuntu-24.04-arm, repository: acme/shop}\n"
PYTHON, GO = ("python", "app:app"), ("go", ".")
MIXED = "environments: {staging: {placement: {node_selector: {kubernetes.io/arch: arm64}}}, production: {}}\n"


@pytest.mark.parametrize(
    ("built", "more", "wanted", "emulated"),
    [
        (PYTHON, "", ("linux/amd64",), False),
        (PYTHON, ARM, ("linux/arm64",), True),
        (PYTHON, ARM.replace("kube", "beta.kube"), ("linux/arm64",), True),
        (PYTHON, ARM + RUNNER, ("linux/arm64",), False),
        (PYTHON, RUNNER, ("linux/amd64",), True),
        (PYTHON, "ci: {runner: my-farm-2, repository: acme/shop}\n", ("linux/amd64",), False),
        (PYTHON, MIXED, ("linux/amd64", "linux/arm64"), True),
        (GO, ARM, ("linux/amd64", "linux/arm64"), False),
        (GO, "command: [/app/shop]\n", ("linux/amd64", "linux/arm64"), True),
    ],
)
def test_an_image_is_made_for_the_nodes_that_run_it(
    tmp_path: Path, built: tuple[str, str], more: str, wanted: tuple[str, ...], emulated: bool
) -> None:
    path = tmp_path / "service.yaml"
    path.write_text(SPEC.format(language=built[0], main=built[1]) + more, "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("github",)))
    assert not made.failed
    publish = pipeline(made.units[0]).job("publish")
    assert publish is not None
    (image,) = [one for one in publish.steps if isinstance(one, delivery.BuildImage)]
    (builder,) = [one for one in publish.steps if isinstance(one, delivery.Builder)]
    assert (image.platforms, builder.emulate) == (wanted, emulated)
