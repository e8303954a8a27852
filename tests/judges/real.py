"""The twelve real services, compiled once into a folder, with their charts rendered by Helm for every environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from svc import tools
from svc.pipeline import Compiled, Piece, Request, compile_
from svc.targets.helm.types import Chart, Environment
from svc.write import execute, plan

FIXTURES = Path(__file__).parents[2] / "fixtures" / "real"
NAMES = tuple(sorted(path.parent.name for path in FIXTURES.glob("*/service.yaml")))
ENVIRONMENTS = ("staging", "production")


@dataclass(frozen=True, slots=True)
class Built:
    """`root` holds the specs and beside them exactly what was compiled; `rendered` one file a service and environment."""

    root: Path
    rendered: Path
    compiled: Compiled

    def pieces(self, target: str) -> Iterator[Piece]:
        return (piece for piece in self.compiled.pieces if piece.name == target)

    def charts(self) -> Iterator[tuple[Chart, Environment]]:
        return ((piece.artifact, one) for piece in self.pieces("helm") for one in piece.artifact.environments)

    def text(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")


def compiled_fixtures() -> Compiled:
    """All stages over all fixtures; waivers are judged as of a fixed day."""
    return compile_(Request(paths=(FIXTURES,), shown=lambda path: path.name, today=date(2026, 1, 1)))


def build(folder: Path) -> Built:
    """Compiles everything into `folder`, and renders the charts when Helm is there."""
    root, rendered = folder / "root", folder / "rendered"
    shutil.copytree(FIXTURES, root)
    rendered.mkdir()
    compiled = compiled_fixtures()
    assert not compiled.failed, [f"{one.id}: {one.message}" for one in compiled.diagnostics]
    execute(plan(root, compiled.outputs, ()))
    built = Built(root, rendered, compiled)
    for chart, one in built.charts() if tools.available(("helm",), box()) else ():
        options = ["--values", f"values-{one.name}.yaml", "--namespace", one.namespace]
        done = tools.run(located("helm"), ["template", chart.name, ".", *options], cwd=root / chart.path(""))
        assert done.returncode == 0, done.stderr
        (rendered / f"{chart.name}-{one.name}.yaml").write_text(done.stdout, "utf-8")
    return built


def box() -> tools.Toolbox:
    return tools.toolbox(os.environ)


def located(name: str) -> tools.Located:
    """The program. Without it a test is skipped, except in CI, where that is a failure."""
    try:
        return tools.find(name, box())
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
