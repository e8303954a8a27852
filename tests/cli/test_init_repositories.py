"""`svc init` on the shapes that large public repositories have: sources below a folder, members, several programs."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from disk import put
from first_specs import written
from svc.cli.exits import Exit
from svc.cli.main import main

GO_MAIN = "package main\n\nfunc main() {\n}\n"


DJANGO = {
    "uv.lock": "",
    "src/manage.py": "import sys\n",
    "src/shop/asgi.py": "application = 1\n",
    "src/shop/wsgi.py": "application = 1\n",
    "src/shop/celery.py": "from celery import Celery\napp = Celery('shop')\nbeat_schedule = {}\n",
}


@pytest.mark.parametrize(
    ("server", "main"),
    [
        ("gunicorn", "gunicorn --bind 0.0.0.0:8000 --chdir src shop.wsgi"),
        (
            "granian[uvloop]",
            "granian --interface asginl --host 0.0.0.0 --port 8000 --working-dir src shop.asgi:application",
        ),
        ("uvicorn", "uvicorn --host 0.0.0.0 --port 8000 --app-dir src shop.asgi:application"),
        ("daphne", "python src/manage.py runserver 0.0.0.0:8000"),
    ],
)
def test_django_is_started_by_the_server_that_is_there_where_its_modules_are(
    server: str, main: str, folder: Path
) -> None:
    project = f'[project]\nname = "shop"\ndependencies = ["django", "celery", "{server}"]\n'
    spec = written(folder, {**DJANGO, "pyproject.toml": project})
    assert spec["build"]["main"] == main
    commands = [one["command"] for one in spec["workers"].values() if isinstance(one, dict)]
    assert [one[:6] for one in commands] == [["celery", "--workdir", "src", "-A", "shop", one[5]] for one in commands]
    assert [one[5] for one in commands] == ["worker", "beat"]


def test_django_at_the_root_is_served_by_what_knows_no_folders(folder: Path) -> None:
    files = {name.removeprefix("src/"): text for name, text in DJANGO.items()}
    spec = written(folder, {**files, "pyproject.toml": '[project]\ndependencies = ["django", "daphne"]\n'})
    assert spec["build"]["main"] == "daphne --bind 0.0.0.0 --port 8000 shop.asgi:application"


@pytest.mark.parametrize(
    ("release", "jobs"),
    [
        ("bundle exec rails db:prepare_all && true", {"release"}),
        ("bin/migrate.sh", {"release"}),
        ("bin/notify", {"release", "migrate"}),
    ],
)
def test_a_release_that_prepares_the_database_is_the_only_job_that_does(
    release: str, jobs: set[str], folder: Path
) -> None:
    gems = {"Gemfile": 'gem "rails"\ngem "puma"\n', "Gemfile.lock": "", "db/schema.rb": ""}
    assert set(written(folder, {**gems, "Procfile": f"release: {release}\n"})["jobs"]) == jobs


def test_programs_below_src_bin_are_found_and_what_serves_comes_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the names that their packages give them."""
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
        "Cargo.lock": "",
        "crates/cli/Cargo.toml": '[package]\nname = "cli"\n',
        "crates/cli/src/main.rs": "fn main() {}\n",
        "crates/server/Cargo.toml": '[package]\nname = "server"\n[dependencies]\naxum = "0.8"\n[[bin]]\nname = "serve"\npath = "src/bin/main.rs"\n',
        "crates/server/src/bin/main.rs": "fn main() {}\n",
        "crates/server/src/bin/check.rs": "fn main() {}\n",
    }
    assert written(folder, files)["build"]["main"] == "serve"
    assert "it could also start check, cli: set build.main" in capsys.readouterr().err


def test_symfony_is_known_by_its_console(folder: Path) -> None:
    files = {"composer.json": '{"require": {"php": "^8.4", "symfony/messenger": "7"}}', "composer.lock": "{}"}
    spec = written(folder, {**files, "bin/console": "", "migrations/V1.php": ""})
    assert spec["writable"] == ["/tmp", "/app/var"]
    assert list(spec["jobs"]) == ["migrate"]
    assert list(spec["workers"]) == ["messenger"]


