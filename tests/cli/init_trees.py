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
    "flask-on-a-port": {
        "requirements.txt": "flask==3.1 --hash=sha256:00\ngunicorn==23 --hash=sha256:00\n",
        "app.py": 'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run(port=8080)\n',
        ".env.example": "REDIS_HOST=127.0.0.1\nAPI_HOST=127.0.0.1\n",
    },
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
        "Gemfile": 'source "https://rubygems.org"\nruby "~> 3.4.1"\ngem "rails"\ngem "puma"\ngem "pg"\ngem "sidekiq"\n',
        "Gemfile.lock": "",
        "db/schema.rb": "",
        "config.ru": "",
        "config/puma.rb": 'port ENV.fetch("PORT") { 3005 }\n',
        "config/routes.rb": 'get "up" => "rails/health#show"\n',
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
    "npm-workspaces": {
        "package.json": '{"private": true, "workspaces": ["apps/*", "packages/*"]}',
        "package-lock.json": LOCK,
        "apps/web/package.json": '{"devDependencies": {"vite": "7"}, "scripts": {"build": "vite build"}}',
        "apps/web/index.html": "",
        "apps/api/package.json": '{"dependencies": {"fastify": "5", "bullmq": "5"}, "scripts": {\n"build": "tsc",\n"start": "node dist/index.js",\n'
        '"worker": "node dist/worker.js"}}',
        "apps/api/src/index.ts": "app.get('/healthz')\napp.listen({port: process.env.PORT || 4000})\n",
        "packages/core/package.json": '{"name": "core"}',
    },
    "yarn-nest": {
        "package.json": '{"packageManager": "yarn@4.9.1", "dependencies": {"@nestjs/core": "11"}, "scripts": {\n"build": "nest build",\n'
        '"start": "nest start",\n"start:prod": "node dist/main"}}',
        "yarn.lock": "__metadata:\n  version: 8\n",
        ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.9.1.cjs\n",
        ".yarn/releases/yarn-4.9.1.cjs": "",
        "src/main.ts": "await app.listen(process.env.PORT ?? 3000);\n",
    },
    "next-standalone": {
        "package.json": '{"dependencies": {"next": "15"}, "scripts": {"build": "next build", "start": "next start"}}',
        "package-lock.json": LOCK,
        "next.config.mjs": "export default { output: 'standalone' }\n",
        "public/robots.txt": "",
    },
    "nuxt": {
        "package.json": '{"dependencies": {"nuxt": "4"}, "scripts": {"build": "nuxt build"}}',
        "package-lock.json": LOCK,
    },
    "gradle-modules": {
        "settings.gradle.kts": 'rootProject.name = "shop"\ninclude("core")\ninclude(":services:api")\n',
        "gradlew": "",
        "gradle/wrapper/gradle-wrapper.properties": "",
        "build.gradle.kts": 'plugins { kotlin("jvm") version "2.2.0" apply false }\n',
        "core/build.gradle.kts": 'plugins { kotlin("jvm") }\n',
        "services/api/build.gradle.kts": 'plugins { id("org.springframework.boot") version "4.0.0" }\nkotlin { jvmToolchain(21) }\n'
        'dependencies { runtimeOnly("org.postgresql:postgresql"); implementation("org.springframework.boot:spring-boot-starter-actuator") }\n',
        "services/api/src/main/resources/application.yml": "spring: {}\nserver:\n  port: 8085\n",
    },
    "maven-modules": {
        "pom.xml": "<project><packaging>pom</packaging><modules><module>api</module><module>core</module></modules>\n<java.version>21</java.version></project>",
        "mvnw": "",
        ".mvn/wrapper/maven-wrapper.properties": "",
        "api/pom.xml": "<project><artifactId>quarkus-smallrye-health</artifactId><artifactId>quarkus-maven-plugin</artifactId></project>",
        "core/pom.xml": "<project/>",
        "api/src/main/resources/application.properties": "quarkus.http.port=8082\n",
    },
    "dotnet-references": {
        "Shop.slnx": "",
        "Directory.Packages.props": "<Project/>",
        "src/Api/Api.csproj": SDK.format(kind=".Web").replace(
            "</Project>", '<ProjectReference Include="..\\Core\\Core.csproj" /></Project>'
        ),
        "src/Api/packages.lock.json": LOCK,
        "src/Api/appsettings.json": '{"ConnectionStrings": {"Orders": "Host=localhost", "Redis": "localhost"}}',
        "src/Core/Core.csproj": SDK.format(kind="").replace(
            "</Project>", '<PackageReference Include="Npgsql" /></Project>'
        ),
        "src/Core/packages.lock.json": LOCK,
        "src/Core/Migrations/1_Init.cs": "class Init {}\n",
    },
    "rust-workspace": {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
        "Cargo.lock": "",
        "crates/api/Cargo.toml": '[package]\nname = "shop-api"\n[dependencies]\ntokio-postgres = "0.7"\n',
        "crates/api/src/main.rs": 'async fn main() { bind("0.0.0.0:3000") }\n',
        "crates/core/Cargo.toml": '[package]\nname = "core"\n',
    },
    "go-commands": {
        "go.mod": "module shop\n\ngo 1.26\n",
        "go.sum": "",
        "cmd/api/main.go": 'package main\n\nfunc main() {\n\thttp.ListenAndServe(":8081", nil)\n}\n',
        "cmd/worker/main.go": "package main\n\nfunc main() {\n}\n",
        "cmd/migrate/main.go": "package main\n\nfunc main() {\n}\n",
    },
    "laravel-env": {
        "composer.json": '{"require": {\n"ext-gd": "*",\n"ext-redis": "*",\n"laravel/horizon": "5"}}',
        "composer.lock": LOCK,
        "artisan": "",
        "package.json": '{"devDependencies": {"vite": "7"}, "scripts": {"build": "vite build"}}',
        "package-lock.json": LOCK,
        ".env.example": "APP_ENV=local\nAPP_DEBUG=true\nAPP_URL=http://localhost\nDB_CONNECTION=mysql\nDB_HOST=127.0.0.1\nDB_PORT=3306\n"
        "DB_DATABASE=shop\nDB_USERNAME=root\nDB_PASSWORD=\nCDN_HOST=cdn.example.com\n",
    },
    "compose-workers": {
        "pyproject.toml": '[project]\nrequires-python = ">=3.13"\ndependencies = ["fastapi", "uvicorn"]\n',
        "uv.lock": "",
        "shop/main.py": FASTAPI,
        ".env.example": "DATABASE_URL=postgresql+asyncpg://a:b@localhost/shop\n",
        "compose.yaml": "services:\n  api: {build: ., command: uvicorn shop.main:app --reload, ports: ['8000:8000']}\n"
        "  mailer: {build: {context: .}, command: [python, -m, shop.mailer, --batch, '$$MAX']}\n"
        "  clock: {build: ., command: 'celery -A shop beat'}\n  seed: {build: ., command: python -m shop.seed, restart: 'no'}\n"
        "  docs: {build: ./docs, command: serve}\n",
    },
    "bot": {"requirements.txt": "redis==5 --hash=sha256:0\n", "Procfile": "bot: python -m bot\n", "bot.py": ""},
}
