"""The processes of a tree beside the one that serves: a Procfile's, workers of queues, migrations of the database."""

from __future__ import annotations

import json
import re
import shlex
from typing import Literal

from svc.detect import composed
from svc.detect.node import from_root, package
from svc.detect.project import Project
from svc.detect.tree import At, Tree, label
from svc.patterns import regex
from svc.records import dataclass
from svc.source import lines_of

Kind = Literal["web", "worker", "job"]
_PORT = regex(r"\$(?:PORT\b|\{PORT(?::?-[^}]*)?\})")
_SHELL = regex(r"[$&|;<>`*]|^\w+=")
_QUEUES = (
    ("python", r"(?:^|[\"'\s])rq\b", "worker", "rq worker"),
    ("ruby", r"gem\s+[\"']sidekiq[\"']", "sidekiq", "bundle exec sidekiq"),
)
_MODULE = regex(r"^(\w+)\s*=\s*(?:\w+\.)?Celery\(")


@dataclass(frozen=True, slots=True)
class Process:
    """`command` is a line whose words are those of a shell, without anything that only a shell understands."""

    kind: Kind
    name: str
    command: str
    at: At


def processes(tree: Tree, project: Project, port: int, name: str = "") -> tuple[Process, ...]:
    """The Procfile's, else a compose file's of the same image, and those that neither names. `name`: the service's."""
    said = procfile(tree, port or 8000) or compose(tree, project, name)
    found = list(said)
    for one in (*_migrations(tree, project), *_workers(tree, project), *_commands(project)):
        words = one.command.split()
        known = {word for other in said for word in other.command.replace("'", " ").split()}
        named = one.name in {other.name for other in found}
        if words[-1] not in known and not named and not (one.kind == "worker" and words[-1] in {"worker"} & known):
            found.append(one)
    return tuple(found)


_WEB = ("web", "app", "api", "server", "backend", "www")
_MIGRATING = regex(r"\b(db:)?migrat(e|ions?)\b|\bupgrade head\b|\bdb upgrade\b")
_DEVELOPING = regex(r"\brunserver\b|--reload\b|\bnodemon\b|\b(npm|pnpm|yarn)( run)? dev\b|\bflask\b.*\brun\b|\bair\b")


def compose(tree: Tree, project: Project, name: str) -> tuple[Process, ...]:
    """Services of a compose file that are the same image with another command."""
    built = composed.read(tree).built
    web = next((one for one in built if one.name in (*_WEB, name)), None)
    web = (
        web or next((one for one in built if not one.command), None) or next((one for one in built if one.ports), None)
    )
    found = []
    for one in built:
        words = _ours(project, one.command, name)
        line = shlex.join(words)
        if not words or (one is web and _DEVELOPING.search(line)):
            continue
        if _SHELL.search(line) and words[:2] not in (["sh", "-c"], ["bash", "-c"]):
            words = ["sh", "-c", " ".join(words)]
        kind: Kind = "web" if one is web else "job" if one.ends or _MIGRATING.search(line) else "worker"
        found.append(Process(kind, label(one.name), _beating(shlex.join(words)), one.at))
    return tuple(found)


def _ours(project: Project, command: tuple[str, ...], name: str) -> list[str]:
    """A command as it is in an image of ours, which has a binary under the service's name and no `npm run`."""
    words = list(command)
    if project.language in ("go", "rust") and words:
        first = words[0] if words[0].startswith(("/", "./")) else ""
        return [f"/app/{name}", *words[1:]] if first or words[0].startswith("-") else words
    return words


def _beating(command: str) -> str:
    """Celery's clock keeps a file, and the folder of the sources is read-only."""
    plain = (
        command.startswith("celery")
        and re.search(r"\bbeat\b", command)
        and not re.search(r"\s(-s|--schedule)\b", command)
    )
    return f"{command} --schedule /tmp/beat" if plain else command


_ROLES: tuple[tuple[str, Kind], ...] = (
    (r"workers?|consumers?|queue|scheduler|processor", "worker"),
    (r"(db-?)?migrat(e|or|ions?)", "job"),
)


def commands(project: Project) -> tuple[tuple[str, Kind, At], ...]:
    """Commands of a Go module whose names say what they are for, where there is one that serves beside them."""
    names = [(text.rpartition("/")[2], at) for text, at in project.mains if text.startswith("./cmd/")]
    if project.language != "go" or len(names) != len(project.mains) or len(names) < 2:
        return ()
    return tuple((name, kind, at) for name, at in names for pattern, kind in _ROLES if re.fullmatch(pattern, name))


