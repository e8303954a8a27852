"""What a tree says around its process: ports, health, variables, backing services. Secret values are never taken."""

from __future__ import annotations

import re

from svc.detect.composed import Composed
from svc.detect.languages import Project
from svc.detect.tree import At, Tree, label
from svc.records import dataclass

_SECRET = re.compile(r"SECRET|TOKEN|PASS|PWD|KEY|CREDENTIAL|AUTH|DSN|SALT|PRIVATE|CERT|SIGNATURE", re.I)
_VALUE = re.compile(r"://[^/\s]*@|^(sk|pk|ghp|gho|xox\w|AKIA|eyJ)|-----BEGIN|^[A-Za-z0-9+/_=-]{20,}$")
_PLAIN = re.compile(r"[\w .,:/@%+-]{0,120}")
_CLIENTS = {
    "postgres": r"\b(psycopg2?|psycopg2-binary|asyncpg|pgx|lib/pq|postgresql|Npgsql|tokio-postgres)\b|[\"']pg[\"']",
    "mysql": r"\b(pymysql|mysqlclient|mysql2|go-sql-driver/mysql|mysql-connector\S*|MySqlConnector)\b",
    "redis": r"(?:^|[\"'\s])(redis|ioredis|predis|jedis|lettuce)\b|go-redis|StackExchange\.Redis|starter-data-redis",
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
    exposed = tree.search("Dockerfile", r"^\s*EXPOSE\s+(\d+)")
    if exposed is not None and 0 < int(exposed[0][1][:6]) < 65536 and project.language not in ("static", "php"):
        return int(exposed[0][1]), str(exposed[1])
    patterns = (
        r"\bPORT\b[\"']?\)?\s*(?:,|\|\||\?\?|:)\s*[\"']?(\d{2,5})\b",
        r"\.listen\(\s*(\d{2,5})\b",
        r"[\"'](?:0\.0\.0\.0)?:(\d{4,5})[\"']",
        r"^server\.port\s*=\s*(?:\$\{\w+:)?(\d+)",
        r"run\([^)]*port\s*=\s*(\d+)",
    )
    for path in _code(tree) if project.language not in ("static", "php") else ():
        for pattern in patterns:
            found = tree.search(path, pattern)
            if found is not None and 0 < int(found[0][1]) < 65536:
                return int(found[0][1]), str(found[1])
    return project.port, "the default of the framework" if project.port else ""


def health(tree: Tree) -> tuple[str, At] | None:
    for path in _code(tree):
        found = tree.search(path, _HEALTH)
        if found is not None:
            return found[0][1], found[1]
    return None


def _code(tree: Tree) -> tuple[str, ...]:
    found = tree.named(*_CODE, "application.properties")
    return tuple(path for path in found if not re.search(r"(^|/)(tests?|spec|__tests__)/|[._]test\.|test_", path))[:400]


def needs(tree: Tree, project: Project, beside: Composed) -> dict[str, tuple[str, At]]:
    """Name -> type and evidence: what a compose file runs beside the service, then clients among the dependencies."""
    found = {name: (one.type, one.at) for name, one in beside.services.items() if label(name) == name}
    kinds = {kind for kind, _ in found.values()}
    for kind, pattern in _CLIENTS.items():
        if kind in kinds:
            continue
        hits = [hit for path in project.manifests if (hit := tree.search(path, pattern)) is not None]
        if hits:
            found[_NAMES[kind]] = (kind, hits[0][1])
    return found


def variables(tree: Tree) -> tuple[Variable, ...]:
    """The names in examples of .env files, with values that are no secrets; of a .env itself the names alone."""
    found: dict[str, Variable] = {}
    for path in (*EXAMPLES, ".env"):
        for number, line in enumerate(tree.text(path).splitlines()[:500], 1):
            match = re.match(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$", line[:2000])
            if match is None or match[1] in found or match[1] == "PORT":
                continue
            value = re.sub(r"\s+#.*$", "", match[2]).strip("\"'")
            secret = bool(_SECRET.search(match[1]) or _VALUE.search(value))
            kept = None if secret or path == ".env" or not value or not _PLAIN.fullmatch(value) else value
            found[match[1]] = Variable(match[1], kept, secret, At(path, number))
    return tuple(found.values())


def reference(name: str, wanted: dict[str, tuple[str, At]]) -> str:
    """`${needs.db.url}` for a variable that holds a need's address, or nothing."""
    for need, (kind, _) in wanted.items():
        if name in URLS[kind]:
            return f"${{needs.{need}.url}}"
    return ""
