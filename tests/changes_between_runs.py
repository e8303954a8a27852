"""What may change between two runs over a workspace, each of which the next run has to notice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

SPEC = Path("services/service-00001/service.yaml")


def _touched_back() -> None:
    """Another text of the same length, with the time of before."""
    was = SPEC.stat()
    SPEC.write_text(SPEC.read_text().replace("8080", "8081"))
    os.utime(SPEC, ns=(was.st_atime_ns, was.st_mtime_ns))


def _new_spec() -> None:
    folder = Path("services/more")
    folder.mkdir()
    folder.joinpath("service.yaml").write_text(SPEC.read_text().replace("name: service-00001", "name: more"))


def _deep_spec() -> None:
    Path("services/service-00001/a/b").mkdir(parents=True)
    Path("services/service-00001/a/b/service.yaml").write_text("apiVersion: svc/v1\n")


def _chart_gone() -> None:
    shutil.rmtree("services/service-00001/chart")


def _one(pattern: str) -> Path:
    return next(path for path in sorted(Path().glob(pattern)) if path.is_file())


def _linked_folder() -> None:
    folder = Path("services/service-00001/chart/templates")
    folder.rename("elsewhere")
    folder.symlink_to(Path("elsewhere").resolve())


def _linked_file() -> None:
    file = _one("services/*/chart/values.yaml")
    file.rename("kept.yaml")
    file.symlink_to(Path("kept.yaml").resolve())


def _workspace_nearer() -> None:
    shutil.copy("svc-workspace.yaml", "services/svc-workspace.yaml")


def _ours_forgotten() -> None:
    Path(".svc-outputs.json").unlink()


CHANGES: tuple[Callable[[], object], ...] = (
    lambda: SPEC.write_text(SPEC.read_text().replace("8080", "8081")),
    lambda: SPEC.unlink(),
    lambda: _one("services/*/chart/templates/*").write_text("edited by hand\n"),
    lambda: _one("services/*/Dockerfile").unlink(),
    lambda: _one("services/*/chart/templates/*").with_name(".x.yaml.abcdefgh.svc").write_text(""),
    lambda: Path("svc-workspace.yaml").write_text(Path("svc-workspace.yaml").read_text() + "policy: {profile: strict}\n"),
    lambda: SPEC.with_name("package-lock.json").write_text("{}"),
    _touched_back,
    _new_spec,
    _deep_spec,
    _chart_gone,
    _linked_folder,
    _linked_file,
    _workspace_nearer,
    _ours_forgotten,
)  # fmt: skip
