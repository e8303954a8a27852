"""`svc init` in a member of a workspace: what stands at the root speaks of it, and what it has lies below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_specs import written

ROOT = {
    "svc-workspace.yaml": "apiVersion: svc/v1\n",
    "package.json": '{"scripts": {"build": "turbo run build"}}',
    "pnpm-workspace.yaml": "packages: [apps/*]\n",
    "pnpm-lock.yaml": "",
}
NEXT = {
    "apps/web/package.json": '{"name": "web", "dependencies": {"next": "16"}, "scripts": {"start": "next start"}}',
    "apps/web/next.config.ts": 'export default { output: "standalone" };\n',
}


@pytest.mark.parametrize(("member", "context"), [("apps/web", {"context": "../.."}), ("", {})])
def test_the_server_that_next_makes_of_a_member(member: str, context: dict[str, str], tmp_path: Path) -> None:
    spec = written(tmp_path, {**ROOT, **NEXT}, member)
    build = {name: value for name, value in spec["build"].items() if name not in ("language", "version", "manager")}
    assert build == {"main": "next", "module": "apps/web", **context}
    assert spec["writable"] == ["/tmp", "/app/apps/web/.next/cache"]


API = {
    "apps/api/package.json": '{"name": "api", "dependencies": {"fastify": "5"}, "scripts": {"start": "node dist/a.js"}}',
    "apps/api/src/a.ts": "const a = [process.env.RATE, process.env.JWT_SECRET, process.env.LOG_LEVEL];\n",
    ".env.example": "RATE=100\nJWT_SECRET=change-me\nLOG_LEVEL=debug\nSITE_TITLE=Shop\nMAIL_PASSWORD=\n",
}


def test_an_example_at_the_root_has_the_variables_that_a_member_speaks_of(tmp_path: Path) -> None:
    spec = written(tmp_path, {**ROOT, **API}, "apps/api")
    assert spec["env"] == {"PORT": "${ports.http}", "RATE": "100", "LOG_LEVEL": "info"}
    assert list(spec["secrets"]) == ["JWT_SECRET"]
    text = (tmp_path / "apps/api/service.yaml").read_text("utf-8")
    assert '  RATE: "100"  # ../../.env.example:1\n' in text
    assert "own" not in spec


def test_an_example_of_its_own_is_the_one_of_a_member(tmp_path: Path) -> None:
    spec = written(tmp_path, {**ROOT, **API, "apps/api/.env.example": "OWN=1\n"}, "apps/api")
    assert spec["env"] == {"PORT": "${ports.http}", "OWN": "1"}
    assert "secrets" not in spec


def test_settings_may_be_spoken_of_in_small_letters(tmp_path: Path) -> None:
    files = {
        "svc-workspace.yaml": "apiVersion: svc/v1\n",
        "go.mod": "module a\n",
        "cmd/api/main.go": "package main\n\nfunc main() {\n}\n// rate_limit, title\n",
        ".env.example": "RATE_LIMIT=5\nTITLE=a\n",
    }
    assert written(tmp_path, files, "cmd/api")["env"] == {"RATE_LIMIT": "5"}


def test_no_example_outside_of_the_build_is_read(tmp_path: Path) -> None:
    files = {**ROOT, **API}
    below = {f"shop/{name}": text for name, text in files.items() if name != ".env.example"}
    spec = written(tmp_path, {**below, ".env.example": files[".env.example"]}, "shop/apps/api")
    assert spec["env"] == {"PORT": "${ports.http}"}


PRISMA = '{"name": "api", "dependencies": {"fastify": "5", "prisma": "7"}, "scripts": {"start": "node dist/a.js"}}'


@pytest.mark.parametrize(
    ("lock", "more", "command"),
    [
        ("pnpm-lock.yaml", {}, "apps/api/node_modules/prisma/build/index.js migrate deploy --schema apps/api/prisma/schema.prisma"),
        ("package-lock.json", {}, "node_modules/prisma/build/index.js migrate deploy --schema apps/api/prisma/schema.prisma"),
        (
            "yarn.lock",
            {"apps/api/prisma.config.ts": ""},
            "node_modules/prisma/build/index.js migrate deploy --config apps/api/prisma.config.ts",
        ),
    ],
)  # fmt: skip
def test_the_migrations_of_a_member_are_where_it_has_them(
    lock: str, more: dict[str, str], command: str, tmp_path: Path
) -> None:
    root = {**ROOT, "package.json": '{"workspaces": ["apps/*"]}', lock: ""}
    root = {name: text for name, text in root.items() if lock.startswith("pnpm") or not name.startswith("pnpm")}
    member = {"apps/api/package.json": PRISMA, "apps/api/prisma/schema.prisma": 'provider = "postgresql"\n'}
    spec = written(tmp_path, {**root, **member, **more}, "apps/api")
    assert spec["jobs"]["migrate"]["command"] == ["node", *command.split()]


@pytest.mark.parametrize(
    ("file", "text", "health"),
    [
        ("apps/web/app/api/health/route.ts", "", "/api/health"),
        ("apps/web/src/app/(ops)/healthz/route.js", "", "/healthz"),
        ("apps/web/pages/api/healthz.ts", "", "/api/healthz"),
        ("apps/web/app/lib.ts", 'app.get("/health/ready")\n', "/health/ready"),
        ("apps/web/app/lib.ts", "app.get('/_health')\n", "/_health"),
        ("apps/web/app/wealth/route.ts", "", {"tcp": "http"}),
        ("apps/api/src/a.ts", 'app.get("/healthz")\n', {"tcp": "http"}),
    ],
)
def test_where_a_member_tells_of_its_health(file: str, text: str, health: object, tmp_path: Path) -> None:
    assert written(tmp_path, {**ROOT, **NEXT, file: text}, "apps/web")["health"] == health
    (tmp_path / "apps/web/service.yaml").unlink()
    assert written(tmp_path, {}, "")["health"] == health


def test_what_the_build_alone_reads_is_no_variable_of_the_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = written(tmp_path, {**ROOT, **NEXT, "apps/web/.env.example": "NEXT_PUBLIC_URL=/api\nA=1\n"}, "apps/web")
    assert spec["env"] == {"PORT": "${ports.http}", "A": "1"}
    assert "the build reads NEXT_PUBLIC_URL, and nothing after it" in capsys.readouterr().err


UV = {
    "svc-workspace.yaml": "apiVersion: svc/v1\n",
    "pyproject.toml": '[project]\nname = "orders"\nrequires-python = ">=3.13"\n\n[tool.uv.workspace]\nmembers = ["services/*"]\n',
    "uv.lock": "",
}
SYSTEM = '[build-system]\nrequires = ["uv_build"]\n'
MEMBER = '[project]\nname = "api"\ndependencies = ["fastapi", "asyncpg"]\n[project.scripts]\napi-run = "api.run:main"\n'
FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("home", "more", "started"),
    [
        ("services/api/src/api", SYSTEM, "api.main:app"),
        ("services/api/api", SYSTEM, "api.main:app"),
        ("services/api/api", "", "services.api.api.main:app"),
    ],
)
@pytest.mark.parametrize(("member", "context"), [("services/api", "../.."), ("", None)])
def test_a_member_of_a_workspace_of_uv_is_built_where_the_lock_is(
    home: str, more: str, started: str, member: str, context: str | None, tmp_path: Path
) -> None:
    files = {**UV, "services/api/pyproject.toml": MEMBER + more, f"{home}/main.py": FASTAPI, f"{home}/__init__.py": ""}
    other = {"services/mail/pyproject.toml": MEMBER.replace("asyncpg", "redis"), "services/mail/mail.py": FASTAPI}
    spec = written(tmp_path, {**files, **(other if member else {})}, member)
    assert (spec["build"]["main"], spec["build"].get("context"), spec["build"]["version"]) == (started, context, "3.13")
    assert spec["needs"] == {"db": "postgres"}


def test_a_program_of_a_member_is_started_by_its_name(tmp_path: Path) -> None:
    files = {**UV, "services/api/pyproject.toml": MEMBER + SYSTEM, "services/api/src/api/run.py": ""}
    assert written(tmp_path, files, "services/api")["build"]["main"] == "api-run"


@pytest.mark.parametrize(
    "more",
    [
        {"services/api/requirements.txt": "fastapi==1 --hash=sha256:00\n"},
        {"services/api/poetry.lock": ""},
        {"services/api/uv.lock": ""},
        {"pyproject.toml": '[project]\nname = "orders"\n'},
    ],
)
def test_a_project_with_a_lock_of_its_own_or_beside_no_workspace_is_built_by_itself(
    more: dict[str, str], tmp_path: Path
) -> None:
    files = {**UV, "services/api/pyproject.toml": MEMBER, "services/api/main.py": FASTAPI, **more}
    assert "context" not in written(tmp_path, files, "services/api")["build"]


SPRING = "<project>{0}<artifactId>spring-boot-maven-plugin</artifactId></project>"
GRADLE = 'plugins { id("org.springframework.boot") version "4.0.0" }\n'


@pytest.mark.parametrize(
    ("files", "mark"),
    [
        ({"pom.xml": "<project><modules><module>app</module></modules>\n<java.version>21</java.version></project>",
          "app/pom.xml": SPRING.format("")}, "pom.xml"),
        ({"settings.gradle": "include 'app'\n", "build.gradle": "jvmToolchain(21)\n", "app/build.gradle": GRADLE}, "settings.gradle"),
        ({"settings.gradle.kts": 'include("app")\n', "build.gradle.kts": 'plugins { kotlin("jvm") apply false }\njvmToolchain(21)\n',
          "app/build.gradle.kts": GRADLE}, "settings.gradle.kts"),
    ],
)  # fmt: skip
def test_a_module_of_the_jvm_is_built_in_all_of_it(
    files: dict[str, str], mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = written(tmp_path, {".git/HEAD": "", **files}, "app")
    build = spec["build"]
    assert (build["context"], build["module"], build["version"]) == ("..", "app", "21")
    assert f"note: it is built in .., where {mark} is" in capsys.readouterr().err


@pytest.mark.parametrize(
    "files",
    [
        {"pom.xml": "<project><modules><module>other</module></modules></project>", "app/pom.xml": SPRING.format("")},
        {"settings.gradle": "", "app/build.gradle": GRADLE, "app/settings.gradle": ""},
        {"settings.gradle": "", "app/pom.xml": SPRING.format("")},
        {"app/pom.xml": SPRING.format("")},
    ],
)
def test_a_build_of_the_jvm_by_itself_is_no_module(files: dict[str, str], tmp_path: Path) -> None:
    assert "context" not in written(tmp_path, {".git/HEAD": "", **files}, "app")["build"]


MAIN = "package main\n\nfunc main() {\n}\n"


@pytest.mark.parametrize("use", ["use (\n\t./api\n\t./core\n)\n", "use ./api\nuse ./core\n"])
@pytest.mark.parametrize(("required", "context"), [("\nrequire acme/core v0.0.0\n", ".."), ("", None)])
def test_a_module_of_go_that_needs_another_is_built_in_all_of_it(
    use: str, required: str, context: str | None, tmp_path: Path
) -> None:
    files = {
        ".git/HEAD": "",
        "go.work": f"go 1.26\n\n{use}",
        "api/go.mod": f"module acme/api\n\ngo 1.26\n{required}",
        "api/main.go": MAIN,
        "core/go.mod": "module acme/core\n\ngo 1.26\n",
        "core/core.go": "package core\n",
    }
    build = written(tmp_path, files, "api")["build"]
    assert (build.get("context"), build["main"]) == (context, "./api" if context else ".")


def test_a_workspace_of_go_starts_what_its_modules_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    modules = {f"{one}/go.mod": f"module acme/{one}\n\ngo 1.26\n" for one in ("api", "core")}
    driver = "require github.com/jackc/pgx/v5 v5.7.0\n"
    files = {**modules, "api/go.mod": f"{modules['api/go.mod']}{driver}", "go.work": "go 1.26\n", "api/main.go": MAIN}
    spec = written(tmp_path, files)
    assert spec["build"] == {"language": "go", "version": "1.26", "main": "./api"}
    assert spec["needs"] == {"db": "postgres"}
