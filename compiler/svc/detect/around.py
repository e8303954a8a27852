"""What a tree says around its process: ports, health, variables, backing services. Secret values are never taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from svc.detect.addresses import groups, scheme, url
from svc.detect.composed import Composed
from svc.detect.project import Project
from svc.detect.tree import At, Tree, label
from svc.patterns import regex
from svc.records import dataclass
from svc.source import lines_of

_SECRET = regex(r"SECRET|TOKEN|PASS|PWD|KEY|CREDENTIAL|AUTH|DSN|SALT|PRIVATE|CERT|SIGNATURE", re.I)
_VALUE = regex(r"://[^/\s]*@|^(sk|pk|ghp|gho|xox\w|AKIA|eyJ)|-----BEGIN|^[A-Za-z0-9+/_=-]{20,}$")
_LOCAL = regex(r"\blocalhost\b|\b127\.0\.0\.1\b|\b0\.0\.0\.0\b")
_PLAIN = regex(r"[\w .,:/@%+-]{0,120}")
_CLIENTS = {
    "postgres": r"\b(psycopg2?|psycopg2-binary|asyncpg|pgx|lib/pq|postgresql|Npgsql|tokio-postgres)\b|ext-(?:pdo_)?pgsql|[\"']pg[\"']",
    "mysql": r"\b(pymysql|mysqlclient|mysql2|go-sql-driver/mysql|mysql-connector\S*|MySqlConnector)\b|ext-(?:pdo_mysql|mysqli)",
    "redis": r"(?:^|[\"'\s])(redis|ioredis|predis|jedis|lettuce|bullmq|sidekiq|resque|rq|django-redis)\b|celery\[redis\]|laravel/horizon|ext-redis|go-redis|StackExchange\.Redis|starter-data-redis",
    "rabbitmq": r"\b(pika|aio-pika|amqplib|amqp091-go|bunny|lapin|RabbitMQ\.Client)\b|starter-amqp",
    "mongodb": r"\b(pymongo|motor|mongoose|mongo-driver|MongoDB\.Driver)\b|[\"']mongodb[\"']",
}
_NAMES = {"postgres": "db", "mysql": "mysql", "redis": "cache", "rabbitmq": "broker", "mongodb": "mongo"}
URLS = {
    "postgres": ("DATABASE_URL", "POSTGRES_URL", "PG_URL", "DB_URL"),
    "mysql": ("DATABASE_URL", "MYSQL_URL", "DB_URL"),
    "redis": ("REDIS_URL",),
    "rabbitmq": ("AMQP_URL", "RABBITMQ_URL", "CLOUDAMQP_URL"),
    "mongodb": ("MONGO_URL", "MONGODB_URI", "MONGO_URI", "MONGODB_URL"),
}
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist")
_HEALTH = r"[\"'`](/(?:healthz?|livez|readyz|ready|up|ping|actuator/health|api/healthz?))[\"'`]"
_BEFORE_COMMENTS = r"^(?!\s*(?:/?\*|//|#[\s#]))(?:(?!\s#[\s#]|(?<!:)//|/\*).)*?"
_CODE = (".py", ".js", ".ts", ".mjs", ".go", ".java", ".kt", ".cs", ".rs", ".rb", ".php")


@dataclass(frozen=True, slots=True)
class Variable:
    """`value` None: a secret, or a value that stands in a developer's own .env and is not taken."""

    name: str
    value: str | None
    secret: bool
    at: At


