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
from svc.patterns import regex
from svc.source import Source

EXPECTED = {
    *("apiVersion", "name", "build", "ports", "health", "env", "secrets", "needs", "command", "args", "workers"),
    *("own", "jobs", "resources", "writable"),
}
"""Keys that `init` writes of itself."""
HIDDEN = "Zq8mWn4LpT2vXc7K"
"""Stands wherever a secret may stand in a tree."""
_SECRETS = f"API_TOKEN={HIDDEN}\nSITE=https://user:{HIDDEN}@example.com/a\nDATABASE_PASSWORD={HIDDEN}\n"
_OURS = regex(r"\$\{(needs\.[a-z][a-z0-9-]*|ports)\.[a-z]+\}")
_MEANING = regex(r"[$`{}\"'<>|&;\\\x00-\x1f]")
"""What is more than a character in some language: no value of a tree has it in a spec."""


_NAME = regex(r"[A-Za-z][\w.-]*")
_NAMED = ("ports", "env", "secrets", "needs", "jobs", "workers")
_SHELL = regex(r"[$&|;<>`*]")


def _trees(text: str) -> dict[str, dict[str, str]]:
    """Files of every kind that `init` reads, with the text in each place that may hold one."""
    return {**_of_scripts(text), **_of_compilers(text), **_of_containers(text)}


def _of_scripts(text: str) -> dict[str, dict[str, str]]:
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
            ".env.example": f"A={line}\nDATABASE_URL={line}\nB={said}\n{_SECRETS}",
            "Procfile": f"web: {line}\nworker: node {line}\nrelease: {line}\nmailer: node a --password={HIDDEN}\n",
        },
        "python": {
            "pyproject.toml": f'[project]\nname = {said}\nversion = "1"\nrequires-python = {said}\n'
            f'dependencies = ["flask", {said}]\n[project.scripts]\na = {said}\n',
            "uv.lock": "",
            "app.py": f"from flask import Flask\napp = Flask({said})\nos.environ[{said}]\n",
            ".python-version": text,
            "Procfile": f"web: gunicorn {line}\nworker: celery -A {line}\n",
        },
        "php": {
            "composer.json": json.dumps({"require": {"php": text, f"ext-{text}": text, "predis/predis": "1"}}),
            "artisan": "",
            ".env.example": f"DB_CONNECTION={line}\nDB_HOST={line}\nDB_PORT={line}\nC={line}\n{_SECRETS}",
        },
        "ruby": {
            "Gemfile": f"ruby '{line}'\ngem 'rails', {said}\ngem 'puma', {said}\ngem 'pg'\n# {line}\n",
            "config/puma.rb": f"port {said}\n",
            "Procfile": f"web: {line}\nworker: bundle exec {line}\n",
            ".env": f"D={line}\n{_SECRETS}",
        },
    }


def _of_compilers(text: str) -> dict[str, dict[str, str]]:
    said = json.dumps(text)
    line = " ".join(text.split())
    project = '<Project Sdk="Microsoft.NET.Sdk.Web"><TargetFramework>net10.0</TargetFramework>'
    return {
        "go": {
            "go.mod": f"module {line}\n\ngo {line}\n",
            "go.sum": "",
            "main.go": f"package main\n// {line}\nvar a = {said}\n",
        },
        "dotnet": {
            "web/web.csproj": f"{project}\nNpgsql StackExchange.Redis {line}\n",
            "web/appsettings.json": json.dumps({"ConnectionStrings": {text: text, f"{text}redis": HIDDEN}}),
        },
        "java": {
            "pom.xml": f"<java.version>{text}</java.version>\nspring-boot-maven-plugin\n{line}\npostgresql\n",
            "src/main/resources/application.yml": f"server:\n  port: {said}\n  a: {line}\n",
        },
        "gradle": {"build.gradle": f"application {{ mainClass = {said} }}\n// {line}\n"},
        "rust": {
            "Cargo.toml": f"[package]\nname = {said}\nrust-version = {said}\n# {line}\n",
            "Cargo.lock": "",
            "src/main.rs": f"fn main() {{ let a = {said}; }}\n",
        },
    }


def _of_containers(text: str) -> dict[str, dict[str, str]]:
    said = json.dumps(text)
    line = " ".join(text.split())
    return {
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
        "processes": {
            "package.json": "{}",
            "package-lock.json": "{}",
            "compose.yaml": json.dumps(
                {"services": {"web": {"build": "."}, text: {"build": ".", "command": ["node", text]}}}
            ),
        },
        "needs": {
            "package.json": "{}",
            "package-lock.json": "{}",
            "compose.yaml": json.dumps(
                {
                    "services": {
                        "web": {"build": ".", "environment": {text: f"postgres://a:{HIDDEN}@db/a", "B": text}},
                        text: {"image": "postgres:17"},
                        "db": {"image": "postgres:12", "environment": {"POSTGRES_PASSWORD": HIDDEN}},
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
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content, "utf-8", newline="")
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(("init", str(root), "--dry-run"))
        assert code in (0, 2), err.getvalue()
        assert HIDDEN not in out.getvalue() + err.getvalue(), text
        if code == 0:
            _sound(out.getvalue(), text)


def _sound(written: str, text: str) -> None:
    parsed = parse_one(Source("service.yaml", written))
    assert not parsed.problems, (text, parsed.problems)
    (document,) = parsed.documents
    assert isinstance(document.data, dict)
    assert set(document.data) <= EXPECTED, text
    assert json.dumps(yaml.safe_load(written)) == json.dumps(document.data), text
    assert all(_NAME.fullmatch(name) for key in _NAMED for name in document.data.get(key, {})), text
    assert not {"API_TOKEN", "SITE"} & set(document.data.get("env", {})), text
    for value in document.data.get("env", {}).values():
        assert not _MEANING.search(_OURS.sub("", value).removesuffix(";")) or _OURS.search(value), (text, value)
    processes = [one for key in ("jobs", "workers") for one in document.data.get(key, {}).values()]
    for words in [one["command"] for one in processes]:
        assert words[:2] == ["sh", "-c"] or not any(_SHELL.search(word) for word in words), (text, words)


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