NEXT = '{"dependencies": {"next": "16"}, "scripts": {"start": "next start"}}'
VITE = '{"devDependencies": {"vite": "7"}, "scripts": {"build": "vite build"}}'


def test_next_of_pnpm_is_where_its_member_has_it(folder: Path) -> None:
    files = {"package.json": "{}", "pnpm-workspace.yaml": "packages: [apps/*]\n", "apps/web/package.json": NEXT}
    spec = written(folder, {**files, "pnpm-lock.yaml": ""})
    assert spec["build"]["main"].split()[:4] == [
        "node",
        "apps/web/node_modules/next/dist/bin/next",
        "start",
        "apps/web",
    ]
    assert spec["writable"] == ["/tmp", "/app/apps/web/.next/cache"]


def test_a_member_that_is_a_site_comes_before_the_tools_of_the_root_and_examples(folder: Path) -> None:
    """It is left where its configuration says."""
    root = '{"workspaces": ["app", "examples/*"], "devDependencies": {"vite": "7"}}'
    files = {
        "package.json": root,
        "package-lock.json": "{}",
        "app/package.json": VITE,
        "app/vite.config.mts": 'export default defineConfig({ build: {\n  outDir: "build",\n} });\n',
        "examples/next/package.json": NEXT,
    }
    spec = written(folder, files)
    assert (spec["build"]["language"], spec["build"]["main"]) == ("static", "app/build")


def test_ports_and_paths_of_other_commands_are_theirs(folder: Path) -> None:
    serving = GO_MAIN.replace("{\n", '{\n\tmux.Handle("/healthz", h)\n\thttp.ListenAndServe(":9000", nil)\n')
    spec = written(folder, {"go.mod": "module a\n", "cmd/api/main.go": GO_MAIN, "cmd/web/main.go": serving})
    assert spec["build"]["main"] == "./cmd/api"
    assert "ports" not in spec
    assert "health" not in spec


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("application.yaml", 'ktor:\n  deployment:\n    port: "$PORT:8095"\n'),
        ("application.yaml", "ktor:\n  deployment:\n    port: 8095\n"),
        ("application.conf", "ktor {\n  deployment {\n    port = 8095\n    port = ${?PORT}\n  }\n}\n"),
    ],
)
def test_the_port_of_ktor_stands_in_its_configuration(name: str, text: str, folder: Path) -> None:
    build = 'plugins { id("io.ktor.plugin") version "3.2.0" }\napplication { mainClass = "io.ktor.server.netty.EngineMain" }\n'
    files = {"build.gradle.kts": build, "gradlew": "", "gradle/wrapper/gradle-wrapper.properties": ""}
    assert written(folder, {**files, f"src/main/resources/{name}": text})["ports"] == {"http": 8095}


