"""`svc init` on trees as people have them: processes, migrations, packages, what runs beside; and what is written compiles."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.init_trees import OWN, TREES
from disk import put
from svc.cli.exits import Exit
from svc.cli.main import main
from svc.diagnostics import Severity
from svc.parse import parse
from svc.pipeline import Request, compile_
from svc.source import Source
from svc.targets.docker import target as docker

ALONE = {"scale": 1, "rollout": {"strategy": "recreate"}}
EXPECTED: dict[str, dict[str, Any]] = {
    "flask-on-a-port": {
        "build.main": "gunicorn --bind 0.0.0.0:8080 app:app",
        "ports": {"http": "8080"},
        "env.REDIS_HOST": "${needs.cache.host}",
        "needs": {"cache": "redis"},
    },
    "django-celery": {
        "build.main": "gunicorn --bind 0.0.0.0:8000 shop.wsgi",
        "build.packages": ["libpq5"],
        "build.build_packages": ["gcc", "libc6-dev", "libpq-dev"],
        "env": {"DATABASE_URL": "${needs.db.url}", "CELERY_BROKER_URL": "${needs.queue.url}", "DEBUG": "0"},
        "secrets": {"SECRET_KEY": {"from": "shop/secret_key"}},
        "needs": {"db": {"type": "postgres", "version": "17"}, "queue": {"type": "redis", "version": "7"}},
        "jobs": {"migrate": {"run": "before-deploy", "command": ["python", "manage.py", "migrate", "--noinput"]}},
        "workers.worker": {"command": ["celery", "-A", "shop", "worker", "--concurrency=2"]},
        "workers.beat.scale": 1,
        "own": ["compose"],
    },
    "heroku-flask": {
        "build.version": "3.12",
        "build.main": "gunicorn --bind 0.0.0.0:8000 wsgi:app --workers 2",
        "jobs": {"release": {"run": "before-deploy", "command": ["alembic", "upgrade", "head"]}},
        "workers": {"worker": {"command": ["rq", "worker", "high", "default"]}},
    },
    "flask-factory": {
        "build.main": "gunicorn --bind 0.0.0.0:8000 'shop:create_app()'",
        "build.packages": ["libmariadb3"],
        "needs": {"mysql": "mysql"},
        "jobs.migrate.command": ["flask", "--app", "shop:create_app", "db", "upgrade"],
    },
    "fastapi-alembic": {"build.main": "shop.api:app", "health": "/healthz", "jobs.migrate.command": ["alembic", "upgrade", "head"]},
    "shell-procfile": {
        "build.main": "server.js",
        "workers.queue.command": ["sh", "-c", "NODE_ENV=production node queue.js --pool $POOL"],
    },
    "nest-prisma": {
        "jobs.migrate.command": ["node", "node_modules/prisma/build/index.js", "migrate", "deploy"],
        "workers.worker.command": ["node", "dist/worker.js"],
    },
    "rails": {
        "build.packages": ["libpq5"],
        "build.main": "bundle exec puma -C config/puma.rb",
        "ports": {"http": "3005"},
        "health": "/up",
        "needs": {"db": "postgres", "cache": "redis"},
        "secrets": {"SECRET_KEY_BASE": {"from": "shop/secret_key_base"}},
        "writable": ["/tmp", "/app/log", "/app/tmp"],
        "jobs.migrate.command": ["bundle", "exec", "rails", "db:migrate"],
        "workers.sidekiq.command": ["bundle", "exec", "sidekiq"],
    },
    "npm-workspaces": {
        "build.main": "apps/api/dist/index.js",
        "ports": {"http": "4000"},
        "needs": {"cache": "redis"},
        "workers.worker.command": ["node", "apps/api/dist/worker.js"],
    },
    "yarn-nest": {"build.main": "dist/main", "build.manager": "yarn"},
    "next-standalone": {"build.main": "next", "writable": ["/tmp", "/app/.next/cache"]},
    "nuxt": {"build.main": ".output/server/index.mjs", "ports": {"http": "3000"}},
    "gradle-modules": {
        "build.module": "services/api",
        "build.main": "spring-boot",
        "build.version": "21",
        "ports": {"http": "8085"},
        "health.ready.http": "/actuator/health/readiness",
        "env.SPRING_DATASOURCE_URL": "jdbc:postgresql://${needs.db.host}:${needs.db.port}/${needs.db.name}",
    },
    "maven-modules": {
        "build.module": "api",
        "build.main": "quarkus",
        "ports": {"http": "8082"},
        "health.live.http": "/q/health/live",
    },
    "dotnet-references": {
        "build.main": "src/Api/Api.csproj",
        "env.ConnectionStrings__Orders": "Host=${needs.db.host};Port=${needs.db.port};Database=${needs.db.name};"
        "Username=${needs.db.user};Password=${needs.db.password}",
        "env.ConnectionStrings__Redis": None,
    },
    "rust-workspace": {"build.main": "shop-api", "needs": {"db": "postgres"}},
    "go-commands": {
        "build.main": "./cmd/...",
        "command": ["/app/api"],
        "workers.worker.command": ["/app/worker"],
        "jobs.migrate.command": ["/app/migrate"],
    },
    "laravel-env": {
        "build.extensions": ["gd", "redis", "pdo_mysql"],
        "env": {
            "APP_ENV": "production",
            "APP_DEBUG": "false",
            "DB_CONNECTION": "mysql",
            "DB_HOST": "${needs.mysql.host}",
            "DB_PORT": "${needs.mysql.port}",
            "DB_DATABASE": "${needs.mysql.name}",
            "DB_USERNAME": "${needs.mysql.user}",
            "DB_PASSWORD": "${needs.mysql.password}",
            "CDN_HOST": "cdn.example.com",
            "REDIS_URL": "${needs.cache.url}",
        },
        "writable": [
            "/tmp",
            "/app/bootstrap/cache",
            "/app/storage/app",
            "/app/storage/framework/cache",
            "/app/storage/framework/sessions",
            "/app/storage/framework/views",
            "/app/storage/logs",
        ],
        "workers.horizon.command": ["php", "artisan", "horizon"],
    },
    "compose-workers": {
        "build.main": "shop.main:app",
        "env.DATABASE_URL": "postgresql+asyncpg://${needs.db.user}:${needs.db.password}@${needs.db.host}:${needs.db.port}/${needs.db.name}",
        "workers": {
            "mailer": {"command": ["sh", "-c", "python -m shop.mailer --batch $MAX"]},
            "clock": {"command": ["celery", "-A", "shop", "beat", "--schedule", "/tmp/beat"], **ALONE},
        },
        "jobs.seed.command": ["python", "-m", "shop.seed"],
    },
    "laravel": {"build.extensions": ["pdo_pgsql"], "needs": {"db": "postgres"}, "jobs.migrate.command": ["php", "artisan", "migrate", "--force"]},
    "dotnet-solution": {"build.main": "src/Shop.Api/Shop.Api.csproj", "jobs": None},
    "spring-flyway": {"build.main": "spring-boot", "jobs": None},
    "go-monolith": {"env": {"PG_DSN": "${needs.pg.url}"}, "needs": {"pg": "postgres"}, "ports": {"http": "8081"}},
    "own-dockerfile": {"build": {"dockerfile": "Dockerfile"}, "ports": {"http": "8080"}},
    "only-dockerfile": {"build": {"dockerfile": "Dockerfile"}},
    "bot": {"build.main": "python -m bot", "ports": None, "workers": None, "needs": {"cache": "redis"}},
}  # fmt: skip
NOTES = {
    "laravel": "PHP-FPM speaks FastCGI",
    "dotnet-references": "Migrations/1_Init.cs: nothing here applies these migrations",
    "spring-flyway": "Flyway migrates when the service starts",
    "own-dockerfile": "Dockerfile is kept as it is, and linted; `svc init --generate`",
    "dotnet-solution": "it could also start src/Shop.Jobs/Shop.Jobs.csproj",
    "go-monolith": "compose.yaml is kept as it is",
}


DOCKERFILES = {
    "npm-workspaces": [
        "source=apps/api/package.json",
        "source=packages/core/package.json",
        "npm run build --workspaces --if-present",
    ],
    "yarn-nest": ["COPY .yarn/ .yarn/\n", "source=.yarnrc.yml", "yarn run build"],
    "next-standalone": [
        "COPY --from=build /app/.next/standalone/ /app/\n",
        "/app/public/",
        'ENTRYPOINT ["node", "server.js"]',
    ],
    "nuxt": ["COPY --from=build /app/.output/ /app/.output/\n"],
    "gradle-modules": [
        "COPY services/api/build.gradle.kts services/api/\n",
        ":services:api:dependencies",
        ":services:api:assemble",
        "find services/api/build/libs",
    ],
    "maven-modules": [
        "--projects api --also-make package",
        "cp -r api/target/quarkus-app",
        'ENTRYPOINT ["java", "-jar", "quarkus-run.jar"]',
    ],
    "dotnet-references": [
        "COPY Directory.Packages.props ./\n",
        "COPY src/Core/Core.csproj src/Core/packages.lock.json src/Core/\n",
    ],
    "laravel-env": [
        'docker-php-ext-install -j"$(nproc)" gd',
        "pecl install redis-6.3.0",
        "'libpng16-16=*'",
        "COPY --from=extensions /usr/local/lib/php/extensions/",
        "COPY --from=assets /src/public/ public/\n",
    ],
}
"""What stands in the Dockerfile that is made of what was found."""


def _at(data: Any, route: str) -> Any:
    for part in route.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_texts(item) for key, item in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.tools
@pytest.mark.parametrize("tree", TREES)
def test_it_says_what_there_is_and_compiles(tree: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, TREES[tree])
    assert main(["init", "--team", "retail"]) == Exit.CLEAN
    told = capsys.readouterr()
    text = (folder / "service.yaml").read_text()
    data = parse(Source("service.yaml", text)).documents[0].data
    found = {route: _at(data, route) for route in EXPECTED[tree]}
    assert {key: _as_texts(one) for key, one in found.items()} == {
        key: _as_texts(one) for key, one in EXPECTED[tree].items()
    }
    assert NOTES.get(tree, "") in told.err
    compiled = compile_(Request((folder / "service.yaml",), lambda path: path.name, date(2026, 12, 1)))
    findings = [one for one in compiled.diagnostics if one.severity >= Severity.WARNING]
    assert [one.message for one in findings if one.place.file not in TREES[tree]] == [], text
    assert not compiled.faults
    made = next((one.text for one in compiled.outputs if one.path == "Dockerfile"), "")
    assert [one for one in DOCKERFILES.get(tree, ()) if one not in made] == [], made
    assert not {output.path for output in compiled.outputs} & set(TREES[tree])
    _judged(folder, [piece.artifact for piece in compiled.pieces if piece.name == "docker"])


def _judged(folder: Path, artifacts: list[Any]) -> None:
    for artifact in artifacts:
        if artifact.dockerfile is not None:
            put(folder, docker.render(artifact).files)
            assert all(one.faults == () for one in docker.judge([artifact], folder))


def test_every_tree_is_expected_to_be_something() -> None:
    assert set(EXPECTED) == set(TREES)
    assert set(NOTES) | set(DOCKERFILES) <= set(TREES)


def test_a_dockerfile_is_written_when_asked_for(folder: Path) -> None:
    put(folder, TREES["own-dockerfile"])
    assert main(["init", "--generate"]) == Exit.CLEAN
    assert "  language: python\n" in (folder / "service.yaml").read_text()
    put(folder, {"service.yaml": "", "Dockerfile": f"# Generated by svc from service.yaml\n{OWN}"})
    assert main(["init", "--force"]) == Exit.CLEAN
    assert "  language: python\n" in (folder / "service.yaml").read_text()


@pytest.mark.parametrize("text", ["web: 'unclosed\n", "web\n", ": x\n", "\x00web: a\n"])
def test_a_broken_procfile_is_passed_over(text: str, folder: Path) -> None:
    put(folder, {**TREES["fastapi-alembic"], "Procfile": text})
    assert main(["init"]) == Exit.CLEAN
    assert 'main: "shop.api:app"' in (folder / "service.yaml").read_text()


@pytest.mark.parametrize(
    "text", ["services: [", "- a\n", "services: {a: 1, b: {image: 5}}\n", "a: {environment: 3, build: .}\n"]
)
def test_a_broken_compose_file_is_passed_over(text: str, folder: Path) -> None:
    put(folder, {**TREES["fastapi-alembic"], "docker-compose.yml": text})
    assert main(["init"]) == Exit.CLEAN


def test_a_procfile_says_more_than_the_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    procfile = "web: uvicorn shop.api:app --host 0.0.0.0 --port ${PORT:-5000}\n"
    put(folder, {**TREES["fastapi-alembic"], "Procfile": procfile})
    assert main(["init"]) == Exit.CLEAN
    assert "start: uvicorn shop.api:app --host 0.0.0.0 --port 8000, from Procfile:1\n" in capsys.readouterr().out


def test_a_lock_file_that_npm_does_not_have_is_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = '{"name": "shop", "scripts": {"start": "node src/main.js"}, "dependencies": {"@acme/lib": "workspace:*"}}'
    put(folder, {"package.json": package, "src/main.js": ""})
    assert main(["init"]) == Exit.CLEAN
    assert "run `svc init` in its root" in capsys.readouterr().err


def test_a_port_of_spring_may_be_written_on_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pom = "<project><artifactId>spring-boot-starter-web</artifactId></project>"
    put(folder, {"pom.xml": pom, "src/main/resources/application.yml": "server.port: 8083\n"})
    assert main(["init"]) == Exit.CLEAN
    assert "port: 8083, from src/main/resources/application.yml:1" in capsys.readouterr().out
