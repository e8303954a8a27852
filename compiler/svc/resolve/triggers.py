"""The events that KEDA scales by: what each scaler is told, and with which secrets it asks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from re import Match
from typing import TypeGuard

from svc.diagnostics import Route, Severity
from svc.model.cron import cron_problem
from svc.model.scale import Scale as GivenScale
from svc.model.triggers import Trigger as GivenTrigger
from svc.model.triggers import TriggerAuthentication as GivenAuthentication
from svc.patterns import regex
from svc.resolve.context import Context
from svc.resolve.references import Scope, expand
from svc.resolve.types.process import EnvValue, Literal_, Process, SecretKey
from svc.resolve.types.scaling import Events, Fallback, Trigger, TriggerAuth
from svc.suggest import close, nearest

_SCALERS = frozenset(
    [
        "activemq",
        "apache-kafka",
        "arangodb",
        "artemis-queue",
        "aws-cloudwatch",
        "aws-dynamodb",
        "aws-dynamodb-streams",
        "aws-kinesis-stream",
        "aws-sqs-queue",
        "azure-app-insights",
        "azure-blob",
        "azure-data-explorer",
        "azure-eventhub",
        "azure-log-analytics",
        "azure-monitor",
        "azure-pipelines",
        "azure-queue",
        "azure-servicebus",
        "beanstalkd",
        "cassandra",
        "couchdb",
        "cpu",
        "cron",
        "datadog",
        "dynatrace",
        "elasticsearch",
        "etcd",
        "external",
        "external-push",
        "forgejo-runner",
        "gcp-cloudtasks",
        "gcp-pubsub",
        "gcp-stackdriver",
        "gcp-storage",
        "github-runner",
        "graphite",
        "huawei-cloudeye",
        "ibmmq",
        "influxdb",
        "kafka",
        "kubernetes-resource",
        "kubernetes-workload",
        "liiklus",
        "loki",
        "memory",
        "metrics-api",
        "mongodb",
        "mssql",
        "mysql",
        "nats-jetstream",
        "new-relic",
        "nsq",
        "openstack-metric",
        "openstack-swift",
        "postgresql",
        "predictkube",
        "prometheus",
        "pulsar",
        "rabbitmq",
        "redis",
        "redis-cluster",
        "redis-cluster-streams",
        "redis-sentinel",
        "redis-sentinel-streams",
        "redis-streams",
        "selenium-grid",
        "solace-event-queue",
        "solace-direct-messaging",
        "solarwinds",
        "solr",
        "splunk",
        "splunk-observability",
        "stan",
        "sumologic",
        "temporal",
    ]
)
"""Of KEDA 2.19; a later one may know more."""
_NEEDED = {
    "cron": ("timezone", "start", "end", "desiredReplicas"),
    "prometheus": ("serverAddress", "query", "threshold"),
}
"""What a scaler cannot do without and has from nowhere else."""
_RUNTIME = regex(r"(?<!\$)\$\{\s*((?:env|secrets|pod|limits|requests)\.[^}]*)\}")
_REFERENCE = regex(r"(?<!\$)\$\{\s*([^}]*?)\s*\}")
_FROM_ENV = "FromEnv"
_SHOWN = 80
"""Of a longer text advice does not repeat all."""


def events(context: Context, given: GivenScale, low: int, at: Route, workload: str, main: Process) -> Events | None:
    """None without triggers."""
    if not given.triggers:
        return None
    if given.idle_replicas is not None and low == 0:
        message = "`idle_replicas` has no effect: `min` is 0 already"
        context.report("no-effect", (*at, "idle_replicas"), message, help="remove `idle_replicas`", anchor="key")
    made = tuple(
        _trigger(context, name, one, (*at, "triggers", name), workload, main) for name, one in given.triggers.items()
    )
    if low == 0 and all(one.type in ("cpu", "memory") for one in given.triggers.values()):
        message = "cpu and memory of no replica are nothing: they start no first one, so `min: 0` cannot be"
        context.report(
            "trigger-from-zero", (*at, "min"), message, help="write `min: 1`, or add a trigger of another type"
        )
    back = given.fallback
    fallback = Fallback(back.failures, back.replicas, back.behavior, (*at, "fallback")) if back is not None else None
    return Events(made, given.polling_interval, given.cooldown, given.idle_replicas, fallback, (*at, "triggers"))


def _trigger(context: Context, name: str, given: GivenTrigger, at: Route, workload: str, main: Process) -> Trigger:
    if given.type not in _SCALERS:
        near = close(given.type, sorted(_SCALERS))
        help_ = f"write `{near}`" if near else "it is right if the cluster's KEDA is newer than 2.19"
        message = f"KEDA has no scaler `{given.type}`{nearest(given.type, sorted(_SCALERS))}"
        context.report("trigger-type-unknown", (*at, "type"), message, help=help_, severity=Severity.WARNING)
    metadata = tuple(
        (key, _value(context, key, text, (*at, "metadata", key), main)) for key, text in given.metadata.items()
    )
    _complete(context, given, at)
    auth = _authentication(context, given.authentication, (*at, "authentication"), f"{workload}-{name}", main)
    return Trigger(name, given.type, metadata, given.metric_type or "", auth, at)


def _complete(context: Context, given: GivenTrigger, at: Route) -> None:
    for key in _NEEDED.get(given.type, ()):
        if key not in given.metadata and f"{key}{_FROM_ENV}" not in given.metadata:
            known = ", ".join(_NEEDED[given.type])
            near = close(key, given.metadata)
            message = f"the scaler `{given.type}` needs {known}: there is no `{key}`"
            help_ = f"write `{key}` instead of `{near}`" if near else f"add `{key}`"
            context.report("trigger-key-missing", (*at, "metadata"), message, help=help_, anchor="key")
    for key in ("start", "end") if given.type == "cron" else ():
        wrong = cron_problem(given.metadata.get(key, "0 0 * * *"))
        if wrong:
            text = given.metadata[key]
            context.report("trigger-cron", (*at, "metadata", key), f"`{text}` is not a cron line: {wrong}")


def _value(context: Context, key: str, text: str, at: Route, main: Process) -> str:
    """KEDA is told plain text; what only a running pod knows it reads from a variable."""
    if key.endswith(_FROM_ENV):
        _known_variable(context, text, at, main)
        return text
    later = _RUNTIME.search(text)
    if later is not None:
        _runtime(context, key, text, later, at)
        return ""
    scope = Scope(main.ports, frozenset(), frozenset())
    value = expand(context, text, scope, at)[1]
    if _plain(value):
        return value.text
    if not context.local:
        same = next((one.name for one in main.env if one.value == value and not one.name.startswith("SVC_")), "")
        parts = list(_REFERENCE.finditer(text))
        later = next((one for one in parts if not _plain(expand(context, one[0], scope, at)[1])), None)
        _runtime(context, key, text, later, at, same)
    return ""


_REGION = "awsRegion"
"""Of all scalers of Amazon's, which read it from the trigger or its authentication alone (keda, pkg/scalers)."""


