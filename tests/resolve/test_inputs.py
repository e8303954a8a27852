"""The workflow of a service is started by a change of every file that its outputs are made of, and of no other."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svc import tools
from svc.assets import policies
from svc.parse import parse_one
from svc.pipeline import Compiled, Request, compile_
from svc.resolve.inputs import Beside
from svc.source import Source, Unreadable

HEAD = "apiVersion: svc/v1\nname: {name}\nimage: ghcr.io/acme/web:1.4.2@sha256:{digest}\nports: {{http: 8080}}\n"
WORKSPACE = 'apiVersion: svc/v1\nrepository: acme/shop\nservices: ["services/*/service.*"]\n'


def written(folder: Path, name: str, more: str = "") -> Path:
    home = folder / "services" / name
    home.mkdir(parents=True)
    text = HEAD.format(name=name, digest="a" * 64) + "health: /healthz\n" + more
    (home / "service.yaml").write_text(text, "utf-8")
    return home / "service.yaml"


def compiled(folder: Path, *specs: Path) -> Compiled:
    made = compile_(Request(specs or (folder,), Path.as_posix, date(2026, 11, 24), box=tools.toolbox({})))
    assert not made.failed, made.diagnostics
    return made


def filters(made: Compiled, name: str, event: str = "pull_request") -> Any:
    """The path filters of the workflow; None: it has none."""
    text = next(one.text for one in made.outputs if one.path == f".github/workflows/{name}.yaml")
    data: Any = parse_one(Source("workflow", text)).documents[0].data
    return data["on"][event].get("paths")


def test_what_is_read_outside_the_folder_starts_the_workflow(tmp_path: Path) -> None:
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE + "policy: {packs: [platform/policies]}\n", "utf-8")
    pack = tmp_path / "platform" / "policies"
    pack.mkdir(parents=True)
    (pack / "acme-healthcheck.yaml").write_text((policies() / "healthcheck-missing.yaml").read_text("utf-8"), "utf-8")
    for name in ("stock", "cart", "mail"):
        written(tmp_path, name)
    more = 'env: {STOCK: "${services.stock.http}"}\naccess: {to: [cart]}\n'
    spec = written(tmp_path, "shop", more)
    wanted = [
        "services/shop/**",
        "platform/policies/**",
        "services/cart/service.yaml",
        "services/stock/service.yaml",
        "svc-workspace.yaml",
        ".github/workflows/shop.yaml",
    ]
    assert filters(compiled(tmp_path), "shop") == wanted
    assert filters(compiled(tmp_path, spec), "shop") == wanted
    assert filters(compiled(tmp_path), "shop", "push") == [wanted[0], wanted[-1]], "nothing is delivered for it alone"
    assert filters(compiled(tmp_path), "mail") == [
        "services/mail/**",
        "platform/policies/**",
        "svc-workspace.yaml",
        ".github/workflows/mail.yaml",
    ]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            "[services/shop/src/**, libs/**]",
            ["services/shop/src/**", "libs/**", "services/shop/service.yaml", "services/shop/app.ini"],
        ),
        (
            "[services/**, '!services/shop/README.md']",
            ["services/**", "!services/shop/README.md", "services/shop/service.yaml", "services/shop/app.ini"],
        ),
        ("[services/sh]", ["services/sh", "services/shop/service.yaml", "services/shop/app.ini"]),
        ("['services/**']", ["services/**"]),
    ],
)
def test_paths_of_ones_own_leave_nothing_out_that_is_compiled(tmp_path: Path, given: str, wanted: list[str]) -> None:
    (tmp_path / "svc-workspace.yml").write_text(WORKSPACE, "utf-8")
    spec = written(tmp_path, "shop", f"files: {{/etc/app.ini: {{source: app.ini}}}}\nci: {{paths: {given}}}\n")
    (spec.parent / "app.ini").write_text("a = 1\n", "utf-8")
    made = compiled(tmp_path)
    assert filters(made, "shop") == [*wanted, "svc-workspace.yml", ".github/workflows/shop.yaml"]
    delivered = filters(made, "shop", "push")
    whole = given == "['services/**']"
    assert delivered == [one for one in filters(made, "shop") if one != "svc-workspace.yml" or not whole]


NODE = 'apiVersion: svc/v1\nname: app\nbuild: {language: node, version: "22", main: server.js}\nports: {http: 8080}\n'
PYTHON = (
    'apiVersion: svc/v1\nname: app\nbuild: {language: python, version: "3.13", main: app.py}\nports: {http: 8080}\n'
)
LOCK = '{"name": "app", "lockfileVersion": 3, "packages": {"": {"name": "app"}}}'


@pytest.mark.parametrize(
    ("text", "there", "then"),
    [
        (NODE, {"package.json": '{"name": "app"}', "package-lock.json": LOCK}, {".npmrc": "save-exact=true\n"}),
        (PYTHON, {"requirements.txt": ""}, {"uv.lock": "version = 1\n", "pyproject.toml": '[project]\nname = "app"\n'}),
    ],
)
@pytest.mark.parametrize("given", ["app/src/**", "app/**"])
def test_a_file_more_beside_the_spec_starts_it_when_its_presence_decides(
    tmp_path: Path, text: str, there: dict[str, str], then: dict[str, str], given: str
) -> None:
    (tmp_path / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nrepository: acme/shop\n", "utf-8")
    app = tmp_path / "app"
    app.mkdir()
    (app / "service.yaml").write_text(f"{text}health: /healthz\nci: {{paths: ['{given}']}}\n", "utf-8")
    for name, content in there.items():
        (app / name).write_text(content, "utf-8")
    before = compiled(tmp_path)
    for name, content in then.items():
        (app / name).write_text(content, "utf-8")
    after = compiled(tmp_path)
    assert {one.path: one.text for one in before.outputs} != {one.path: one.text for one in after.outputs}
    beside = ["app/*"] if given == "app/src/**" else []
    assert filters(before, "app") == [given, *beside, "svc-workspace.yaml", ".github/workflows/app.yaml"]


def test_a_file_that_is_asked_for_and_not_there_starts_it_when_it_comes(tmp_path: Path) -> None:
    beside = Beside("app", lambda name: Unreadable(name, "file-missing", ""), lambda _: frozenset())
    for name in ("deploy/../app.ini", "conf/[a].ini", "conf/b.ini"):
        beside.read(name)
    assert beside.globs() == {"app/app.ini", r"app/conf/\[a\].ini", "app/conf/b.ini"}
    for folder in ("conf", ".", "../..", "./lib/"):
        beside.listing(folder)
    assert beside.globs() == {"app/*", "app/conf/*", "app/lib/*"}


def test_every_change_starts_it_where_that_is_asked_for_and_in_a_repository_of_one_service(tmp_path: Path) -> None:
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE, "utf-8")
    written(tmp_path, "shop", 'ci: {paths: ["**"]}\n')
    assert [filters(compiled(tmp_path), "shop", event) for event in ("push", "pull_request")] == [None, None]
    (tmp_path / "svc-workspace.yaml").unlink()
    spec = written(tmp_path, "web")
    assert filters(compiled(tmp_path, spec), "web") is None


def test_names_that_mean_something_in_a_glob_are_taken_literally(tmp_path: Path) -> None:
    (tmp_path / "svc-workspace.yaml").write_text('apiVersion: svc/v1\nservices: ["**/service.yaml"]\n', "utf-8")
    written(tmp_path / "old [1]", "stock")
    written(tmp_path / "new", "shop", 'env: {STOCK: "${services.stock.http}"}\n')
    assert r"old \[1\]/services/stock/service.yaml" in filters(compiled(tmp_path), "shop")


def test_packages_of_specs_in_cue_are_listed(tmp_path: Path) -> None:
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE, "utf-8")
    for name, text in {
        "cue.mod/module.cue": 'module: "example.com/w"\nlanguage: version: "v0.14.0"\n',
        "lib/lib.cue": 'package lib\nimport "example.com/w/ports"\nPort: ports.http\n',
        "ports/ports.cue": "package ports\nhttp: 8080\n",
        "other/other.cue": "package other\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    data = parse_one(Source("", HEAD.format(name="stock", digest="a" * 64) + "health: /healthz\n")).documents[0].data
    assert isinstance(data, dict)
    for name in ("stock", "cart"):
        home = tmp_path / "services" / name
        home.mkdir(parents=True)
        spec = json.dumps({**data, "name": name, "ports": {}})
        text = f'package {name}\nimport "example.com/w/lib"\n{spec}\nports: http: lib.Port\n'
        (home / "service.cue").write_text(text, "utf-8")
    written(tmp_path, "shop", 'env: {STOCK: "${services.stock.http}"}\n')
    made = compiled(tmp_path)
    common = ["cue.mod/*.cue", "lib/*.cue", "ports/*.cue"]
    root = ["svc-workspace.yaml", ".github/workflows/"]
    for name in ("stock", "cart"):
        assert filters(made, name) == [f"services/{name}/**", *common, root[0], f"{root[1]}{name}.yaml"]
    mine = ["services/shop/**", *common, "services/stock/*.cue", root[0], f"{root[1]}shop.yaml"]
    assert filters(made, "shop") == mine


@pytest.mark.parametrize(
    ("folder", "more", "routes"),
    [
        ("a", "ci: {paths: ['a/**', 'b ${{ x }}/**']}\n", {("ci", "paths", 1)}),
        ("a${{b", "", {("ci",)}),
        ("a${{b", "ci: {paths: ['src/**']}\n", {("ci",)}),
        ("a", "ci: {paths: ['b ${{ x }}/**']}\n", {("ci", "paths", 0)}),
    ],
)
def test_a_path_that_a_workflow_cannot_have_is_said_where_the_spec_has_it(
    tmp_path: Path, folder: str, more: str, routes: set[Any]
) -> None:
    (tmp_path / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nrepository: acme/shop\n", "utf-8")
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "service.yaml").write_text(HEAD.format(name="app", digest="a" * 64) + more, "utf-8")
    made = compile_(Request((tmp_path,), Path.as_posix, date(2026, 11, 24), targets=("github",)))
    said = [one for one in made.diagnostics if one.id == "github-inexpressible" and "path filter" in one.message]
    assert {one.place.route for one in said} == routes


MODULES = '[submodule "theme"]\n\tpath = {}\n\turl = https://github.com/acme/theme\n'


def checkouts(made: Compiled, name: str) -> dict[str, Any]:
    """The job of a workflow -> what its checkout says of submodules."""
    text = next(one.text for one in made.outputs if one.path == f".github/workflows/{name}.yaml")
    data: Any = parse_one(Source("workflow", text)).documents[0].data
    steps = ((job, one) for job, said in data["jobs"].items() for one in said["steps"])
    return {
        job: one["with"].get("submodules") for job, one in steps if one.get("uses", "").startswith("actions/checkout")
    }


BUILT = "apiVersion: svc/v1\nname: shop\nbuild: {language: static, main: public, context: %s}\nports: {http: 8080}\nhealth: /\n"


@pytest.mark.parametrize(
    ("path", "context", "fetched"),
    [
        ("services/shop/themes/x", ".", True),
        ("services/shop", ".", True),
        ("services/cart/themes/x", ".", False),
        ("services/shopping/x", ".", False),
        ("vendor/x", ".", False),
        ("vendor/x", "../..", True),
        ("services/cart/x", "..", True),
        (None, ".", False),
    ],
)
def test_submodules_among_the_sources_are_fetched_by_what_looks_at_them(
    tmp_path: Path, path: str | None, context: str, fetched: bool
) -> None:
    """Their list starts the workflow where it speaks of this service."""
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE, "utf-8")
    if path is not None:
        (tmp_path / ".gitmodules").write_text(MODULES.format(path), "utf-8")
    (tmp_path / "services/shop/public").mkdir(parents=True)
    (tmp_path / "services/shop/service.yaml").write_text(BUILT % context, "utf-8")
    made = compiled(tmp_path, tmp_path / "services/shop/service.yaml")
    found = checkouts(made, "shop")
    assert {job for job, said in found.items() if said == "recursive"} == (
        {"lint", "test", "build", "publish"} if fetched else set()
    )
    assert set(found) == {"lint", "test", "build", "publish", "deploy-production"}
    listed = filters(made, "shop")
    assert listed is None or (".gitmodules" in listed) is fetched
    assert (listed is None) is (context == "../..")


def test_submodules_of_a_repository_of_one_service_are_fetched(tmp_path: Path) -> None:
    (tmp_path / ".gitmodules").write_text(MODULES.format('"themes/a b"'), "utf-8")
    (tmp_path / "public").mkdir()
    (tmp_path / "service.yaml").write_text(BUILT % ".", "utf-8")
    assert checkouts(compiled(tmp_path, tmp_path / "service.yaml"), "shop")["publish"] == "recursive"


@pytest.mark.parametrize(
    ("context", "paths", "delivered", "checked"),
    [
        ("../../src", "", ["services/shop/**", "src/**"], ["svc-workspace.yaml"]),
        ("../cart", "", ["services/shop/**", "services/cart/**"], ["svc-workspace.yaml"]),
        ("..", "", ["services/**"], ["svc-workspace.yaml"]),
        ("../../src", "[src/**]", ["src/**", "services/shop/service.yaml", "svc-workspace.yaml"], []),
        (
            "../..",
            "[libs/**, services/shop/**]",
            ["libs/**", "services/shop/**"],
            ["*", "public/*", "svc-workspace.yaml"],
        ),
    ],
)
def test_sources_beside_the_spec_start_it_and_so_does_its_own_folder(
    tmp_path: Path, context: str, paths: str, delivered: list[str], checked: list[str]
) -> None:
    """Each of them: what is made of the spec, and what is the user's own beside it, is in its folder."""
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE, "utf-8")
    for folder in ("services/shop", "services/cart/public", "src/public", "public", "services/public"):
        (tmp_path / folder).mkdir(parents=True)
    text = BUILT % context + (f"ci: {{paths: {paths}}}\n" if paths else "")
    (tmp_path / "services/shop/service.yaml").write_text(text, "utf-8")
    made = compiled(tmp_path, tmp_path / "services/shop/service.yaml")
    workflow = ".github/workflows/shop.yaml"
    assert filters(made, "shop", "push") == [*delivered, workflow]
    assert filters(made, "shop") == [*delivered, *checked, workflow]