def port(tree: Tree, project: Project) -> tuple[int, str]:
    """The port that the process opens and where that is said; 0 when nothing says that it opens one."""
    said = exposed(tree, "tcp") if project.language not in ("static", "php") else None
    if said is not None:
        return said
    patterns = (
        r"\bPORT\b[\"']?\)?\s*(?:,|\|\||\?\?|:)\s*[\"']?(\d{2,5})\b",
        r"\.listen\(\s*(\d{2,5})\b",
        r"[\"'](?:0\.0\.0\.0)?:(\d{4,5})[\"']",
        r"^(?:quarkus\.http|server)\.port\s*=\s*(?:\$\{\w+:)?(\d+)",
        r"run\([^)]*port\s*=\s*(\d+)",
    )
    spring = (
        f"{project.home}/{one}".lstrip("/")
        for one in (f"src/main/resources/application.{end}" for end in ("yml", "yaml"))
    )
    for path in spring if project.language in ("java", "kotlin") else ():
        found = re.search(
            r"^server(?:\.|:\s*(?:\n[ \t]+.*)*?\n[ \t]+)port:\s*(?:\$\{\w+:)?(\d{2,5})", tree.text(path), re.M
        )
        if found is not None:
            line = tree.text(path)[: found.start(1)].count("\n") + 1
            return int(found[1]), str(At(path, line))
    for path in _ktor(tree) if project.language in ("java", "kotlin") else ():
        hit = tree.search(path, r"^\s*port\s*[:=]\s*[\"']?(?:\$\{?\??\w+:)?(\d{2,5})\b")
        if hit is not None:
            return int(hit[0][1]), str(hit[1])
    for path in _code(tree, project.home) if project.language not in ("static", "php", "ruby") else ():
        for pattern in patterns:
            hit = tree.search(path, pattern)
            if hit is not None and 0 < int(hit[0][1]) < 65536:
                return int(hit[0][1]), str(hit[1])
    return project.port, "the default of the framework" if project.port else ""


def _ktor(tree: Tree) -> Iterator[str]:
    names = (f"/application.{end}" for end in ("conf", "yaml", "yml"))
    yield from (path for path in tree.named(*names) if re.search(r"^ktor\b", tree.text(path), re.M))


def exposed(tree: Tree, protocol: str) -> tuple[int, str] | None:
    """The first port that the Dockerfile exposes for a protocol, and where; TCP is meant where none is named."""
    usual = "?" if protocol == "tcp" else ""
    found = tree.search("Dockerfile", rf"^\s*EXPOSE\s+(?:\S+\s+)*?(\d+)(?i:/{protocol}){usual}(?:\s|$)")
    if found is None or not 0 < int(found[0][1][:6]) < 65536:
        return None
    return int(found[0][1]), str(found[1])


def health(tree: Tree) -> tuple[str, At] | None:
    """An endpoint that the code has by one of the usual names."""
    for path in _code(tree):
        found = tree.search(path, _HEALTH)
        if found is not None:
            return found[0][1], found[1]
    return None


def read_in_code(tree: Tree, project: Project, names: Sequence[str]) -> tuple[str, At] | None:
    """Which of some variables the code names first, and where; what stands in a comment is not read."""
    pattern = rf"{_BEFORE_COMMENTS}(?<![A-Za-z0-9_])({'|'.join(names)})(?![A-Za-z0-9_])"
    hits = (tree.search(path, pattern) for path in _code(tree, project.home)) if names else ()
    return next(((hit[0][1], hit[1]) for hit in hits if hit is not None), None)


def _code(tree: Tree, home: str = "") -> tuple[str, ...]:
    """Files of source text, those of the member that is started alone."""
    found = [path for path in tree.named(*_CODE, "application.properties") if not home or path.startswith(f"{home}/")]
    return tuple(path for path in found if not re.search(r"(^|/)(tests?|spec|__tests__)/|[._]test\.|test_", path))[:400]


def needs(tree: Tree, project: Project, beside: Composed) -> dict[str, tuple[str, At]]:
    """Name -> type and evidence: what a compose file runs beside the service, then clients among the dependencies,
    then what the example of a .env speaks of."""
    found = {name: (one.type, one.at) for name, one in beside.services.items() if label(name) == name}
    kinds = {kind for kind, _ in found.values()}
    for kind, pattern in _CLIENTS.items():
        if kind in kinds:
            continue
        hits = [hit for path in project.manifests if (hit := tree.search(path, _direct(path, pattern))) is not None]
        if hits:
            found[_NAMES[kind]] = (kind, hits[0][1])
            kinds.add(kind)
    for kind, at in (*_schema(tree), *_spoken_of(tree)):
        if kind not in kinds:
            found[_NAMES[kind]] = (kind, at)
            kinds.add(kind)
    return found


