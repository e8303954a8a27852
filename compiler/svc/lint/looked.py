"""Every file and folder that a lint of hand-written files looks at, so that a later run can see whether one has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from svc.folders import WORKSPACE_FILES, below
from svc.kubernetes.kustomize import NAMES
from svc.lint import kustomized, laid_over
from svc.lint.container_action import ACTIONS
from svc.lint.linted import Linted
from svc.lint.readers import above
from svc.lint.walk import LOCK, YAML, entering, is_terraform

_CHART = "Chart.yaml"
_ABOVE = 7
"""Folders above a file in which a chart is looked for."""
_DEPTH = 2
"""Folders below a Terraform module in which its values are looked for."""


def looked(paths: Sequence[Path], linted: Linted, exclude: Sequence[str] = ()) -> tuple[str, ...] | None:
    """Names, those that are not there as well; a folder stands for its list. None where more was looked at than this
    tells: charts with what Helm says of them, workflows that call others. Specs are the compiler's."""
    if linted.charts or linted.templates or _calls(linted):
        return None
    found: set[str] = set()
    try:
        for path in paths:
            found.add(str(path))
            if path.is_dir():
                found.update(_walked(path, exclude))
            found.update(str(folder / _CHART) for folder in (path.absolute(), *path.absolute().parents)[:_ABOVE])
    except OSError:
        return None
    found.update(_workspaces(paths))
    for path in paths:
        found.update(str(folder / ".git") for folder in (path.absolute(), *path.absolute().parents))
    contexts: set[str] = set()
    for name, file in linted.files.items():
        found.add(str(file))
        if laid_over.may_be(file.name):
            found.update(map(str, laid_over.below(file)))
        if file.suffix in YAML:
            found.update(map(str, kustomized.above(file)))
        if file.name in NAMES:
            found.update(kustomized.paths(linted.sources[name], file))
        if is_terraform(file) or file.name.endswith((".tfvars", ".tfvars.json")):
            found.update((str(file.parent / LOCK), *_folders(str(file.parent), _DEPTH)))
        if name in linted.dockerfiles:
            found.add(f"{file}.dockerignore")
            found.update(_contexts(str(file.absolute()), contexts))
    return tuple(sorted(found))


def _calls(linted: Linted) -> bool:
    """Whether a workflow or an action calls what lies in its own repository, or nobody could read it."""
    if not linted.shaped and all(one.surface != "github" for one in linted.subjects):
        return False
    from svc.targets.github.types import Workflow

    judged = {one.name for one in linted.subjects if isinstance(one.artifact, Workflow)}
    if any(kind != "compose" and document.source.name not in judged for kind, document in linted.shaped):
        return True
    artifacts = [one.artifact for one in linted.subjects if isinstance(one.artifact, Workflow)]
    return any(one.kind == "local" for artifact in artifacts for one in artifact.uses)


def _walked(folder: Path, exclude: Sequence[str]) -> Iterator[str]:
    entered: list[Path] = []
    goes = entering(folder, exclude)

    def enter(inside: Path) -> bool:
        wanted = goes(inside)
        if wanted:
            entered.append(inside)
        return wanted

    for _ in below(folder, enter):
        pass
    yield from map(str, entered)


def _workspaces(paths: Sequence[Path]) -> Iterator[str]:
    """Where workspace files are, or could be: above the first path, which decides, and above the others."""
    for path in paths or (Path(),):
        for folder in (path.absolute(), *path.absolute().parents):
            yield from (str(folder / name) for name in WORKSPACE_FILES)
            if any(os.path.lexists(folder / name) for name in WORKSPACE_FILES):
                break


def _folders(folder: str, depth: int) -> Iterator[str]:
    yield folder
    if depth:
        with os.scandir(folder or ".") as entries:
            inside = [entry.path for entry in entries if entry.is_dir()]
        for path in inside:
            yield from _folders(path, depth - 1)


def _contexts(file: str, seen: set[str]) -> Iterator[str]:
    """Where a list of what a build leaves out could be, and an action that is made of it; nothing above folders that were `seen` from another file."""
    for folder in above(file):
        if folder in seen:
            return
        seen.add(folder)
        yield from (f"{folder}/{name}" for name in (".dockerignore", ".containerignore", *ACTIONS, ".git"))
        if os.path.exists(f"{folder}/.git"):  # noqa: PTH110
            return
