"""The processes of a tree beside the one that serves: a Procfile's, workers of queues, migrations of the database."""

from __future__ import annotations

import json
import re
import shlex
from typing import Literal

from svc.detect.languages import Project, package
from svc.detect.tree import At, Tree, label
from svc.records import dataclass

Kind = Literal["web", "worker", "job"]
_PORT = re.compile(r"\$(?:PORT\b|\{PORT(?::?-[^}]*)?\})")
_SHELL = re.compile(r"[$&|;<>`*]|^\w+=")
_QUEUES = (
    ("python", r"(?:^|[\"'\s])rq\b", "worker", "rq worker"),
    ("ruby", r"gem\s+[\"']sidekiq[\"']", "sidekiq", "bundle exec sidekiq"),
)
_MODULE = re.compile(r"^(\w+)\s*=\s*(?:\w+\.)?Celery\(")


@dataclass(frozen=True, slots=True)
class Process:
    """`command` is a line whose words are those of a shell, without anything that only a shell understands."""

    kind: Kind
    name: str
    command: str
    at: At


def processes(tree: Tree, project: Project, port: int) -> tuple[Process, ...]:
    """The Procfile's, and those that it does not name."""
    said = procfile(tree, port or 8000)
    found = list(said)
    for one in (*_migrations(tree, project), *_workers(tree, project)):
        words = one.command.split()
        known = {word for other in said for word in other.command.replace("'", " ").split()}
        if words[-1] not in known and not (one.kind == "worker" and words[-1] in {"worker"} & known):
            found.append(one)
    return tuple(found)


def procfile(tree: Tree, port: int) -> tuple[Process, ...]:
    found: dict[str, Process] = {}
    for number, line in enumerate(tree.text("Procfile").splitlines()[:100], 1):
        match = re.match(r"([A-Za-z0-9_-]+)\s*:\s*(\S.*?)\s*$", line[:2000])
        if match is None:
            continue
        kind: Kind = "web" if match[1] == "web" else "job" if match[1] == "release" else "worker"
        command = _command(match[2], port)
        if command:
            found.setdefault(match[1], Process(kind, label(match[1]), command, At("Procfile", number)))
    return tuple(found.values())


def _command(line: str, port: int) -> str:
    """The line with its port; `sh -c` around what only a shell understands. "" when its quotes do not match."""
    line = _PORT.sub(str(port), line)
    try:
        words = shlex.split(line)
    except ValueError:
        return ""
    if _SHELL.search(line):
        return shlex.join(["sh", "-c", line])
    if words[:1] == ["gunicorn"] and not {"-b", "--bind", "-c", "--config"} & {one.partition("=")[0] for one in words}:
        words[1:1] = ["--bind", f"0.0.0.0:{port}"]
    return shlex.join(words)


def wants(tree: Tree, project: Project, pattern: str) -> At | None:
    """Where a dependency stands among those of the tree."""
    hits = (tree.search(path, pattern) for path in project.manifests)
    return next((hit[1] for hit in hits if hit is not None), None)


def _workers(tree: Tree, project: Project) -> list[Process]:
    found: list[Process] = []
    if project.language == "python" and wants(tree, project, r"\bcelery\b"):
        path, hit = next(
            ((one, hit) for one in tree.named(".py") if (hit := tree.search(one, _MODULE.pattern)) is not None),
            ("", None),
        )
        if hit is not None:
            module = dotted(path).removesuffix(".celery")
            found.append(Process("worker", "worker", f"celery -A {module} worker", hit[1]))
            beats = [
                seen[1] for one in tree.named(".py") if (seen := tree.search(one, r"(?i)beat_schedule")) is not None
            ]
            beat = f"celery -A {module} beat --schedule /tmp/beat"
            found += [Process("worker", "beat", beat, place) for place in beats[:1]]
    for language, pattern, name, command in _QUEUES:
        at = wants(tree, project, pattern) if project.language == language else None
        found += [Process("worker", name, command, at)] if at is not None else []
    for name, command in _scripts(tree).items() if project.language == "node" else ():
        if name in ("worker", "start:worker", "workers", "queue") and _plain_node(command):
            found.append(Process("worker", "worker", command, _script_at(tree, name)))
    return found


def _migrations(tree: Tree, project: Project) -> list[Process]:
    by_language = {"python": _python, "ruby": _ruby, "node": _node, "php": _php}
    found = by_language[project.language](tree, project) if project.language in by_language else None
    return [Process("job", "migrate", *found)] if found is not None else []


