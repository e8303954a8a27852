"""`svc init` where the first thing that looks like an answer is none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from disk import put
from first_specs import entered, written
from svc.cli.exits import Exit
from svc.cli.main import main
from svc.detect.spec import look, write

GO = "package main\n\nfunc main() {\n}\n"
MODULE = {"go.mod": "module github.com/acme/orders\n\ngo 1.25\n"}
UV = {"uv.lock": "", "pyproject.toml": '[project]\nname = "a"\ndependencies = ["fastapi", "uvicorn", "grpcio"]\n'}
FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n"
MADE = "from fastapi import FastAPI\n\ndef create_app():\n    return FastAPI()\n"
RPC = "import grpc\n\nserver = grpc.server(None)\n"
EXPRESS = {
    "package.json": '{"dependencies": {"express": "5"}}',
    "package-lock.json": "{}",
    "server.js": "listen(3000)\n",
}
POM = "<project><artifactId>spring-boot-maven-plugin</artifactId><artifactId>spring-boot-starter-actuator</artifactId></project>"
SPRING = {"pom.xml": POM, "mvnw": ""}
YAML = "src/main/resources/application.yml"
PRISMA = 'datasource db {\n  provider = "postgresql"\n}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return entered(tmp_path, monkeypatch, "orders")


@pytest.mark.parametrize(
    "files",
    [
        {**EXPRESS, "src/pages/health.js": ""},
        {**UV, "main.py": FASTAPI, "web/app/api/health/route.ts": ""},
        {"package.json": '{"dependencies": {"next": "16"}}', "package-lock.json": "{}", "docs/app/health/route.ts": ""},
    ],
)
def test_a_page_is_an_endpoint_where_next_has_it_alone(files: dict[str, str], folder: Path) -> None:
    assert written(folder, files)["health"] == {"tcp": "http"}


@pytest.mark.parametrize(("text", "before"), [("basePath: '/shop'", "/shop"), ("// basePath: '/shop'", "")])
@pytest.mark.parametrize("home", ["", "apps/web/"])
def test_an_endpoint_of_next_lies_below_its_path(text: str, before: str, home: str, folder: Path) -> None:
    root = {"package.json": '{"workspaces": ["apps/*"]}', "package-lock.json": "{}"}
    files = {f"{home}package.json": '{"dependencies": {"next": "16"}}', f"{home}src/app/api/health/route.ts": ""}
    spec = written(folder, {**root, **files, f"{home}next.config.mjs": f"export default {{\n  {text}\n}}\n"})
    assert spec["health"] == f"{before}/api/health"


@pytest.mark.parametrize(
    ("files", "ports"),
    [
        ({**UV, "main.py": FASTAPI, "rpc.py": RPC}, {"http": 8000}),
        ({**MODULE, "main.go": GO + 'http.ListenAndServe(":8080", mux)\ns := grpc.NewServer()\n'}, {"http": 8080}),
        ({**MODULE, "main.go": GO + 'h := http.Server{\n\tAddr: ":8080",\n}\ns := grpc.NewServer()\n'}, {"http": 8080}),
        (
            {**MODULE, "main.go": GO + 'net.Listen("tcp", ":50051")\nhttp.ListenAndServe(":9090")\ngrpc.NewServer()\n'},
            {"grpc": 50051},
        ),
    ],
)
def test_a_port_of_http_is_no_port_of_grpc(files: dict[str, str], ports: dict[str, int], folder: Path) -> None:
    assert written(folder, files)["ports"] == ports


@pytest.mark.parametrize("aside", ["samples/app.py", "demo/app.py", "benchmarks/app.py", "scripts/app.py"])
def test_what_shows_the_application_is_not_it(aside: str, folder: Path) -> None:
    spec = written(folder, {**UV, aside: FASTAPI, "src/shop/web.py": MADE})
    assert spec["build"]["main"].endswith(" shop.web:create_app")


def test_what_shows_is_started_where_there_is_nothing_else(folder: Path) -> None:
    assert written(folder, {**UV, "demo/app.py": FASTAPI})["build"]["main"] == "demo.app:app"


@pytest.mark.parametrize("text", ["// output: 'standalone'\n", " * output: 'standalone'\n"])
def test_what_a_comment_says_of_next_is_no_setting(text: str, folder: Path) -> None:
    files = {"package.json": '{"dependencies": {"next": "16"}}', "package-lock.json": "{}", "next.config.js": text}
    assert written(folder, files)["build"]["main"].endswith("next start -H 0.0.0.0 -p 3000")


def test_of_commands_that_are_not_called_like_servers_the_worker_is_likelier(folder: Path) -> None:
    spec = written(
        folder, {**MODULE, **{f"cmd/{one}/main.go": GO for one in ("migrate", "order-processor", "orderctl")}}
    )
    assert spec["build"]["main"] == "./cmd/order-processor"


@pytest.mark.parametrize(
    ("more", "files"),
    [
        ({"docs/migrations/1.sql": "", "internal/testdata/migrations/1.sql": "", "sql/migrations/1.sql": ""}, ["sql/migrations"]),
        ({"a/migrations/1.sql": "", "b/migrations/1.sql": ""}, ["a/migrations", "b/migrations"]),
        ({"migrations/1.sql": "", "web.go": "//go:embed templates/*\nvar files embed.FS\n"}, ["migrations"]),
        ({"db/migrations/1.sql": "", "db/db.go": "//go:embed all:migrations\nvar files embed.FS\n"}, None),
        ({"db/migrations/1.sql": "", "db/migrations/all.go": "//go:embed *.sql\nvar files embed.FS\n"}, None),
        ({"db/migrations/1.sql": "", "all.go": '//go:embed web "db"\nvar files embed.FS\n'}, None),
        ({"oldmigrations/1.sql": ""}, None),
    ],
)  # fmt: skip
def test_migrations_are_those_of_the_service_that_nothing_has_compiled_in(
    more: dict[str, str], files: list[str] | None, folder: Path
) -> None:
    assert written(folder, {**MODULE, "main.go": GO, **more})["build"].get("files") == files


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("management: {server: {port: 8080}}\n", {"http": 8080}),
        ("server:\n  port: 9001\nmanagement: {server: {port: 9001}}\n", {"http": 9001}),
        ("management: {server: {port: 99999}}\n", {"http": 8080}),
        ("management.server.port: 9001\n", {"http": 8080, "management": 9001}),
        ("management:\n  server.port: 9001\n", {"http": 8080, "management": 9001}),
        ("server:\n\n  # of Tomcat\n  servlet:\n      a: b\n  port: 9007\n", {"http": 9007}),
    ],
)
def test_a_port_for_management_is_another_one(text: str, ports: dict[str, int], folder: Path) -> None:
    spec = written(folder, {**SPRING, YAML: text})
    assert spec["ports"] == ports
    ready = spec["health"]["ready"]["http"]
    assert (ready["port"] if isinstance(ready, dict) else "http") == list(ports)[-1]
    assert main(["compile", "--out", "out"]) == Exit.CLEAN


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("server: {servlet: {context-path: /Shop/}}\n", "/Shop/actuator/health/readiness"),
        ("spring.webflux.base-path: /shop\n", "/shop/actuator/health/readiness"),
        ("management: {endpoints: {web: {base-path: /manage}}}\n", "/manage/health/readiness"),
        ("server: {servlet: {context-path: '${BASE}'}}\n", "/actuator/health/readiness"),
        (
            "server: {servlet: {context-path: /shop}}\nmanagement: {server: {port: 9001, base-path: /own}}\n",
            {"path": "/own/actuator/health/readiness", "port": "management"},
        ),
    ],
)
def test_the_health_of_spring_lies_below_the_path_that_it_is_told(text: str, ready: object, folder: Path) -> None:
    assert written(folder, {**SPRING, YAML: text})["health"]["ready"]["http"] == ready


def _next(name: str, standalone: str) -> dict[str, str]:
    package = f'{{"name": "{name}", "dependencies": {{"next": "16", "prisma": "7"}}}}'
    return {f"apps/{name}/package.json": package, f"apps/{name}/next.config.js": standalone}


ALONE = 'module.exports = { output: "standalone" }\n'
SHOP = {"package.json": '{"workspaces": ["apps/*"]}', "package-lock.json": "{}", **_next("web", ALONE)}


@pytest.mark.parametrize(("second", "module"), [(ALONE, "apps/x"), ("", None)])
def test_the_module_is_that_of_the_application_that_was_chosen(second: str, module: str | None, tmp_path: Path) -> None:
    put(tmp_path, {**SHOP, **_next("x", second)})
    tree, projects = look(tmp_path)
    which = next(index for index, (_, at) in enumerate(projects[0].mains) if at.path.startswith("apps/x/"))
    spec = yaml.safe_load(write(tree, projects[0], which, "shop", "").text)
    assert spec["build"].get("module") == module
    assert spec["writable"] == ["/tmp", "/app/apps/x/.next/cache"]


def test_two_applications_of_next_are_told_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, {**SHOP, **_next("x", ALONE)})
    assert "it could also start next (apps/x/next.config.js): set build.main" in capsys.readouterr().err


def test_a_procfile_starts_no_module(folder: Path) -> None:
    build = written(folder, {**SHOP, "Procfile": "web: npm start\n"})["build"]
    assert (build["main"], "module" in build) == ("npm start", False)


def test_no_job_starts_what_the_server_of_next_does_not_bring(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {**SHOP, "apps/web/prisma/schema.prisma": PRISMA}
    assert "jobs" not in written(folder, files)
    assert "apps/web/prisma/schema.prisma: no job migrates" in capsys.readouterr().err


def test_with_all_packages_there_is_a_job(folder: Path) -> None:
    files = {**SHOP, "apps/web/prisma/schema.prisma": PRISMA, "apps/web/next.config.js": ""}
    assert "migrate" in written(folder, files)["jobs"]


def test_a_long_lock_of_composer_is_read_as_far_as_it_goes(folder: Path) -> None:
    first = '{"name": "a/b", "require": {"php": "^8", "ext-pcntl": "*"}, "suggest": {"ext-gd": "*"}}'
    others = ",".join('{"name": "c/d", "description": "' + "x" * 1000 + '"}' for _ in range(600))
    lock = f'{{"packages": [{first}, {others}], "packages-dev": [{{"require": {{"ext-xdebug": "*"}}}}]}}'
    assert written(folder, {"composer.json": "{}", "composer.lock": lock})["build"]["extensions"] == ["pcntl"]


SYSTEM = '[build-system]\nrequires = ["uv_build"]\n'
TOOL = '[project]\nname = "a"\n[project.scripts]\ndb-tool = "shop.db:main"\n'


@pytest.mark.parametrize(
    ("manifest", "more", "started"),
    [
        (TOOL + SYSTEM, {"main.py": RPC}, "main.py"),
        (TOOL + SYSTEM, {"main.py": ""}, "db-tool"),
        (TOOL + SYSTEM + "[tool.uv]\npackage = false\n", {"main.py": ""}, "main.py"),
        (TOOL.replace("db-tool", '"../../db tool"') + SYSTEM, {"main.py": ""}, "main.py"),
    ],
)
def test_a_program_is_started_where_it_is_installed_and_nothing_serves(
    manifest: str, more: dict[str, str], started: str, folder: Path
) -> None:
    assert written(folder, {"uv.lock": "", "pyproject.toml": manifest, **more})["build"]["main"] == started


@pytest.mark.parametrize("more", ["members = ['services/*']", "members = ['*/*']\nexclude = ['tools/*']"])
def test_a_project_that_is_no_member_is_built_by_itself(more: str, folder: Path) -> None:
    root = {
        "svc-workspace.yaml": "apiVersion: svc/v1\n",
        "pyproject.toml": f"[tool.uv.workspace]\n{more}\n",
        "uv.lock": "",
        "tools/loose/pyproject.toml": '[project]\nname = "loose"\ndependencies = ["fastapi", "uvicorn"]\n',
        "tools/loose/main.py": FASTAPI,
    }
    put(folder, root)
    assert main(["init", "--defaults", "tools/loose"]) == Exit.CLEAN
    build = yaml.safe_load((folder / "tools/loose/service.yaml").read_text("utf-8"))["build"]
    assert (build["main"], "context" in build) == ("main:app", False)


def test_a_comma_in_a_text_begins_no_parameter(folder: Path) -> None:
    code = 'def create_app(name="a, b", of: dict[str, list[int]] | None = None):\n    return FastAPI()\n'
    assert written(folder, {**UV, "app.py": code})["build"]["main"].endswith(" app:create_app")


def test_migrations_of_flask_know_the_application_that_flask_serves(folder: Path) -> None:
    project = '[project]\nname = "a"\ndependencies = ["flask", "flask-migrate"]\n'
    code = "from flask import Flask\n\ndef create_app():\n    return Flask(__name__)\n"
    spec = written(folder, {"uv.lock": "", "pyproject.toml": project, "reports/__init__.py": code})
    assert spec["jobs"]["migrate"]["command"] == ["flask", "--app", "reports:create_app", "db", "upgrade"]
