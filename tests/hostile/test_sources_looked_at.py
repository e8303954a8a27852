"""Sources that `svc init` looks into, made so that looking takes for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from disk import put
from hostile.bounded import sane, svc
from svc.detect import examples
from svc.detect.above import part
from svc.detect.tree import scan

PROJECT = '[project]\nname = "a"\ndependencies = ["fastapi", "uvicorn"]\n'
GRADLE = {"build.gradle": "plugins { id 'org.springframework.boot' }\n", "gradlew": ""}
MEMBER = {
    "svc-workspace.yaml": "apiVersion: svc/v1\n",
    "package.json": '{"workspaces": ["apps/*"]}',
    "package-lock.json": "{}",
    ".env.example": "GREETING=hello\nUNUSED=1\n",
    "apps/a/package.json": '{"dependencies": {"express": "5"}, "scripts": {"start": "node server.js"}}',
    "apps/a/server.js": "process.env.GREETING\n",
}


@pytest.mark.parametrize(
    "files",
    [
        {"uv.lock": "", "pyproject.toml": PROJECT, "main.py": f"def create_app({'[' * 400_000}):\n    FastAPI()\n"},
        {**GRADLE, "src/main/resources/application.yml": "server:\n" + "        a: b\n" * 60},
        {"app.csproj": "Microsoft.NET.Sdk.Web Npgsql", "appsettings.json": "\n" * 500_000},
        {"package.json": "{}", "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "packages:\n" + "\n" * 500_000},
    ],
)
def test_looking_ends(files: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path, files)
    sane(svc("init", "--defaults", cwd=tmp_path))
    sane(svc("compile", "--out", "out", cwd=tmp_path))


def test_data_beside_a_part_is_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {**MEMBER, "apps/a/a.json": "[" + "0, " * 100 + '"UNUSED"]'})
    monkeypatch.setattr(examples, "_MUCH", 200)
    whole = part(tmp_path / "apps/a", scan(tmp_path / "apps/a"))
    assert whole is not None
    tree = examples.shared(scan(tmp_path / "apps/a"), whole[1])
    assert [one.name for one in examples.variables(tree)] == ["GREETING"]


@pytest.mark.parametrize(
    ("name", "more"), [("pyproject.toml", {"uv.lock": "", "main.py": ""}), ("Cargo.toml", {"src/main.rs": ""})]
)
def test_a_number_that_is_too_long_to_be_read(name: str, more: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path, {name: f"x = {'1' * 5000}\n", **more})
    sane(svc("init", "--defaults", cwd=tmp_path))
    sane(svc("compile", "--out", "out", cwd=tmp_path))
