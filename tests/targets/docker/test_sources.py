"""What lies beside the spec decides what a build can reach: settings, manifests, and what must stay outside."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_

NODE = "build: {language: node, version: '24', manager: pnpm, main: dist/main.js}\n"
DOTNET = "build: {language: dotnet, version: '10', main: src/Cart/Cart.csproj}\n"
VARIABLE = "@acme:registry=https://npm.pkg.github.com\n//npm.pkg.github.com/:_authToken=${NODE_AUTH_TOKEN}\n"


def outputs(folder: Path, build: str, files: dict[str, str]) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    path = folder / "service.yaml"
    path.write_text(f"apiVersion: svc/v1\nname: shop\n{build}ports: {{http: 8080}}\nhealth: /healthz\n", "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("docker",)))
    assert not made.failed
    return {one.path.rpartition("/")[2]: one.text for one in made.outputs}


@pytest.mark.parametrize("text", ["node-linker=hoisted\n", VARIABLE, "# _authToken=x\n", "//r/:_authToken='${T}'\n"])
def test_settings_of_npm_are_let_into_a_build_that_reads_them(tmp_path: Path, text: str) -> None:
    found = outputs(tmp_path, NODE, {"package.json": "{}", "pnpm-lock.yaml": "", ".npmrc": text})
    assert "type=bind,source=.npmrc,target=.npmrc" in found["Dockerfile"]
    assert found[".dockerignore"].splitlines()[-1] == "!.npmrc"


@pytest.mark.parametrize("key", ["//registry.npmjs.org/:_authToken=", "_auth = ", "//r/:_password="])
def test_settings_of_npm_with_a_credential_stay_outside(tmp_path: Path, key: str) -> None:
    found = outputs(tmp_path, NODE, {"package.json": "{}", "pnpm-lock.yaml": "", ".npmrc": f"a=b\n{key}c2VjcmV0\n"})
    assert ".npmrc" not in found["Dockerfile"]
    assert "!.npmrc" not in found[".dockerignore"]


def test_a_project_in_a_folder_is_restored_with_what_it_refers_to(tmp_path: Path) -> None:
    files = {
        "Directory.Packages.props": "<Project/>",
        "nuget.config": "<configuration/>",
        "src/Cart/Cart.csproj": '<Project><ProjectReference Include="..\\Bus\\Bus.csproj" /></Project>',
        "src/Bus/Bus.csproj": "<Project/>",
    }
    found = outputs(tmp_path, DOTNET, files)["Dockerfile"].partition("RUN ")[0]
    assert "COPY Directory.Packages.props nuget.config ./" in found
    assert "COPY src/Bus/Bus.csproj src/Bus/" in found
