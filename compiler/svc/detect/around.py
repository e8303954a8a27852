"""What a tree says around its process: ports, health, backing services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from svc.detect.addresses import PORTS, groups, pair, scheme, url
from svc.detect.composed import Composed
from svc.detect.examples import CODE, examples
from svc.detect.pages import PATH, endpoint
from svc.detect.project import Project
from svc.detect.tree import At, Tree, label
from svc.notice import BY

_CLIENTS = {
    "postgres": r":postgrex\b|\b(psycopg2?|psycopg2-binary|asyncpg|pgx|lib/pq|postgresql|Npgsql|tokio-postgres)\b|ext-(?:pdo_)?pgsql|[\"']pg[\"']|^(?:sqlx|sea-orm|diesel)\b.*postgres|deadpool-postgres",
    "mysql": r":myxql\b|\b(pymysql|mysqlclient|mysql2|go-sql-driver/mysql|mysql-connector\S*|MySqlConnector)\b|ext-(?:pdo_mysql|mysqli)|^(?:sqlx|sea-orm|diesel)\b.*mysql",
    "redis": r":redix\b|(?:^|[\"'\s])(redis|ioredis|predis|jedis|lettuce|bullmq|sidekiq|resque|rq|django-redis)\b|celery\[redis\]|laravel/horizon|ext-redis|go-redis|StackExchange\.Redis|starter-data-redis",
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
_HEALTH = rf"[\"'`](/(?:{PATH}))[\"'`]"
_LISTENS = (
    r"\bPORT\b[\"']?\)?\s*(?:,|\|\||\?\?|:)\s*[\"']?(\d{2,5})\b",
    r"\.listen\(\s*(\d{2,5})\b",
    r"[\"'](?:0\.0\.0\.0)?:(\d{4,5})[\"']",
    r"^(?:quarkus\.http|server)\.port\s*=\s*(?:\$\{\w+:)?(\d+)",
    r"run\([^)]*port\s*=\s*(\d+)",
    r"\bPORT\b[\"']?(?:\s*:\s*int\s*=|\s+(?:envDefault|default|env-default):|.*\bunwrap_or(?:_else)?\((?:\|\w*\|)?|.*\bdefault_value(?:_t)?\s*=)\s*[\"']?(\d{2,5})\b",
    r"(?:[\"']0\.0\.0\.0[\"']|\[0, ?0, ?0, ?0\])\s*,\s*(\d{2,5})\b",
    r"\bserve\(\s*\{[^}]*\bport\s*:\s*(\d{2,5})\b",
    rf"^\s*(?:(?:export )?(?:const|let|var) )?(?:default)?[pP]ort\s*(?::\s*\w+)?\s*:?=\s*[\"'`]?:?(?!(?:{'|'.join(PORTS)})\b)(\d{{4,5}})\b",
)
"""What says in code at which port it listens, the likeliest first."""
_LISTENS_ANYHOW = "|".join(f"(?:{one})" for one in _LISTENS)
_BEFORE_COMMENTS = r"^(?!\s*(?:/?\*|//|#[\s#]))(?:(?!\s#[\s#]|(?<!:)//|/\*).)*?"


def port(tree: Tree, project: Project) -> tuple[int, str]:
    """The port that the process opens and where that is said; 0 when nothing says that it opens one."""
    said = exposed(tree, "tcp") if project.language not in ("static", "php") else None
    if said is not None:
        return said
    spring = (
        f"{project.home}/{one}".lstrip("/")
        for one in (f"src/main/resources/application.{end}" for end in ("yml", "yaml"))
    )
    for path in spring if project.language in ("java", "kotlin") else ():
        found = re.search(
            r"^server(?:\.|:.*(?:\n(?:[ \t]+(?![ \t]).*|\r?))*?\n[ \t]+)port:\s*(?:\$\{\w+:)?(\d{2,5})",
            tree.text(path),
            re.M,
        )
        if found is not None:
            line = tree.text(path)[: found.start(1)].count("\n") + 1
            return int(found[1]), str(At(path, line))
    for path in _ktor(tree) if project.language in ("java", "kotlin") else ():
        hit = tree.search(path, r"^\s*port\s*[:=]\s*[\"']?(?:\$\{?\??\w+:)?(\d{2,5})\b")
        if hit is not None:
            return int(hit[0][1]), str(hit[1])
    for path in code(tree, project.home) if project.language not in ("static", "php", "ruby") else ():
        for pattern in _LISTENS if tree.search(path, _LISTENS_ANYHOW) is not None else ():
            hit = tree.search(path, pattern)
            if hit is not None and 0 < int(hit[0][1]) < 65536:
                return int(hit[0][1]), str(hit[1])
    return project.port, "the default of the framework" if project.port else ""


def _ktor(tree: Tree) -> Iterator[str]:
    names = (f"/application.{end}" for end in ("conf", "yaml", "yml"))
    yield from (path for path in tree.named(*names) if re.search(r"^ktor\b", tree.text(path), re.M))


def exposed(tree: Tree, protocol: str) -> tuple[int, str] | None:
    """The first port that a Dockerfile of one's own exposes for a protocol, and where; TCP is meant where none is named."""
    if BY in tree.text("Dockerfile"):
        return None
    usual = "?" if protocol == "tcp" else ""
    found = tree.search("Dockerfile", rf"^\s*EXPOSE\s+(?:\S+\s+)*?(\d+)(?i:/{protocol}){usual}(?:\s|$)")
    if found is None or not 0 < int(found[0][1][:6]) < 65536:
        return None
    return int(found[0][1]), str(found[1])


