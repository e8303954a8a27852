"""Files that OpenTofu reads beside those of Terraform."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

_OPEN = 'resource "aws_s3_bucket_acl" "%s" {\n  acl = "public-read"\n}\n'


def _said(path: Path, capsys: pytest.CaptureFixture[str], *policies: str) -> list[tuple[str, str, int]]:
    main(["lint", str(path), "--no-cache", "--select", ",".join(policies), "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(one["policy"], Path(one["file"]).name, one["line"]) for one in found]


def test_files_of_opentofu_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tofu").write_text(_OPEN % "a")
    assert _said(tmp_path, capsys, "bucket-public-acl") == [("bucket-public-acl", "main.tofu", 2)]
    assert _said(tmp_path / "main.tofu", capsys, "bucket-public-acl") == [("bucket-public-acl", "main.tofu", 2)]
    text = {"resource": {"aws_s3_bucket_acl": {"b": {"acl": "public-read"}}}}
    (tmp_path / "main.tofu").unlink()
    (tmp_path / "more.tofu.json").write_text(json.dumps(text))
    assert [one[:2] for one in _said(tmp_path, capsys, "bucket-public-acl")] == [
        ("bucket-public-acl", "more.tofu.json")
    ]


def test_a_file_that_stands_for_another_declares_nothing_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("main.tf", "main.tofu"):
        (tmp_path / name).write_text(_OPEN % "a")
    assert _said(tmp_path, capsys, "declared-twice") == []
    (tmp_path / "more.tf").write_text(_OPEN % "b")
    (tmp_path / "more.tofu").write_text(_OPEN % "a")
    assert _said(tmp_path, capsys, "declared-twice") == [("declared-twice", "main.tf", 1)]
    for name in ("main.tofu", "more.tofu", "more.tf"):
        (tmp_path / name).unlink()
    for name in ("main_override.tf", "override.tf.json"):
        (tmp_path / name).write_text(_OPEN % "a" if name.endswith(".tf") else "{}")
    assert _said(tmp_path, capsys, "declared-twice") == []
    (tmp_path / "more.tf").write_text(_OPEN % "a")
    assert _said(tmp_path, capsys, "declared-twice") == [("declared-twice", "main.tf", 1)]


def test_quotes_in_the_expressions_of_json_are_no_end_of_a_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = {"module": {"k": {"source": "./m", "name": '${upper("x")}'}}, "locals": {"a": "${fromat(x)}"}}
    (tmp_path / "main.tf.json").write_text(json.dumps(text, indent=1))
    assert _said(tmp_path, capsys, "function-misspelt") == [("function-misspelt", "main.tf.json", 9)]
