"""`svc init` and what is easily passed over: jobs by their hours, a second program that migrates, ports that a variable has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from first_specs import written

GO = {"go.mod": "module shop\n\ngo 1.26\n"}
MAIN = "package main\n\nfunc main() {\n}\n"
UV = {"uv.lock": "", "pyproject.toml": '[project]\nname = "a"\ndependencies = ["fastapi", "uvicorn", "alembic"]\n'}
FASTAPI = {**UV, "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"}
EXPRESS = {"package.json": '{"dependencies": {"express": "5"}}', "package-lock.json": "{}"}
POETRY = '[tool.poetry]\nname = "cleaner"\n[tool.poetry.scripts]\ncleaner = "cleaner.cli:app"\n[build-system]\nrequires = []\n'
CLEANER = {"pyproject.toml": POETRY, "poetry.lock": "", "cleaner/cli.py": ""}
LARAVEL = {"composer.json": '{"require": {"php": "^8.4"}}', "composer.lock": "{}", "artisan": ""}
WEB = "apps/web/package.json"
PNPM = {"package.json": "{}", "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "packages: [apps/*]\n"}
NPM = {"package.json": '{"workspaces": ["apps/*"]}', "package-lock.json": "{}"}
REMIX = '{"dependencies": {"@remix-run/serve": "2"}, "scripts": {"build": "remix vite:build"}}'


@pytest.mark.parametrize(
    ("files", "number"),
    [
        ({**GO, "main.go": MAIN + 'p := os.Getenv("PORT")\nif p == "" {\n\tport = "8085"\n}\n'}, 8085),
        ({**GO, "main.go": MAIN + 'type C struct {\n\tPort int `env:"PORT" envDefault:"8085"`\n}\n'}, 8085),
        ({**GO, "main.go": MAIN + "const defaultPort = 8085\n"}, 8085),
        ({**FASTAPI, "app/config.py": "class Settings:\n    PORT: int = 8085\n"}, 8085),
        ({**EXPRESS, "server.js": "const port = 8085;\napp.listen(port);\n"}, 8085),
        ({**EXPRESS, "server.js": "const port = 5432;\n"}, 3000),
        ({**EXPRESS, "server.js": "const smtp_port = 8085;\nmail.port = 8086;\n"}, 3000),
    ],
)
def test_a_port_that_a_variable_has(files: Mapping[str, str], number: int, folder: Path) -> None:
    assert written(folder, files)["ports"] == {"http": number}


@pytest.mark.parametrize(
    "line",
    [
        'let port = env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(8085);',
        'let port = env::var("PORT").unwrap_or_else(|_| "8085".to_string());',
        '#[arg(long, env = "PORT", default_value_t = 8085)]',
        'TcpListener::bind(("0.0.0.0", 8085))',
        "SocketAddr::from(([0, 0, 0, 0], 8085))",
    ],
)
def test_a_port_of_rust(line: str, folder: Path) -> None:
    files = {"Cargo.toml": '[package]\nname = "shop"\n', "Cargo.lock": "", "src/main.rs": f"fn main() {{\n{line}\n}}\n"}
    assert written(folder, files)["ports"] == {"http": 8085}


def test_a_second_program_of_rust_migrates(folder: Path) -> None:
    member = '[package]\nname = "{0}"\n[dependencies]\n{1} = "1"\n'
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["a", "b", "c"]\n',
        "Cargo.lock": "",
        "a/Cargo.toml": member.format("shop-migrator", "sqlx"),
        "a/src/main.rs": "",
        "b/Cargo.toml": member.format("shop-server", "axum"),
        "b/src/main.rs": "",
        "c/Cargo.toml": member.format("shop-worker", "axum"),
        "c/src/main.rs": "",
    }
    spec = written(folder, files)
    assert spec["build"]["main"] == "shop-server"
    assert spec["jobs"] == {"migrate": {"run": "before-deploy", "command": ["/app/shop-migrator"]}}
    assert spec["workers"] == {"shop-worker": {"command": ["/app/shop-worker"]}}


@pytest.mark.parametrize("name", ["invoice-cron", "nightly-report", "cron"])
def test_a_command_that_is_called_after_its_hours(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    served = MAIN + 'http.ListenAndServe(":8081", nil)\n'
    spec = written(folder, {**GO, "cmd/api/main.go": served, f"cmd/{name}/main.go": MAIN})
    assert (spec["build"]["main"], spec["command"]) == ("./cmd/...", ["/app/api"])
    assert spec["jobs"] == {name: {"schedule": "0 3 * * *", "command": [f"/app/{name}"]}}
    assert f"note: when {name} runs is not known: 0 3 * * * is proposed\n" in capsys.readouterr().err


def test_a_crontab_says_what_runs_and_when(folder: Path) -> None:
    table = "# m h dom\nMAILTO=a\n*/5 * * * * root cleaner run --fast >> /var/log/c.log 2>&1\n@daily cleaner sweep\nnonsense\n"
    spec = written(folder, {**CLEANER, "crontab": table})
    assert spec["workload"] == "none"
    assert spec["jobs"] == {
        "cleaner-run": {"schedule": "*/5 * * * *", "command": ["cleaner", "run", "--fast"]},
        "cleaner-sweep": {"schedule": "@daily", "command": ["cleaner", "sweep"]},
    }


def test_what_a_crontab_does_not_start_may_serve(folder: Path) -> None:
    spec = written(folder, {**CLEANER, "crontab": "0 3 * * * other run\n"})
    assert "workload" not in spec
    assert set(spec["jobs"]) == {"other-run"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("routes/console.php", "Schedule::command('a')->daily();\n"),
        ("app/Console/Kernel.php", "        $schedule->job(new A)->hourly();\n"),
    ],
)
def test_the_schedule_of_laravel_has_one_that_runs_it(file: str, text: str, folder: Path) -> None:
    workers = written(folder, {**LARAVEL, file: f"<?php\n{text}"})["workers"]
    alone = {"scale": 1, "rollout": {"strategy": "recreate"}}
    assert workers == {"scheduler": {"command": ["php", "artisan", "schedule:work"], **alone}}


def test_laravel_without_a_schedule_has_none_that_runs_it(folder: Path) -> None:
    text = "<?php\nArtisan::command('inspire', fn () => 1);\n// Schedule::command('a');\n"
    assert "workers" not in written(folder, {**LARAVEL, "routes/console.php": text})


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"alembic.ini": "script_location = migrations\n"}, ["alembic", "upgrade", "head"]),
        ({"db/alembic.ini": "script_location = migrations\n", "db/migrations/env.py": ""},
         ["sh", "-c", "cd db && alembic upgrade head"]),
        ({"db/alembic.ini": "script_location = %(here)s/migrations\n", "db/migrations/env.py": ""},
         ["alembic", "-c", "db/alembic.ini", "upgrade", "head"]),
        ({"db/alembic.ini": "script_location = db/migrations\n", "db/migrations/env.py": ""},
         ["alembic", "-c", "db/alembic.ini", "upgrade", "head"]),
        ({"db/alembic.ini": "script_location = shop:migrations\n"}, ["alembic", "-c", "db/alembic.ini", "upgrade", "head"]),
        ({"pyproject.toml": UV["pyproject.toml"] + "[tool.alembic]\n"}, ["alembic", "upgrade", "head"]),
    ],
)  # fmt: skip
def test_alembic_is_started_where_it_finds_its_scripts(
    files: Mapping[str, str], command: list[str], folder: Path
) -> None:
    assert written(folder, {**FASTAPI, **files})["jobs"]["migrate"]["command"] == command


@pytest.mark.parametrize(("root", "before"), [(PNPM, "apps/web/"), (NPM, "")])
def test_pnpm_keeps_the_server_of_remix_beside_its_member(root: Mapping[str, str], before: str, folder: Path) -> None:
    server = f"{before}node_modules/@remix-run/serve/dist/cli.js"
    main = written(folder, {**root, WEB: REMIX})["build"]["main"]
    assert main == f"node {server} apps/web/build/server/index.js"


def test_a_host_with_a_port_is_an_address_of_a_need(folder: Path) -> None:
    spec = written(folder, {**FASTAPI, ".env.example": "CACHE=localhost:6379\nOTHER=localhost:9999\n"})
    assert spec["env"] == {"CACHE": "${needs.cache.host}:${needs.cache.port}"}
    assert spec["needs"] == {"cache": "redis"}


def test_what_svc_wrote_before_is_not_read_again(folder: Path) -> None:
    notice = "# Generated by svc from service.yaml: change that file and run `svc compile`.\n"
    files = {".env.example": f"{notice}DB_PASSWORD=\n", "Dockerfile": f"{notice}EXPOSE 9999\n"}
    spec = written(folder, {**FASTAPI, **files})
    assert spec["ports"] == {"http": 8000}
    assert "secrets" not in spec


def test_elixir_with_a_dockerfile_has_its_port(folder: Path) -> None:
    files = {
        "mix.exs": "",
        "Dockerfile": "FROM elixir:1.18\n",
        "config/runtime.exs": 'port = System.get_env("PORT") || "4000"\n',
    }
    assert written(folder, {**files, "lib/web/router.ex": 'get "/health", A\n'})["health"] == "/health"
    assert yaml.safe_load((folder / "service.yaml").read_text())["ports"] == {"http": 4000}


@pytest.mark.parametrize(
    ("line", "env"),
    [
        ('pidfile ENV.fetch("PIDFILE") { "tmp/pids/server.pid" }\n', "/tmp/puma.pid"),
        ('pidfile ENV["PIDFILE"] if ENV["PIDFILE"]\n', None),
        ("", None),
    ],
)
def test_puma_has_no_file_in_a_folder_that_is_not_there(line: str, env: str | None, folder: Path) -> None:
    files = {"Gemfile": 'gem "rails"\ngem "puma"\n', "Gemfile.lock": "", "config/puma.rb": f"port 3000\n{line}"}
    assert written(folder, files)["env"].get("PIDFILE") == env


def test_the_log_of_laravel_is_no_file(folder: Path) -> None:
    files = {**LARAVEL, ".env.example": "LOG_CHANNEL=stack\nLOG_STACK=single\n"}
    assert written(folder, files)["env"] == {"LOG_CHANNEL": "stderr", "LOG_STACK": "single"}


def test_pages_that_node_makes_are_in_no_program_of_go(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = "package main\n\n//go:embed all:web/dist\nvar dist embed.FS\n\nfunc main() {\n}\n"
    written(folder, {**GO, "main.go": main, "web/package.json": "{}"})
    assert "note: main.go:3: web/dist/ is compiled in, web makes it by Node" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("embed", "file"), [("web/dist", "other/package.json"), ("web/pages", "web/package.json"), ("sql/*.sql", "a.sql")]
)
def test_what_nobody_makes_is_compiled_in(
    embed: str, file: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(
        folder,
        {**GO, "main.go": f"package main\n\n//go:embed {embed}\nvar a embed.FS\n\nfunc main() {{\n}}\n", file: "{}"},
    )
    assert "is compiled in" not in capsys.readouterr().err


def test_a_migration_that_no_job_is_made_of_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = '{"dependencies": {"express": "5"}, "scripts": {"db:migrate": "drizzle-kit migrate"}}'
    assert "jobs" not in written(folder, {"package.json": package, "package-lock.json": "{}", "server.js": ""})
    said = "note: package.json:1: `db:migrate` migrates by `drizzle-kit migrate`, which is no `node`: no job is made of it\n"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("lines", "home"), [("WORKDIR /build\nFROM b\nWORKDIR /rails\n", "/rails"), ("", "/app")])
def test_folders_of_rails_lie_where_a_dockerfile_has_them(lines: str, home: str, folder: Path) -> None:
    files = {"Gemfile": 'gem "rails"\n', "Gemfile.lock": "", "Dockerfile": f"FROM ruby:3.4\n{lines}EXPOSE 3000\n"}
    assert written(folder, files)["writable"] == ["/tmp", f"{home}/log", f"{home}/tmp"]


@pytest.mark.parametrize(("more", "prepare"), [("", "npm run heroku-postbuild"), ('"build": "b", ', None)])
def test_what_a_platform_runs_is_run_in_the_build(more: str, prepare: str | None, folder: Path) -> None:
    package = f'{{"dependencies": {{"express": "5"}}, "scripts": {{{more}"heroku-postbuild": "cd client && npm ci"}}}}'
    build = written(folder, {"package.json": package, "package-lock.json": "{}", "server.js": ""})["build"]
    assert build.get("prepare") == prepare


def test_a_script_of_python_is_started_where_there_is_no_other(folder: Path) -> None:
    files = {"uv.lock": "", "pyproject.toml": '[project]\nname = "a"\ndependencies = []\n'}
    script = 'if __name__ == "__main__":\n    main()\n'
    assert (
        written(folder, {**files, "train.py": script, "lib.py": "", "setup.py": script})["build"]["main"] == "train.py"
    )


@pytest.mark.parametrize("line", ["torch==2.3.1+cu121", "vllm==0.6", "--extra-index-url https://e.org/whl/cu121"])
def test_libraries_that_need_a_gpu_are_said(line: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, {"requirements.txt": f"flask\n{line}\n", "app.py": ""})
    assert "note: requirements.txt:2: it asks for a GPU: `patches: [" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "config/database.yml",
            "production:\n  database: storage/production.sqlite3\n",
            "config/database.yml:2: its database is a file",
        ),
        (
            "config/environments/production.rb",
            "  config.active_storage.service = :local\n",
            "config/environments/production.rb:1: uploads are files",
        ),
        ("config/environments/production.rb", "  # config.active_storage.service = :local\n", ""),
    ],
)
def test_files_of_rails_that_go_with_the_pod_are_said(
    file: str, text: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(folder, {"Gemfile": 'gem "rails"\ngem "puma"\n', "Gemfile.lock": "", file: text})
    errors = capsys.readouterr().err
    assert (f"note: {said} below `storage`" in errors) if said else "below `storage`" not in errors


@pytest.mark.parametrize(
    ("crates", "packages", "built"),
    [
        (["openssl-sys"], None, ["pkg-config", "libssl-dev"]),
        (["openssl-sys", "openssl-src"], None, None),
        (["pq-sys"], ["libpq5"], ["libpq-dev"]),
        (["prost-build"], None, ["protobuf-compiler"]),
        (["prost"], None, None),
    ],
)
def test_crates_that_need_packages_of_the_system(
    crates: list[str], packages: list[str] | None, built: list[str] | None, folder: Path
) -> None:
    lock = "".join(f'[[package]]\nname = "{one}"\nversion = "1.0.0"\n\n' for one in crates)
    files = {"Cargo.toml": '[package]\nname = "shop"\n', "Cargo.lock": f"version = 4\n\n{lock}", "src/main.rs": ""}
    build = written(folder, files)["build"]
    assert (build.get("packages"), build.get("build_packages")) == (packages, built)


def test_static_files_of_django_are_gathered_with_a_stand_in_for_its_secrets(folder: Path) -> None:
    settings = 'SECRET_KEY = os.environ["SECRET_KEY"]\nDB = env.db("DATABASE_URL")\nHOSTS = env.list("HOSTS")\nSTATIC_ROOT = "static"\n'
    project = '[project]\nname = "a"\ndependencies = ["django", "gunicorn"]\n'
    files = {
        "pyproject.toml": project,
        "uv.lock": "",
        "manage.py": "",
        "shop/settings.py": settings,
        "shop/wsgi.py": "",
    }
    stand_ins = "SECRET_KEY=your-key DATABASE_URL=sqlite:///unused HOSTS=unused"
    assert written(folder, files)["build"]["prepare"] == f"{stand_ins} python manage.py collectstatic --noinput"
