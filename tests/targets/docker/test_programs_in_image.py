"""Programs that a spec starts in an image: those that are not there are said, and the image has what the others need."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docker_sources import compiled_sources

from svc.pipeline import Compiled

GO = "build: {language: go, version: '1.27', main: ./cmd/shop}\n"
NODE = "build: {language: node, version: '24', manager: npm, main: dist/main.js}\n"
PYTHON = "build: {language: python, version: '3.14', main: 'shop:app'}\n"
RUBY = "build: {language: ruby, version: '3.4'}\n"
SHELL = """# don't wait
set -eu -o pipefail
cd /tmp
export A=1
for one in 1 2; do
  [[ -n $A ]] && source .env; wait
done
retried() { sleep 1; }
while read -r line; do retried "$line"; done < list
trap 'true' EXIT
ls | awk '{print $1}' | tr a b | xargs gzip > out; ln -s a b; ulimit -n 9; time sleep 1
exit 0
"""
PACKAGE = {
    "scripts": {
        "start": "node dist/main.js",
        "dev": "tsx watch src",
        "serve": "NODE_ENV=production node dist/main.js",
        "both": "prisma migrate deploy && node dist/main.js",
    },
    "dependencies": {"prisma": "6"},
    "devDependencies": {"tsx": "4", "prisma": "6"},
}


def compiled(folder: Path, spec: str) -> Compiled:
    made = compiled_sources(folder, {"package.json": json.dumps(PACKAGE)}, spec)
    assert not made.failed
    return made


def said(made: Compiled) -> list[str]:
    found = [one for one in made.diagnostics if one.id == "program-not-in-image"]
    return [f"{one.message.partition(' ')[0]} {one.help}" for one in found]


def final(made: Compiled) -> str:
    text = next(one.text for one in made.outputs if one.path.endswith("Dockerfile"))
    return text[text.rindex("\nFROM ") :]


@pytest.mark.parametrize(
    ("spec", "name", "advice"),
    [
        (NODE + "command: [pnpm, start]\n", "pnpm", "`[node, dist/main.js]`"),
        (NODE + "command: [pnpm, run, start]\n", "pnpm", "`[node, dist/main.js]`"),
        (NODE + "command: [pnpm, serve]\n", "pnpm", "for `NODE_ENV=production node dist/main.js`"),
        (NODE + "command: [pnpm, nothing]\n", "pnpm", "for the script `nothing`"),
        (NODE.replace("manager: npm", "manager: yarn") + "command: [yarn, start]\n", "yarn", "`[node, dist/main.js]`"),
        (NODE.replace("main: dist/main.js", "main: pnpm start"), "pnpm", "`[node, dist/main.js]`"),
        (NODE + "command: [sh, -c, 'echo up; exec pnpm start']\n", "pnpm", "`[node, dist/main.js]`"),
        (NODE + "command: [npm, run, dev]\n", "tsx", "`dependencies`"),
        (NODE + "command: [npx, tsx, src]\n", "tsx", "`dependencies`"),
        (NODE + "command: [node_modules/.bin/tsx, src]\n", "tsx", "`dependencies`"),
        (NODE + "health: {exec: [curl, localhost]}\n", "curl", "`packages: [curl]`"),
        (NODE + "workers: {mail: {command: [/usr/bin/tini, --, node, mail.js]}}\n", "/usr/bin/tini", "packages: [tini]"),
        (NODE + "rollout: {pre_stop: [curl, localhost]}\n", "curl", "`packages: [curl]`"),
        (NODE.replace("dist/main.js", "next") + "command: [pnpm, serve]\n", "pnpm", "`next start`"),
        (NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [npx, prisma, migrate]}}\n", "npx", "`next start`"),
        (NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [prisma, migrate]}}\n", "prisma", "`image`"),
        (NODE.replace("dist/main.js", ".output/server/index.mjs") + "jobs: {m: {run: manual, command: [node_modules/.bin/knex]}}\n", "node_modules/.bin/knex", "`image`"),
        (NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [node, scripts/m.js]}}\n", "scripts/m.js", "`files: [scripts/m.js]`"),
        (NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [scripts/migrate.sh]}}\n", "scripts/migrate.sh", "`files: [scripts/migrate.sh]`"),
        (NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [env, A=1, node, --no-warnings, /app/m.js]}}\n", "/app/m.js", "`files: [m.js]`"),
        (NODE.replace("dist/main.js", ".output/server/index.mjs") + "jobs: {m: {run: manual, command: [node, public/m.js]}}\n", "public/m.js", "`image`"),
        (PYTHON + "command: [uv, run, gunicorn, shop]\n", "uv", "write `[gunicorn, shop]`"),
        (PYTHON + "jobs: {m: {run: manual, command: [poetry, run, alembic]}}\n", "poetry", "write `[alembic]`"),
        (PYTHON + "init: {wait: {command: [pg_isready]}}\n", "pg_isready", "packages: [postgresql-client]"),
        (GO + "command: [go, run, ./cmd/shop]\n", "go", "`[/app/shop]`"),
        (GO + "command: [shop, serve]\n", "shop", "`/app/shop`"),
        (GO + "jobs: {m: {run: manual, command: [./migrate]}}\n", "./migrate", "./cmd/..."),
        ("build: {language: java, version: '21'}\ncommand: [./mvnw, 'spring-boot:run']\n", "./mvnw", "stays in the build"),
        ("build: {language: dotnet, version: '10', main: A.csproj}\ncommand: [dotnet, run]\n", "dotnet", "the SDK stays"),
        ("build: {language: rust, version: '1.98'}\ncommand: [cargo, run]\n", "cargo", "`[/app/shop]`"),
        ("build: {language: ruby, version: '3.4'}\ncommand: [sidekiq, -q, a]\n", "sidekiq", "`[bundle, exec, sidekiq, -q, a]`"),
        (RUBY + "jobs: {m: {run: manual, command: [sh, -c, 'set -e; sidekiq -q a']}}\n", "sidekiq", "`bundle exec sidekiq -q a`"),
        (RUBY + "jobs: {m: {run: manual, command: [env, A=1, nohup, rails, s]}}\n", "rails", "`[bundle, exec, rails, s]`"),
        (PYTHON + "jobs: {m: {run: manual, command: [sh, -euc, '# don''t wait\n\nredis-cli ping']}}\n", "redis-cli", "redis-tools"),
        (PYTHON + "jobs: {m: {run: manual, command: [bash, -euo, pipefail, -c, 'redis-cli ping']}}\n", "redis-cli", "redis-tools"),
        (PYTHON + "jobs: {m: {run: manual, command: [sh, -ec, 'echo $(redis-cli ping)']}}\n", "redis-cli", "redis-tools"),
        (PYTHON + "jobs: {m: {run: manual, command: [bash, -lc, 'case $A in a) redis-cli ping;; esac']}}\n", "redis-cli", "redis-tools"),
        (GO + "jobs: {m: {run: manual, command: [time, /app/shop]}}\n", "time", "packages: [time]"),
        (GO + "jobs: {m: {run: manual, command: [sh, -c, 'cd /tmp; shop']}}\n", "shop", "`/app/shop`"),
        (GO + "jobs: {m: {run: manual, command: [sh, -c, 'set -e; ./migrate up']}}\n", "./migrate", "./cmd/..."),
        ("build: {language: php, version: '8.4'}\ncommand: [composer, start]\n", "composer", "stays in the build"),
        ("build: {language: static}\ncommand: [npx, serve, dist]\n", "npx", "stays in the build"),
    ],
)  # fmt: skip
def test_a_program_that_the_image_lacks_is_said(tmp_path: Path, spec: str, name: str, advice: str) -> None:
    (found,) = said(compiled(tmp_path, spec))
    assert found.startswith(f"`{name}` ")
    assert advice in found


@pytest.mark.parametrize(
    "spec",
    [
        NODE + "command: [npm, start]\n",
        NODE.replace("manager: npm", "manager: npm, packages: [curl, tini]") + "command: [tini, --, npm, start]\nhealth: {exec: [curl, a]}\n",
        NODE + "command: [npx, prisma, studio]\n",
        NODE + "command: [sh, -c, 'exec node main.js']\n",
        NODE.replace("dist/main.js", "next") + "command: [node, server.js]\njobs: {m: {run: manual, command: [sh, -c, 'node server.js']}}\n",
        NODE.replace("main: dist/main.js", "main: next, files: [scripts]") + "jobs: {m: {run: manual, command: [scripts/migrate.sh]}}\n",
        NODE.replace("main: dist/main.js", "main: next, files: [scripts]") + "jobs: {m: {run: manual, command: [node, ./scripts/m.js]}}\n",
        NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [node, -e, a/b]}, n: {run: manual, command: [node, server]}}\n",
        NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [node, --no-warnings, .next/server/a.js]}}\n",
        NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [sh, -c, 'cd /tmp && node a.js']}}\n",
        NODE.replace("dist/main.js", ".output/server/index.mjs") + "jobs: {m: {run: manual, command: [node, .output/server/a.mjs]}}\n",
        NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [node, /opt/a.js]}}\n",
        NODE + "command: [npm, run, both]\n",
        NODE + "sidecars: {tool: {image: 'node:24@sha256:" + "a" * 64 + "', command: [pnpm, start]}}\n",
        PYTHON + "command: [gunicorn, shop]\n",
        GO + "command: [/app/shop, serve]\n",
        GO + "command: [./shop]\njobs: {m: {run: manual, command: [sh, -c, 'sleep 1']}}\n",
        GO.replace("./cmd/shop", "./cmd/...") + "jobs: {m: {run: manual, command: [./migrate]}}\n",
        GO.replace("}", ", files: [bin/go.sh]}") + "jobs: {m: {run: manual, command: [bin/go.sh]}}\n",
        GO.replace("}", ", packages: [git]}") + "command: [git, daemon]\n",
        "build: {language: ruby, version: '3.4'}\ncommand: [bundle, exec, puma]\njobs: {m: {run: manual, command: [bin/rails, db:migrate]}}\n",
        RUBY + "jobs: {m: {run: manual, command: [sh, -c, 'ps aux | pgrep ruby']}}\n",
        RUBY.replace("}", ", packages: [imagemagick]}") + "jobs: {m: {run: manual, command: [convert, a.png, b.jpg]}}\n",
        RUBY + f"jobs: {{m: {{run: manual, command: [bash, -c, {json.dumps(SHELL)}]}}}}\n",
        GO + f"jobs: {{m: {{run: manual, command: [bash, -c, {json.dumps(SHELL)}]}}}}\n",
        "build: {language: rust, version: '1.98'}\n" + f"jobs: {{m: {{run: manual, command: [sh, -c, {json.dumps(SHELL)}]}}}}\n",
        NODE.replace("dist/main.js", "next") + "jobs: {m: {run: manual, command: [sh, -c, 'set -e; cd /tmp; exec node server.js']}}\n",
        NODE.replace("main: dist/main.js", "main: next, packages: [imagemagick]") + "jobs: {m: {run: manual, command: [convert, a, b]}}\n",
        PYTHON + "jobs: {m: {run: manual, command: [bash, -c, \"cat <<EOF | python -\\nimport git\\ngit status\\nEOF\"]}}\n",
        PYTHON + "jobs: {m: {run: manual, command: [sh, -c, 'if command -v curl; then curl a; else python a.py; fi']}}\n",
        PYTHON + "jobs: {m: {run: manual, command: [sh, -c, 'which wget && wget a # psql; wget']}}\n",
        GO + "jobs: {m: {run: manual, command: [sh, -c, 'test -x ./extra && ./extra; cd bin && ./tool']}}\n",
        GO + "jobs: {m: {run: manual, command: [/usr/local/bin/kubectl, get]}}\n",
        "build: {language: php, version: '8.4'}\ncommand: [php, artisan, serve]\nhealth: {exec: [curl, -f, localhost]}\n",
        "build: {language: dotnet, version: '10', main: A.csproj}\ncommand: [dotnet, A.dll]\n",
        "build: {language: java, version: '21'}\ncommand: [java, -jar, app.jar]\n",
    ],
)  # fmt: skip
def test_a_program_that_the_image_has_is_not(tmp_path: Path, spec: str) -> None:
    assert said(compiled(tmp_path, spec)) == []


@pytest.mark.parametrize(
    ("job", "distroless", "path"),
    [
        ("[node, migrate.js]", True, False),
        ("[prisma, migrate, deploy]", False, True),
        ("[node_modules/.bin/prisma, migrate]", False, False),
        ("[sh, -c, 'prisma migrate deploy']", False, True),
        ("[/bin/sh, -c, 'node migrate.js']", False, False),
        ("[/bin/sh, -c, 'set -e; cd /app; node migrate.js']", False, False),
        ("[env, DEBUG=1, node, migrate.js]", False, False),
        ("[nohup, node, migrate.js]", False, False),
        ("[awk, x]", False, False),
    ],
)
def test_a_job_decides_about_the_image_too(tmp_path: Path, job: str, distroless: bool, path: bool) -> None:
    made = compiled(tmp_path, NODE + f"jobs: {{migrate: {{run: before-deploy, command: {job}}}}}\n")
    text = next(one.text for one in made.outputs if one.path.endswith("Dockerfile"))
    assert final(made).startswith("\nFROM gcr.io/distroless/") == distroless
    assert bool(re.search(r'PATH="/app/node_modules/.bin:', text)) == path


def test_a_shell_by_its_path_is_a_shell(tmp_path: Path) -> None:
    made = compiled(tmp_path, GO + "jobs: {m: {run: manual, command: [/bin/sh, -c, 'sleep 1']}}\n")
    assert "distroless" not in final(made)