def _direct(path: str, pattern: str) -> str:
    """A pattern for a dependency; of Go, those of a dependency stand in the same file and are not the tree's own."""
    return rf"^(?!.*//\s*indirect\b).*?(?:{pattern})" if path.endswith("go.mod") else pattern


def _schema(tree: Tree) -> Iterator[tuple[str, At]]:
    """The database of Prisma's schema."""
    for path in tree.named("prisma/schema.prisma"):
        hit = tree.search(path, r"provider\s*=\s*[\"'](postgresql|mysql|mongodb)[\"']")
        if hit is not None:
            yield hit[0][1].replace("postgresql", "postgres"), hit[1]


def _spoken_of(tree: Tree) -> Iterator[tuple[str, At]]:
    values = examples(tree)
    for text, at in values.values():
        if scheme(text):
            yield scheme(text), at
    for group in groups(values):
        yield group.kind, group.at


def examples(tree: Tree) -> dict[str, tuple[str, At]]:
    """The variables of examples of .env files, with their texts."""
    found: dict[str, tuple[str, At]] = {}
    for path in EXAMPLES:
        for name, text, at in _lines(tree, path):
            found.setdefault(name, (text, at))
    return found


def variables(tree: Tree) -> tuple[Variable, ...]:
    """The names in examples of .env files, with values that are no secrets; of a .env itself the names alone."""
    found: dict[str, Variable] = {}
    for path in (*EXAMPLES, ".env"):
        for name, value, at in _lines(tree, path):
            if name in found or name == "PORT":
                continue
            secret = bool(_SECRET.search(name) or _VALUE.search(value))
            own = path == ".env" or not value or not _PLAIN.fullmatch(value) or _LOCAL.search(value) is not None
            found[name] = Variable(name, None if secret or own else _shipped(name, value), secret, at)
    return tuple(found.values())


def _lines(tree: Tree, path: str) -> Iterator[tuple[str, str, At]]:
    for number, line in enumerate(lines_of(tree.text(path))[:500], 1):
        match = re.match(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$", line[:2000])
        if match is not None:
            yield match[1], re.sub(r"\s+#.*$", "", match[2]).strip("\"'"), At(path, number)


def _shipped(name: str, value: str) -> str:
    """What a developer's setting is where it is shipped: an environment that is production, and no debugging."""
    if re.search(r"(^|_)ENV(IRONMENT)?$", name) and value.lower() in ("local", "dev", "development"):
        return "production"
    debugging = {"true": "false", "1": "0", "yes": "no", "on": "off"}
    return debugging.get(value.lower(), value) if re.search(r"(^|_)DEBUG$", name) else value


def references(tree: Tree, wanted: dict[str, tuple[str, At]]) -> dict[str, str]:
    """Variables of the examples that hold an address of a need, or a part of one, with what they are in a spec."""
    values = examples(tree)
    by_kind = {kind: name for name, (kind, _) in reversed(wanted.items())}
    found = {name: url(text, by_kind[scheme(text)]) for name, (text, _) in values.items() if scheme(text) in by_kind}
    for group in groups(values):
        if group.kind in by_kind:
            found.update({name: f"${{needs.{by_kind[group.kind]}.{output}}}" for name, output in group.outputs})
    return found


def reference(name: str, wanted: dict[str, tuple[str, At]]) -> str:
    """`${needs.db.url}` for a variable that holds a need's address, or nothing."""
    for need, (kind, _) in wanted.items():
        if name in URLS[kind]:
            return f"${{needs.{need}.url}}"
    return ""
