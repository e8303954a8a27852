"""`svc init` on trees of every language: what it writes compiles, and its Dockerfile passes the tools."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from disk import put
from svc.cli.exits import Exit
from svc.cli.main import main
from svc.diagnostics import Severity
from svc.pipeline import Request, compile_
from svc.targets.docker import target as docker

LOCK = "{}\n"
PACKAGE = '{"name": "a", "dependencies": {"express": "5", "pg": "8"}, "scripts": {"start": "node server.js"}}'
SITE = '{"devDependencies": {"vite": "7"}, "scripts": {"build": "vite build"}}'
FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n@app.get('/healthz')\n"
GO = {"go.mod": "module a\n\ngo 1.26\n", "go.sum": ""}
MAIN_GO = 'package main\n\nfunc main() {\n\thttp.ListenAndServe(":8081", nil)\n}\n'
SPRING = "<project><properties><java.version>21</java.version></properties><parent>spring-boot-starter-parent</parent></project>"
GRADLE = 'plugins {\n  kotlin("jvm")\n  application\n}\nkotlin { jvmToolchain(21) }\napplication { mainClass.set("a.MainKt") }\n'
WRAPPED = {"mvnw": "", ".mvn/wrapper/maven-wrapper.properties": ""}
GRADLEW = {"gradlew": "", "gradle/wrapper/gradle-wrapper.properties": ""}
WEB = '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>'
TREES: dict[str, dict[str, str]] = {
    "python-uv": {"pyproject.toml": 'requires-python = ">=3.12"\n', "uv.lock": "", "src/a/main.py": FASTAPI},
    "python-pip": {"requirements.txt": "flask==3.0 --hash=sha256:00\n", "app.py": "", ".python-version": "3.13\n"},
    "python-poetry": {"pyproject.toml": 'python = "^3.11"\n', "poetry.lock": "", "a/api.py": FASTAPI},
    "django": {"requirements.txt": "django --hash=x\npsycopg2 --hash=x\n", "manage.py": "import sys\n"},
    "node-npm": {
        "package.json": PACKAGE,
        "package-lock.json": LOCK,
        "server.js": "app.listen(process.env.PORT || 4000)",
    },
    "node-pnpm": {"package.json": PACKAGE, "server.js": "", "pnpm-lock.yaml": LOCK, ".nvmrc": "v22.1.0\n"},
    "node-yarn": {
        "package.json": PACKAGE,
        "server.js": "",
        "yarn.lock": "# generated\n# yarn lockfile v1\n",
        ".nvmrc": "18\n",
    },
    "node-berry": {"package.json": PACKAGE, "server.js": "", "yarn.lock": "__metadata:\n", ".yarnrc.yml": ""},
    "next": {
        "package.json": '{"dependencies": {"next": "16"}, "scripts": {"start": "next start"}}',
        "package-lock.json": LOCK,
    },
    "vite": {"package.json": SITE, "package-lock.json": LOCK, "index.html": ""},
    "vite-pnpm": {"package.json": SITE, "pnpm-lock.yaml": LOCK},
    "go": {**GO, "main.go": MAIN_GO},
    "go-commands": {**GO, "cmd/api/main.go": MAIN_GO, "cmd/job/main.go": "package main\n\nfunc main() {\n}\n"},
    "spring-maven": {"pom.xml": SPRING, **WRAPPED},
    "kotlin-gradle": {"build.gradle.kts": GRADLE, **GRADLEW},
    "java-gradle": {"build.gradle": "application { mainClass = 'a.Main' }\n", **GRADLEW},
    "kotlin-maven": {"pom.xml": "<project>kotlin-maven-plugin\n<mainClass>a.MainKt</mainClass></project>", **WRAPPED},
    "dotnet": {"src/Cart/Cart.csproj": WEB, "src/Cart/packages.lock.json": LOCK},
    "rust": {"Cargo.toml": '[package]\nname = "cart"\n', "Cargo.lock": "", "src/main.rs": "fn main() {}\n"},
    "rack": {"Gemfile": 'source "x"\ngem "puma"\ngem "redis"\n', "Gemfile.lock": "", ".ruby-version": "3.4.1\n"},
    "php": {"composer.json": '{"require": {"php": "^8.2"}}', "composer.lock": LOCK},
    "html": {"index.html": "<p>"},
    "html-public": {"public/index.html": "<p>"},
    "hugo": {"hugo.toml": "", "content/a.md": "# A\n"},
    "jekyll": {
        "Gemfile": 'source "https://rubygems.org"\ngem "jekyll", "~> 4.4"\n',
        "Gemfile.lock": "",
        "_config.yml": "title: Handbook\n",
        "index.html": "---\nlayout: home\n---\n",
        "_posts/2026-01-01-a.md": "---\n---\n",
    },
    "hugo-modules": {
        "config.toml": "baseURL = 'https://example.com/'\n",
        "go.mod": "module github.com/acme/site\n\ngo 1.26\n",
        "content/_index.md": "# Hello\n",
        "layouts/index.html": "",
    },
    "mkdocs": {
        "mkdocs.yml": "site_name: Handbook\n",
        "requirements.txt": "mkdocs==1.6.1 --hash=sha256:00\n",
        "docs/index.md": "# Hello\n",
    },
}

SAID = {"node-yarn": ["the image has Node.js 20, and .nvmrc asks for 18"]}
"""Node.js 18 has no pinned image any more."""


@pytest.mark.parametrize(("tree", "site"), [("jekyll", "_site"), ("hugo-modules", "public"), ("mkdocs", "site")])
def test_a_site_is_what_its_generator_makes(
    tree: str, site: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its packages are no service of another language."""
    put(folder, TREES[tree])
    assert main(["init"]) == Exit.CLEAN
    text = (folder / "service.yaml").read_text("utf-8")
    assert "language: static" in text
    assert f"main: {site}\n" in text.replace('"', "")
    assert "was found as well" not in capsys.readouterr().err


