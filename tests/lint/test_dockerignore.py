"""Whether a .dockerignore narrows what `COPY . .` copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.lint.collect import collect
from svc.lint.readers import above


def ignored(file: Path) -> bool | None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("FROM a\nCOPY . .\n")
    (subject,) = collect([file], lambda one: one.name).subjects
    found: bool | None = subject.artifact.ignored
    return found


@pytest.mark.parametrize(
    "name", [".dockerignore", "sub/.dockerignore", "sub/Dockerfile.dockerignore", ".containerignore"]
)
def test_one_beside_or_above_counts(tmp_path: Path, name: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / name).write_text(".git\n")
    assert ignored(tmp_path / "sub/Dockerfile") is True


def test_one_of_another_image_or_outside_the_repository_does_not(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text(".git\n")
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "repository/Other.dockerignore").write_text(".git\n")
    assert ignored(tmp_path / "repository/Dockerfile") is False


@pytest.mark.parametrize(
    ("name", "separators", "folders"),
    [
        ("/a/b/Dockerfile", "/", ["/a/b", "/a", ""]),
        ("C:\\a\\b\\Dockerfile", "\\/", ["C:\\a\\b", "C:\\a", "C:"]),
        ("C:\\a/Dockerfile", "\\/", ["C:\\a", "C:"]),
        ("/a\\b/Dockerfile", "/", ["/a\\b", ""]),
    ],
)
def test_folders_end_where_the_system_says(name: str, separators: str, folders: list[str]) -> None:
    assert list(above(name, separators)) == folders


def test_standard_input_has_no_folder() -> None:
    from svc.lint.linted import Linted
    from svc.lint.readers import dockerfile
    from svc.source import Source

    linted = Linted()
    dockerfile(Source("Dockerfile", "FROM a\nCOPY . .\n"), Path("/nowhere/Dockerfile"), linted)
    assert linted.subjects[0].artifact.ignored is None
