"""One build of several services: a spec whose sources are in a folder above its own, within the workspace."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import pytest

from svc.pipeline import Compiled, Request, compile_

SPEC = """\
apiVersion: svc/v1
name: cart
build: {{language: go, version: '1.27', context: {context}, main: ./services/cart}}
ports: {{http: 8080}}
health: /healthz
{more}"""


def compiled(root: Path, context: str = "../..", more: str = "", workspace: str = "apiVersion: svc/v1\n") -> Compiled:
    folder = root / "services/cart"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "services/cart/main.go").touch()
    for name in ("go.mod", "go.sum"):
        (root / name).touch()
    if workspace:
        (root / "svc-workspace.yaml").write_text(workspace, "utf-8")
    path = folder / "service.yaml"
    path.write_text(SPEC.format(context=context, more=more), "utf-8")
    return compile_(Request((path,), lambda one: str(one), date(2026, 11, 29)))


def texts(made: Compiled) -> dict[str, str]:
    assert not made.failed
    return {one.path: one.text for one in made.outputs}


def test_all_outputs_agree_on_the_context(tmp_path: Path) -> None:
    found = texts(compiled(tmp_path))
    dockerfile = found["services/cart/Dockerfile"]
    assert "# Build: docker build --file Dockerfile ../..\n" in dockerfile
    assert "--mount=type=bind,source=go.mod,target=go.mod" in dockerfile
    ignored = found["services/cart/Dockerfile.dockerignore"].splitlines()
    assert {"services/cart/chart/", "services/cart/terraform/"} <= set(ignored)
    assert "context: ../..\n      dockerfile: services/cart/Dockerfile\n" in found["services/cart/compose.yaml"]
    workflow = found[".github/workflows/cart.yaml"]
    assert 'context: "."\n          file: services/cart/Dockerfile\n' in workflow
    assert "paths:" not in workflow


@pytest.mark.parametrize(
    ("context", "own"),
    [("../..", {"services/cart/chart/"}), ("..", {"cart/chart/"}), ("../stock", {"chart/"}), (".", {"chart/"})],
)
def test_no_build_has_what_is_compiled_for_other_services(tmp_path: Path, context: str, own: set[str]) -> None:
    """The whole chart of its own, and of others the files that a chart has, wherever they are."""
    for name in ("services/stock/go.mod", "services/stock/go.sum", "services/go.mod", "services/cart/go.mod"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = texts(compiled(tmp_path, context))
    file = "services/cart/.dockerignore" if context == "." else "services/cart/Dockerfile.dockerignore"
    ignored = set(found[file].splitlines())
    assert {one for one in ignored if one.endswith("chart/")} == own
    assert ({"**/chart/Chart.yaml", "**/terraform/*.tf"} <= ignored) is (context != ".")
    kept = [one for one in found if "/chart/" in one and not _ignored(one, ignored)]
    assert context == "." or {one.rpartition("/")[2] for one in kept} <= {"README.md", "NOTES.txt", ".helmignore"}


def _ignored(name: str, patterns: set[str]) -> bool:
    """As far as these patterns go: `**/` is any folder or none."""
    return any(fnmatch(name, one) or fnmatch(name, one.replace("/**/", "/")) for one in patterns)


def test_a_folder_in_between(tmp_path: Path) -> None:
    for name in ("go.mod", "go.sum"):
        (tmp_path / "services").mkdir(exist_ok=True)
        (tmp_path / "services" / name).touch()
    found = texts(compiled(tmp_path, ".."))
    assert "cart/chart/" in found["services/cart/Dockerfile.dockerignore"].splitlines()
    assert "context: ..\n      dockerfile: cart/Dockerfile\n" in found["services/cart/compose.yaml"]
    assert "context: services\n" in found[".github/workflows/cart.yaml"]
    assert "- services/**\n" in found[".github/workflows/cart.yaml"]


def test_paths_of_the_spec_are_kept(tmp_path: Path) -> None:
    workflow = texts(compiled(tmp_path, more="ci: {paths: [services/cart/**, libs/**]}\n"))[
        ".github/workflows/cart.yaml"
    ]
    assert "- services/cart/**\n      - libs/**\n" in workflow
    assert '- "*"\n' in workflow


@pytest.mark.parametrize(("context", "workspace"), [("../../..", "apiVersion: svc/v1\n"), ("..", ""), ("../..", "")])
def test_nothing_outside_of_the_workspace_is_a_context(tmp_path: Path, context: str, workspace: str) -> None:
    made = compiled(tmp_path, context, workspace=workspace)
    (found,) = [one for one in made.diagnostics if one.severity.name == "ERROR"]
    assert found.id == "build-context-outside"
    assert "svc-workspace.yaml" in found.help


def test_a_link_leads_out_of_no_workspace(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    for one in (outside, root / "services/cart"):
        one.mkdir(parents=True)
    (outside / "go.mod").write_text("module secret\n\ngo 1.99\n", "utf-8")
    (root / "go.mod").symlink_to(outside / "go.mod")
    made = compiled(root)
    assert not any("1.99" in one.message for one in made.diagnostics)


@pytest.mark.parametrize("context", ["..", "../..", "../../src", ".", "src", "./src", "..a/b", "a..", "src/.."])
def test_only_the_beginning_of_a_context_leads_up(tmp_path: Path, context: str) -> None:
    made = compiled(tmp_path, context)
    refused = any(one.id == "invalid-value" for one in made.diagnostics)
    assert refused == (context == "src/..")


@pytest.mark.parametrize("key", ["dockerfile: ../Dockerfile", "language: go, files: [../a]"])
def test_other_paths_stay_in_the_folder(tmp_path: Path, key: str) -> None:
    path = tmp_path / "service.yaml"
    path.write_text(f"apiVersion: svc/v1\nname: cart\nbuild: {{{key}}}\n", "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29)))
    assert any(one.id == "invalid-value" for one in made.diagnostics)
