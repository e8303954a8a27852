"""Migrations of a database: the job that makes them, or what a person has to know where no job can be made."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Sequence

from svc.detect.node import from_root, package, script_at, scripts, starts_node
from svc.detect.project import Process, Project, wants
from svc.detect.tree import At, Tree


def migrations(tree: Tree, project: Project, *, bare: bool) -> list[Process]:
    """`bare`: the image has no packages but those that the service imports."""
    by_language = {"python": _python, "ruby": _ruby, "node": _node, "php": _php}
    found = by_language[project.language](tree, project) if project.language in by_language else None
    return [Process("job", "migrate", *found)] if found is not None and not bare else []


def _python(tree: Tree, project: Project) -> tuple[str, At] | None:
    for path in ("alembic.ini", *tree.named("/alembic.ini")):
        if path in tree.files:
            return _alembic(tree, path), At(path)
    own = tree.search("pyproject.toml", r"^\[tool\.alembic\]")
    if own is not None:
        return "alembic upgrade head", own[1]
    manage = next(iter(sorted(tree.named("manage.py"), key=len)), "")
    if manage and wants(tree, project, r"(?i)\bdjango\b"):
        return f"python {manage} migrate --noinput", At(manage)
    at = wants(tree, project, r"(?i)\bflask-migrate\b")
    words = shlex.split(project.mains[0][0]) if project.mains else []
    served = next((one for one in reversed(words) if re.fullmatch(r"[A-Za-z_][\w.]*:\w+(?:\(\))?", one)), "")
    app = f" --app {served.removesuffix('()')}" if served else ""
    return (f"flask{app} db upgrade", at) if at is not None else None


def _alembic(tree: Tree, path: str) -> str:
    """Alembic looks for the folder of its scripts from where it is started, whatever the folder of its file is."""
    folder = posixpath.dirname(path)
    said = tree.search(path, r"^\s*script_location\s*[=:]\s*([\w./-]+)\s*$")
    scripts = said[0][1] if said is not None else ""
    if not folder:
        return "alembic upgrade head"
    if scripts and not tree.names(posixpath.normpath(scripts)) and tree.names(posixpath.join(folder, scripts)):
        return shlex.join(["sh", "-c", f"cd {shlex.quote(folder)} && alembic upgrade head"])
    return f"alembic -c {path} upgrade head"


def _ruby(tree: Tree, project: Project) -> tuple[str, At] | None:
    at = wants(tree, project, r"gem\s+[\"']rails[\"']")
    there = any(path.startswith("db/migrate/") for path in tree.files) or "db/schema.rb" in tree.files
    return ("bundle exec rails db:migrate", at) if at is not None and there else None


def _node(tree: Tree, project: Project) -> tuple[str, At] | None:
    home = project.home
    names = _dependencies(tree, home)
    schema = next((path for path in tree.files if path.endswith("prisma/schema.prisma")), "")
    owner = next((one for one in (home, _owner(tree, schema)) if schema and "prisma" in _dependencies(tree, one)), None)
    if owner is not None:
        return (
            f"node {_modules(project, owner)}/prisma/build/index.js migrate deploy{_prisma(tree, owner, schema)}",
            At(schema),
        )
    knex = next((path for path in tree.files if re.fullmatch(r"knexfile\.(?:js|cjs|mjs)", path)), "")
    if knex and "knex" in names:
        return "node node_modules/knex/bin/cli.js migrate:latest", At(knex)
    for name, command in scripts(tree, project).items():
        if name in _SCRIPTS and starts_node(command):
            return from_root(command, home), script_at(tree, project, name)
    return None


_SCRIPTS = ("migrate", "db:migrate", "migrate:up", "migration:run", "migrate:deploy", "migrations:run")


def _dependencies(tree: Tree, folder: str) -> set[str]:
    found = package(tree, folder).get("dependencies")
    return set(found) if isinstance(found, dict) else set()


def _owner(tree: Tree, path: str) -> str:
    """The folder of the package that a file belongs to."""
    folder = posixpath.dirname(path)
    while folder and f"{folder}/package.json" not in tree.files:
        folder = posixpath.dirname(folder)
    return folder


def _modules(project: Project, folder: str) -> str:
    """Where the packages of a member are: pnpm keeps them beside it, the others at the root."""
    return f"{folder}/node_modules" if folder and project.manager == "pnpm" else "node_modules"


def _prisma(tree: Tree, home: str, schema: str) -> str:
    """What says where the schema of a member is, which Prisma looks for from the root."""
    config = next(
        (one for end in ("ts", "mts", "js", "mjs") if (one := f"{home}/prisma.config.{end}") in tree.files), ""
    )
    if not home:
        return ""
    return f" --config {config}" if config else f" --schema {schema}"


def _php(tree: Tree, _: Project) -> tuple[str, At] | None:
    if "artisan" in tree.files:
        return "php artisan migrate --force", At("artisan")
    if "bin/console" in tree.files and "migrations" in {path.partition("/")[0] for path in tree.files}:
        return "php bin/console doctrine:migrations:migrate --no-interaction", At("bin/console")
    return None


_BARE = "no job migrates: an image with Next's own server has no programs of packages; give the job an image that has"


def notes(tree: Tree, project: Project, made: Sequence[Process], *, bare: bool) -> list[str]:
    """Migrations that are there, and that no job can be made of; `made`: those that `migrations` found."""
    left = _node(tree, project) if bare else None
    if left is not None:
        return [f"{left[1]}: {_BARE}"]
    found = []
    prisma = next((path for path in tree.files if path.endswith("prisma/schema.prisma")), "")
    if project.language == "node" and prisma and not made:
        found.append(f"{prisma}: `prisma` is no dependency at run time, so no job migrates: move it to `dependencies`")
    elif project.language == "node" and not made:
        given = ((name, command) for name, command in scripts(tree, project).items() if name in _SCRIPTS)
        found += [
            f"{script_at(tree, project, name)}: `{name}` migrates by `{command}`, which is no `node`: no job is made of it"
            for name, command in given
        ][:1]
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
