"""`svc init` over a source tree of hostile texts: the spec reads back, and nothing in it is what nobody wrote."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import yaml

from hostile.hostile_texts import TEXTS
from svc.cli.main import main
from svc.parse import parse_one
from svc.source import Source

EXPECTED = {
    "apiVersion",
    "name",
    "build",
    "ports",
    "health",
    "env",
    "secrets",
    "needs",
    "command",
    "args",
    "workers",
    "own",
    "jobs",
}
"""Keys that `init` writes of itself."""


def _trees(text: str) -> dict[str, dict[str, str]]:
    """Files of every kind that `init` reads, with the text in each place that may hold one."""
    said = json.dumps(text)
    line = " ".join(text.split())
    return {
        "node": {
            "package.json": json.dumps(
                {
                    "name": text,
                    "main": f"{text}.js",
                    "packageManager": f"npm@{text}",
                    "engines": {"node": text},
                    "scripts": {"start": f"node {text}", "build": text, "worker": f"node {text}", text: text},
                    "dependencies": {"express": text, "pg": text, text: "1"},
                    "workspaces": [text],
                }
            ),
            "package-lock.json": "{}",
            ".nvmrc": text,
            ".env.example": f"A={line}\nDATABASE_URL={line}\nB={said}\n",
            "Procfile": f"web: {line}\nworker: node {line}\nrelease: {line}\n",
        },
        "python": {
            "pyproject.toml": f'[project]\nname = {said}\nversion = "1"\nrequires-python = {said}\n'
            f'dependencies = ["flask", {said}]\n[project.scripts]\na = {said}\n',
            "uv.lock": "",
            "app.py": f"from flask import Flask\napp = Flask({said})\nos.environ[{said}]\n",
            ".python-version": text,
            "Procfile": f"web: gunicorn {line}\nworker: celery -A {line}\n",
        },
        "go": {
            "go.mod": f"module {line}\n\ngo {line}\n",
            "go.sum": "",
            "main.go": f"package main\n// {line}\nvar a = {said}\n",
        },
        "compose": {
            "package.json": "{}",
            "package-lock.json": "{}",
            "compose.yaml": json.dumps(
                {
                    "services": {
                        "web": {"build": ".", "command": text, "environment": {"A": text}},
                        text: {"image": text},
                    }
                }
            ),
        },
        "docker": {"Dockerfile": f"FROM a\nENV A={said}\nEXPOSE 80\nCMD [{said}]\n# {line}\n"},
    }


@pytest.mark.parametrize("kind", _trees("a"))
def test_init_over_hostile_texts(kind: str, tmp_path: Path) -> None:
    short = [text for text in TEXTS.values() if len(text) < 1000]
    for number, text in enumerate((*short, "z".join(short))):
        root = tmp_path / f"web-{number}"
        root.mkdir()
        for name, content in _trees(text)[kind].items():
            (root / name).write_text(content, "utf-8", newline="")
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(("init", str(root), "--dry-run"))
        assert code in (0, 2), err.getvalue()
        if code == 0:
            _sound(out.getvalue(), text)


def _sound(written: str, text: str) -> None:
    parsed = parse_one(Source("service.yaml", written))
    assert not parsed.problems, (text, parsed.problems)
    (document,) = parsed.documents
    assert isinstance(document.data, dict)
    assert set(document.data) <= EXPECTED, text
    assert json.dumps(yaml.safe_load(written)) == json.dumps(document.data), text


@pytest.mark.parametrize("name", ["a\nb: c", "\x1b[2J", "\u202e", "{{ a }}", "a b", "-x", "$(id)"])
def test_init_in_a_folder_of_a_hostile_name(name: str, tmp_path: Path) -> None:
    root = tmp_path / name
    root.mkdir()
    (root / "go.mod").write_text("module a\n\ngo 1.26\n", "utf-8")
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(("init", str(root), "--dry-run"))
    assert code in (0, 2), err.getvalue()
    if code == 0:
        _sound(out.getvalue(), name)
