"""Next's own server of a member of a workspace lies below `standalone` as deep as the member below the root."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from disk import put
from svc.diagnostics import Severity
from svc.pipeline import Compiled, Request, compile_

FILES = {
    "svc-workspace.yaml": "apiVersion: svc/v1\n",
    "package.json": '{"scripts": {"build": "turbo run build"}, "workspaces": ["apps/*"]}',
    "pnpm-workspace.yaml": "packages: [apps/*]\n",
    "pnpm-lock.yaml": "",
    "apps/web/package.json": '{"name": "@shop/web", "dependencies": {"next": "15"}}',
    "apps/web/public/favicon.ico": "",
}


def compiled(folder: Path, spec: str, more: str = "", files: dict[str, str] | None = None) -> Compiled:
    put(folder, FILES if files is None else files)
    at = spec.count("/")
    context = f", context: {'/'.join(['..'] * at)}" if at else ""
    build = f"build: {{language: node, manager: pnpm, main: next, module: apps/web{context}{more}}}\n"
    put(folder, {spec: f"apiVersion: svc/v1\nname: web\n{build}ports: {{http: 3000}}\nhealth: /\n"})
    return compile_(Request((folder / spec,), lambda one: one.name, date(2026, 11, 29), targets=("docker",)))


def stages(made: Compiled) -> dict[str, list[str]]:
    assert not made.failed
    text = next(one.text for one in made.outputs if one.path.endswith("Dockerfile"))
    parts = (one for one in text.replace(" \\\n   ", "").split("FROM ") if " AS " in one)
    return {one.splitlines()[0].split()[-1]: one.splitlines()[1:] for one in parts}


@pytest.mark.parametrize("spec", ["service.yaml", "apps/web/service.yaml"])
def test_what_is_shipped_lies_where_the_server_looks_for_it(tmp_path: Path, spec: str) -> None:
    final = stages(compiled(tmp_path, spec))["final"]
    assert [line for line in final if line.startswith(("COPY", "ENTRYPOINT"))] == [
        "COPY --from=build /app/apps/web/.next/standalone/ /app/",
        "COPY --from=build /app/apps/web/.next/static/ /app/apps/web/.next/static/",
        "COPY --from=build /app/apps/web/public/ /app/apps/web/public/",
        'ENTRYPOINT ["node", "apps/web/server.js"]',
    ]


def test_the_stage_of_development_has_the_same_folders(tmp_path: Path) -> None:
    dev = "\n".join(stages(compiled(tmp_path, "service.yaml"))["dev"])
    assert "cp -r apps/web/.next/static apps/web/.next/standalone/apps/web/.next/static" in dev
    assert "cp -r apps/web/public apps/web/.next/standalone/apps/web/public" in dev
    assert "WORKDIR /app/apps/web/.next/standalone\n" in dev
    assert 'ENTRYPOINT ["node", "apps/web/server.js"]' in dev


def test_the_cache_of_the_build_is_the_members(tmp_path: Path) -> None:
    build = "\n".join(stages(compiled(tmp_path, "service.yaml"))["build"])
    assert "--mount=type=cache,target=/app/apps/web/.next/cache" in build


def test_a_member_without_public_ships_none(tmp_path: Path) -> None:
    files = {**{name: text for name, text in FILES.items() if "/public/" not in name}, "public/robots.txt": ""}
    made = stages(compiled(tmp_path, "service.yaml", files=files))
    assert not any("public" in line for lines in made.values() for line in lines)


@pytest.mark.parametrize(
    ("prepare", "again"),
    [("turbo run build --filter=@shop/web", False), ("turbo run build --filter=api", True)],
)
def test_a_step_that_builds_the_member_is_its_build(tmp_path: Path, prepare: str, *, again: bool) -> None:
    build = "\n".join(stages(compiled(tmp_path, "service.yaml", f", prepare: '{prepare}'"))["build"])
    assert ("pnpm run build" in build) is again


def test_a_file_of_the_member_is_not_in_the_image_unless_it_is_brought(tmp_path: Path) -> None:
    def missing(path: str, more: str = "") -> bool:
        made = compiled(tmp_path, "service.yaml", more)
        assert not made.failed
        spec = tmp_path / "service.yaml"
        spec.write_text(spec.read_text("utf-8") + f"workers: {{a: {{command: [node, {path}]}}}}\n", "utf-8")
        made = compile_(Request((spec,), lambda one: one.name, date(2026, 11, 29), targets=("docker",)))
        return any(one.id == "program-not-in-image" for one in made.diagnostics)

    assert missing("apps/web/scripts/a.js")
    assert missing("server.js")
    assert not missing("apps/web/server.js")
    assert not missing("apps/web/scripts/a.js", ", files: [apps/web/scripts]")


def test_a_module_of_what_is_no_next_has_no_effect(tmp_path: Path) -> None:
    put(tmp_path, FILES)
    build = "build: {language: node, manager: pnpm, main: apps/web/a.js, module: apps/web}\n"
    put(tmp_path, {"service.yaml": f"apiVersion: svc/v1\nname: web\n{build}"})
    made = compile_(
        Request((tmp_path / "service.yaml",), lambda one: one.name, date(2026, 11, 29), targets=("docker",))
    )
    assert [one.id for one in made.diagnostics if one.severity == Severity.ERROR] == ["no-effect"]


@pytest.mark.parametrize("packages", ["packages: ['apps/*']", 'packages: [\n  "apps/*",\n]', "packages:\n  - apps/*"])
def test_members_are_built_however_their_list_is_written(tmp_path: Path, packages: str) -> None:
    files = {**FILES, "package.json": "{}", "pnpm-workspace.yaml": f"{packages}\nonlyBuiltDependencies: [sharp]\n"}
    built = stages(compiled(tmp_path, "service.yaml", files=files))["build"]
    assert any(line.endswith("pnpm --recursive run build") for line in built)


def test_a_module_at_the_root_is_none(tmp_path: Path) -> None:
    put(tmp_path, {"package.json": "{}", "package-lock.json": "{}", "service.yaml": ""})
    path = tmp_path / "service.yaml"
    path.write_text(
        "apiVersion: svc/v1\nname: web\nbuild: {language: node, main: next, module: .}\nports: {http: 3000}\nhealth: /\n"
    )
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("docker",)))
    assert stages(made)["final"][-1] == 'ENTRYPOINT ["node", "server.js"]'
    assert not [one for one in made.diagnostics if one.severity is not Severity.INFO]
