"""A program that a project of Python has is started by its name, once the image has the project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_

SCRIPTS = "[project.scripts]\nshop-serve = 'shop.serve:main'\nshop = 'shop.cli:main'\n"
PROJECT = f"[project]\nname = 'shop'\nversion = '1'\n{SCRIPTS}"
SYSTEM = "[build-system]\nrequires = ['hatchling']\n"
POETRY = "[tool.poetry]\nname = 'shop'\n[tool.poetry.scripts]\nshop-serve = 'shop.serve:main'\n" + SYSTEM
PIP = {"requirements.txt": "a==1 --hash=sha256:00\n"}


def started(folder: Path, main: str, files: dict[str, str], manager: str) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    path = folder / "service.yaml"
    build = f"build: {{language: python, manager: {manager}, main: {main}}}\n"
    path.write_text(f"apiVersion: svc/v1\nname: shop\n{build}", "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("docker",)))
    assert not made.failed
    text = next(one.text for one in made.outputs if one.path.endswith("Dockerfile"))
    return [line for line in text.splitlines() if line.startswith("ENTRYPOINT")][-1]


@pytest.mark.parametrize(
    ("manager", "files"),
    [
        ("uv", {"pyproject.toml": PROJECT + SYSTEM, "uv.lock": ""}),
        ("uv", {"pyproject.toml": PROJECT + "[tool.uv]\npackage = true\n", "uv.lock": ""}),
        (
            "uv",
            {
                "pyproject.toml": "[project]\nname = 'all'\n[tool.uv.workspace]\nmembers = ['services/*']\n",
                "services/shop/pyproject.toml": PROJECT + SYSTEM,
                "uv.lock": "",
            },
        ),
        ("poetry", {"pyproject.toml": POETRY, "poetry.lock": "", "shop/__init__.py": ""}),
        ("pip", {"pyproject.toml": PROJECT + SYSTEM, **PIP}),
    ],
)
def test_a_program_of_the_project_is_started_by_its_name(tmp_path: Path, manager: str, files: dict[str, str]) -> None:
    assert started(tmp_path, "shop-serve", files, manager) == 'ENTRYPOINT ["shop-serve"]'


@pytest.mark.parametrize(
    ("main", "files"),
    [
        ("shop-serve", {"pyproject.toml": PROJECT, "uv.lock": ""}),
        ("shop", {"pyproject.toml": PROJECT + SYSTEM, "uv.lock": "", "src/shop/__main__.py": ""}),
        ("shop", {"pyproject.toml": PROJECT + SYSTEM, "uv.lock": "", "shop.py": ""}),
        ("shop.other", {"pyproject.toml": PROJECT + SYSTEM, "uv.lock": ""}),
        ("shop-serve", {"pyproject.toml": PROJECT + SYSTEM + "[tool.uv]\npackage = false\n", "uv.lock": ""}),
        (
            "shop.run",
            {"pyproject.toml": PROJECT.replace("shop =", "'shop.run' =") + SYSTEM, "uv.lock": "", "shop/run.py": ""},
        ),
        (
            "shop",
            {
                "pyproject.toml": "[tool.uv.workspace]\nmembers = ['services/*']\n",
                "services/shop/pyproject.toml": PROJECT + SYSTEM,
                "uv.lock": "",
                "shop/__main__.py": "",
            },
        ),
    ],
)
def test_what_is_no_program_is_a_module(tmp_path: Path, main: str, files: dict[str, str]) -> None:
    assert started(tmp_path, main, files, "uv") == f'ENTRYPOINT ["python", "-m", "{main}"]'