@pytest.mark.parametrize("file", ["mkdocs.yml", "mkdocs.yaml", "hugo.toml", "hugo.yml", "_config.yml"])
def test_what_a_generator_has_left_is_no_site_of_its_own(
    file: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = "site" if file.startswith("mkdocs") else "public" if file.startswith("hugo") else "_site"
    put(folder, {file: "", f"{site}/index.html": "<p>"})
    assert main(["init"]) == Exit.CLEAN
    text = (folder / "service.yaml").read_text("utf-8")
    assert f"main: {site}\n" in text.replace('"', "")
    assert "context:" not in text
    assert ("is installed from" in capsys.readouterr().err) is (site != "public")


@pytest.mark.tools
@pytest.mark.parametrize("tree", TREES)
def test_what_is_written_compiles_and_its_dockerfile_passes(tree: str, folder: Path) -> None:
    put(folder, TREES[tree])
    assert main(["init", "--team", "retail"]) == Exit.CLEAN
    compiled = compile_(Request((folder / "service.yaml",), lambda path: path.name, date(2026, 12, 1)))
    wrong = [one.message for one in compiled.diagnostics if one.severity >= Severity.WARNING]
    assert wrong == SAID.get(tree, []), (folder / "service.yaml").read_text()
    assert not compiled.faults
    (artifact,) = (piece.artifact for piece in compiled.pieces if piece.name == "docker")
    assert artifact.dockerfile is not None
    put(folder, docker.render(artifact).files)
    judgements = docker.judge([artifact], folder)
    assert [one.faults for one in judgements] == [()] * len(judgements)
    if all(one.skipped for one in judgements):
        pytest.skip(judgements[0].skipped)


def test_the_messages_of_a_python_tree(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {**TREES["python-uv"], ".env.example": "LOG_LEVEL=info\nSTRIPE_KEY=sk_live_abc\n", ".env": "OWN=42\n"})
    assert main(["init"]) == Exit.CLEAN
    printed = capsys.readouterr()
    assert printed.err == "note: .env.example is kept as it is: compose is your own, and svc writes none (`own`)\n"
    assert printed.out == (
        "language: python 3.12 with uv, from pyproject.toml:1\n"
        "start: a.main:app, from src/a/main.py:3\n"
        "port: 8000, from the default of the framework\n"
        "health: /healthz, from src/a/main.py:4\n"
        "memory: 256Mi, to begin with\n"
        "wrote service.yaml; read it, then run `svc compile service.yaml`\n"
    )
    text = (folder / "service.yaml").read_text()
    assert "sk_live" not in text
    assert "42" not in text
    assert "  STRIPE_KEY: {from: shop/stripe_key}  # .env.example:2\n" in text
    assert "  LOG_LEVEL: info  # .env.example:1\n" in text
    assert "# OWN: no value was taken from .env:1\n" in text


def test_the_messages_of_several_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, TREES["go-commands"])
    assert main(["init", "--dry-run"]) == Exit.CLEAN
    printed = capsys.readouterr()
    assert printed.err == (
        "language: go 1.26, from go.mod:3\n"
        "start: ./cmd/api, from cmd/api/main.go:3\n"
        "port: 8081, from cmd/api/main.go:4\n"
        "note: it could also start ./cmd/job: set build.main\n"
    )
    assert printed.out.startswith("apiVersion: svc/v1\nname: shop\n\nbuild:\n  language: go\n")
    assert not (folder / "service.yaml").exists()


