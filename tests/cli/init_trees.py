"""Source trees as people have them, by name: path -> text."""

from __future__ import annotations

LOCK = "{}\n"
FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n\n@app.get('/healthz')\ndef up(): return {}\n"
CELERY = "from celery import Celery\n\napp = Celery('shop')\n"
SETTINGS = "DATABASES = {}\nCELERY_BEAT_SCHEDULE = {}\n"
WSGI = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
COMPOSE = """services:
  web:
    build: .
    environment:
      DATABASE_URL: postgres://shop:secret@db:5432/shop
      CELERY_BROKER_URL: redis://queue:6379/0
    ports: ["8000:8000"]
    depends_on: [db, queue]
  db: {image: "postgres:17-alpine", environment: {POSTGRES_PASSWORD: secret}}
  queue: {image: "redis:${REDIS:-7}-alpine"}
  mailhog: {image: mailhog/mailhog}
"""
OWN = """FROM python:3.13-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY . .
EXPOSE 8080
USER 10001
CMD ["python", "app.py"]
"""
SDK = '<Project Sdk="Microsoft.NET.Sdk{kind}"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>'

TREES: dict[str, dict[str, str]] = {
    "django-celery": {
        "pyproject.toml": '[project]\nrequires-python = ">=3.12"\ndependencies = [\n "django",\n "gunicorn",\n "celery",\n "psycopg2",\n]\n',
        "uv.lock": "",
        "manage.py": "import sys\n",
        "shop/wsgi.py": WSGI,
        "shop/celery.py": CELERY,
        "shop/settings.py": SETTINGS,
        "docker-compose.yml": COMPOSE,
        ".env.example": "DATABASE_URL=postgres://localhost/shop\nDEBUG=0\nSECRET_KEY=change-me\n",
    },
    "heroku-flask": {
        "requirements.txt": "flask==3.0 --hash=sha256:00\ngunicorn==23 --hash=sha256:00\nalembic==1 --hash=sha256:00\nrq==2 --hash=sha256:00\n",
        "runtime.txt": "python-3.12.4\n",
        "Procfile": "web: gunicorn wsgi:app --workers 2\nworker: rq worker high default\nrelease: alembic upgrade head\n",
        "alembic.ini": "[alembic]\n",
        "wsgi.py": "from flask import Flask\napp = Flask(__name__)\n",
    },
    "flask-factory": {
        "pyproject.toml": '[project]\nname = "a"\ndependencies = ["flask", "gunicorn", "flask-migrate", "mysqlclient"]\n',
        "uv.lock": "",
        "shop/__init__.py": "from flask import Flask\n\ndef create_app():\n    return Flask(__name__)\n",
    },
    "fastapi-alembic": {
        "pyproject.toml": '[project]\nrequires-python = ">=3.13"\ndependencies = ["fastapi", "uvicorn", "alembic", "asyncpg"]\n',
        "uv.lock": "",
        "alembic.ini": "",
        "src/shop/api.py": FASTAPI,
        "tests/test_api.py": FASTAPI,
    },
    "shell-procfile": {
        "package.json": '{"dependencies": {"express": "5"}}',
        "package-lock.json": LOCK,
        "Procfile": "web: node server.js\nqueue: NODE_ENV=production node queue.js --pool $POOL\n",
        "server.js": "app.listen(process.env.PORT || 4000)\napp.get('/health')\n",
    },
    "nest-prisma": {
        "package.json": '{"dependencies": {"@nestjs/core": "11", "prisma": "6", "pg": "8"}, "scripts": {\n'
        '"build": "nest build",\n"start": "node dist/main.js",\n"worker": "node dist/worker.js"}}',
        "package-lock.json": LOCK,
        "prisma/schema.prisma": "",
    },
    "rails": {
        "Gemfile": 'source "https://rubygems.org"\nruby "3.4.1"\ngem "rails"\ngem "puma"\ngem "pg"\ngem "sidekiq"\n',
        "Gemfile.lock": "",
        "db/schema.rb": "",
        "config.ru": "",
    },
    "laravel": {
        "composer.json": '{"require": {\n"php": "^8.3",\n"ext-pdo_pgsql": "*",\n"ext-mbstring": "*",\n"laravel/framework": "12"}}',
        "composer.lock": LOCK,
        "artisan": "#!/usr/bin/env php\n",
    },
    "dotnet-solution": {
        "Shop.sln": "",
        "src/Shop.Core/Shop.Core.csproj": SDK.format(kind=""),
        "src/Shop.Api/Shop.Api.csproj": SDK.format(kind=".Web"),
        "src/Shop.Api/packages.lock.json": LOCK,
        "src/Shop.Jobs/Shop.Jobs.csproj": SDK.format(kind=".Worker"),
        "src/Shop.Jobs/packages.lock.json": LOCK,
        "tests/Shop.Tests/Shop.Tests.csproj": SDK.format(kind=""),
    },
    "spring-flyway": {
        "pom.xml": "<project><properties><java.version>21</java.version></properties>\n<parent>spring-boot-starter-parent</parent>\n"
        "<artifactId>flyway-core</artifactId>\n<artifactId>postgresql</artifactId></project>",
        "mvnw": "",
        ".mvn/wrapper/maven-wrapper.properties": "",
        "src/main/resources/db/migration/V1__start.sql": "create table a (b int);\n",
    },
    "go-monolith": {
        "go.mod": "module shop\n\ngo 1.26\n\nrequire github.com/jackc/pgx/v5 v5.7.0\n",
        "go.sum": "",
        "cmd/shop/main.go": 'package main\n\nfunc main() {\n\thttp.HandleFunc("/healthz", up)\n\thttp.ListenAndServe(":8081", nil)\n}\n',
        "compose.yaml": "services:\n  app: {build: ., environment: [PG_DSN=postgres://a:b@pg/shop]}\n  pg: {image: 'postgis/postgis:16-3.4'}\n",
    },
    "own-dockerfile": {"requirements.txt": "flask==3\n", "app.py": "", "Dockerfile": OWN, ".dockerignore": ".git\n"},
    "only-dockerfile": {"Dockerfile": OWN, "main.zig": "", ".dockerignore": ".git\n"},
    "bot": {"requirements.txt": "redis==5 --hash=sha256:0\n", "Procfile": "bot: python -m bot\n", "bot.py": ""},
}
