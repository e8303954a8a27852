"""Parts of a spec that start what the service starts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_

HEAD = "apiVersion: svc/v1\nname: shop\nimage: ghcr.io/acme/shop:1.4.2@sha256:" + "a" * 64 + "\n"


def again(folder: Path, more: str) -> list[str]:
    spec = folder / "service.yaml"
    spec.write_text(HEAD + more, "utf-8")
    made = compile_(Request((spec,), Path.as_posix, date(2026, 11, 29), targets=("helm",)))
    return [one.message for one in made.diagnostics if one.id == "same-process"]


def test_what_starts_the_image_once_more_is_told(tmp_path: Path) -> None:
    (said,) = again(tmp_path, "ports: {http: 8080}\nhealth: /healthz\nworkers: {mail: {scale: 2}}\n")
    assert said.startswith("the worker `mail` starts what the service starts")


@pytest.mark.parametrize("own", ["command: [./web]", "args: [web]"])
def test_a_service_with_a_command_of_its_own_leaves_that_of_the_image(tmp_path: Path, own: str) -> None:
    assert not again(tmp_path, f"{own}\nports: {{http: 8080}}\nhealth: /healthz\nworkers: {{mail: {{scale: 2}}}}\n")


def test_workers_alone_may_start_the_image_as_it_is(tmp_path: Path) -> None:
    assert not again(tmp_path, "workload: none\nworkers: {mail: {scale: 2}}\n")
