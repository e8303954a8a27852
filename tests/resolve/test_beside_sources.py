"""A spec is compared with the sources beside it: versions, paths, what pip and Go cannot do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pins import find_image
from svc.pipeline import Request, compile_

PROJECT = "<Project><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup></Project>"
LOCK = {"package-lock.json": ""}
LIBRARY = '{"name": "shop", "scripts": {"test": "node --test"}}'


def said(folder: Path, build: str, files: dict[str, str]) -> dict[str, str]:
    """Ids of the warnings about the build, with their texts."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    path = folder / "service.yaml"
    path.write_text(f"apiVersion: svc/v1\nname: shop\nbuild: {{{build}}}\nports: {{http: 8080}}\nhealth: /\n", "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("docker",)))
    ids = ("build-version-differs", "build-path-missing", "pip-without-hash", "go-without-c", "dotnet-without-lock")
    return {one.id: f"{one.message}; {one.help}" for one in made.diagnostics if one.id in ids}


@pytest.mark.parametrize(
    ("build", "files", "wanted"),
    [
        ("language: node, version: '22', main: a.js", {".nvmrc": "v24.4.1\n"}, "24"),
        ("language: node, version: '24', main: a.js", {".node-version": "20"}, "20"),
        ("language: node, version: '20', main: a.js", {"package.json": '{"engines": {"node": ">=22.0.0"}}'}, "22"),
        ("language: node, version: '24', main: a.js", {"package.json": '{"engines": {"node": "22.x"}}'}, "22"),
        ("language: static, version: '24', main: dist", {".nvmrc": "22\n"}, "22"),
        ("language: python, version: '3.14', main: app:app", {".python-version": "3.13.5\n"}, "3.13"),
        ("language: python, version: '3.12', main: app:app", {"pyproject.toml": 'requires-python = ">=3.13"'}, "3.13"),
        ("language: go, version: '1.26', main: .", {"go.mod": "module a\n\ngo 1.27.1\n"}, "1.27"),
        ("language: rust, main: shop", {"rust-toolchain.toml": '[toolchain]\nchannel = "1.85.0"\n'}, ""),
        ("language: ruby, version: '3.4'", {"Gemfile": "ruby '3.3.6'\n"}, ""),
        ("language: java, version: '17', main: com.acme.A", {"pom.xml": "<java.version>21</java.version>"}, "21"),
        ("language: kotlin, version: '25', main: A", {"build.gradle.kts": "kotlin { jvmToolchain(21) }"}, "21"),
        ("language: dotnet, version: '10', main: Cart.csproj", {"Cart.csproj": PROJECT}, "9"),
        (
            "language: dotnet, version: '9', main: Cart.csproj",
            {"Cart.csproj": PROJECT, "global.json": '{"sdk": {"version": "8.0.404"}}'},
            "8",
        ),
        ("language: php, version: '8.4'", {"composer.json": '{"require": {"php": "^8.5"}}'}, ""),
    ],
)
def test_another_version_is_asked_for(tmp_path: Path, build: str, files: dict[str, str], wanted: str) -> None:
    extra = {"package.json": "{}", **LOCK} if "node" in build or "static" in build else {}
    extra |= {"pyproject.toml": "", "uv.lock": ""} if "python" in build else {}
    extra |= {"Cargo.toml": ""} if "rust" in build else {}
    text = said(tmp_path, build, {**extra, **files})["build-version-differs"]
    assert (f'write `version: "{wanted}"`' if wanted else "write your own Dockerfile") in text


IMAGE = find_image("ruby", "3.4")


@pytest.mark.parametrize(
    ("gemfile", "pinned", "asked"),
    [
        ('ruby "3.4.1"\n', "", "Gemfile asks for 3.4.1 itself"),
        ('ruby "3.4"\n', "", "Gemfile asks for 3.4 itself"),
        ('ruby file: ".ruby-version"\n', "ruby-3.4.2\n", ".ruby-version asks for 3.4.2 itself"),
        ('ruby File.read(".ruby-version").strip\n', "3.4.2\n", ".ruby-version asks for 3.4.2 itself"),
        ('ruby "~> 3.4.1"\n', "3.4.2\n", ""),
        ('ruby ">= 3.3", "< 4"\n', "", ""),
        ('# ruby "3.4.1"\nruby_version = "3.4.1"\n', "3.4.2\n", ""),
        (f'ruby "{(IMAGE.note if IMAGE is not None else "").partition(";")[0]}"\n', "", ""),
    ],
)
@pytest.mark.parametrize("version", [", version: '3.4'", ""])
def test_bundler_takes_a_version_of_ruby_literally(
    tmp_path: Path, gemfile: str, pinned: str, asked: str, version: str
) -> None:
    files = {"Gemfile": gemfile, "Gemfile.lock": "", **({".ruby-version": pinned} if pinned else {})}
    text = said(tmp_path, f"language: ruby{version}, main: rackup", files).get("build-version-differs", "")
    assert (asked in text and 'write `ruby "~> 3.4.0"`' in text) if asked else not text


@pytest.mark.parametrize(
    ("build", "files"),
    [
        ("language: node, version: '24', main: a.js", {".nvmrc": "lts/*\n", "a.js": "", "package.json": LIBRARY}),
        ("language: node, version: '24', main: a.js", {".nvmrc": "v24.4.1\n", "package.json": "{}", "a.js": ""}),
        ("language: node, version: '24', main: dist/a.js", {"package.json": '{"engines": {"node": "^20 || >=22"}, "scripts": {"build": ""}}'}),
        ("language: node, version: '24', main: dist/a.js, prepare: make", {"package.json": '{"engines": {"node": ">=20 <26"}}'}),
        ("language: python, version: '3.14', main: app:app", {"pyproject.toml": 'requires-python = ">=3.11,<4"', "uv.lock": ""}),
        ("language: go, version: '1.27', main: .", {"go.mod": "module a\n\ngo 1.24\n\ntoolchain go1.28.0\n"}),
        ("language: go, version: '1.27', main: ./cmd/...", {"go.mod": "module a\n", "cmd/a/main.go": ""}),
        ("language: go, version: '1.27', main: ./gen, prepare: make gen", {"go.mod": "module a\n"}),
        ("language: go, version: '1.27', main: .", {"go.mod": "module a\n\nrequire (\n\tgithub.com/mattn/go-sqlite3 v1.14.0 // indirect\n)\n"}),
        ("language: kotlin, version: '25', main: A", {"build.gradle.kts": "jvmToolchain(21)", "settings.gradle.kts": 'id("org.gradle.toolchains.foojay-resolver-convention")', "gradlew": "", "gradle/a": ""}),
        ("language: dotnet, version: '10', main: Cart.csproj", {"Cart.csproj": "<Project/>", "packages.lock.json": "", "global.json": '{"sdk": {"version": "8.0.404", "rollForward": "latestMajor"}}'}),
        ("language: python, version: '3.14', manager: pip, main: app.py", {"app.py": "", "requirements.txt": "--index-url https://a.example\n# flask\nflask==3.1.2 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n    # via -r a.in\n"}),
        ("language: static, main: public", {"public/index.html": "", "index.html": ""}),
        ("language: node, version: '24', main: apps/api/dist/a.js", {"package.json": LIBRARY, "apps/api/package.json": '{"scripts": {"build": "tsc"}}'}),
        ("language: python, version: '3.14', main: gone.py", {}),
        ("language: go, version: '1.27', main: ./cmd/gone", {}),
    ],
)  # fmt: skip
def test_nothing_is_said_of_what_fits_or_cannot_be_seen(tmp_path: Path, build: str, files: dict[str, str]) -> None:
    extra = LOCK if "package.json" in files else {}
    assert said(tmp_path, build, {**extra, **files}) == {}


@pytest.mark.parametrize(
    ("build", "files", "path"),
    [
        ("language: go, version: '1.27', main: ./cmd/gone", {"go.mod": "module a\n"}, "./cmd/gone"),
        ("language: python, version: '3.14', main: gone.py", {"pyproject.toml": "", "uv.lock": ""}, "gone.py"),
        ("language: dotnet, version: '10', main: src/Gone/Gone.csproj", {"src/A/A.csproj": "", "a.sln": ""}, "src/Gone/Gone.csproj"),
        ("language: node, version: '24', main: dist/gone.js", {"package.json": LIBRARY, **LOCK}, "dist/gone.js"),
        ("language: static, main: public", {"index.html": ""}, "public"),
        ("language: java, version: '25', module: services/gone, main: A", {"pom.xml": "", "services/a/pom.xml": ""}, "services/gone"),
        ("language: go, version: '1.27', main: ., files: [web/gone]", {"go.mod": "module a\n", "web/a": ""}, "web/gone"),
    ],
)  # fmt: skip
def test_a_path_that_is_not_there_is_said(tmp_path: Path, build: str, files: dict[str, str], path: str) -> None:
    assert f"`{path}` is not in the build context" in said(tmp_path, build, files)["build-path-missing"]


def test_a_lock_file_that_belongs_beside_a_project_is_missed_there(tmp_path: Path) -> None:
    text = said(tmp_path, "language: dotnet, version: '10', main: src/A/A.csproj", {"src/A/A.csproj": "", "a.sln": ""})
    assert "`src/A/packages.lock.json`" in text["dotnet-without-lock"]
    assert "RestorePackagesWithLockFile" in text["dotnet-without-lock"]


@pytest.mark.parametrize(
    ("text", "place", "help_"),
    [
        ("flask==3.1.2\n", "`flask==3.1.2` has none (requirements.txt:1)", "--generate-hashes"),
        ("# a\nflask==1 \\\n --hash=sha256:0\n\n-e .\n", "`-e .` has none (requirements.txt:5)", "a folder has none"),
    ],
)
def test_pip_is_not_given_what_it_refuses(tmp_path: Path, text: str, place: str, help_: str) -> None:
    build = "language: python, version: '3.14', manager: pip, main: app.py"
    found = said(tmp_path, build, {"requirements.txt": text, "app.py": ""})["pip-without-hash"]
    assert place in found
    assert help_ in found