@pytest.mark.parametrize(
    ("files", "memory"),
    [
        ({"go.mod": "module a\n", "main.go": GO_MAIN}, None),
        ({"index.html": ""}, None),
        ({"pom.xml": "<project>spring-boot-maven-plugin</project>", "mvnw": ""}, "1Gi"),
        ({"A.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>'}, "256Mi"),
        ({"package.json": NEXT, "package-lock.json": "{}"}, "512Mi"),
        ({"package.json": '{"scripts": {"start": "node a.js"}}', "package-lock.json": "{}"}, "512Mi"),
        ({"Gemfile": 'gem "puma"\n'}, "256Mi"),
        ({"Gemfile": 'gem "rails"\ngem "puma"\n'}, "512Mi"),
        ({"composer.json": "{}"}, "256Mi"),
        ({"requirements.txt": "flask==3 --hash=sha256:00\n", "app.py": ""}, "256Mi"),
        ({"composer.json": "{}", "Dockerfile": "FROM php:8.4-fpm\n"}, "256Mi"),
    ],
)
def test_memory_is_what_a_process_of_the_language_does_not_do_without(
    files: dict[str, str], memory: str | None, folder: Path
) -> None:
    assert written(folder, files).get("resources") == ({"memory": memory} if memory else None)


WORKSPACE = {"svc-workspace.yaml": "apiVersion: svc/v1\n"}
PARTS: dict[str, tuple[str, dict[str, str], str, str]] = {
    "node": (
        "apps/api",
        {
            "package.json": '{"scripts": {"build": "turbo build"}}',
            "pnpm-workspace.yaml": "packages: [apps/*]\n",
            "pnpm-lock.yaml": "",
            "apps/api/package.json": '{"name": "api", "dependencies": {"express": "5", "pg": "8"}, "scripts": {"start": "node dist/a.js"}}',
            "apps/web/package.json": NEXT,
        },
        "apps/api/dist/a.js",
        "../..",
    ),
    "static": (
        "web",
        {"package.json": '{"workspaces": ["web"]}', "package-lock.json": "{}", "web/package.json": VITE},
        "web/dist",
        "..",
    ),
    "dotnet": (
        "src/Cart",
        {
            "Shop.sln": "",
            "src/Cart/Cart.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><ProjectReference Include="..\\Bus\\Bus.csproj"/></ItemGroup></Project>',
            "src/Cart/packages.lock.json": "{}",
            "src/Bus/Bus.csproj": "<Project/>",
            "src/Web/Web.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"/>',
        },
        "src/Cart/Cart.csproj",
        "../..",
    ),
    "rust": (
        "crates/api",
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
            "Cargo.lock": "",
            "crates/api/Cargo.toml": '[package]\nname = "api"\n',
            "crates/api/src/main.rs": "fn main() {}\n",
            "crates/web/Cargo.toml": '[package]\nname = "web"\n[dependencies]\naxum = "0.8"\n',
            "crates/web/src/main.rs": "fn main() {}\n",
        },
        "api",
        "../..",
    ),
    "go": (
        "cmd/mail",
        {"go.mod": "module a\n\ngo 1.26\n", "go.sum": "", "cmd/mail/main.go": GO_MAIN, "cmd/api/main.go": GO_MAIN},
        "./cmd/mail",
        "../..",
    ),
}


@pytest.mark.parametrize("language", PARTS)
def test_a_part_of_a_larger_build_is_built_in_all_of_it(
    language: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the parts, this folder's is started; and what is written compiles."""
    home, files, started, context = PARTS[language]
    put(folder, {**files, **WORKSPACE, ".env.example": "OTHER=1\n", f"{home}/.env.example": "LOG_LEVEL=info\n"})
    monkeypatch.chdir(folder / home)
    assert main(["init", "--defaults"]) == Exit.CLEAN
    spec = yaml.safe_load((folder / home / "service.yaml").read_text("utf-8"))
    assert (spec["build"]["language"], spec["build"]["main"], spec["build"]["context"]) == (language, started, context)
    assert spec["env"]["LOG_LEVEL"] == "info"
    assert "OTHER" not in spec["env"]
    assert ("db" in spec.get("needs", {})) is (language == "node")
    said = capsys.readouterr().err
    assert f"note: it is built in {context}, where " in said
    assert "svc-workspace.yaml" not in said
    assert main(["compile", "--target", "docker", "--quiet"]) == Exit.CLEAN
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("shown", [{".git/HEAD": ""}, {}])
def test_nothing_above_a_repository_is_looked_at(
    shown: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing says where it ends, nothing above the folder is."""
    home, files, _, context = PARTS["rust"]
    put(folder, {**files, **shown})
    monkeypatch.chdir(folder / home)
    assert main(["init", "--dry-run"]) == Exit.CLEAN
    told = capsys.readouterr()
    assert (f"context: {context}\n" in told.out) is bool(shown)
    assert ("needs a `svc-workspace.yaml`" in told.err) is bool(shown)


@pytest.mark.parametrize(
    ("more", "arguments", "context"),
    [
        ({"apps/api/Dockerfile": "FROM node:24\n"}, [], False),
        ({"apps/api/Dockerfile": "FROM node:24\n"}, ["--generate"], True),
        ({"apps/api/package-lock.json": "{}"}, [], False),
    ],
)
def test_a_folder_that_says_how_it_is_built_is_none_of_a_larger_build(
    more: dict[str, str], arguments: list[str], context: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, files, _, _ = PARTS["node"]
    put(folder, {**files, **WORKSPACE, **more})
    monkeypatch.chdir(folder / home)
    assert main(["init", "--defaults", *arguments]) == Exit.CLEAN
    spec = yaml.safe_load((folder / home / "service.yaml").read_text("utf-8"))
    assert ("context" in spec["build"]) is context