def _python(tree: Tree, project: Project) -> tuple[str, At] | None:
    for path in ("alembic.ini", *tree.named("/alembic.ini")):
        if path in tree.files:
            return ("alembic upgrade head" if path == "alembic.ini" else f"alembic -c {path} upgrade head"), At(path)
    manage = next(iter(sorted(tree.named("manage.py"), key=len)), "")
    if manage and wants(tree, project, r"(?i)\bdjango\b"):
        return f"python {manage} migrate --noinput", At(manage)
    at = wants(tree, project, r"(?i)\bflask-migrate\b")
    return ("flask db upgrade", at) if at is not None else None


def _ruby(tree: Tree, project: Project) -> tuple[str, At] | None:
    at = wants(tree, project, r"gem\s+[\"']rails[\"']")
    there = any(path.startswith("db/migrate/") for path in tree.files) or "db/schema.rb" in tree.files
    return ("bundle exec rails db:migrate", at) if at is not None and there else None


def _node(tree: Tree, _: Project) -> tuple[str, At] | None:
    runtime = package(tree).get("dependencies")
    names = set(runtime) if isinstance(runtime, dict) else set()
    schema = next((path for path in tree.files if path.endswith("prisma/schema.prisma")), "")
    if schema and "prisma" in names:
        return "node node_modules/prisma/build/index.js migrate deploy", At(schema)
    knex = next((path for path in tree.files if re.fullmatch(r"knexfile\.(?:js|cjs|mjs)", path)), "")
    if knex and "knex" in names:
        return "node node_modules/knex/bin/cli.js migrate:latest", At(knex)
    for name, command in _scripts(tree).items():
        if name in ("migrate", "db:migrate", "migrate:up", "migration:run") and _plain_node(command):
            return command, _script_at(tree, name)
    return None


def _php(tree: Tree, _: Project) -> tuple[str, At] | None:
    if "artisan" in tree.files:
        return "php artisan migrate --force", At("artisan")
    if "bin/console" in tree.files and "migrations" in {path.partition("/")[0] for path in tree.files}:
        return "php bin/console doctrine:migrations:migrate --no-interaction", At("bin/console")
    return None


def notes(tree: Tree, project: Project) -> list[str]:
    """Migrations that are there, and that no job can be made of."""
    found = []
    prisma = next((path for path in tree.files if path.endswith("prisma/schema.prisma")), "")
    if project.language == "node" and prisma and not _migrations(tree, project):
        found.append(f"{prisma}: `prisma` is no dependency at run time, so no job migrates: move it to `dependencies`")
    flyway = next((path for path in tree.files if re.search(r"(^|/)V\d[\w.]*__\w+\.sql$", path)), "")
    if flyway and wants(tree, project, r"flyway"):
        found.append(f"{flyway}: Flyway migrates when the service starts; no job is made")
    elif flyway:
        found.append(f"{flyway}: a job with the image of Flyway and these files migrates; it is not written")
    return found


def _scripts(tree: Tree) -> dict[str, str]:
    scripts = package(tree).get("scripts")
    return {str(key): str(value) for key, value in scripts.items()} if isinstance(scripts, dict) else {}


def _script_at(tree: Tree, name: str) -> At:
    hit = tree.search("package.json", rf"\"{re.escape(name)}\"\s*:")
    return hit[1] if hit is not None else At("package.json")


def _plain_node(command: str) -> bool:
    return command.startswith("node ") and not _SHELL.search(command)


def dotted(path: str) -> str:
    """The module of a file."""
    return path.removeprefix("src/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def lines(found: tuple[Process, ...]) -> list[str]:
    """`jobs` and `workers` of a spec."""
    made: list[str] = []
    for kind, key, more in (("job", "jobs", "run: before-deploy, "), ("worker", "workers", "")):
        ones = [one for one in found if one.kind == kind]
        if ones:
            made += ["", f"{key}:"]
        for one in ones:
            words = ", ".join(_word(word) for word in shlex.split(one.command))
            single = ", scale: 1" if one.command.startswith("celery") and " beat" in one.command else ""
            made.append(f"  {one.name}: {{{more}command: [{words}]{single}}}  # {one.at}")
    return made


def _word(text: str) -> str:
    plain = re.fullmatch(r"(?:\./)?[A-Za-z][\w./-]*", text) and text.lower() not in {
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "y",
        "n",
    }
    return text if plain else json.dumps(text)
