"""`svc init` and variables that no example names: those of a configuration, of the code, and of packages beside a member."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from disk import put
from first_specs import written
from svc.cli.exits import Exit
from svc.cli.main import main

POM = "<project><artifactId>spring-boot-maven-plugin</artifactId>\n<artifactId>postgresql</artifactId></project>"
SPRING = {"pom.xml": POM, "mvnw": "", ".mvn/wrapper/maven-wrapper.properties": ""}
KTOR = {
    "build.gradle.kts": 'plugins { kotlin("jvm") }\napplication { mainClass.set("a.B") }\ndependencies { implementation("org.postgresql:postgresql") }\n',
    "gradlew": "",
}
HERE = "src/main/resources/application.yml"
CONFIGURED = """spring:
  datasource:
    url: jdbc:postgresql://${DB_HOST:localhost}:${DB_PORT:5432}/${DB_NAME:orders}
    username: ${DB_USER:orders}
    password: ${DB_PASSWORD:orders}
  kafka:
    bootstrap-servers: ${KAFKA_BROKERS:localhost:9092}
    group: ${KAFKA_GROUP:orders}  # ${NOT_ME}
pay:
  api-key: ${PAY_API_KEY}
  dev-key: ${DEV_KEY:a}
  may-key: ${MAY_KEY:}
  region: ${PAY_REGION}
"""


def test_what_spring_takes_from_variables_is_proposed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = written(folder, {**SPRING, HERE: CONFIGURED})
    parts = {"DB_HOST": "host", "DB_PORT": "port", "DB_NAME": "name", "DB_USER": "user", "DB_PASSWORD": "password"}
    assert spec["env"] == {name: f"${{needs.db.{part}}}" for name, part in parts.items()}
    assert spec["secrets"] == {name: {"from": f"shop/{name.lower()}"} for name in ("PAY_API_KEY", "DEV_KEY")}
    text = (folder / "service.yaml").read_text("utf-8")
    assert f"# KAFKA_BROKERS: no value was taken from {HERE}:7\n" in text
    assert f"# MAY_KEY may be set for {HERE}:12\n" in text
    assert "KAFKA_GROUP" not in text
    assert "NOT_ME" not in text
    said = "note: PAY_REGION: the configuration says no value, and without one it does not start: set `env`\n"
    assert said in capsys.readouterr().err


def test_what_an_example_says_of_a_variable_goes_before_the_configuration(folder: Path) -> None:
    spec = written(folder, {**SPRING, HERE: CONFIGURED, ".env.example": "PAY_REGION=eu\nDEV_KEY=\n"})
    assert spec["env"]["PAY_REGION"] == "eu"
    assert list(spec["secrets"]) == ["DEV_KEY", "PAY_API_KEY"]


def test_an_address_of_ktor_has_its_user_beside_it(folder: Path) -> None:
    conf = """ktor { deployment { port = 8080 } }
