"""`svc init` and what a compose file says of the service, its own or one above it that speaks of all parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from disk import put
from first_specs import written
from svc.cli.exits import Exit
from svc.cli.main import main

FASTAPI = {"uv.lock": "", "pyproject.toml": '[project]\nname = "a"\ndependencies = ["fastapi", "uvicorn"]\n',
           "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"}  # fmt: skip
EXPRESS = {
    "package.json": '{"dependencies": {"express": "5", "ioredis": "5"}}',
    "package-lock.json": "{}",
    "server.js": "listen(3000)\n",
}
ABOVE = """services:
  orders:
    build: {context: services/orders, args: {VITE_API_URL: https://api.example.com, VITE_HERE: http://localhost}}
    environment:
      DATABASE_URL: postgres://a:${ORDERS_PASSWORD}@orders-db:5432/orders
      KAFKA_BROKERS: kafka:9092
      CATALOG_URL: http://catalog:8000
      CACHE: redis:6379
      STRIPE_SECRET_KEY: ${STRIPE_SECRET_KEY}
      LOG_LEVEL: debug
      PORT: 3000
      EMPTY:
      RATIO: 0.5
      TRACE: true
    depends_on: [orders-db]
  orders-worker: {build: ./services/orders/, command: node worker.js}
  catalog: {build: services/catalog, environment: [MONGO=mongodb://mongo/catalog]}
  orders-db: {image: "postgres:17-alpine"}
  redis: {image: "redis:8.2"}
  mongo: {image: "mongo:8"}
  kafka: {image: "bitnami/kafka:3.6"}
"""


def composed(folder: Path, environment: str, services: str = "") -> dict[str, Any]:
    text = f"services:\n  web:\n    build: .\n    environment: {environment}\n{services}"
    return written(folder, {**FASTAPI, "compose.yaml": text})


def test_a_compose_file_above_speaks_of_its_part(folder: Path) -> None:
    parts = {f"services/orders/{name}": text for name, text in EXPRESS.items()}
    spec = written(folder, {**parts, ".git/HEAD": "", "docker-compose.yml": ABOVE}, "services/orders")
    assert spec["env"] == {
        "PORT": "${ports.http}",
        "DATABASE_URL": "${needs.orders-db.url}",
        "CACHE": "${needs.redis.host}:${needs.redis.port}",
        "LOG_LEVEL": "info",
        "RATIO": "0.5",
        "TRACE": "true",
    }
    assert spec["needs"] == {
        "orders-db": {"type": "postgres", "version": "17"},
        "redis": {"type": "redis", "version": "8"},
    }
    assert spec["secrets"] == {"STRIPE_SECRET_KEY": {"from": "orders/stripe_secret_key"}}
    assert spec["workers"] == {"orders-worker": {"command": ["node", "worker.js"]}}
    assert spec["build"]["args"] == {"VITE_API_URL": "https://api.example.com"}
    assert "own" not in spec
    said = (folder / "services/orders/service.yaml").read_text("utf-8")
    for name, line in (("KAFKA_BROKERS", 6), ("CATALOG_URL", 7), ("EMPTY", 12)):
        assert f"# {name}: no value was taken from ../../docker-compose.yml:{line}\n" in said


def test_a_client_whose_address_is_not_told_there_is_the_only_one_of_its_type(folder: Path) -> None:
    compose = "services: {orders: {build: services/orders}, store: {image: 'redis:8.2'}, other: {image: 'mysql:8.4'}}\n"
    parts = {f"services/orders/{name}": text for name, text in EXPRESS.items()}
    spec = written(folder, {**parts, ".git/HEAD": "", "compose.yaml": compose}, "services/orders")
    assert spec["needs"] == {"store": {"type": "redis", "version": "8"}}


@pytest.mark.parametrize("given", ["5", "true", "db", "{db: }", "[db]"])
def test_what_a_service_waits_for_in_no_form_of_compose_says_nothing(given: str, folder: Path) -> None:
    compose = f"services: {{orders: {{build: services/orders, depends_on: {given}}}, db: {{image: 'postgres:17'}}}}\n"
    parts = {f"services/orders/{name}": text for name, text in EXPRESS.items()}
    spec = written(folder, {**parts, ".git/HEAD": "", "compose.yaml": compose}, "services/orders")
    assert ("db" in spec["needs"]) == ("db" in given and given != "db")


@pytest.mark.parametrize(
    "compose", ["services: {a: {build: other}}\n", "services: [", "a: {build: services/orders}\n", "[]\n"]
)
def test_a_compose_file_above_that_builds_others_says_nothing(compose: str, folder: Path) -> None:
    parts = {f"services/orders/{name}": text for name, text in EXPRESS.items()}
    spec = written(
        folder, {**parts, ".git/HEAD": "", "compose.yaml": compose, ".env.example": "A=1\n"}, "services/orders"
    )
    assert spec["env"] == {"PORT": "${ports.http}", "REDIS_URL": "${needs.cache.url}"}


def test_outside_of_a_repository_nothing_above_is_read(folder: Path) -> None:
    parts = {f"services/orders/{name}": text for name, text in EXPRESS.items()}
    assert "workers" not in written(folder, {**parts, "docker-compose.yml": ABOVE}, "services/orders")


def test_the_names_of_its_env_file_are_those_that_the_part_speaks_of(folder: Path) -> None:
    code = "import os\nos.environ['POSTGRES_USER'], os.environ['POSTGRES_PASSWORD'], os.environ['TOKEN_KEY']\n"
    parts = {f"backend/{name}": text for name, text in {**FASTAPI, "app/config.py": code}.items()}
    env = "POSTGRES_USER=a\nPOSTGRES_PASSWORD=b\nTOKEN_KEY=c\nOTHER_KEY=d\n"
    compose = "services:\n  api: {build: {context: ./backend}, env_file: [.env], environment: [POSTGRES_SERVER=db]}\n  db: {image: 'postgres:17'}\n"
    spec = written(folder, {**parts, ".git/HEAD": "", ".env": env, "compose.yaml": compose}, "backend")
    assert spec["env"] == {
        "POSTGRES_SERVER": "${needs.db.host}",
        "POSTGRES_USER": "${needs.db.user}",
        "POSTGRES_PASSWORD": "${needs.db.password}",
    }
    assert spec["secrets"] == {"TOKEN_KEY": {"from": "backend/token_key"}}


DB = "  db: {image: 'postgres:17'}\n"


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("postgresql+asyncpg://a:b@db:5432/shop",
         "postgresql+asyncpg://${needs.db.user}:${needs.db.password}@${needs.db.host}:${needs.db.port}/${needs.db.name}"),
        ("jdbc:postgresql://db:5432/shop", "jdbc:postgresql://${needs.db.host}:${needs.db.port}/${needs.db.name}"),
        ("Host=db;Database=shop;Username=a;Password=b",
         "Host=${needs.db.host};Port=${needs.db.port};Database=${needs.db.name};Username=${needs.db.user};Password=${needs.db.password}"),
        ("db", "${needs.db.host}"),
    ],
)  # fmt: skip
def test_an_address_has_the_form_that_the_compose_file_gives_it(value: str, meant: str, folder: Path) -> None:
    assert composed(folder, f"{{STORE: {value!r}}}", DB)["env"] == {"STORE": meant}


def test_parts_of_an_address_belong_to_the_service_of_that_name(folder: Path) -> None:
    spec = composed(folder, "{MAIN_HOST: db, MAIN_PORT: 5432, MAIN_USER: a, API_HOST: web}", DB)
    assert spec["env"] == {
        "MAIN_HOST": "${needs.db.host}",
        "MAIN_PORT": "${needs.db.port}",
        "MAIN_USER": "${needs.db.user}",
    }


def test_volumes_and_devices_of_a_compose_file_are_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = "    volumes: ['.:/app', 'data:/data', '/app/node_modules', {type: volume, source: m, target: /m}]\n    gpus: all\n"
    composed(folder, "{}", f"{more}volumes: {{data: {{}}}}\n")
    said = capsys.readouterr().err
    assert [one for one in said.splitlines() if "is a volume there" in one] == [
        f"note: compose.yaml:5: {path} is a volume there: `volumes: {{{path}: {{size: 10Gi}}}}` keeps it, `{{scratch: disk}}` has it empty"
        for path in ("/data", "/m")
    ]
    assert "compose.yaml:2: it asks for a GPU: `patches: [{target: kubernetes/Deployment, json_patch: [" in said


def test_the_patch_for_a_gpu_is_one(folder: Path) -> None:
    from svc.detect.composed_values import GPU

    spec = written(folder, FASTAPI)
    (folder / "service.yaml").write_text(yaml.safe_dump({**spec, "team": "a", "patches": [yaml.safe_load(GPU)]}))
    assert main(["compile", "--target=helm", "service.yaml"]) == Exit.CLEAN
    assert (
        "nvidia.com/gpu"
        in (folder / "chart/values.yaml").read_text() + (folder / "chart/templates/deployment.yaml").read_text()
    )


def test_a_script_that_migrates_is_the_job_that_does(folder: Path) -> None:
    files = {**FASTAPI, "alembic.ini": "", "start.sh": "set -e\nalembic upgrade head\n"}
    compose = "services:\n  web: {build: .}\n  prestart: {build: ., command: bash ./start.sh, restart: 'no'}\n"
    assert set(written(folder, {**files, "compose.yaml": compose})["jobs"]) == {"prestart"}


def test_the_only_service_that_runs_the_program_is_what_is_started(folder: Path) -> None:
    program = '[project]\nname = "a"\ndependencies = ["torch"]\n[project.scripts]\nembed = "a:main"\n[build-system]\n'
    compose = "services: {batch: {build: ., command: embed --size 3}}\n"
    spec = written(folder, {"uv.lock": "", "pyproject.toml": program, "a.py": "", "compose.yaml": compose})
    assert spec["build"]["main"] == "embed --size 3"
    assert "workers" not in spec
    assert spec["resources"] == {"memory": "4Gi"}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ("{HOST_OF_CACHE: queue, A_HOST: queue}", True),
        ("{REDIS_URL: 'redis://queue:6379'}", False),
        ("{REDIS_HOST: queue, REDIS_PASSWORD: a}", False),
    ],
)
def test_a_need_that_nobody_is_let_into_is_said(
    environment: str, said: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    composed(folder, environment, "  queue: {image: 'redis:8.2'}\n")
    message = "note: need queue has a password, and no variable tells it: give one `${needs.queue.password}`\n"
    assert (message in capsys.readouterr().err) == said


def test_a_compose_file_of_several_parts_may_be_imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, {"docker-compose.yml": ABOVE, "services/orders/package.json": "{}"})
    assert main(["init"]) == Exit.INVALID
    said = "services/orders: name one of these folders, or have specs of all that docker-compose.yml builds: `svc import docker-compose.yml`\n"
    assert said in capsys.readouterr().err


OURS = "# Generated by svc from service.yaml: change that file and run `svc compile`.\n"


def test_outputs_that_are_there_are_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
        "terraform/main.tf": 'locals {\n  a = "b"\n}\n',
        ".github/workflows/shop.yaml": "on: push\npermissions: {}\njobs: {a: {runs-on: ubuntu-24.04, timeout-minutes: 5, steps: [{run: make}]}}\n",
    }
    spec = written(folder, {**FASTAPI, **files})
    assert spec["own"] == ["github", "helm", "terraform"]
    said = capsys.readouterr().err
    for target, file in (
        ("github", ".github/workflows/shop.yaml"),
        ("helm", "chart/Chart.yaml"),
        ("terraform", "terraform/main.tf"),
    ):
        assert f"note: {file} is kept as it is: {target} is your own, and svc writes none (`own`)\n" in said
    assert main(["compile", "--fail-on=error", "service.yaml"]) == Exit.CLEAN


def test_outputs_of_svc_and_of_others_are_no_ones_own(folder: Path) -> None:
    files = {
        "chart/Chart.yaml": OURS,
        "terraform/main.tf": OURS,
        "infra/terraform/main.tf": "",
        ".github/workflows/shop.yaml": OURS,
        ".github/workflows/other.yaml": "on: push\n",
    }
    assert "own" not in written(folder, {**FASTAPI, **files})


@pytest.mark.parametrize(("options", "said"), [([], False), (["--generate"], True)])
def test_what_a_generated_dockerfile_takes_the_place_of_is_said(
    options: list[str], said: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, {**FASTAPI, "Dockerfile": "FROM python:3.13\n", ".dockerignore": ".git\n"})
    assert main(["init", "--defaults", *options]) == Exit.CLEAN
    errors = capsys.readouterr().err
    for file in ("Dockerfile", ".dockerignore"):
        assert (f"note: {file} is not by svc: `svc compile --force` writes over it" in errors) == said


@pytest.mark.parametrize(
    ("name", "value"),
    [("EUREKA", "http://eureka:8761/eureka"), ("SPRING_PROFILES_ACTIVE", "docker"), ("A", "http://localhost")],
)
def test_what_is_right_beside_the_compose_file_alone_is_not_taken(name: str, value: str, folder: Path) -> None:
    assert "env" not in composed(folder, f"{{{name}: {value!r}}}")


@pytest.mark.parametrize(
    ("name", "value"), [("API", "https://api.example.com/v1"), ("SPRING_PROFILES_ACTIVE", "prod,eu")]
)
def test_what_is_right_elsewhere_is_taken(name: str, value: str, folder: Path) -> None:
    assert composed(folder, f"{{{name}: {value!r}}}")["env"] == {name: value}


ENV_FILES = "    env_file: [.env, {path: ./config/app.env}, ../out.env, /etc/out.env, linked/out.env, none.env]\n"


def test_files_of_variables_that_a_compose_file_names_are_read(folder: Path) -> None:
    put(folder.parent, {"out.env": "OUT=1\n", "outside/out.env": "LINKED=1\n"})
    put(folder, {"config/app.env": "# a\nexport FEATURE='on'\nAPI_KEY=abc\nHERE=1\n", ".env": "OWN_NAME=1\n"})
    (folder / "linked").symlink_to(folder.parent / "outside")
    spec = composed(folder, "[HERE=2]", ENV_FILES)
    assert spec["env"] == {"FEATURE": "on", "HERE": "2"}
    assert spec["secrets"] == {"API_KEY": {"from": "shop/api_key"}}
    text = (folder / "service.yaml").read_text("utf-8")
    assert "  FEATURE: on  # config/app.env:2\n".replace(": on", ': "on"') in text
    assert '  HERE: "2"  # compose.yaml:4\n' in text


def test_the_address_of_r2dbc_has_its_user_beside_it(folder: Path) -> None:
    more = "{R2DBC_URL: 'r2dbc:postgresql://db:5432/pay', R2DBC_USER: a, R2DBC_PASSWORD: b, OPTIONS: --max-old-space-of-it}"
    assert composed(folder, more, DB)["env"] == {
        "R2DBC_URL": "r2dbc:postgresql://${needs.db.host}:${needs.db.port}/${needs.db.name}",
        "R2DBC_USER": "${needs.db.user}",
        "R2DBC_PASSWORD": "${needs.db.password}",
        "OPTIONS": "--max-old-space-of-it",
    }
