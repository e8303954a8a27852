"""A chart written into a folder, and what a lint says of it."""

from __future__ import annotations

from pathlib import Path

from judges import real
from svc import tools
from svc.diagnostics import Diagnostic, ordered
from svc.gate import Demand
from svc.lint.collect import collect
from svc.lint.findings import findings
from svc.lint.linted import Linted
from svc.policy.load import load
from svc.policy.types import Settings

ROOT = Path(__file__).parents[2]


POLICIES = load([ROOT / "policies"]).policies
HEAD = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  hostNetwork: %s\n  containers: []\n"


def written(folder: Path, **files: str) -> Path:
    for name, content in {"Chart.yaml": HEAD, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


def judged(
    folder: Path, profile: str = "baseline", machine: tools.Toolbox | None = None
) -> tuple[Linted, tuple[Diagnostic, ...]]:
    linted = collect([folder], lambda one: one.relative_to(folder).as_posix(), box=lambda: machine or real.box())
    return linted, ordered([*linted.diagnostics, *findings(linted, POLICIES, Settings(profile), Demand())])


def said(folder: Path, profile: str = "baseline") -> list[tuple[str, str, int]]:
    found = judged(folder, profile)[1]
    return [(one.id, one.place.file, one.place.span.line if one.place.span else 0) for one in found]
