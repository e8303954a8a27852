"""`svc init` where a tree says several things at once, says a thing in a roundabout way, or does not say it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from disk import put
from first_specs import written
from svc.cli.exits import Exit
from svc.cli.main import main

POM = "<project><java.version>21</java.version>spring-boot-maven-plugin\n{}</project>"
TWO = "mysql-connector-j\npostgresql\n"
GO_MAIN = "package main\n\nfunc main() {\n}\n"
LOCK = {"package-lock.json": "{}\n"}


def test_two_databases_have_no_variable_in_common(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"pom.xml": POM.format(TWO), "mvnw": "", ".mvn/wrapper/maven-wrapper.properties": ""}
    made = written(folder, files)
    assert set(made["needs"]) == {"db", "mysql"}
    text = (folder / "service.yaml").read_text("utf-8")
    assert text.count("SPRING_DATASOURCE_URL: ") == 1
    assert "# SPRING_DATASOURCE_URL would be the variable of `mysql`, too" in text
    assert "SPRING_DATASOURCE_URL holds the address of one need only, not of `mysql`" in capsys.readouterr().err
    assert main(["compile", "--select", "image-not-pinned"]) == Exit.CLEAN


def test_the_next_usual_name_is_taken_for_a_second_database(folder: Path) -> None:
    package = '{"dependencies": {"express": "5", "pg": "8", "mysql2": "3"}, "scripts": {"start": "node a.js"}}'
    made = written(folder, {"package.json": package, **LOCK, "a.js": ""})
    assert made["env"]["DATABASE_URL"] == "${needs.db.url}"
    assert made["env"]["MYSQL_URL"] == "${needs.mysql.url}"


@pytest.mark.parametrize(
    ("code", "variable", "known"),
    [
        ('import os\nurl = os.environ["DATABASE_URL"]\n', "DATABASE_URL", True),
        ('import os\nurl = os.getenv("POSTGRES_URL")\n', "POSTGRES_URL", True),
        ("print(MY_POSTGRES_URL)\n", "DATABASE_URL", False),
        ('# legacy: POSTGRES_URL\nurl = env["DATABASE_URL"]  # not DB_URL\n', "DATABASE_URL", True),
        ("import os  # POSTGRES_URL is gone\n", "DATABASE_URL", False),
        ("## POSTGRES_URL\n # DB_URL\n", "DATABASE_URL", False),
        ('\nprint("#", "http://a/?b", os.environ["POSTGRES_URL"])\n', "POSTGRES_URL", True),
    ],
)
def test_the_variable_of_an_address_is_the_one_that_the_code_reads(
    code: str, variable: str, known: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = written(folder, {"requirements.txt": "flask==3.0.0\npsycopg==3.2.0\n", "main.py": code})
    assert made["env"] == {variable: "${needs.db.url}"}
    text = (folder / "service.yaml").read_text("utf-8")
    assert (f"{variable}: ${{needs.db.url}}  # main.py:2\n" in text) is known
    assert ("is the usual name: no .env example says how the address is read" in text) is not known
    assert ("the variable with the address of `db` is not known" in capsys.readouterr().err) is not known


@pytest.mark.parametrize(
    ("code", "variable"),
    [
        ("// POSTGRES_URL was renamed\nconst a = process.env.PG_URL", "PG_URL"),
        ("/* POSTGRES_URL\n * DB_URL\n */\nclass A { #url = process.env.PG_URL }", "PG_URL"),
        ("const a = 1 // POSTGRES_URL\nconst b = process.env.PG_URL", "PG_URL"),
        ("const a = ['https://b', process.env.PG_URL]", "PG_URL"),
    ],
)
def test_comments_of_other_languages_are_not_read_either(code: str, variable: str, folder: Path) -> None:
    package = '{"dependencies": {"express": "5", "pg": "8"}, "scripts": {"start": "node a.js"}}'
    made = written(folder, {"package.json": package, **LOCK, "a.js": code})["env"]
    assert {name for name, value in made.items() if "needs.db" in str(value)} == {variable}


def test_what_no_cloud_manages_runs_in_the_cluster(folder: Path) -> None:
    package = '{"dependencies": {"express": "5", "mongodb": "4", "amqplib": "1"}, "scripts": {"start": "node a.js"}}'
    made = written(folder, {"package.json": package, **LOCK, "a.js": "app.listen(3000)"})
    assert made["needs"]["mongo"] == {"type": "mongodb", "realise": "in-cluster"}
    assert made["needs"]["broker"] == {"type": "rabbitmq", "realise": "in-cluster"}
    assert main(["compile", "--select", "image-not-pinned"]) == Exit.CLEAN


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("npm run serve-it", "server/main.js"),
        ("yarn serve-it", "server/main.js"),
        ("pnpm run serve-it", "server/main.js"),
        ("npm run gone", None),
        ("npm run start", None),
    ],
)
def test_a_script_that_runs_another_is_followed(start: str, found: str | None, folder: Path) -> None:
    package = f'{{"dependencies": {{"express": "5"}}, "scripts": {{"start": "{start}", "serve-it": "cross-env A=b node server/main.js"}}}}'
    made = written(folder, {"package.json": package, **LOCK, "server/main.js": ""})
    assert made["build"].get("main") == (found or "server.js")


def test_the_command_called_like_the_module_is_the_service(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = ("cmd/all-in-one", "cmd/shop", "examples/demo", "internal/gen", "hack/tools", "cmd/tools")
    files = {f"{one}/main.go": GO_MAIN for one in folders}
    made = written(folder, {"go.mod": "module example.com/a/shop/v2\n\ngo 1.26\n", "go.sum": "", **files})
    assert made["build"]["main"] == "./cmd/shop"
    assert "it could also start ./cmd/all-in-one, ./cmd/tools: set build.main" in capsys.readouterr().err


def test_examples_are_started_where_there_is_nothing_else(folder: Path) -> None:
    made = written(folder, {"go.mod": "module a\n\ngo 1.26\n", "go.sum": "", "examples/a/main.go": GO_MAIN})
    assert made["build"]["main"] == "./examples/a"


def test_the_root_comes_before_commands_beside_it(folder: Path) -> None:
    files = {"go.mod": "module a.example/b\n\ngo 1.26\n", "go.sum": "", "main.go": GO_MAIN, "cmd/doc/main.go": GO_MAIN}
    assert written(folder, files)["build"]["main"] == "."


def test_dependencies_of_dependencies_are_no_needs(folder: Path) -> None:
    mod = "module a\n\ngo 1.26\n\nrequire (\n\tgithub.com/jackc/pgx/v5 v5.1.0\n\tgo.mongodb.org/mongo-driver v1.1.0 // indirect\n)\n"
    made = written(folder, {"go.mod": mod, "go.sum": "", "main.go": GO_MAIN})
    assert set(made["needs"]) == {"db"}


def test_a_port_that_is_not_found_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = written(folder, {"go.mod": "module a\n\ngo 1.26\n", "go.sum": "", "main.go": GO_MAIN})
    assert "ports" not in made
    assert "no port was found: if it listens, set `ports` and `health`" in capsys.readouterr().err
    text = (folder / "service.yaml").read_text("utf-8")
    assert "# No port was found." in text
    assert "# If it ends by itself: `workload: none`, and `jobs: {nightly: {schedule: 0 3 * * *}}`" in text


def test_a_worker_alone_is_not_asked_for_a_port(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"requirements.txt": "celery==5 --hash=sha256:00\n", "tasks.py": "app = Celery('a')\n"})
    assert main(["init", "--defaults"]) == Exit.CLEAN
    assert "port" not in capsys.readouterr().err


def test_the_version_of_a_need_that_is_not_pinned_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compose = "services: {app: {build: .}, db: {image: 'postgres:12.1'}, cache: {image: 'redis:8.2'}}\n"
    made = written(
        folder, {"go.mod": "module a\n\ngo 1.26\n", "go.sum": "", "main.go": GO_MAIN, "compose.yaml": compose}
    )
    assert made["needs"]["db"] == "postgres"
    said = capsys.readouterr().err
    assert "need db is postgres 18, not postgres:12.1 as in compose.yaml:1" in said
    assert "need cache" not in said


def test_what_svc_wrote_is_nobodys_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"go.mod": "module a\n\ngo 1.26\n", "go.sum": "", "main.go": GO_MAIN + '// ":8081"\n'}
    first = written(folder, files)
    assert main(["compile", "--select", "image-not-pinned"]) == Exit.CLEAN
    assert (folder / "compose.yaml").is_file()
    assert main(["init", "--defaults", "--force"]) == Exit.CLEAN
    assert yaml.safe_load((folder / "service.yaml").read_text("utf-8")) == first
    assert "is kept" not in capsys.readouterr().err


def test_a_language_that_is_not_known_has_a_way(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == Exit.INVALID
    assert "for all else write a Dockerfile, and run it again" in capsys.readouterr().err
    put(folder, {"mix.exs": "defmodule A do\nend\n", "assets/package.json": "{}"})
    assert main(["init"]) == Exit.INVALID
    assert "mix.exs: svc makes no image of Elixir; write a Dockerfile, and run it again" in capsys.readouterr().err
    put(folder, {"Dockerfile": "FROM elixir:1.18\nEXPOSE 4000\n"})
    assert main(["init"]) == Exit.CLEAN


@pytest.mark.parametrize("name", ["null", "true", "on", "y", "shop"])
def test_a_name_that_yaml_reads_as_something_else_is_quoted(name: str, folder: Path) -> None:
    put(folder, {"Dockerfile": "FROM elixir:1.18\nEXPOSE 4000\n"})
    assert main(["init", "--defaults", "--name", name, "--team", name]) == Exit.CLEAN
    made = yaml.safe_load((folder / "service.yaml").read_text("utf-8"))
    assert (made["name"], made["team"]) == (name, name)
    assert main(["compile", "--select", "image-not-pinned"]) == Exit.CLEAN


def test_signs_that_no_spec_may_hold_are_replaced(folder: Path) -> None:
    package = r'{"scripts": {"start": "node server.js\u0001 x\ud800"}, "dependencies": {"express": "5"}}'
    made = written(folder, {**LOCK, "package.json": package})
    assert made["build"]["main"] == "node server.js\ufffd x\ufffd"
    assert main(["compile", "--select", "image-not-pinned"]) == Exit.CLEAN


@pytest.mark.parametrize("name", ["a: b #x", "$(id)", "-x", 'a"b', "plain"])
def test_the_command_to_run_next_can_be_typed(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(
        folder,
        {f"{name}/Dockerfile": "FROM elixir:1.18\nEXPOSE 4000\n", "compose.yaml": "services: {a: {image: 'a:1'}}"},
    )
    assert main(["init", "--defaults", "--", name]) == Exit.CLEAN
    words = shlex.split(capsys.readouterr().out.partition("then run `")[2].partition("`")[0])
    assert words == ["svc", "compile", f"./{name}/service.yaml" if name == "-x" else f"{name}/service.yaml"]
    assert main(["import", "compose.yaml", f"--out={name}/new"]) == Exit.CLEAN
    words = shlex.split(capsys.readouterr().err.partition("then run `")[2].partition("`")[0])
    assert words[:2] == ["svc", "compile"]
    assert words[2].removeprefix("./").startswith(f"{name}/new")


@pytest.mark.parametrize(
    ("exposed", "ports"),
    [
        ("80/udp", {"udp": {"port": 80, "protocol": "udp"}}),
        ("53/UDP 8080", {"http": 8080}),
        ("8080/tcp", {"http": 8080}),
        ("8080", {"http": 8080}),
        ("9000/sctp", None),
    ],
)
def test_a_port_of_udp_is_no_port_of_http(exposed: str, ports: dict[str, Any] | None, folder: Path) -> None:
    made = written(folder, {"Dockerfile": f"FROM elixir:1.18\nEXPOSE {exposed}\n"})
    assert made.get("ports") == ports
    assert ("health" in made) == (ports is not None and "http" in ports)
    assert main(["compile", "--select", "image-not-pinned"]) == Exit.CLEAN


def test_the_password_beside_an_address_is_the_needs_own(folder: Path) -> None:
    example = "REDIS_URL=redis://redis:6379\nREDIS_PASSWORD=\nADMIN_URL=https://example.com\nADMIN_PASSWORD=\n"
    files = {"Gemfile": 'gem "puma"\ngem "redis"\n', "Gemfile.lock": "", ".env.example": example}
    spec = written(folder, files)
    assert spec["env"]["REDIS_PASSWORD"] == "${needs.cache.password}"
    assert list(spec["secrets"]) == ["ADMIN_PASSWORD"]
