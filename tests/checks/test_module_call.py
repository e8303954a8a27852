"""Calls of modules next door, where files are laid over others, and where much is wrong."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Literal

import pytest

from svc import suggest
from svc.checks.across import module_call
from svc.cli.main import main
from svc.targets.protocol import Subject
from svc.targets.terraform.read import read_module
from svc.targets.terraform.types import Module

_POLICIES = "module-argument-unknown,module-argument-missing,module-output-unknown"
_QUEUE = 'variable "name" {\n  type = string\n}\noutput "arn" {\n  value = 1\n}\n'
_CALL = 'module "jobs" {\n  source = "../queue"\n%s}\n'
_DEFAULT = 'variable "name" {\n  default = "x"\n}\n'
_JSON = '{"variable": {"name": {"default": "x"}}}'


def _lint(folder: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str]) -> list[tuple[str, str]]:
    for name, text in {"queue/main.tf": _QUEUE, **files}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    main(["lint", str(folder), "--no-cache", "--select", _POLICIES, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(one["policy"].removeprefix("module-"), Path(one["file"]).name) for one in found]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("override.tf", _DEFAULT),
        ("a_override.tf", _DEFAULT),
        ("override.tf.json", _JSON),
        ("z_override.tf.json", _JSON),
    ],
)
def test_an_override_file_gives_a_variable_its_default(
    file: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _lint(tmp_path, capsys, {"live/main.tf": _CALL % ""}) == [("argument-missing", "main.tf")]
    assert _lint(tmp_path, capsys, {f"queue/{file}": text}) == []


def test_an_override_file_gives_a_call_its_source_and_arguments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = (_CALL % '  name = "x"\n').replace("../queue", "./elsewhere")
    read = 'output "a" {\n  value = [module.jobs.arn, module.jobs.old]\n}\n'
    files = {"live/main.tf": elsewhere + read, "live/z_override.tf": _CALL % ""}
    assert _lint(tmp_path, capsys, files) == [("output-unknown", "main.tf")]
    files = {"live/main.tf": _CALL % "  sise = 1\n", "live/z_override.tf": 'module "jobs" {\n  name = "x"\n}\n'}
    assert _lint(tmp_path, capsys, files) == [("argument-unknown", "main.tf")]


def test_the_order_of_override_files_is_that_of_their_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"live/b_override.tf": _CALL % "", "live/a_override.tf": (_CALL % "").replace("../queue", "./gone")}
    assert [one[0] for one in _lint(tmp_path, capsys, {"live/c.tf": _CALL % "", **files})] == ["argument-missing"]
    (tmp_path / "live" / "c_override.tf").write_text('module "jobs" {\n  source = "./gone"\n}\n')
    assert _lint(tmp_path, capsys, {}) == []


def test_files_of_opentofu_are_laid_over_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"live/main.tf": _CALL % "", "live/main_override.tofu": 'module "jobs" {\n  name = "x"\n}\n'}
    assert _lint(tmp_path, capsys, files) == []


def test_a_link_may_give_a_call_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / "given").write_text('module "jobs" {\n  name = "x"\n}\n')
    (tmp_path / "live" / "override.tf").symlink_to(tmp_path / "given")
    assert _lint(tmp_path, capsys, {"live/main.tf": _CALL % ""}) == []


def test_a_module_that_only_opentofu_reads_in_full_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = 'output "a" {\n  value = [module.jobs.arn, module.jobs.url, module.jobs.old]\n}\n'
    files = {"queue/more.tofu": 'output "url" {\n  value = 1\n}\n', "live/main.tf": _CALL % "" + read}
    assert _lint(tmp_path, capsys, files) == [("argument-missing", "main.tf"), ("output-unknown", "main.tf")]
    assert _lint(tmp_path, capsys, {"queue/main.tofu": _DEFAULT}) == [("output-unknown", "main.tf")]
    assert _lint(tmp_path, capsys, {"queue/bad.tofu": "variable {"}) == [("terraform-syntax", "bad.tofu")]


def test_a_module_of_which_a_file_is_a_link_is_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"live/main.tf": _CALL % "  sise = 1\n" + 'output "a" {\n  value = module.jobs.anr\n}\n'}
    said = ["argument-missing", "argument-unknown", "output-unknown"]
    assert sorted(one[0] for one in _lint(tmp_path, capsys, files)) == said
    (tmp_path / "given").write_text('output "anr" {\n  value = 1\n}\n')
    (tmp_path / "queue" / "more.tf").symlink_to(tmp_path / "given")
    assert _lint(tmp_path, capsys, {}) == []


def test_what_a_dynamic_block_called_module_makes_is_no_module(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = 'resource "a_b" "c" {\n  dynamic "%s" {\n    for_each = [1]\n    content {\n      a = module.jobs.value\n    }\n  }\n}\n'
    files = {"live/main.tf": _CALL % '  name = "x"\n' + made % "module"}
    assert _lint(tmp_path, capsys, files) == []
    files = {"live/main.tf": _CALL % '  name = "x"\n' + made % "mod"}
    assert _lint(tmp_path, capsys, files) == [("output-unknown", "main.tf")]


@pytest.mark.parametrize("kind", ["argument", "output"])
def test_a_call_with_many_unknown_names_compares_a_bounded_number(
    kind: Literal["argument", "output"], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = 0

    def counted(_: str, names: Collection[str]) -> str:
        nonlocal compared
        compared += len(names)
        return "near"

    monkeypatch.setattr(suggest, "close", counted)
    declared = "".join(
        f'variable "a{index}" {{\n  default = 1\n}}\noutput "a{index}" {{\n  value = 1\n}}\n' for index in range(300)
    )
    wrong = "".join(f"  b{index} = 1\n" for index in range(200))
    read = "".join(f'output "o{index}" {{\n  value = module.jobs.b{index}\n}}\n' for index in range(200))
    subjects = [
        Subject("terraform", name, name, Module(name, read_module({"main.tf": text}).files))
        for name, text in (("queue", declared), ("live", _CALL % wrong + read))
    ]
    said = [one[2] for one in module_call.check(subjects, module_call.Params(kind))]
    assert compared == 12_000
    assert ["near" in one for one in said] == [True] * 40 + [False] * 160
