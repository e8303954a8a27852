"""Services whose environments differ in one thing each: how the two differ, by the name of the thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import samples
from svc.resolve.types.around import Account, ConfigObject
from svc.resolve.types.images import Image
from svc.resolve.types.process import Literal_, PodField, Process, SecretKey, Variable
from svc.resolve.types.scaling import Events, Fallback, Metric, Rate, Scale, Trigger, TriggerAuth
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload

Change = Callable[[Resolved], Resolved]


def _server(change: Callable[[Workload], Workload]) -> Change:
    def changed(one: Resolved) -> Resolved:
        assert one.server is not None
        return replace(one, server=change(one.server))

    return changed


def main(**parts: Any) -> Change:
    return _server(lambda server: replace(server, main=replace(server.main, **parts)))


def env(*variables: Variable) -> Change:
    return main(env=variables)


def _port(number: int) -> Change:
    def changed(server: Workload) -> Workload:
        assert server.service is not None
        first, *rest = server.service.ports
        port = replace(first, service=number)
        return replace(server, service=replace(server.service, ports=(port, *rest)))

    return _server(changed)


def _no_probe(server: Workload) -> Workload:
    health = replace(server.main.health, startup=None)
    return replace(server, main=replace(server.main, health=health), sidecars=())


def _annotated(*pairs: tuple[str, str]) -> Change:
    return lambda one: replace(one, annotations=pairs)


def _worker_scaled(one: Resolved) -> Resolved:
    scale = Scale(2, 6, (Metric("cpu", "60"),))
    return replace(one, workers=tuple(replace(worker, scale=scale, disruption_min=1) for worker in one.workers))


_QUEUE = Trigger("a-queue", "rabbitmq", (("queueName", "a"), ("value", "{{ x }}")), "", None)
_OWN = TriggerAuth("", False, True, (("password", SecretKey("checkout-secrets", "STRIPE_KEY"), ()),))
_LAG = Trigger("lag", "kafka", (("topic", "orders"),), "AverageValue", _OWN)


def _events(*triggers: Trigger, idle: int | None = None, cpu: bool = False, rate: Rate | None = None) -> Change:
    """The server and its workers scale by events."""
    metrics = (Metric("cpu", "60"),) if cpu else ()

    def scaled(one: Workload) -> Workload:
        own = tuple(_named(trigger, f"{one.name}-{trigger.name}") for trigger in triggers)
        found = Events(own, 15, None, idle, Fallback(3, 4, "static"))
        scale = Scale(0 if idle is None else 2, 9, metrics, down=rate, events=found)
        return replace(one, scale=scale, disruption_min=None)

    def changed(one: Resolved) -> Resolved:
        assert one.server is not None
        return replace(one, server=scaled(one.server), workers=tuple(scaled(each) for each in one.workers))

    return changed


def _named(trigger: Trigger, name: str) -> Trigger:
    return replace(trigger, auth=replace(trigger.auth, name=name) if trigger.auth is not None else None)


_CPU, _MEMORY = Metric("cpu", "60"), Metric("memory", "80")
_WAITING = Metric("external", "100", "orders_waiting", selector=(("queue", "a"),))
_RATE = Metric("object", "2k", "rate", in_all=True, described=("networking.k8s.io/v1", "Ingress", "checkout"))


def _driven(*metrics: Metric) -> Change:
    return _server(lambda server: replace(server, scale=Scale(2, 9, metrics)))


def _renamed_jobs(one: Resolved) -> Resolved:
    jobs = [replace(job, name=f"{job.name}-a-1", component=f"{job.component}-a-1") for job in one.jobs]
    return replace(one, jobs=tuple(jobs))


def _mixed(text: str) -> Change:
    return env(
        Variable("A", Literal_(text)), Variable("a.b-c", Literal_("dots")), Variable("Z", PodField("spec.nodeName"))
    )


HOSTILE = 'a{{ .Values.x }} "b" {{`c`}} \u00e9 \\ # d: \n  e\n\n'
VARIANTS: dict[str, tuple[Change | None, Change | None]] = {
    "nothing": (None, None),
    "labels of one environment": (lambda one: replace(one, labels=(("tier", "1"), ("cost-center", "x"))), None),
    "no labels in one": (None, lambda one: replace(one, labels=())),
    "a standard label in the spec": (lambda one: replace(one, labels=(("app.kubernetes.io/part-of", "shop"),)), None),
    "annotations of one environment": (_annotated(("a/b", "c")), None),
    "other annotations": (_annotated(("a/b", "c")), _annotated(("a/b", "d"), ("e", HOSTILE.strip()))),
    "annotations everywhere": (_annotated(("a/b", HOSTILE)), _annotated(("a/b", HOSTILE))),
    "another description": (lambda one: replace(one, description=HOSTILE), None),
    "another version": (
        lambda one: replace(one, version="2", image=Image("r.example/x", "2", "sha256:" + "2" * 64, False)),
        lambda one: replace(one, version="1", image=Image("r.example/x", "1", "sha256:" + "1" * 64, False)),
    ),
    "a version that is no label": (lambda one: replace(one, version="+bad+"), None),
    "variables in another order": (
        env(Variable("A", Literal_("1")), Variable("B", Literal_("2"))),
        env(Variable("B", Literal_("2")), Variable("A", Literal_("1"))),
    ),
    "variables of one environment": (_mixed(HOSTILE), env(Variable("A", Literal_("")))),
    "a variable from a secret in one": (
        env(Variable("A", Literal_("x")), Variable("B", Literal_("y"))),
        env(Variable("A", SecretKey("checkout-secrets", "STRIPE_KEY")), Variable("B", Literal_("y"))),
    ),
    "a variable in the middle of one environment": (
        env(Variable("A", Literal_("1")), Variable("S", SecretKey("checkout-db", "url")), Variable("B", Literal_("2"))),
        env(Variable("A", Literal_("1")), Variable("B", Literal_("2"))),
    ),
    "no variables in one": (env(), None),
    "no variables": (env(), env()),
    "another command": (main(command=("./x", HOSTILE)), main(command=("./x",))),
    "a command in one": (main(command=("./x",)), None),
    "another service port": (_port(8081), None),
    "no probe and no sidecar in one": (_server(_no_probe), None),
    "no worker in one": (lambda one: replace(one, workers=()), None),
    "a worker that scales in one": (None, _worker_scaled),
    "events in one, an autoscaler in the other": (_events(_QUEUE, _LAG), _worker_scaled),
    "events in one, a number in the other": (
        _events(_QUEUE),
        _server(lambda server: replace(server, scale=Scale(3, 3, ()))),
    ),
    "other events": (_events(_QUEUE), _events(replace(_QUEUE, metadata=(("queueName", "b"),)), _LAG, cpu=True)),
    "events in another order": (_events(_QUEUE, _LAG), _events(_LAG, _QUEUE, idle=0, rate=Rate(60, "Max", ()))),
    "another target of the autoscaler": (_driven(_CPU, _WAITING), _driven(replace(_CPU, target="90"), _WAITING)),
    "a metric in the middle of one": (_driven(_CPU, _WAITING, _MEMORY), _driven(_CPU, _MEMORY)),
    "metrics in another order": (_driven(_WAITING, _RATE), _driven(_RATE, _WAITING)),
    "one metric twice": (_driven(_WAITING, replace(_WAITING, target="5")), _driven(_WAITING)),
    "an amount for each pod and in all": (_driven(_RATE), _driven(replace(_RATE, in_all=False))),
    "no jobs in one": (lambda one: replace(one, jobs=()), None),
    "jobs with dashes and digits": (_renamed_jobs, _renamed_jobs),
    "no server in one": (lambda one: replace(one, server=None, expose=None, metrics=None), None),
    "no ingress in one": (lambda one: replace(one, expose=None), None),
    "another account": (lambda one: replace(one, account=Account("shared", False, False, (), ())), None),
    "accounts made elsewhere": (
        lambda one: replace(one, account=Account("shared", False, False, (), ())),
        lambda one: replace(one, account=Account("shared", False, False, (), ())),
    ),
    "hostile configuration": (
        lambda one: replace(
            one,
            configs=(
                ConfigObject(
                    "checkout-files",
                    (("config.yaml", HOSTILE), ("b", "\t")),
                ),
            ),
        ),
        lambda one: replace(one, configs=(ConfigObject("checkout-files", (("config.yaml", "\u2028\x85<&>"),)),)),
    ),
    "other resources": (main(resources=samples.web().workers[0].main.resources), None),
    "more replicas": (_server(lambda server: replace(server, scale=Scale(5, 5, ()))), None),
    "another host": (
        lambda one: replace(one, expose=one.expose and replace(one.expose, hosts=("a.example.com", "b.example.com"))),
        None,
    ),
    "no tls in one": (lambda one: replace(one, expose=one.expose and replace(one.expose, tls=False)), None),
    "another ingress controller": (
        lambda one: replace(one, expose=one.expose and replace(one.expose, class_name="alb")),
        None,
    ),
    "open egress in one": (lambda one: replace(one, access=replace(one.access, open_egress=True)), None),
    "nobody may come in one": (lambda one: replace(one, access=replace(one.access, incoming=())), None),
    "a sidecar with another image": (
        _server(lambda server: replace(server, sidecars=tuple(_other_image(one) for one in server.sidecars))),
        None,
    ),
}


def _other_image(process: Process) -> Process:
    return replace(process, image=Image("r.example/proxy", "9", "sha256:" + "9" * 64, False))
