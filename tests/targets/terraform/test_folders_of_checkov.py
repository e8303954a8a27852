"""Modules of several services are judged apart by Checkov, and a finding names its module."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from svc import tools
from svc.targets.protocol import Fault
from svc.targets.terraform import target as terraform
from svc.targets.terraform.types import Module

FOLDERS = ("services/a/terraform", "services/b/terraform")
CLEAN = {"passed": 0, "failed": 0, "resource_count": 0}
FOUND = {
    "check_type": "terraform",
    "results": {
        "failed_checks": [
            {
                "check_id": "CKV_AWS_1",
                "check_name": "no",
                "resource": "a.b",
                "file_path": "/main.tf",
                "file_line_range": [3, 9],
            }
        ]
    },
}


def faults(folder: Path, *documents: object) -> tuple[list[str], tuple[Fault, ...]]:
    """What a `checkov` is asked that answers with the documents, and what is made of that."""
    program, given = folder / "checkov", folder / "given"
    said = "\n".join(json.dumps(one, indent=4) for one in documents)
    code = (
        f"import pathlib, sys\nif '--version' in sys.argv: sys.exit(print('3.3.30'))\n"
        f"pathlib.Path({str(given)!r}).write_text(' '.join(sys.argv[1:]))\nprint({said!r})\n"
    )
    program.write_text(f"#!{sys.executable}\n{code}", "utf-8")
    program.chmod(0o755)
    box = tools.Toolbox({"checkov": str(program)}, (), {"PATH": "/usr/bin:/bin"})
    modules = [Module(one, {"main.tf": ()}) for one in FOLDERS]
    (judgement,) = [one for one in terraform.judge(modules, folder, box) if one.tool == "checkov"]
    words = given.read_text("utf-8").split()
    return [after for word, after in pairwise(words) if word == "-d"], judgement.faults


def test_each_module_is_a_folder_of_its_own(tmp_path: Path) -> None:
    asked, found = faults(tmp_path, CLEAN, FOUND)
    assert asked == [f"./{one}" for one in FOLDERS]
    assert found == (Fault("checkov", "services/b/terraform/main.tf", 3, "CKV_AWS_1: no (a.b)"),)


def test_a_folder_without_an_answer_is_no_pass(tmp_path: Path) -> None:
    with pytest.raises(tools.ToolCrashed, match="1 reports of 2 folders"):
        faults(tmp_path, CLEAN)