def health(tree: Tree, project: Project) -> tuple[str, At] | None:
    """An endpoint that the code has by one of the usual names, or a file that is one."""
    for path in code(tree, project.home if project.language == "node" else ""):
        found = tree.search(path, _HEALTH)
        if found is not None:
            return found[0][1], found[1]
    return endpoint(tree, project)


_RPC = (
    r"\bgrpc\.(?:NewServer|server|aio\.server)\(|\btonic::transport::Server\b|\bServer::builder\(\)|\bMapGrpcService<"
)
_RPC_HEALTH = r"grpc_health_v1|grpc_health\.v1|grpchealth\b|RegisterHealthServer\(|tonic_health|grpc-health-check|MapGrpcHealthChecksService"


def rpc(tree: Tree, project: Project, number: int) -> bool:
    """Whether what serves speaks gRPC, and has no endpoint of HTTP beside it nor the port. `project.port` of Python is that
    of a server of HTTP."""
    files = code(tree, project.home if project.language == "node" else "")
    spoken = any(tree.search(path, _RPC) is not None for path in files)
    if not spoken or project.health or (project.language == "python" and project.port):
        return False
    web = rf"(?:\bListenAndServe\w*|\.Run|\.Start|(?<!\bnet)\.Listen)\([^)]*:{number}\b|\bAddr:[^,]*:{number}\b"
    return health(tree, project) is None and all(tree.search(path, web) is None for path in files)


def rpc_health(tree: Tree, project: Project) -> At | None:
    """Where the health of gRPC is served, which has an interface of its own."""
    home = project.home if project.language == "node" else ""
    hits = (tree.search(path, _RPC_HEALTH) for path in code(tree, home))
    return next((hit[1] for hit in hits if hit is not None), None)


def read_in_code(tree: Tree, project: Project, names: Sequence[str]) -> tuple[str, At] | None:
    """Which of some variables the code names first, and where; what stands in a comment is not read."""
    pattern = rf"{_BEFORE_COMMENTS}(?<![A-Za-z0-9_])({'|'.join(names)})(?![A-Za-z0-9_])"
    hits = (tree.search(path, pattern) for path in code(tree, project.home)) if names else ()
    return next(((hit[0][1], hit[1]) for hit in hits if hit is not None), None)


def code(tree: Tree, home: str = "", *more: str) -> tuple[str, ...]:
    """Files of source text, those of the member that is started alone; `more`: other endings."""
    found = [
        path for path in tree.named(*CODE, "application.properties", *more) if not home or path.startswith(f"{home}/")
    ]
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
            found[_named(kind, beside)] = (kind, hits[0][1])
            kinds.add(kind)
    for kind, at in (*_schema(tree), *_spoken_of(tree)):
        if kind not in kinds:
            found[_named(kind, beside)] = (kind, at)
            kinds.add(kind)
    return found


def _named(kind: str, beside: Composed) -> str:
    """The name of a need: that of the only one of its type in a compose file, of which this part does not speak there."""
    ones = [name for name, one in beside.others.items() if one.type == kind and label(name) == name]
    return ones[0] if len(ones) == 1 else _NAMES[kind]


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
        if scheme(text) or pair(text):
            yield scheme(text) or pair(text), at
    for group in groups(values):
        yield group.kind, group.at


def references(values: dict[str, tuple[str, At]], wanted: dict[str, tuple[str, At]]) -> dict[str, str]:
    """Variables that hold an address of a need, or a part of one, with what they are in a spec. `values`: their texts."""
    by_kind = {kind: name for name, (kind, _) in reversed(wanted.items())}
    found = {name: url(text, by_kind[scheme(text)]) for name, (text, _) in values.items() if scheme(text) in by_kind}
    for name, (text, _) in values.items():
        if pair(text) in by_kind:
            found[name] = "${{needs.{0}.host}}:${{needs.{0}.port}}".format(by_kind[pair(text)])
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
