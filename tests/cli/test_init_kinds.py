"""`svc init` on kinds of services: several commands of Go, gRPC, Spring with a port for management, Flask, Rails, sqlx."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_specs import entered, written

GO = "package main\n\nfunc main() {\n}\n"
SERVES = 'package main\n\nfunc main() {\n\tl, _ := net.Listen("tcp", ":50051")\n\ts := grpc.NewServer()\n'
MODULE = {"go.mod": "module github.com/acme/orders\n\ngo 1.25\n"}
COMMANDS = {f"cmd/{name}/main.go": GO for name in ("order-worker", "migrate", "orderctl")}
POM = "<project><artifactId>spring-boot-maven-plugin</artifactId><artifactId>spring-boot-starter-actuator</artifactId></project>"
SPRING = {"pom.xml": POM, "mvnw": ""}
QUARKUS = {"pom.xml": "<project>quarkus-maven-plugin quarkus-smallrye-health</project>", "mvnw": ""}
RESOURCES = "src/main/resources"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return entered(tmp_path, monkeypatch, "orders")


def test_of_several_commands_of_go_the_one_that_is_left_serves(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = written(folder, {**MODULE, **COMMANDS, "cmd/served/main.go": SERVES + "}\n"})
    assert (spec["build"]["main"], spec["command"]) == ("./cmd/...", ["/app/served"])
    assert spec["workers"] == {"order-worker": {"command": ["/app/order-worker"]}}
    assert spec["jobs"] == {"migrate": {"run": "before-deploy", "command": ["/app/migrate"]}}
    assert "it could also start" not in capsys.readouterr().err


def test_what_works_or_helps_is_no_service(folder: Path) -> None:
    spec = written(folder, {**MODULE, "cmd/orderctl/main.go": GO, "cmd/served/main.go": GO, "cmd/a-worker/main.go": GO})
    assert spec["command"] == ["/app/served"]


@pytest.mark.parametrize(
    ("more", "health"),
    [
        ("\thealthpb.RegisterHealthServer(s, health.NewServer())\n", {"grpc": "grpc"}),
        ("", {"tcp": "grpc"}),
    ],
)
def test_a_service_of_grpc_has_a_port_of_it(more: str, health: object, folder: Path) -> None:
    spec = written(folder, {**MODULE, "main.go": f"{SERVES}{more}}}\n"})
    assert (spec["ports"], spec["health"]) == ({"grpc": 50051}, health)


def test_a_service_of_grpc_with_an_endpoint_of_http_is_one_of_http(folder: Path) -> None:
    spec = written(folder, {**MODULE, "main.go": SERVES + '\tmux.HandleFunc("/healthz", up)\n}\n'})
    assert (spec["ports"], spec["health"]) == ({"http": 50051}, "/healthz")


def _probes(ready: str, live: str) -> dict[str, object]:
    where = [{"http": {"path": path, "port": "management"}} for path in (ready, live)]
    return {"ready": where[0], "live": where[1]}


ACTUATOR = ("/actuator/health/readiness", "/actuator/health/liveness")
OWN = ("/q/health/ready", "/q/health/live")


@pytest.mark.parametrize(
    ("files", "text", "port", "paths"),
    [
        (SPRING, ("application.yml", "management:\n  server:\n    port: 9085\n"), 9085, ACTUATOR),
        (SPRING, ("application.yaml", "management.x: 1\n---\nmanagement: {server: {port: '${M_PORT:9085}'}}\n"), 9085, ACTUATOR),
        (SPRING, ("application.properties", "management.server.port=9085\n"), 9085, ACTUATOR),
        (QUARKUS, ("application.properties", "quarkus.management.enabled=true\n"), 9000, OWN),
        (QUARKUS, ("application.properties", "quarkus.management.enabled=true\nquarkus.management.port=9001\n"), 9001, OWN),
    ],
)  # fmt: skip
def test_health_is_asked_on_the_port_that_tells_of_it(
    files: dict[str, str], text: tuple[str, str], port: int, paths: tuple[str, str], folder: Path
) -> None:
    spec = written(folder, {**files, f"{RESOURCES}/{text[0]}": text[1]})
    assert spec["ports"] == {"http": 8080, "management": port}
    assert spec["health"] == _probes(*paths)


@pytest.mark.parametrize(
    ("files", "text"),
    [
        (SPRING, "management:\n  server:\n    port: ${M_PORT}\n"),
        (SPRING, "management: [\n"),
        (QUARKUS, "quarkus: {management: {port: 9001}}\n"),
    ],
)
def test_a_port_of_which_nothing_is_known_is_the_one_that_serves(
    files: dict[str, str], text: str, folder: Path
) -> None:
    spec = written(folder, {**files, f"{RESOURCES}/application.yml": text})
    assert spec["ports"] == {"http": 8080}
    assert all(isinstance(one["http"], str) for one in spec["health"].values())


def test_migrations_of_flask_know_the_application(folder: Path) -> None:
    project = '[project]\nname = "a"\ndependencies = ["flask", "gunicorn", "flask-migrate"]\n'
    code = "from flask import Flask\n\ndef create_app():\n    return Flask(__name__)\n"
    spec = written(folder, {"uv.lock": "", "pyproject.toml": project, "reports/__init__.py": code})
    assert spec["jobs"]["migrate"]["command"] == ["flask", "--app", "reports:create_app", "db", "upgrade"]


def test_rails_and_sidekiq_have_usual_variables(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = written(folder, {"Gemfile": 'gem "rails"\ngem "puma"\ngem "pg"\ngem "sidekiq"\n'})
    assert spec["env"]["DATABASE_URL"] == "${needs.db.url}"
    assert spec["env"]["REDIS_URL"] == "${needs.cache.url}"
    assert "is not known" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("crate", "needs"),
    [
        ('sqlx = { version = "0.8", features = ["postgres"] }', {"db": "postgres"}),
        ('sea-orm = { version = "1", features = ["sqlx-mysql"] }', {"mysql": "mysql"}),
        ('sqlx = { version = "0.8", features = ["sqlite"] }', None),
    ],
)
def test_databases_of_rust_are_features(crate: str, needs: dict[str, str] | None, folder: Path) -> None:
    manifest = f'[package]\nname = "orders"\nversion = "1.0.0"\n\n[dependencies]\n{crate}\n'
    spec = written(folder, {"Cargo.toml": manifest, "Cargo.lock": "", "src/main.rs": "fn main() {}\n"})
    assert spec.get("needs") == needs


LARAVEL = {"composer.json": '{"require": {"php": "^8.4", "ext-intl": "*"}}', "artisan": ""}
LOCK = """{"packages": [{"name": "laravel/horizon", "require": {"php": "^8", "ext-pcntl": "*", "ext-JSON": "*"}, "require-dev":
{"ext-xdebug": "*"}, "suggest": {"ext-redis": "*"}}], "packages-dev": [{"name": "a/b", "require": {"ext-uopz": "*"}}]}"""


@pytest.mark.parametrize(
    ("more", "extensions"),
    [
        ({}, ["intl"]),
        ({"composer.lock": LOCK}, ["intl", "pcntl"]),
        ({"composer.lock": "{"}, ["intl"]),
        ({"composer.lock": '{"packages": [1, {"require": []}]}'}, ["intl"]),
        ({".env.example": "DB_CONNECTION=mysql\n"}, ["intl", "pdo_mysql"]),
        ({".env": 'DATABASE_URL="postgresql://a:b@127.0.0.1:5432/c"\n', "bin/console": ""}, ["intl", "pdo_pgsql"]),
        ({".env.example": "DB_CONNECTION=sqlite\n"}, ["intl"]),
    ],
)
def test_extensions_are_those_of_the_packages_and_of_the_database(
    more: dict[str, str], extensions: list[str], folder: Path
) -> None:
    assert written(folder, {**LARAVEL, **more})["build"]["extensions"] == extensions


@pytest.mark.parametrize(
    ("more", "files"),
    [
        ({"db/migrations/1.up.sql": ""}, ["db/migrations"]),
        ({"migrations/1.up.sql": "", "migrations/down/1.sql": ""}, ["migrations"]),
        ({"migrations/1.up.sql": "", "db.go": "//go:embed migrations/*.sql\nvar files embed.FS\n"}, None),
        ({"queries/1.sql": ""}, None),
    ],
)
def test_migrations_in_sql_are_brought_unless_a_program_has_them(
    more: dict[str, str], files: list[str] | None, folder: Path
) -> None:
    assert written(folder, {**MODULE, "main.go": GO, **more})["build"].get("files") == files


@pytest.mark.parametrize(("code", "files"), [("fn main() {}\n", ["migrations"]), ("    sqlx::migrate!()\n", None)])
def test_migrations_of_rust_are_brought_unless_they_are_compiled(
    code: str, files: list[str] | None, folder: Path
) -> None:
    manifest = '[package]\nname = "orders"\nversion = "1.0.0"\n'
    tree = {"Cargo.toml": manifest, "Cargo.lock": "", "src/main.rs": code, "migrations/1.sql": ""}
    assert written(folder, tree)["build"].get("files") == files
