"""Environments differ in many ways; whatever it is, the chart gives each one its own judged objects."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import samples
from svc import tools
from svc.resolve.types.around import Account, ConfigObject
from svc.resolve.types.images import Image
from svc.resolve.types.process import Literal_, PodField, Process, SecretKey, Variable
from svc.resolve.types.scaling import Events, Fallback, Metric, Rate, Scale, Trigger, TriggerAuth
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.resolve.unit import Unit
from svc.targets.helm import conventions, weave
from svc.targets.helm import target as helm
from svc.targets.helm.types import Chart, Const, Each, Entry, Fields, Items

Change = Callable[[Resolved], Resolved]


def _server(change: Callable[[Workload], Workload]) -> Change:
    def changed(one: Resolved) -> Resolved:
        assert one.server is not None
        return replace(one, server=change(one.server))

    return changed


def _main(**parts: Any) -> Change:
    return _server(lambda server: replace(server, main=replace(server.main, **parts)))


def _env(*variables: Variable) -> Change:
    return _main(env=variables)


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
    return _env(
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
        _env(Variable("A", Literal_("1")), Variable("B", Literal_("2"))),
        _env(Variable("B", Literal_("2")), Variable("A", Literal_("1"))),
    ),
    "variables of one environment": (_mixed(HOSTILE), _env(Variable("A", Literal_("")))),
    "a variable from a secret in one": (
        _env(Variable("A", Literal_("x")), Variable("B", Literal_("y"))),
        _env(Variable("A", SecretKey("checkout-secrets", "STRIPE_KEY")), Variable("B", Literal_("y"))),
    ),
    "a variable in the middle of one environment": (
        _env(
            Variable("A", Literal_("1")), Variable("S", SecretKey("checkout-db", "url")), Variable("B", Literal_("2"))
        ),
        _env(Variable("A", Literal_("1")), Variable("B", Literal_("2"))),
    ),
    "no variables in one": (_env(), None),
    "no variables": (_env(), _env()),
    "another command": (_main(command=("./x", HOSTILE)), _main(command=("./x",))),
    "a command in one": (_main(command=("./x",)), None),
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
    "other resources": (_main(resources=samples.web().workers[0].main.resources), None),
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


def _chart(name: str) -> Chart:
    unit = samples.unit(samples.web)
    changes = VARIANTS[name]
    environments = tuple(
        change(one) if change is not None else one for change, one in zip(changes, unit.environments, strict=True)
    )
    return _lowered(replace(unit, environments=environments))


def _lowered(unit: Unit) -> Chart:
    lowered = helm.lower(unit)
    assert isinstance(lowered.artifact, Chart), lowered.problems
    return lowered.artifact


@pytest.mark.parametrize("name", VARIANTS)
def test_every_environment_gets_its_own_objects(name: str) -> None:
    chart = _chart(name)
    faults = helm.verify(chart, helm.render(chart).files)
    assert [one for one in faults if one.tool == "read-back"] == []


class _Everything:
    def __contains__(self, _: object) -> bool:
        return True

    def isdisjoint(self, _: object) -> bool:
        return False


def _joined(chart: Chart) -> Chart:
    """With one constant for each tree of nothing else."""
    return replace(chart, templates=tuple(replace(one, body=_whole(one.body)) for one in chart.templates))


def _whole(node: Any) -> Any:
    if isinstance(node, Each):
        return replace(node, node=_whole(node.node))
    if not isinstance(node, (Fields, Items)) or not node.entries:
        return node
    entries: list[Any] = [
        replace(one, node=_whole(one.node)) if isinstance(one, Entry) else one for one in node.entries
    ]
    plain = [
        (one.key, one.node.value)
        for one in entries
        if isinstance(one, Entry) and one.when is None and isinstance(one.node, Const)
    ]
    if len(plain) < len(entries) or (isinstance(node, Items) and node.instead):
        return replace(node, entries=tuple(entries))
    return Const([value for _, value in plain] if isinstance(node, Items) else dict(plain))


@pytest.mark.parametrize("name", VARIANTS)
def test_every_convention_is_found_by_its_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that is asked about keys of its own only gives what it gives when it is asked about every place."""
    chart = _chart(name)
    every = tuple(dict.fromkeys(rule for rules in conventions.rules(exposing=True).values() for rule in rules))
    monkeypatch.setattr(conventions, "rules", lambda _: SimpleNamespace(get=lambda *_: every))
    monkeypatch.setattr(weave, "known_keys", lambda _: _Everything())
    again = _chart(name)
    assert _joined(again) == _joined(chart)
    assert helm.render(again).files == helm.render(chart).files