db {
  url = "jdbc:postgresql://localhost:5432/shop"
  url = ${?DB_URL}
  user = ${?DB_USER}
  password = ${?DB_PASSWORD}
  pool = 5
  pool = ${?DB_POOL}
}
jwt { secret = ${JWT_SECRET} }
"""
    spec = written(folder, {**KTOR, "src/main/resources/application.conf": conf})
    assert spec["env"] == {
        "DB_URL": "jdbc:postgresql://${needs.db.host}:${needs.db.port}/${needs.db.name}",
        "DB_USER": "${needs.db.user}",
        "DB_PASSWORD": "${needs.db.password}",
    }
    assert list(spec["secrets"]) == ["JWT_SECRET"]


EXPRESS = {"package.json": '{"dependencies": {"express": "5"}}', "package-lock.json": "{}"}
GO = {"go.mod": "module shop\n\ngo 1.26\n"}
RUBY = {"Gemfile": 'gem "puma"\n', "Gemfile.lock": "", "config.ru": ""}
UV = {"uv.lock": "", "pyproject.toml": '[project]\nname = "a"\ndependencies = ["fastapi", "uvicorn"]\n'}
FASTAPI = "import os\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({**EXPRESS, "server.js": "listen(process.env.ASKED, process.env.PORT, process.env.NODE_ENV)\n"}, "server.js:1"),
        ({**EXPRESS, "server.js": "", "src/a.tsx": 'process.env["ASKED"]\n'}, "src/a.tsx:1"),
        ({**GO, "main.go": 'package main\n\nfunc main() {\n\tos.Getenv("ASKED")\n}\n'}, "main.go:4"),
        ({**UV, "app.py": f"{FASTAPI}os.environ['ASKED']\n"}, "app.py:5"),
        ({**UV, "app.py": f'{FASTAPI}os.environ.get("ASKED", 1)\n'}, "app.py:5"),
        ({**RUBY, "app.rb": 'ENV.fetch("ASKED") { 1 }\n'}, "app.rb:1"),
        ({**EXPRESS, "server.js": "", "src/a.ts": 'this.configService.getOrThrow<string>("ASKED")\n'}, "src/a.ts:1"),
        ({**GO, "main.go": 'package main\n\nfunc main() {\n\tkey string `env:"ASKED,required"`\n}\n'}, "main.go:4"),
        ({**UV, "app.py": f'{FASTAPI}environ.Env()\nenv.list("ASKED")\n'}, "app.py:6"),
        ({**UV, "app.py": f'{FASTAPI}config("ASKED")\nlogger.config("a")\nself.config("NOT_THIS")\n'}, "app.py:5"),
        ({**UV, "app.py": FASTAPI, "conf.py": "class A(BaseSettings):\n    asked: SecretStr\n    may: int = 1\n    b: str | None\n\nclass B:\n    c: str\n"},
         "conf.py:2"),
        ({"Dockerfile": "FROM elixir:1.18\n", "mix.exs": "", "config/runtime.exs": 'System.get_env("ASKED") || raise "a"\n'},
         "config/runtime.exs:1"),
    ],
)  # fmt: skip
def test_what_the_code_reads_is_named(
    files: Mapping[str, str], place: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(folder, files)
    assert f"# ASKED is read in {place}\n" in (folder / "service.yaml").read_text("utf-8")
    assert "note: nothing says what these are, which the code reads: ASKED\n" in capsys.readouterr().err


def test_what_is_known_of_the_code_is_not_named_again(folder: Path) -> None:
    read = "process.env.DATABASE_URL, process.env.API_KEY, process.env.NEXT_PUBLIC_A, process.env.HERE\n"
    files = {
        **EXPRESS,
        "server.js": read,
        ".env.example": "DATABASE_URL=postgres://a/b\nAPI_KEY=\nHERE=http://localhost\n",
    }
    written(folder, {**files, "tests/a.test.js": "process.env.OF_TESTS\n", "vite.config.ts": "process.env.OF_TOOLS\n"})
    assert "is read in" not in (folder / "service.yaml").read_text("utf-8")


def test_of_many_variables_the_first_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, {**EXPRESS, "server.js": "".join(f"process.env.A_{number}\n" for number in range(30))})
    assert (folder / "service.yaml").read_text("utf-8").count("is read in") == 20
    assert "A_19 and more\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("root", "modules"),
    [
        (
            {"package.json": "{}", "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "packages: ['*/*']\n"},
            "packages/db/node_modules",
        ),
        ({"package.json": '{"workspaces": ["*/*"]}', "package-lock.json": "{}"}, "node_modules"),
    ],
)
@pytest.mark.parametrize("where", [None, "apps/web"])
def test_a_member_has_what_its_packages_need(
    root: Mapping[str, str], modules: str, where: str | None, folder: Path
) -> None:
    member = (
        '{"name": "web", "dependencies": {"@a/db": "workspace:*", "express": "5"}, "scripts": {"start": "node a.js"}}'
    )
    files = {
        **root,
        ".git/HEAD": "",
        "apps/web/package.json": member,
        "apps/web/a.js": "",
        "packages/db/package.json": '{"name": "@a/db", "dependencies": {"prisma": "6", "@a/log": "workspace:*"}}',
        "packages/db/prisma/schema.prisma": 'provider = "postgresql"\nurl = env("DB_MAIN")\n',
        "packages/log/package.json": '{"name": "@a/log"}',
        "packages/log/src/log.ts": "process.env.LOG_TOKEN\n",
        "packages/other/package.json": '{"name": "@a/other"}',
        "packages/other/src/a.ts": "process.env.OTHER_TOKEN\n",
        ".env.example": "DB_MAIN=postgres://localhost/a\nLOG_TOKEN=\nOTHER_TOKEN=\n",
    }
    spec = written(folder, files, where)
    assert spec["needs"] == {"db": "postgres"}
    assert spec["env"]["DB_MAIN"] == "${needs.db.url}"
    command = f"node {modules}/prisma/build/index.js migrate deploy --schema packages/db/prisma/schema.prisma"
    assert spec["jobs"]["migrate"]["command"] == command.split()
    assert ("OTHER_TOKEN" in spec["secrets"]) == (where is None)
    assert "LOG_TOKEN" in spec["secrets"]


@pytest.mark.parametrize("options", [[], ["--generate"]])
def test_no_image_is_made_of_bun(options: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"package.json": EXPRESS["package.json"], "server.js": "", "bun.lock": ""})
    assert main(["init", *options]) == Exit.INVALID
    assert "bun.lock: svc makes no image of Bun; write a Dockerfile, and run it again" in capsys.readouterr().err
    put(folder, {"Dockerfile": "FROM oven/bun:1.3\n"})
    assert main(["init", *options]) == (Exit.INVALID if options else Exit.CLEAN)


def test_bun_beside_another_lock_file_is_no_matter(folder: Path) -> None:
    spec = written(folder, {**EXPRESS, "server.js": "", "bun.lockb": ""})
    assert (spec["build"]["language"], spec["build"]["manager"]) == ("node", "npm")


def test_folders_of_all_languages_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"a/requirements.txt": "", "b/mix.exs": "", "c/src/build.gradle": "", "d/Dockerfile": ""})
    assert main(["init"]) == Exit.INVALID
    assert "there are projects in a, b, c/src, d: name one of these folders" in capsys.readouterr().err


def test_the_prefix_of_settings_of_pydantic_belongs_to_their_variables(folder: Path) -> None:
    text = "class A(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='shop_')\n    asked: str\n"
    written(folder, {**UV, "app.py": FASTAPI, "conf.py": text})
    assert "# SHOP_ASKED is read in conf.py:3\n" in (folder / "service.yaml").read_text("utf-8")
