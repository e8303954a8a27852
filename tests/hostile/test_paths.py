"""Fields that name files, taken from the model: no path leaves the folder of the spec, neither by its text nor through a link."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from model.test_every_field import CASES, FILES
from svc.cli.main import main
from svc.model.load import models_of
from svc.model.mapped import Mapped, fields_of
from svc.model.scalars import ContextPath, CopiedPath, RelativePath
from svc.model.service import Service
from svc.model.workspace import Workspace

PATHS = {
    "Build.context": "src",
    "Build.dockerfile": "Dockerfile",
    "Build.files": "templates",
    "Build.module": "services/api",
    "File.source": "config.yaml",
    "Manifest.file": "k8s/agent.yaml",
}
"""The path that each field of a spec has in its sample."""
OUTSIDE = (
    "/etc/hostname",
    "..",
    "../outside",
    "a/../../outside",
    "./../outside",
    "//etc/hostname",
    "../",
    "",
    "a\n../b",
)
CANARY = "canary-of-a-file-outside"


def _fields(top: type[Mapped]) -> Iterator[str]:
    queue: list[type[Mapped]] = [top]
    seen: set[type[Mapped]] = set()
    while queue:
        model = queue.pop()
        if model in seen:
            continue
        seen.add(model)
        for field in fields_of(model).values():
            queue += models_of(field.annotation)
            if _names_a_file(field.annotation):
                yield f"{model.__name__}.{field.key}"


def _names_a_file(annotation: Any) -> bool:
    return annotation in (RelativePath, ContextPath, CopiedPath) or any(
        _names_a_file(part) for part in get_args(annotation)
    )


def _spec(name: str, path: str) -> str:
    spec = copy.deepcopy(next(case.after for case in CASES if case.name == name))
    text = json.dumps(spec)
    assert text.count(json.dumps(PATHS[name])) == 1, text
    return text.replace(json.dumps(PATHS[name]), json.dumps(path))


def test_no_field_is_left_out() -> None:
    assert set(_fields(Service)) == set(PATHS)
    assert set(_fields(Workspace)) == {"PolicySettings.packs"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / name).write_text(text)
    monkeypatch.chdir(tmp_path / "root")
    return tmp_path / "root"


@pytest.mark.parametrize("name", PATHS)
def test_a_path_that_leaves_the_folder_is_refused(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in OUTSIDE:
        Path("service.yaml").write_text(_spec(name, path))
        assert main(["compile", "--out", "out", "service.yaml"]) == 2, path
        assert "error" in capsys.readouterr().out
        assert not Path("out").exists()


def test_a_pack_outside_of_the_workspace_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("service.yaml").write_text(json.dumps(CASES[0].before))
    for path in OUTSIDE:
        Path("svc-workspace.yaml").write_text(json.dumps({"apiVersion": "svc/v1", "policy": {"packs": [path]}}))
        assert main(["lint", "service.yaml"]) == 2, path
        assert "svc-workspace.yaml" in capsys.readouterr().out


@pytest.mark.parametrize("name", PATHS)
def test_a_link_that_leaves_the_folder_shows_nothing(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file itself, and the folder in which it stands."""
    outside = root.parent / "outside"
    outside.mkdir()
    text = {"Manifest.file": FILES["k8s/agent.yaml"].replace("quota", CANARY)}.get(name, f"FROM {CANARY}\n")
    for whole in (True, False):
        shutil.rmtree("out", ignore_errors=True)
        link = Path("linked")
        link.unlink(missing_ok=True)
        (outside / "file.yaml").write_text(text)
        link.symlink_to(outside / "file.yaml" if whole else outside)
        Path("service.yaml").write_text(_spec(name, "linked" if whole else "linked/file.yaml"))
        main(["compile", "--out", "out", "service.yaml"])
        main(["show", "service.yaml"])
        main(["lint", "service.yaml"])
        said = capsys.readouterr()
        assert CANARY not in said.out + said.err
        assert not [one for one in Path("out").rglob("*") if one.is_file() and CANARY in one.read_text()]
