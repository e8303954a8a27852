"""How a tree is told where its backing services are: names of variables, and what a need has for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from svc.detect.project import Project, wants
from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.records import dataclass

SCHEMES = {"postgres": "postgres", "postgresql": "postgres", "mysql": "mysql", "redis": "redis", "rediss": "redis",
           "amqp": "rabbitmq", "amqps": "rabbitmq", "mongodb": "mongodb", "mongodb+srv": "mongodb"}  # fmt: skip
_KINDS = {"pgsql": "postgres", "pg": "postgres", "mariadb": "mysql", "rabbit": "rabbitmq", "mongo": "mongodb"}
PORTS = {"5432": "postgres", "3306": "mysql", "6379": "redis", "5672": "rabbitmq", "27017": "mongodb"}
_SUFFIXES = {"HOST": "host", "HOSTNAME": "host", "SERVER": "host", "PORT": "port", "NAME": "name", "DATABASE": "name", "DB": "name",
             "DBNAME": "name", "USER": "user", "USERNAME": "user", "PASSWORD": "password", "PASS": "password"}  # fmt: skip
_TELLING = ("CONNECTION", "DRIVER", "CLIENT", "DIALECT", "TYPE", "ENGINE", "SCHEME")
_WITHOUT = {"redis": ("name", "user"), "rabbitmq": ("name",)}
_PARTS = regex(rf"([A-Z][A-Z0-9_]*?)_?({'|'.join(sorted(_SUFFIXES, key=len, reverse=True))})")


@dataclass(frozen=True, slots=True)
class Group:
    """Variables that together hold one address: `DB_HOST`, `DB_PORT`, ... with the output of a need that each is."""

    kind: str
    outputs: tuple[tuple[str, str], ...]
    at: At


def groups(values: dict[str, tuple[str, At]], hosts: dict[str, str] | None = None) -> Iterator[Group]:
    """`values`: variables, each with its text and where it stands. `hosts`: names by which something of a type answers."""
    found: dict[str, dict[str, str]] = {}
    for name in values:
        match = _PARTS.fullmatch(name)
        if match is not None:
            found.setdefault(match[1], {})[name] = _SUFFIXES[match[2]]
    for prefix, names in found.items():
        if "host" not in names.values():
            continue
        if hosts:
            kind = hosts.get(next(values[name][0] for name, output in names.items() if output == "host"), "")
        else:  # `REDIS_HOST` alone says it, `API_HOST` does not
            kind = _kind(prefix, names, values if len(names) > 1 else {})
        if kind:
            left_out = _WITHOUT.get(kind, ())
            outputs = tuple((name, output) for name, output in names.items() if output not in left_out)
            yield Group(kind, outputs, values[outputs[0][0]][1])


def _kind(prefix: str, names: dict[str, str], values: dict[str, tuple[str, At]]) -> str:
    said = [values[name][0] for one in _TELLING if (name := f"{prefix}_{one}") in values]
    for text in (*said, *prefix.split("_")):
        word = re.sub(r"[^a-z]", "", text.lower())
        for known in (*_KINDS, "postgres", "mysql", "redis", "rabbitmq", "mongodb"):
            if word.endswith(known) or word.startswith(known):
                return _KINDS.get(known, known)
    port = next((values[name][0] for name, output in names.items() if output == "port"), "")
    return PORTS.get(port, "")


def url(text: str, need: str) -> str:
    """What stands in the place of an example's URL: the need's own, or one of its parts where the scheme says more."""
    scheme = text.partition("://")[0]
    part = {name: f"${{needs.{need}.{name}}}" for name in ("host", "port", "name", "user", "password")}
    if scheme.startswith(("jdbc:", "r2dbc:")):
        return f"{scheme}://{part['host']}:{part['port']}/{part['name']}"
    if "+" in scheme and scheme != "mongodb+srv":
        login = f"{part['user']}:{part['password']}@"
        return f"{scheme}://{login}{part['host']}:{part['port']}/{part['name']}"
    return f"${{needs.{need}.url}}"


def logins(found: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    """The users and passwords beside addresses that have none in them: `DB_USER` beside a `DB_URL` of JDBC. `found`: what
    variables are."""
    made: dict[str, str] = {}
    for name in names:
        parted = re.fullmatch(r"(\w+)_(USER|USERNAME|PASSWORD|PASS)", name)
        address = found.get(f"{parted[1]}_URL", "") if parted is not None else ""
        need = re.match(r"(?:j|r2)dbc:\w+://\$\{needs\.([\w-]+)\.", address)
        if parted is not None and need is not None and name not in found:
            made[name] = f"${{needs.{need[1]}.{'user' if parted[2].startswith('USER') else 'password'}}}"
    return made


def scheme(text: str) -> str:
    """The type of need that a URL leads to, or nothing."""
    if "://" not in text:
        return ""
    return SCHEMES.get(text.partition("://")[0].removeprefix("jdbc:").removeprefix("r2dbc:").partition("+")[0], "")


def pair(text: str) -> str:
    """The type of need that a host with a port leads to, by the port; "" for another one."""
    found = re.fullmatch(r"[\w.-]+:(\d+)", text)
    return PORTS.get(found[1], "") if found is not None else ""


def conventional(tree: Tree, project: Project, need: str, kind: str) -> list[tuple[str, str]]:
    """The variables by which a framework knows a need, where it has such."""
    main = project.mains[0][0] if project.mains else ""
    part = {name: f"${{needs.{need}.{name}}}" for name in ("url", "host", "port", "name", "user", "password")}
    jdbc = f"jdbc:{'postgresql' if kind == 'postgres' else kind}://{part['host']}:{part['port']}/{part['name']}"
    login = [("USERNAME", part["user"]), ("PASSWORD", part["password"])]
    table: dict[tuple[str, bool], list[tuple[str, str]]] = {
        ("spring-boot", True): [("SPRING_DATASOURCE_URL", jdbc), *((f"SPRING_DATASOURCE_{key}", to) for key, to in login)],
        ("quarkus", True): [
            ("QUARKUS_DATASOURCE_JDBC_URL", jdbc), *((f"QUARKUS_DATASOURCE_{key}", to) for key, to in login)
        ],
    }  # fmt: skip
    names = {
        "redis": "SPRING_DATA_REDIS_URL",
        "rabbitmq": "SPRING_RABBITMQ_ADDRESSES",
        "mongodb": "SPRING_DATA_MONGODB_URI",
    }
    if main == "spring-boot" and kind in names:
        return [(names[kind], part["url"])]
    usual = {"postgres": r"rails", "mysql": r"rails", "redis": r"sidekiq|resque"}.get(kind)
    if project.language == "ruby" and usual and wants(tree, project, rf"gem\s+[\"'](?:{usual})[\"']") is not None:
        return [("REDIS_URL" if kind == "redis" else "DATABASE_URL", part["url"])]
    if project.language == "dotnet":
        return _connection_strings(tree, main, need, kind)
    return table.get((main, kind in ("postgres", "mysql")), [])


def connection_string(need: str, kind: str) -> str:
    """The address of a need as .NET writes it; "" where it has no such form."""
    host, port, name, user, password = (
        f"${{needs.{need}.{one}}}" for one in ("host", "port", "name", "user", "password")
    )
    return {
        "postgres": f"Host={host};Port={port};Database={name};Username={user};Password={password}",
        "mysql": f"Server={host};Port={port};Database={name};User={user};Password={password}",
        "redis": f"{host}:{port},password={password}",
    }.get(kind, "")


def _connection_strings(tree: Tree, main: str, need: str, kind: str) -> list[tuple[str, str]]:
    """`ConnectionStrings` of appsettings.json, which variables with two underscores replace."""
    folder = main.rpartition("/")[0]
    try:
        settings = json.loads(
            re.sub(r"^[ \t]*//.*$", "", tree.text(f"{folder}/appsettings.json".lstrip("/")), flags=re.M) or "{}"
        )
        given = settings.get("ConnectionStrings")
    except (ValueError, AttributeError, RecursionError):
        return []
    made = connection_string(need, kind)
    pattern = {
        "redis": r"(?i)redis|cache",
        "postgres": r"(?i)^(?!.*(redis|cache|rabbit))",
        "mysql": r"(?i)^(?!.*(redis|cache|rabbit))",
    }
    names = (
        [str(name) for name in given if re.fullmatch(r"\w+", str(name), re.ASCII)] if isinstance(given, dict) else []
    )
    return [(f"ConnectionStrings__{name}", made) for name in names if made and re.search(pattern[kind], name)]
