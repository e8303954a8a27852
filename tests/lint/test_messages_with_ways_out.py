"""Messages say what was allowed and what to write instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

INGRESS = (
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  rules:\n  - http:\n      paths:\n"
    "      - path: /\n        backend: {service: {name: a, port: {number: 80}}}\n"
)


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("a.yaml", INGRESS, 8, "no `pathType`: `Exact` or `ImplementationSpecific` or `Prefix`"),
        ("main.tf", 'resource "aws_ecs_service" "a" {\n}\n', 1, "`aws_ecs_service.a` lacks `name` (a text)"),
        ("main.tf", 'resource "aws_sqs_queue" {\n}\n', 1, '`resource aws_sqs_queue` has no name: write `resource "aws_sqs_queue" "name" {`'),
        ("Dockerfile", "FROM debian:13 AS base\nFROM bsae\n", 2, "; did you mean the stage `base`?"),
        ("Dockerfile", "FROM debian:13 # trixie\n", 1, "; a remark stands on a line of its own"),
        ("Dockerfile", "FROM debian:13\nSHELL bash\n", 2, 'such as `["bash", "-c"]`'),
    ],
)  # fmt: skip
def test_a_message_says_what_to_write(
    name: str, text: str, line: int, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(text)
    main(["lint", str(tmp_path / name), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one for one in found if one["line"] == line and message in one["message"]], found
