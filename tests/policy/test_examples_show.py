"""Whatever a check can say, an example of a policy shows: without any one `yield` of it, an example does not come out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import svc.checks
from svc.checks import CHECKS
from svc.policy.examples import failures
from svc.policy.load import load
from svc.policy.types import Policy
from svc.targets.protocol import Surface

FOLDER = Path(__file__).parents[2] / "policies"
CHECKED = Path(svc.checks.__file__).parent
NOT_SHOWN = {"helm/value_unused": ["yield 'enabled'"]}
"""What depends on the folder that a chart lies in: examples have none."""


def _said(tree: ast.Module) -> Iterator[tuple[list[ast.stmt], int]]:
    """Every `yield` that stands on its own, but for what `wrong` says of parameters: the block that it is in, and where."""
    pending: list[ast.AST] = [
        one for one in tree.body if not (isinstance(one, ast.FunctionDef) and one.name == "wrong")
    ]
    while pending:
        node = pending.pop()
        pending += ast.iter_child_nodes(node)
        for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
            if isinstance(block, list):
                yield from ((block, at) for at, one in enumerate(block) if _yields(one))


def _yields(one: ast.stmt) -> bool:
    return isinstance(one, ast.Expr) and isinstance(one.value, ast.Yield | ast.YieldFrom)


def _without(source: str) -> Iterator[tuple[str, ast.Module]]:
    """The module without each of them in turn, and what was left out."""
    for number in range(len(list(_said(ast.parse(source))))):
        tree = ast.parse(source)
        block, at = list(_said(tree))[number]
        left_out = ast.unparse(block[at])
        block[at] = ast.parse("if False:\n    yield").body[0]  # the function still gives what it yields
        yield left_out, ast.fix_missing_locations(tree)


def _silent(name: str, tree: ast.Module, policies: list[Policy], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether all examples come out with such a module in the place of the check's."""
    module = ModuleType(name)
    exec(compile(tree, name, "exec"), module.__dict__)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, name, module)
        svc.checks.bound.cache_clear()
        silent = not any(failures(one, FOLDER / f"{one.id}.yaml") for one in policies)
    svc.checks.bound.cache_clear()
    return silent


@pytest.mark.parametrize("surface", sorted(set(CHECKS.values())))
def test_all_that_checks_say(surface: Surface, monkeypatch: pytest.MonkeyPatch) -> None:
    by_check: dict[str, list[Policy]] = {}
    for policy in load([FOLDER]).policies:
        by_check.setdefault(policy.check, []).append(policy)
    not_shown: dict[str, list[str]] = {}
    tried = 0
    for check in sorted(one for one, of in CHECKS.items() if of == surface and one in by_check):
        import_module(f"svc.checks.{surface}.{check}")
        for left_out, tree in _without((CHECKED / surface / f"{check}.py").read_text("utf-8")):
            tried += 1
            if _silent(f"svc.checks.{surface}.{check}", tree, by_check[check], monkeypatch):
                not_shown.setdefault(f"{surface}/{check}", []).append(left_out)
    assert tried >= len([one for one in by_check if CHECKS.get(one) == surface])
    assert not_shown == {name: said for name, said in NOT_SHOWN.items() if name.startswith(surface)}
