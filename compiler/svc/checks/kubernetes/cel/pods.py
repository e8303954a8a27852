"""Rules of pods and their containers, beside those of security."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svc.checks._params import NoParams
from svc.checks.kubernetes.cel.text import (
    CONTAINER,
    among,
    at,
    both,
    each,
    has,
    items,
    text,
    texts,
    unless,
    value,
    when,
    within,
)
from svc.checks.kubernetes.cel.types import PODS, Rule
from svc.checks.kubernetes.probes_identical import ACTIONS
from svc.checks.kubernetes.socket_mount import SOCKETS
from svc.checks.pods import LONG_RUNNING
from svc.quantities import SMALL

if TYPE_CHECKING:
    from svc.checks.kubernetes.amount_unlikely import Params as AmountUnlikely
    from svc.checks.kubernetes.image_registry import Params as ImageRegistry
    from svc.checks.kubernetes.port_number import Params as PortNumber
    from svc.checks.kubernetes.probe_missing import Params as ProbeMissing
    from svc.checks.kubernetes.resource_missing import Params as ResourceMissing
    from svc.checks.kubernetes.volume_types import Params as VolumeTypes

CONTAINERS, MAIN, POD = "variables.containers", "variables.main", "variables.pod"
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
IMAGE = value("c", "image")
SAYS = f'{IMAGE} != "" && {IMAGE} != "auto" && !{IMAGE}.contains("$") && !{IMAGE}.contains("{{{{")'
"""There is an image, and nothing is filled in later."""
RUNS = f'{CONTAINER} + " runs `" + c.image + "`"'
NO_DIGEST = f"!{IMAGE}.matches({text('(?s)@.*:')})"
UNTAGGED = "^(?:[^@]*/)?[^/:@]*(?::(?:latest)?)?(?:@[^:]*)?$"
"""A reference without a digest whose last part has no tag, or `latest`."""


def image_latest(_: NoParams) -> Rule:
    return Rule(PODS, each(CONTAINERS, "c", f"{SAYS} && {IMAGE}.matches({text(UNTAGGED)})", RUNS))


def image_pinned(_: NoParams) -> Rule:
    return Rule(PODS, each(CONTAINERS, "c", f"{SAYS} && {NO_DIGEST}", RUNS))


def image_registry(params: ImageRegistry) -> Rule:
    qualified = (
        f"({IMAGE}.matches({text('^([^/]*[.:][^/]*|localhost)/')}) ? {IMAGE}"
        f' : {IMAGE}.contains("/") ? "docker.io/" + {IMAGE} : "docker.io/library/" + {IMAGE})'
    )
    registries = texts(f"{one.rstrip('/')}/" for one in params.allowed)
    foreign = f"!{registries}.exists(r, {qualified}.startsWith(r))"
    return Rule(PODS, each(CONTAINERS, "c", f"{SAYS} && {foreign}", RUNS))


def pull_policy(_: NoParams) -> Rule:
    kept = f'{value("c", "imagePullPolicy")} != "Always" && {NO_DIGEST}'
    return Rule(PODS, each(CONTAINERS, "c", kept, CONTAINER, '" may run an old copy of its image"'))


def default_account(_: NoParams) -> Rule:
    named = f'{at(POD, "serviceAccountName")}.or({at(POD, "serviceAccount")}).orValue("default") == "default"'
    mounted = f"{value(POD, 'automountServiceAccountToken', default='true')} != false"
    return Rule(PODS, when(f"{mounted} && {named}", text("the pod acts as its namespace's default service account")))


def env_duplicate(_: NoParams) -> Rule:
    names = f"{items('c', 'env')}.map(e, e.name)"
    return Rule(PODS, each(CONTAINERS, "c", _twice(names), CONTAINER, '" sets a variable twice"'))


def _twice(listed: str) -> str:
    """Whether a list has anything twice. It is made once: every letter of an evaluation is paid."""
    return f"[{listed}].exists(l, l.exists(n, l.indexOf(n) != l.lastIndexOf(n)))"


def secret_env(_: NoParams) -> Rule:
    from_secret = f"{items('c', 'env')}.exists(e, {has('e', 'valueFrom', 'secretKeyRef')})"
    whole = f"{items('c', 'envFrom')}.exists(e, {has('e', 'secretRef')})"
    wrong = f"{from_secret} || {whole}"
    return Rule(PODS, each(CONTAINERS, "c", wrong, CONTAINER, '" has a variable from a Secret"'))


def host_port(_: NoParams) -> Rule:
    taken = f"{items('c', 'ports')}.exists(p, {value('p', 'hostPort', default='0')} != 0)"
    return Rule(PODS, each(CONTAINERS, "c", taken, CONTAINER, '" takes a port of its node"'))


def port_number(params: PortNumber) -> Rule:
    number = value("p", "containerPort", default="0")
    low = f"{items('c', 'ports')}.exists(p, {number} >= {params.lowest} && {number} <= {params.highest})"
    message = text(f" opens a port of {params.lowest} to {params.highest}")
    return Rule(PODS, each(CONTAINERS, "c", low, CONTAINER, message))


def port_duplicate(_: NoParams) -> Rule:
    ports = items("c", "ports")
    names = f'{ports}.filter(p, {value("p", "name")} != "").map(p, p.name)'
    numbers = f'{ports}.map(p, string(p.containerPort) + "/" + {value("p", "protocol", default=text("TCP"))})'
    twice = f"{_twice(names)} || {_twice(numbers)}"
    return Rule(PODS, each(MAIN, "c", twice, CONTAINER, '" declares a port twice"'))


def probe_missing(params: ProbeMissing) -> Rule:
    serving = f"variables.main.exists(m, size({items('m', 'ports')}) > 0)"
    excused = serving if params.portless else f"size({items('c', 'ports')}) == 0"
    missing = f"!{has('c', params.probe)} && !({excused})"
    ends = among(value(POD, "restartPolicy"), ("Never", "OnFailure"))
    kinds = tuple(kind for kind in PODS if kind in LONG_RUNNING)
    return Rule(kinds, unless(ends, each(MAIN, "c", missing, CONTAINER, text(f" has no {params.probe}"))))


def probe_port_name(_: NoParams) -> Rule:
    ports = [value("c", probe, action, "port", default="0") for probe in PROBES for action in ("httpGet", "tcpSocket")]
    declared = f"{items('c', 'ports')}.map(p, {value('p', 'name')})"
    unknown = 'type(n) == string && !string(n).matches("^[0-9]+$") && !(n in ' + declared + ")"
    faults = each(
        f"[{', '.join(f'dyn({port})' for port in ports)}]", "n", unknown, '"port `" + string(n) + "` of a probe"'
    )
    return Rule(PODS, within(CONTAINERS, "c", faults))


def probe_timing(_: NoParams) -> Rule:
    late = " || ".join(
        f"{value('c', probe, 'timeoutSeconds', default='1')} > {value('c', probe, 'periodSeconds', default='10')}"
        for probe in PROBES
    )
    return Rule(PODS, each(CONTAINERS, "c", late, CONTAINER, '" has a probe that waits longer than its period"'))


def probes_identical(_: NoParams) -> Rule:
    there = f"{has('c', 'readinessProbe')} && {has('c', 'livenessProbe')}"
    alike = [f"{at('c', 'readinessProbe', one)} == {at('c', 'livenessProbe', one)}" for one in ACTIONS]
    patience = " == ".join(value("c", probe, "failureThreshold", default="3") for probe in PROBES[1:])
    wrong = " && ".join((there, *alike, patience))
    return Rule(
        PODS, each(MAIN, "c", wrong, '"liveness and readiness of " + ' + CONTAINER + ' + " are the same probe"')
    )


def resource_missing(params: ResourceMissing) -> Rule:
    kinds = ("requests", "limits") if params.kind == "requests" else ("limits",)
    pod = " || ".join(has(POD, "resources", kind, params.resource) for kind in kinds)
    container = " || ".join(has("c", "resources", kind, params.resource) for kind in kinds)
    message = text(f" has no {params.resource} {params.kind.removesuffix('s')}")
    return Rule(PODS, unless(pod, each("variables.running", "c", f"!({container})", CONTAINER, message)))


def amount_unlikely(params: AmountUnlikely) -> Rule:
    size = value("c", "resources", default="{}") + "[?p][?k].orValue(null)"
    many = f'k == "cpu" && q.compareTo(quantity("{params.processors}")) >= 0'
    few = f'k == "memory" && q.compareTo(quantity("{params.bytes}")) < 0 && q.compareTo(quantity("1")) >= 0'
    wrong = f"[string(s)].filter(t, isQuantity(t)).map(t, quantity(t)).exists(q, {many} || {few})"
    some = f'["cpu", "memory"].exists(k, [dyn({size})].exists(s, (type(s) == string || type(s) == int) && {wrong}))'
    each_part = f'["requests", "limits"].exists(p, {some})'
    return Rule(PODS, each(CONTAINERS, "c", each_part, CONTAINER, '" asks for processors or memory that nobody means"'))


def memory_fraction(_: NoParams) -> Rule:
    size = value("c", "resources", default="{}") + "[?p][?k].orValue(0)"
    fraction = f"""[dyn({size})].exists(s, type(s) == string && string(s).matches({text(f"^({SMALL})$")}))"""
    some = f'["memory", "ephemeral-storage"].exists(k, {fraction})'
    wrong = f'["requests", "limits"].exists(p, {some})'
    return Rule(PODS, each(CONTAINERS, "c", wrong, CONTAINER, '" counts fractions of a byte"'))


def socket_mount(_: NoParams) -> Rule:
    pattern = "(" + "|".join(one.replace(".", "[.]") for one in SOCKETS) + ")/*$"
    wrong = f"{value('v', 'hostPath', 'path')}.matches({text(pattern)})"
    return Rule(PODS, each(items(POD, "volumes"), "v", wrong, '"volume `" + v.name + "` is the runtime\'s socket"'))


def volume_types(params: VolumeTypes) -> Rule:
    kinds = 'v.filter(k, k != "name")'
    forbidden = each(kinds, "k", "true" if params.allowed else among("k", params.forbidden), '"`" + k + "`"')
    allowed = f"{kinds}.exists(k, {among('k', params.allowed)})"
    wrong = unless(allowed, forbidden) if params.allowed else forbidden
    return Rule(PODS, within(items(POD, "volumes"), "v", wrong))


def job_restart(_: NoParams) -> Rule:
    wrong = f"!({among(value(POD, 'restartPolicy'), ('Never', 'OnFailure'))})"
    return Rule(("Job", "CronJob"), when(wrong, text("allowed are `Never` and `OnFailure`")))


def _selects(base: str, *keys: str) -> str:
    """Whether a label selector is there and matches the pod's own labels, where it has some."""
    labels = value("variables.metadata", "labels", default="{}")
    wanted = value(base, *keys, "matchLabels", default="{}")
    among_ = f'{value("e", "values", default="[]")}.exists(v, v == {labels}[?e.key].orValue(""))'
    there = f"{labels}[?e.key].hasValue()"
    holds = (
        f'(e.operator == "In" ? ({there} && {among_}) : e.operator == "NotIn" ? !({there} && {among_})'
        f' : e.operator == "Exists" ? {there} : !{there})'
    )
    every = f'{wanted}.all(k, {labels}[?k].orValue("") == {wanted}[k])'
    return f"{has(base, *keys)} && (size({labels}) == 0 || ({every} && {items(base, *keys, 'matchExpressions')}.all(e, {holds})))"


def pods_spread(_: NoParams) -> Rule:
    many = f"{value('dyn(object)', 'spec', 'replicas', default='0')} >= 2"
    rules = ("affinity", "podAntiAffinity")
    preferred, required = (f"{one}DuringSchedulingIgnoredDuringExecution" for one in ("preferred", "required"))
    apart = " || ".join(
        f"{items(POD, *where)}.exists(t, {_selects('t', *inside, 'labelSelector')})"
        for where, inside in (
            (("topologySpreadConstraints",), ()),
            ((*rules, required), ()),
            ((*rules, preferred), ("podAffinityTerm",)),
        )
    )
    loose = f"!({apart})"
    return Rule(("Deployment", "StatefulSet"), when(f"{many} && {loose}", text("nothing spreads the pods over nodes")))


def selector_mismatch(_: NoParams) -> Rule:
    wanted = value("dyn(object)", "spec", "selector", "matchLabels", default="{}")
    has_it = f'{at("variables.metadata", "labels")}[?k].orValue("") == {wanted}[k]'
    there = f"{at('variables.metadata', 'labels')}[?k].hasValue()"
    faults = each(wanted, "k", f"!({there} && {has_it})", '"label `" + k + "`"')
    return Rule(("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"), both(faults))