@pytest.mark.tools
@pytest.mark.parametrize("name", VARIANTS)
def test_the_real_helm_agrees(name: str, tmp_path: Path) -> None:
    """Helm alone: some variants are no objects that a cluster would take."""
    box = tools.toolbox(os.environ)
    if not tools.available(["helm"], box):
        pytest.skip("helm is not there")
    alone = replace(box, explicit={"helm": str(tools.find("helm", box).path)}, folders=())
    chart = _chart(name)
    for path, text in helm.render(chart).files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    judged, *skipped = helm.judge([chart], tmp_path, alone)
    assert (judged.tool, judged.faults, judged.skipped) == ("helm", (), "")
    assert all(one.skipped for one in skipped)


@pytest.mark.parametrize("make", samples.SERVICES)
def test_one_environment_is_enough(make: Callable[[str], Resolved]) -> None:
    unit = samples.unit(make)
    chart = _lowered(replace(unit, environments=unit.environments[:1]))
    assert helm.verify(chart, helm.render(chart).files) == ()


def test_values_of_an_environment_say_only_what_differs() -> None:
    chart = _chart("nothing")
    production = next(one for one in chart.environments if one.name == "production")
    assert production.overrides["env"] == {"LOG_LEVEL": "info"}
    assert production.overrides["namespaceOverride"] == "payments-production"
    assert "image" not in production.overrides


@pytest.mark.parametrize("name", VARIANTS)
def test_a_line_with_a_name_is_of_the_item_with_that_name(name: str) -> None:
    """Items that only other environments have do not shift what is said about a line."""
    chart = _chart(name)
    rendered = helm.render(chart)
    objects = {
        f"{environment.name}/{one.kind}/{one.name}": one
        for environment in chart.environments
        for one in environment.manifests
    }
    checked = 0
    for (key, route), (path, line) in rendered.lines.items():
        written = re.search(r"- name: ([\w.-]+)$", rendered.files[path].split("\n")[line - 1])
        if key in objects and route and isinstance(route[-1], int) and written is not None:
            assert objects[key].tree.get(*route, "name") == written[1], (key, route)
            checked += 1
    assert checked > 10


def test_only_the_variable_that_differs_is_in_the_values_of_an_environment() -> None:
    """A variable more in one environment, in the middle, leaves the others where they are."""
    before, after = (Variable(name, Literal_("x")) for name in ("A", "B"))
    secret = Variable("S", SecretKey("checkout-db", "password"))
    unit = samples.unit(samples.web)
    staging, production = unit.environments
    made = _lowered(replace(unit, environments=(_env(before, after)(staging), _env(before, secret, after)(production))))
    overrides = next(one.overrides for one in made.environments if one.name == production.environment)
    assert "env" not in overrides
    assert list(overrides["envSources"]) == ["S"]
    assert helm.verify(made, helm.render(made).files) == ()


def test_only_the_target_that_differs_is_in_the_values_of_an_environment() -> None:
    chart = _chart("another target of the autoscaler")
    differing = [one.overrides["autoscaling"] for one in chart.environments if "autoscaling" in one.overrides]
    assert differing == [{"targetCPUUtilizationPercentage": 90}]


@pytest.mark.parametrize(
    ("label", "common"),
    [("app.kubernetes.io/owner", True), ("app.kubernetes.io/part-of", False), ("helm.sh/chart", False)],
)
def test_common_labels_are_a_value_where_objects_have_them_from_there(label: str, common: bool) -> None:
    """Labels that the helpers print, said by the spec itself, would be printed twice: objects spell theirs then."""
    unit = samples.unit(samples.web)
    environments = tuple(replace(one, labels=((label, "retail"),)) for one in unit.environments)
    chart = _lowered(replace(unit, environments=environments))
    files = helm.render(chart).files
    assert helm.verify(chart, files) == ()
    assert ("commonLabels" in chart.values) is common
    assert ('include "checkout.labels"' in files["chart/templates/deployment.yaml"]) is common


@pytest.mark.parametrize("key", ["args", "command"])
def test_a_command_with_another_word_is_one_value(key: str) -> None:
    unit = samples.unit(samples.web)
    said = (("serve", "--workers", str(number)) for number in range(1, 9))
    environments = tuple(_main(**{key: words})(one) for one, words in zip(unit.environments, said, strict=False))
    chart = _lowered(replace(unit, environments=environments))
    assert helm.verify(chart, helm.render(chart).files) == ()
    assert chart.values[key] == ["serve", "--workers", "1"]
    assert [one.overrides.get(key) for one in chart.environments][1:] == [["serve", "--workers", "2"]]