def test_a_spec_is_never_written_over(folder: Path) -> None:
    put(folder, {**TREES["go"], "service.yaml": "mine\n"})
    assert main(["init"]) == Exit.INVALID
    assert (folder / "service.yaml").read_text() == "mine\n"
    assert main(["init", "--force"]) == Exit.CLEAN
    assert "language: go" in (folder / "service.yaml").read_text()


@pytest.mark.parametrize("arguments", [[], ["nowhere"], ["--name", "Shop"], ["--out", "../x.yaml"]])
def test_what_cannot_be_is_exit_2(arguments: list[str], folder: Path) -> None:
    put(folder, {"api/go.mod": "module a\n"} if not arguments else TREES["go"])
    assert main(["init", *arguments]) == Exit.INVALID
    assert not (folder / "service.yaml").exists()


def test_hostile_trees_are_read_with_bounds(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("go 1.26\n")
    (folder / "go.mod").symlink_to(tmp_path / "outside")
    (folder / "loop").symlink_to(folder)
    assert main(["init"]) == Exit.INVALID
    (folder / "package.json").write_bytes(b"\xff\xfe[" * 300_000)
    (folder / ".nvmrc").write_bytes(b"\xff\x00")
    assert main(["init"]) == Exit.CLEAN


def test_signs_of_control_reach_no_spec(folder: Path) -> None:
    put(
        folder,
        {"requirements.txt": "redis==5 --hash=sha256:0\n", "bot.py": "", "Procfile": "bot: p\x00y\x1bthon -m bot\n"},
    )
    assert main(["init"]) == Exit.CLEAN
    text = (folder / "service.yaml").read_text()
    assert "thon" in text
    assert "\\u00" not in text
    assert main(["lint", "service.yaml"]) != Exit.INVALID


def test_a_dockerfile_alone_is_kept_and_tells_nothing_of_another(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, {"Dockerfile": "FROM scratch\n"})
    assert main(["init", "--generate"]) == Exit.INVALID
    assert "no language was recognised" in capsys.readouterr().err
    assert main(["init"]) == Exit.CLEAN
    assert "  dockerfile: Dockerfile\n" in (folder / "service.yaml").read_text()


def test_it_asks_on_a_terminal(folder: Path) -> None:
    put(folder, TREES["go-commands"])
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "svc", "init"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder) as running:
        os.close(theirs)
        seen = b""
        while b"Which one?" not in seen:
            assert select.select([ours], [], [], 30)[0]
            seen += os.read(ours, 4096)
        os.write(ours, b"2\n")
        assert running.wait(30) == Exit.CLEAN
    os.close(ours)
    assert b"1. ./cmd/api" in seen
    assert "  main: ./cmd/job\n" in (folder / "service.yaml").read_text()