def _commands(project: Project) -> list[Process]:
    return [
        Process(kind, "migrate" if kind == "job" else label(name), f"/app/{name}", at)
        for name, kind, at in commands(project)
    ]


def procfile(tree: Tree, port: int) -> tuple[Process, ...]:
    found: dict[str, Process] = {}
    for number, line in enumerate(lines_of(tree.text("Procfile"))[:100], 1):
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
    for name, command in _scripts(tree, project).items() if project.language == "node" else ():
        if name in ("worker", "start:worker", "workers", "queue") and _plain_node(command):
            found.append(Process("worker", "worker", from_root(command, project.home), _script_at(tree, project, name)))
    jobs = wants(tree, project, r"gem\s+[\"']solid_queue[\"']") if project.language == "ruby" else None
    if jobs is not None and not found:
        found.append(Process("worker", "jobs", "bundle exec rake solid_queue:start", jobs))
    horizon = wants(tree, project, r"\"laravel/horizon\"") if project.language == "php" else None
    if horizon is not None:
        found.append(Process("worker", "horizon", "php artisan horizon", horizon))
    elif "artisan" in tree.files and tree.search(".env.example", r"^QUEUE_CONNECTION=(?!sync)\w") is not None:
        found.append(Process("worker", "queue", "php artisan queue:work", At(".env.example")))
    messenger = wants(tree, project, r"\"symfony/messenger\"") if "bin/console" in tree.files else None
    if messenger is not None:
        found.append(Process("worker", "messenger", "php bin/console messenger:consume async", messenger))
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


def _node(tree: Tree, project: Project) -> tuple[str, At] | None:
    home = project.home
    runtime = package(tree, home).get("dependencies")
    names = set(runtime) if isinstance(runtime, dict) else set()
    schema = next((path for path in tree.files if path.endswith("prisma/schema.prisma")), "")
    if schema and "prisma" in names:
        return "node node_modules/prisma/build/index.js migrate deploy", At(schema)
    knex = next((path for path in tree.files if re.fullmatch(r"knexfile\.(?:js|cjs|mjs)", path)), "")
    if knex and "knex" in names:
        return "node node_modules/knex/bin/cli.js migrate:latest", At(knex)
    for name, command in _scripts(tree, project).items():
        if name in ("migrate", "db:migrate", "migrate:up", "migration:run") and _plain_node(command):
            return from_root(command, home), _script_at(tree, project, name)
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
    liquibase = wants(tree, project, r"liquibase")
    if liquibase is not None:
        found.append(f"{liquibase}: Liquibase migrates when the service starts; no job is made")
    found += _entity_framework(tree, project)
    flyway = next((path for path in tree.files if re.search(r"(^|/)V\d[\w.]*__\w+\.sql$", path)), "")
    if flyway and wants(tree, project, r"flyway"):
        found.append(f"{flyway}: Flyway migrates when the service starts; no job is made")
    elif flyway:
        found.append(f"{flyway}: a job with the image of Flyway and these files migrates; it is not written")
    return found


def _entity_framework(tree: Tree, project: Project) -> list[str]:
    folder = next((path for path in tree.named(".cs") if re.search(r"(^|/)Migrations/[^/]+\.cs$", path)), "")
    if project.language != "dotnet" or not folder:
        return []
    own = next(
        (hit for path in tree.named(".cs") if (hit := tree.search(path, r"\.Database\.Migrate(Async)?\("))), None
    )
    if own is not None:
        return [f"{own[1]}: Entity Framework migrates when the service starts; no job is made"]
    advice = "call Database.MigrateAsync() for an argument such as --migrate, and make that a job before the deploy"
    return [f"{folder}: nothing here applies these migrations: {advice}"]


def _scripts(tree: Tree, project: Project) -> dict[str, str]:
    scripts = package(tree, project.home).get("scripts")
    return {str(key): str(value) for key, value in scripts.items()} if isinstance(scripts, dict) else {}


def _script_at(tree: Tree, project: Project, name: str) -> At:
    file = f"{project.home}/package.json".lstrip("/")
    hit = tree.search(file, rf"\"{re.escape(name)}\"\s*:")
    return hit[1] if hit is not None else At(file)


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
