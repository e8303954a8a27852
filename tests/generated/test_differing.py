"""Any service whose environments differ in kinds, names and keys: every target gives each of them its own, or svc says why not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from generated.differing import differing
from generated.specs import Spec, World
from generated.test_worlds import NIGHTLY, compiled, seeded, thorough, valid
from judges import real
from svc.diagnostics import Severity
from svc.pipeline import Compiled
from svc.write import execute, plan

EXAMPLES = int(os.environ.get("SVC_EXAMPLES", "40"))


def kept(spec: Spec, root: Path) -> tuple[World, Compiled]:
    """Without what is wrong with it, and whatever the policies think of it."""
    world, found = valid(World((spec,), None), root)
    refused = {one.id for one in found.diagnostics if one.policy and one.severity == Severity.ERROR}
    if refused:
        workspace: Any = {"apiVersion": "svc/v1", "kind": "Workspace"}
        workspace["policy"] = {"severities": dict.fromkeys(sorted(refused), "off")}
        world = World(world.specs, workspace)
        found = compiled(world, root)
    return world, found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    """Those that compile; none ends with a fault of ours."""
    found: list[World] = []
    folder = tmp_path_factory.mktemp("differing")

    @seeded
    @settings(thorough, max_examples=EXAMPLES)
    @given(spec=differing())
    def every(spec: Spec) -> None:
        world, done = kept(spec, folder / "one")
        assert done.faults == (), (world.specs, [one.message for one in done.faults])
        if done.outputs and not done.failed:
            found.append(world)

    every()
    return found


def test_each_environment_has_its_own_objects(made: list[World]) -> None:
    assert len(made) >= EXAMPLES * 2 // 3, "the strategy makes too few valid services"


@pytest.mark.tools
@pytest.mark.slow
def test_the_real_helm_gives_them_too(made: list[World], tmp_path: Path) -> None:
    """Every one when SVC_EXAMPLES asks for more, else a few."""
    for name in ("helm", "kubeconform"):
        real.located(name)
    for number, world in enumerate(made if NIGHTLY else made[:2]):
        root = tmp_path / str(number)
        found = compiled(world, root)
        execute(plan(root, found.outputs, (), force=True))
        for piece in found.pieces:
            judged = piece.target.judge([piece.artifact], root, real.box()) if piece.name == "helm" else ()
            assert not [one for one in judged if one.faults], world
