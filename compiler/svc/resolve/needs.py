"""Needs: one backing service, realised per environment; the application's variables stay the same."""

from __future__ import annotations

from svc import pins
from svc.diagnostics import Route
from svc.model.needs import Need as GivenNeed
from svc.records import dataclass
from svc.resolve import names
from svc.resolve.context import Context
from svc.resolve.types.around import SecretEntry, SecretObject
from svc.resolve.types.images import Image
from svc.resolve.types.needs import Need, NeedType, Realise
from svc.resolve.types.process import EnvValue, Literal_, SecretKey, Variable
from svc.scalars import digits


@dataclass(frozen=True, slots=True)
class Kind:
    """What a type offers. `url` is in terms of the other outputs; `flavours` are image flavours, best first."""

    outputs: tuple[str, ...]
    url: str = ""
    port: int = 0
    image: str = ""
    default: str = ""
    storage: str = ""


DATABASE = ("url", "host", "port", "name", "user", "password")
KINDS: dict[NeedType, Kind] = {
    "postgres": Kind(DATABASE, "postgresql://{user}:{password}@{host}:{port}/{name}", 5432, "postgres", "18", "20Gi"),
    "mysql": Kind(DATABASE, "mysql://{user}:{password}@{host}:{port}/{name}", 3306, "mysql", "8.4", "20Gi"),
    "mongodb": Kind(DATABASE, "mongodb://{user}:{password}@{host}:{port}/{name}", 27017, "mongo", "8", "20Gi"),
    "redis": Kind(("url", "host", "port", "password"), "redis://:{password}@{host}:{port}", 6379, "redis", "8", "1Gi"),
    "rabbitmq": Kind(
        ("url", "host", "port", "user", "password"),
        "amqp://{user}:{password}@{host}:{port}",
        5672,
        "rabbitmq",
        "4",
        "5Gi",
    ),
    "queue": Kind(("url", "arn", "name", "region")),
    "topic": Kind(("arn", "name", "region")),
    "bucket": Kind(("name", "arn", "region")),
}

NOT_MANAGED = frozenset(("mongodb", "rabbitmq"))
"""No cloud that svc knows runs them: what is imported or found in a tree stays a container, in the cluster."""


def needs(context: Context) -> tuple[Need, ...]:
    return tuple(_need(context, name, given, ("needs", name)) for name, given in context.service.needs.items())


def _need(context: Context, name: str, given: GivenNeed, at: Route) -> Need:
    kind = KINDS[given.type]
    service = context.service.name
    object_name = names.need_object(service, name)
    realise = _realise(context, given, kind, at)
    version = given.version or kind.default
    image = _image(context, given, kind, version, realise, at)
    if image is None and realise == "container":
        version, image = _local(kind, version, at)
    if image is not None:
        _fits(context, object_name, realise, at)
    secret = given.secret or object_name
    return Need(
        name=name,
        object_name=object_name,
        type=given.type,
        version=version,
        size=given.size,
        storage=given.storage or kind.storage,
        realise=realise,
        secret=secret,
        path=names.need_secret_path(context.environment, service, name),
        outputs=_outputs(context, given, kind, realise, secret, object_name),
        image=image,
        port=given.port or kind.port,
        env=_container_env(context, given.type, secret, at),
        command=("redis-server", "--requirepass", "$(REDIS_PASSWORD)", "--appendonly", "yes")
        if given.type == "redis"
        else None,
        data_path=_data_path(given.type, version),
        healthcheck=_healthcheck(given.type),
        user=_user(image),
        multi_zone=given.multi_zone if given.multi_zone is not None else given.size != "small",
        fifo=given.fifo,
        at=at,
    )


def _fits(context: Context, object_name: str, realise: Realise, at: Route) -> None:
    """It is a host name; the pods of a StatefulSet have a label of its name and eleven characters more."""
    most = 52 if realise == "in-cluster" else 63
    if len(object_name) > most:
        message = f"the need is called `{object_name}` where it runs, which has {len(object_name)} characters and may have {most}: shorten one of the names"
        context.report("name-too-long", at, message, anchor="key")


def _realise(context: Context, given: GivenNeed, kind: Kind, at: Route) -> Realise:
    if context.local:
        return (
            "existing"
            if given.realise == "existing" and given.host is not None and not kind.image
            else "container"
            if kind.image
            else "existing"
        )
    if given.realise == "container":
        context.report(
            "need-container-outside-local",
            (*at, "realise"),
            "a container is for local work; write managed, in-cluster or existing",
            help="compose always runs needs as containers",
        )
    if given.realise is not None:
        chosen: Realise = given.realise
    else:
        provider = context.service.cloud.provider if context.service.cloud is not None else "aws"
        chosen = "managed" if provider != "none" else "in-cluster"
    if chosen == "in-cluster" and not kind.image:
        context.report(
            "need-not-in-cluster",
            (*at, "realise"),
            f"a {given.type} cannot run in the cluster: write managed or existing",
        )
    if chosen == "existing" and given.secret is None and given.host is None:
        context.report(
            "need-without-address",
            at,
            "an existing need has `secret` (a Kubernetes Secret with the connection) or `host`",
            anchor="key",
        )
    return chosen