def _plain(value: EnvValue | None) -> TypeGuard[Literal_]:
    return isinstance(value, Literal_) and "$(SVC_" not in value.text


def _runtime(
    context: Context, key: str, text: str, reference: Match[str] | None, at: Route, variable: str = ""
) -> None:
    """`reference`: the one in the text that only a pod knows, None where that is the whole text, as with `$(SVC_X)`.
    `variable`: one that holds the whole text already."""
    written = reference[0] if reference is not None else text
    name = reference[1].strip() if reference is not None else text.strip()
    root, _, rest = name.partition(".")
    alone = reference is not None and written == text.strip()
    shown = name if len(name) <= _SHOWN else f"{name[: _SHOWN - 3]}..."
    message = f"`{shown}` is known only in the pod, and KEDA asks from outside of it"
    if key == _REGION:
        help_ = "write the region, or `${environment.region}`: KEDA takes this one from no variable"
    elif variable or (alone and root in ("env", "secrets")):
        help_ = f"write `{key}{_FROM_ENV}: {variable or rest}`, the name of the variable"
    else:
        made = _named(name if alone else f"{at[-3]}_{key}")
        whole = json.dumps(text.strip(), ensure_ascii=False) if len(text) <= _SHOWN else "<this text>"
        what = "it" if alone else "the whole text"
        help_ = f"write {what} as a variable, `env: {{{made}: {whole}}}`, and `{key}{_FROM_ENV}: {made}` here"
    context.report("trigger-value-in-pod", at, message, help=help_, words=written)


def _named(text: str) -> str:
    """A variable's name made of words, of which some may begin with a capital only."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return re.sub(r"[^A-Z0-9]+", "_", parted.upper()).strip("_")


def _known_variable(context: Context, name: str, at: Route, main: Process) -> bool:
    known = [one.name for one in main.env]
    if name in known or main.env_from:
        return True
    listed = _listed(known)
    message = f"this process has no variable `{name}`{nearest(name, known)}"
    context.report("trigger-variable-unknown", at, message, help=f"its variables are {listed}")
    return False


def _authentication(
    context: Context, given: GivenAuthentication | None, at: Route, name: str, main: Process
) -> TriggerAuth | None:
    if given is None:
        return None
    if given.name is not None:
        return TriggerAuth(given.name, cluster=False, made=False, at=at)
    if given.cluster is not None:
        return TriggerAuth(given.cluster, cluster=True, made=False, at=at)
    secrets = tuple(_secrets(context, given, at, main))
    return TriggerAuth(name, False, True, secrets, given.identity or "", at)


def _secrets(
    context: Context, given: GivenAuthentication, at: Route, main: Process
) -> Iterator[tuple[str, SecretKey, Route]]:
    values = {one.name: one.value for one in main.env}
    for parameter, name in given.secrets.items():
        route = (*at, "secrets", parameter)
        value = values.get(name)
        if isinstance(value, SecretKey):
            yield parameter, value, route
        elif value is not None and not context.local:
            message = f"the variable `{name}` is no secret of its own, so no authentication can be made of it"
            help_ = f"write `{parameter}{_FROM_ENV}: {name}` in `metadata`"
            context.report("trigger-no-secret", route, message, help=help_)
        elif value is None:
            secret = [one.name for one in main.env if isinstance(one.value, SecretKey)]
            message = f"this process has no variable `{name}`{nearest(name, secret)}"
            listed = _listed(secret)
            context.report("trigger-variable-unknown", route, message, help=f"its secret variables are {listed}")


def _listed(known: list[str]) -> str:
    """Variables by name, those left out that we put before others ourselves."""
    return ", ".join(f"`{one}`" for one in sorted(known)[:12] if not one.startswith("SVC_")) or "none"
