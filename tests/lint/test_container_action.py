"""The image of a GitHub action runs as root, since GitHub wants it so."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.cli.main import main
from svc.lint.container_action import of_action

ACTION = "name: A\ndescription: a\nruns:\n  using: docker\n  image: %s\n"


def _written(folder: Path, name: str, image: str, file: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(ACTION % image)
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text("FROM alpine:3.20\n")
    return folder / file


@pytest.mark.parametrize(
    ("name", "image", "file", "made"),
    [
        ("action.yml", "Dockerfile", "Dockerfile", True),
        ("a/action.yaml", "'./images/Dockerfile'", "a/images/Dockerfile", True),
        ("action.yml", "../Dockerfile", "Dockerfile", False),
        ("action.yml", "Dockerfile", "Dockerfile.web", False),
        ("action.yml", "docker://alpine:3.20", "Dockerfile", False),
        ("a/action.yml", "Dockerfile", "b/Dockerfile", False),
    ],
)
def test_an_action_names_its_image(tmp_path: Path, name: str, image: str, file: str, made: bool) -> None:
    assert of_action(_written(tmp_path, name, image, file)) is made


def test_other_actions_and_other_repositories_say_nothing(tmp_path: Path) -> None:
    file = _written(tmp_path, "action.yml", "Dockerfile", "Dockerfile")
    (tmp_path / "action.yml").write_text("runs: {using: composite, steps: [{run: a, env: {image: Dockerfile}}]}\n")
    assert not of_action(file)
    inner = _written(tmp_path, "action.yml", "inner/Dockerfile", "inner/Dockerfile")
    assert of_action(inner)
    (tmp_path / "inner" / ".git").mkdir()
    assert not of_action(inner)
    assert not of_action(tmp_path / "gone" / "Dockerfile")


@pytest.mark.parametrize("options", [("--no-cache",), ()], ids=["anew", "remembered"])
def test_that_it_runs_as_root_is_not_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    for number in range(70):
        _written(tmp_path / str(number), "action.yml", "Dockerfile", "Dockerfile")
    said = []
    for text in (ACTION % "Dockerfile", ACTION % "docker://alpine:3.20"):
        (tmp_path / "0" / "action.yml").write_text(text)
        main(["lint", str(tmp_path), "--select", "image-runs-as-root", *options])
        said.append("image-runs-as-root" in capsys.readouterr().out)
    assert said == [False, True]