def _image(context: Context, given: GivenNeed, kind: Kind, version: str, realise: Realise, at: Route) -> Image | None:
    if not kind.image:
        return None
    found = pins.find_image(kind.image, version)
    if found is None and realise == "in-cluster":
        known = ", ".join(pins.versions(kind.image)) or "none"
        context.report(
            "need-version-unknown",
            (*at, "version"),
            f"no image of {given.type} {version} is pinned; there are {known}",
            help="write one of these, or realise it as managed or existing",
        )
    return None if found is None else Image(found.repository, found.tag, found.digest, False, at)


def _local(kind: Kind, version: str, at: Route) -> tuple[str, Image | None]:
    """What runs on a developer's machine when the version that the cloud runs has no pinned image."""
    found = pins.nearest_image(kind.image, version)
    if found is None:
        return version, None
    return found.version, Image(found.repository, found.tag, found.digest, False, at)


def _outputs(
    context: Context, given: GivenNeed, kind: Kind, realise: Realise, secret: str, object_name: str
) -> dict[str, EnvValue]:
    """Where each output is found: in the need's Secret, or in plain words where it is no secret."""
    found: dict[str, EnvValue] = {output: SecretKey(secret, given.keys.get(output, output)) for output in kind.outputs}
    own = context.service.name.replace("-", "_")
    plain: dict[str, str] = {}
    if realise in {"container", "in-cluster"}:
        plain = {"host": object_name, "port": str(kind.port), "name": own, "user": own}
    elif realise == "existing" and given.host is not None:
        plain = {"host": given.host, "port": str(given.port or kind.port)}
        if given.secret is None and given.type == "redis":
            plain["url"] = f"redis://{plain['host']}:{plain['port']}"
    found.update({output: Literal_(text) for output, text in plain.items() if output in found})
    if plain and "url" in found and "url" not in plain and kind.url:
        parts = {output: f"${{needs.{_name(given, context)}.{output}}}" for output in kind.outputs}
        found["url"] = Literal_(kind.url.format(**parts))
    return found


def _name(given: GivenNeed, context: Context) -> str:
    return next(name for name, one in context.service.needs.items() if one is given)


def _container_env(context: Context, kind: NeedType, secret: str, at: Route) -> tuple[Variable, ...]:
    own = Literal_(context.service.name.replace("-", "_"))
    password = SecretKey(secret, "password")
    table: dict[str, dict[str, EnvValue]] = {
        "postgres": {"POSTGRES_DB": own, "POSTGRES_USER": own, "POSTGRES_PASSWORD": password},
        "mysql": {
            "MYSQL_DATABASE": own,
            "MYSQL_USER": own,
            "MYSQL_PASSWORD": password,
            "MYSQL_RANDOM_ROOT_PASSWORD": Literal_("yes"),
        },
        "mongodb": {
            "MONGO_INITDB_DATABASE": own,
            "MONGO_INITDB_ROOT_USERNAME": own,
            "MONGO_INITDB_ROOT_PASSWORD": password,
        },
        "redis": {"REDIS_PASSWORD": password, "REDISCLI_AUTH": password},
        "rabbitmq": {"RABBITMQ_DEFAULT_USER": own, "RABBITMQ_DEFAULT_PASS": password},
    }
    return tuple(Variable(name, value, at) for name, value in table.get(kind, {}).items())


def _data_path(kind: NeedType, version: str) -> str:
    if kind == "postgres":  # from 18 on the image keeps one folder a major version below this one
        major = version.split(".")[0]
        return (
            "/var/lib/postgresql"
            if digits(major) and (len(major) > 2 or int(major) >= 18)
            else "/var/lib/postgresql/data"
        )
    return {"mysql": "/var/lib/mysql", "mongodb": "/data/db", "redis": "/data", "rabbitmq": "/var/lib/rabbitmq"}.get(
        kind, ""
    )


def _healthcheck(kind: NeedType) -> tuple[str, ...]:
    table = {
        "postgres": ("sh", "-c", 'pg_isready --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"'),
        "mysql": ("sh", "-c", 'mysqladmin ping --host=127.0.0.1 --user="$MYSQL_USER" --password="$MYSQL_PASSWORD"'),
        "redis": ("redis-cli", "ping"),
        "rabbitmq": ("rabbitmq-diagnostics", "--quiet", "ping"),
        "mongodb": ("mongosh", "--quiet", "--eval", "db.adminCommand('ping')"),
    }
    return table.get(kind, ())


def _user(image: Image | None) -> int:
    """PostgreSQL on Alpine must run as a user that the image knows (70); the others take any."""
    return 70 if image is not None and image.repository == "postgres" and "alpine" in image.tag else names.UID


def need_secrets(context: Context, found: tuple[Need, ...]) -> tuple[SecretObject, ...]:
    """The Secrets with the connections of needs, except of those that exist already."""
    return tuple(_need_secret(context, need) for need in found if need.realise in {"managed", "in-cluster"})


def _need_secret(context: Context, need: Need) -> SecretObject:
    store = context.workspace.secret_store
    keys = [value.key for value in need.outputs.values() if isinstance(value, SecretKey)]
    entries = tuple(SecretEntry(key, need.path, key, need.at) for key in keys)
    return SecretObject(need.secret, store.name, store.kind, store.refresh, entries, need.at)
