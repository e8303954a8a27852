"""Resolved services built by hand, as `resolve` would leave them: what the tests of every target lower.

`web("production")` and the others are one environment of a service; `unit(web)` is the whole service with `local`,
`staging` and `production`. `SERVICES` lists all four.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sample_needs import managed, need_secret, postgres, redis
from sample_parts import (
    ENVOY,
    built,
    job,
    process,
    resolved,
    resources,
    service_object,
    tuning,
    unit,
    workload,
)
from svc.resolve import names
from svc.resolve.types.around import (
    Access,
    Account,
    ConfigObject,
    Expose,
    ExposePath,
    Metrics,
    Peer,
    Rule,
    SecretEntry,
    SecretObject,
)
from svc.resolve.types.images import Image
from svc.resolve.types.needs import Realise
from svc.resolve.types.process import (
    ConfigKey,
    ContainerResource,
    EnvFrom,
    EnvValue,
    Health,
    Literal_,
    Mount,
    PodField,
    Port,
    Probe,
    Process,
    SecretKey,
    Variable,
)
from svc.resolve.types.scaling import Metric, Rate, Scale
from svc.resolve.types.volumes import Claim, ConfigFiles, Scratch, SecretFiles
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Rollout, Workload

__all__ = ["SERVICES", "grpc", "jobs_only", "unit", "web", "worker_only"]

HTTP = Port("http", 8080, 80, "http", at=("ports", "http"))
ADMIN = Port("metrics", 9102, 9102, "http", at=("ports", "metrics"))
NAME = "checkout"
ROLE_ARN = "eks.amazonaws.com/role-arn"


def _http_probe(path: str, **changes: Any) -> Probe:
    return replace(Probe("http", 8080, "http", path, period=5, timeout=2, at=("health",)), **changes)


def _env(environment: str) -> tuple[Variable, ...]:
    level = "info" if environment == "production" else "debug"
    values: dict[str, EnvValue] = {
        "LOG_LEVEL": Literal_(level),
        "CURRENCY_ADDR": Literal_("currency:7000"),
        "HOST": Literal_("0.0.0.0"),
        "URL": Literal_("http://$(HOST):8080/{{ not a template }}"),
        "DATABASE_URL": SecretKey("checkout-db", "url"),
        "REDIS_URL": SecretKey("checkout-cache", "url"),
        "QUEUE_URL": SecretKey("checkout-orders", "url"),
        "BUCKET": SecretKey("checkout-receipts", "name"),
        "STRIPE_KEY": SecretKey("checkout-secrets", "STRIPE_KEY"),
        "FEATURES": ConfigKey("shared-features", "flags", optional=True),
        "POD_IP": PodField("status.podIP"),
        "MEMORY_LIMIT": ContainerResource("limits.memory"),
    }
    return tuple(Variable(name, value, ("env", name)) for name, value in values.items())


def _main(environment: str) -> Process:
    return process(
        NAME,
        built(NAME),
        args=("serve", "--port=8080"),
        env=_env(environment),
        env_from=(EnvFrom("config", "shared-settings", "SHARED_", True, ("env_from", 0)),),
        mounts=(
            Mount("tmp", "/tmp", at=("writable", 0)),
            Mount("data", "/data", at=("volumes", "/data")),
            Mount("files", "/etc/checkout/config.yaml", "config.yaml", True, ("files", "/etc/checkout/config.yaml")),
            Mount("signing-key", "/run/secrets/signing", read_only=True, at=("files", "/run/secrets/signing")),
        ),
        ports=(HTTP, ADMIN),
        health=Health(
            ready=_http_probe("/ready", headers=(("X-Probe", "ready"),)),
            live=_http_probe("/live", period=10),
            startup=_http_probe("/live", failure=30),
            at=("health",),
        ),
        resources=resources("250m", "256Mi"),
        pre_stop=5,
    )


def _sidecar() -> Process:
    probe = Probe("tcp", 9901, "", at=("sidecars", "proxy", "health"))
    return process("proxy", ENVOY, user=10002, group=10002, health=Health(ready=probe), at=("sidecars", "proxy"))


def _server(environment: str) -> Workload:
    production = environment == "production"
    cpu = Metric("cpu", "70", at=("scale", "cpu"))
    scale = Scale(3, 10, (cpu,), ("scale",), down=Rate(300, "Max", ())) if production else Scale(1, 1, (), ("scale",))
    return workload(
        NAME,
        _main(environment),
        sidecars=(_sidecar(),),
        volumes=(
            Scratch("tmp", "64Mi", True, ("writable", 0)),
            Claim("data", "10Gi", "ReadWriteMany", "efs", True, "", False, at=("volumes", "/data")),
            ConfigFiles("files", "checkout-files", (("config.yaml", "config.yaml", None),), 0o444, False, ("files",)),
            SecretFiles("signing-key", "checkout-signing", (), 0o400, False, ("files", "/run/secrets/signing")),
        ),
        scale=scale,
        rollout=Rollout("rolling", "25%", "0", 45, 5, 600, 5, ("rollout",)),
        service=service_object(NAME, HTTP, ADMIN),
        disruption_min=2 if production else None,
    )


def _worker(environment: str) -> Workload:
    mail = process(
        "mailer",
        built(NAME),
        command=("./mailer",),
        env=_env(environment)[:2],
        mounts=(Mount("tmp", "/tmp"),),
        health=Health(live=Probe("exec", command=("./mailer", "--check"), period=30, timeout=5)),
        at=("workers", "mailer"),
    )
    scale = Scale(1, 1, ())
    return workload(
        "checkout-mailer", mail, component="mailer", scale=scale, disruption_min=None, at=("workers", "mailer")
    )


def _jobs() -> tuple[Workload, ...]:
    image, mounts = built(NAME), (Mount("tmp", "/tmp"),)
    env = (Variable("DATABASE_URL", SecretKey("checkout-db", "url"), ("env", "DATABASE_URL")),)
    migrate = process("migrate", image, command=("./migrate",), env=env, mounts=mounts, at=("jobs", "migrate"))
    report = process("report", image, command=("./report",), env=env, mounts=mounts, at=("jobs", "report"))
    return (
        job("checkout-migrate", migrate, tuning("before-deploy")),
        job("checkout-report", report, tuning("schedule", schedule="0 2 * * *", timezone="Europe/Berlin")),
    )


def _realise(environment: str) -> tuple[Realise, Realise]:
    """How databases and how cloud resources are realised."""
    if environment == "local":
        return "container", "existing"
    return ("managed", "managed") if environment == "production" else ("in-cluster", "managed")


def _access(environment: str) -> Access:
    incoming = (
        Peer(service="frontend", ports=((8080, "TCP"),), at=("access", "from", 0)),
        Peer(role="ingress-controller", ports=((8080, "TCP"),), at=("expose",)),
        Peer(role="monitoring", ports=((9102, "TCP"),), at=("observe", "metrics")),
    )
    outgoing: tuple[Peer, ...] = (
        Peer(service="currency", ports=((7000, "TCP"),), at=("access", "to", 0)),
        Peer(host="api.stripe.com", ports=((443, "TCP"),), at=("access", "to", 1)),
    )
    if environment == "production":
        outgoing = (*outgoing, Peer(cidr="10.0.0.0/16", ports=((5432, "TCP"), (6379, "TCP")), at=("needs",)))
    return Access(incoming, outgoing, False, ("access",))


def web(environment: str = "production") -> Resolved:
    """An HTTP service with everything: two ports, all kinds of variables, files, volumes, needs, jobs, a worker."""
    databases, resources_ = _realise(environment)
    needs = (
        postgres(NAME, environment, databases),
        redis(NAME, environment, databases),
        managed(NAME, environment, "orders", "queue", resources_),
        managed(NAME, environment, "receipts", "bucket", resources_),
    )
    stripe = SecretEntry("STRIPE_KEY", "payments/stripe", "api_key", ("secrets", "STRIPE_KEY"))
    own = SecretObject("checkout-secrets", "platform", "ClusterSecretStore", "1h", (stripe,), ("secrets",))
    account = Account(NAME, True, False, (), (), ())
    if environment == "production":
        arn = names.workload_role_arn("111122223333", NAME, environment)
        rules = (Rule(("",), ("configmaps",), ("get", "list"), ("feature-flags",), ("account", "rules", 0)),)
        account = Account(NAME, True, True, ((ROLE_ARN, arn),), rules, ("account",))
    expose = Expose(
        via="ingress",
        hosts=("checkout.example.com",),
        paths=(ExposePath("/", "Prefix", HTTP),),
        tls=True,
        tls_secret="checkout-tls",
        allow=("10.0.0.0/8",),
        class_name="nginx",
        gateway="",
        annotations=(("cert-manager.io/cluster-issuer", "letsencrypt"),),
        at=("expose",),
    )
    return resolved(
        NAME,
        environment,
        built(NAME),
        server=_server(environment),
        workers=(_worker(environment),),
        jobs=_jobs(),
        needs=needs,
        configs=(ConfigObject("checkout-files", (("config.yaml", "currency: EUR\nretries: 3\n"),), ("files",)),),
        secrets=(own, *(need_secret(one) for one in needs)),
        account=account,
        expose=expose if environment != "local" else None,
        access=_access(environment),
        metrics=Metrics(ADMIN, "/metrics", "30s", ("observe", "metrics")),
    )


def worker_only(environment: str = "production") -> Resolved:
    """The least there is: one process of an image built elsewhere, no port, no need."""
    image = Image("ghcr.io/acme/indexer", "1.4.2", "sha256:" + "1" * 64, False, ("image",))
    main = process("indexer", image, mounts=(Mount("tmp", "/tmp"),))
    server = workload("indexer", main, scale=Scale(1, 1, (), ("scale",)), disruption_min=None)
    return resolved("indexer", environment, image, server=server)


def grpc(environment: str = "production") -> Resolved:
    """A gRPC service behind a Gateway, with a stateful set of three replicas and a claim each."""
    port = Port("grpc", 5050, 5050, "grpc", app_protocol="kubernetes.io/h2c", at=("ports", "grpc"))
    probe = Probe("grpc", 5050, "grpc", period=10, at=("health", "grpc"))
    image = Image("ghcr.io/acme/ledger", "2.0.1", "sha256:" + "2" * 64, False, ("image",))
    main = process(
        "ledger",
        image,
        ports=(port,),
        health=Health(ready=probe, live=probe, at=("health",)),
        mounts=(Mount("data", "/var/lib/ledger", at=("volumes", "/var/lib/ledger")),),
        at=(),
    )
    server = workload(
        "ledger",
        main,
        kind="StatefulSet",
        volumes=(Claim("data", "5Gi", "ReadWriteOnce", "", True, "", True, at=("volumes", "/var/lib/ledger")),),
        scale=Scale(3, 3, (), ("scale",)),
        service=service_object("ledger", port, headless=True),
        disruption_min=2,
    )
    path = ExposePath("/", "Prefix", port)
    gateway = Expose("gateway", ("ledger.example.com",), (path,), True, "", (), "", "infra/public", (), ("expose",))
    incoming = (Peer(service="web", namespace="shop", ports=((5050, "TCP"),), at=("access", "from", 0)),)
    return resolved(
        "ledger", environment, image, server=server, expose=gateway, access=Access(incoming, (), False, ("access",))
    )


def jobs_only(environment: str = "production") -> Resolved:
    """No server: one cron job, one job after each deploy, one that is run by hand."""
    image = built("reports")
    mounts = (Mount("tmp", "/tmp"),)
    made = [
        process(name, image, command=("./reports", name), mounts=mounts, at=("jobs", name))
        for name in ("nightly", "warm", "replay")
    ]
    jobs = (
        job("reports-nightly", made[0], tuning("schedule", schedule="30 1 * * 1-5")),
        job("reports-warm", made[1], tuning("after-deploy", timeout=120)),
        job("reports-replay", made[2], tuning("manual", concurrency="Allow")),
    )
    return resolved("reports", environment, image, jobs=jobs)


SERVICES = (web, worker_only, grpc, jobs_only)
