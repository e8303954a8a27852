"""The page of guarantees names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/explanation/guarantees.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def _tests(file: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_named_test_exists() -> None:
    missing = [f"{file}::{name}" for file, name in NAMED if name not in _tests(ROOT / file)]
    assert not missing


def test_every_promise_names_a_test() -> None:
    body = PAGE.partition("\n## ")[2].partition("\n## What is not proved")[0]
    promises = re.split(r"\n- ", body)[1:]
    assert len(promises) > 15
    assert not [promise for promise in promises if "::" not in promise]
