"""`svc init` of Python: applications that a function makes, and the programs of a package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from first_specs import written

PROJECT = '[project]\nname = "shop"\nrequires-python = ">=3.12"\ndependencies = [{}]\n{}'
SYSTEM = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
FASTAPI = "from fastapi import FastAPI\n\ndef create_app({}) -> FastAPI:\n    return FastAPI()\n"
FLASK = "from flask import Flask\n\ndef create_app({}):\n    return Flask(__name__)\n"
UVICORN = "uvicorn --factory --host 0.0.0.0 --port 8000"
GUNICORN = "gunicorn --bind 0.0.0.0:8000"


def _written(folder: Path, files: dict[str, str], needed: str = "", more: str = "") -> dict[str, Any]:
    return written(folder, {"uv.lock": "", "pyproject.toml": PROJECT.format(needed, more), **files})


@pytest.mark.parametrize(
    ("files", "started"),
    [
        ({"src/shop/app.py": FASTAPI.format("")}, f"{UVICORN} shop.app:create_app"),
        ({"shop/__init__.py": FASTAPI.format("a=1, *, b: str = 'x'")}, f"{UVICORN} shop:create_app"),
        ({"app.py": FASTAPI.format("\n    a: dict[str, int] | None = None,  # why, what\n")}, f"{UVICORN} app:create_app"),
        ({"app.py": FASTAPI.format("a"), "asgi.py": "from app import *\napplication = create_app(1)\n"}, "asgi:application"),
        ({"app.py": FASTAPI.format(""), "asgi.py": "import app\nserved: object = app.create_app()\n"}, "asgi:served"),
        ({"app.py": FLASK.format("")}, f"{GUNICORN} 'app:create_app()'"),
        ({"app.py": FLASK.format("config=None")}, f"{GUNICORN} 'app:create_app()'"),
        ({"app.py": FLASK.format("config"), "wsgi.py": "import app\nsite = app.create_app('live')\n"}, f"{GUNICORN} wsgi:site"),
    ],
)  # fmt: skip
def test_what_a_function_makes_is_served(files: dict[str, str], started: str, folder: Path) -> None:
    spec = _written(folder, files, '"fastapi", "uvicorn", "flask", "gunicorn"')
    assert spec["build"]["main"] == started
    assert spec["ports"] == {"http": 8000}


def test_a_factory_serves_on_the_port_that_was_found(folder: Path) -> None:
    running = 'import uvicorn\nuvicorn.run("app:create_app", factory=True, port=8300)\n'
    spec = _written(folder, {"app.py": FASTAPI.format(""), "run.py": running}, '"fastapi", "uvicorn"')
    assert spec["build"]["main"] == UVICORN.replace("8000", "8300") + " app:create_app"


def test_a_factory_that_wants_something_is_called_by_nobody(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _written(folder, {"shop/app.py": FASTAPI.format("settings: Settings")})["build"]["main"] == "app.py"
    assert "what to start is not known" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("scripts", "files", "started"),
    [
        ("shop-consume = 'shop.consume:main'", {"src/shop/consume.py": "def main(): ...\n"}, "shop-consume"),
        (
            "shop-check = 'shop.check:main'\nshop-serve = 'shop.serve:main'",
            {"shop/check.py": "", "shop/serve.py": "import uvicorn\ndef main():\n    uvicorn.run(app)\n"},
            "shop-serve",
        ),
        ("shop = 'shop.cli:main'", {"shop/__init__.py": "", "main.py": ""}, "shop"),
    ],
)
def test_a_program_of_the_package_is_started(
    scripts: str, files: dict[str, str], started: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = _written(folder, files, more=f"[project.scripts]\n{scripts}\n{SYSTEM}")
    assert spec["build"]["main"] == started
    number = (
        (folder / "pyproject.toml").read_text("utf-8").splitlines().index(f"{started} = {scripts.split(' = ')[-1]}")
    )
    assert f"start: {started}, from pyproject.toml:{number + 1}\n" in capsys.readouterr().out


def test_programs_of_what_is_no_package_are_not_there(folder: Path) -> None:
    spec = _written(folder, {"main.py": ""}, more="[project.scripts]\nshop-serve = 'shop:main'\n")
    assert spec["build"]["main"] == "main.py"


def test_what_else_could_be_started_is_said_whatever_the_port(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = 'import uvicorn\nuvicorn.run("app:create_app", factory=True, port=8300)\n'
    more = f"[project.scripts]\nshop-serve = 'run:main'\n{SYSTEM}"
    _written(folder, {"app.py": FASTAPI.format(""), "run.py": running}, '"fastapi"', more)
    assert "it could also start shop-serve: set build.main" in capsys.readouterr().err
