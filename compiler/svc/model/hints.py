"""What was probably meant: values in the form of other tools, words of theirs, and one message for one cause."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from svc.diagnostics import Problem, Route
from svc.model.spelled import Spelled, plain
from svc.patterns import regex
from svc.records import replace

WORDS: Mapping[str, Sequence[str]] = {
    "accessModes": ("access",),
    "affinity": ("placement",),
    "autoscaling": ("scale",),
    "class": ("storage_class", "class_name"),
    "className": ("class_name",),
    "cmd": ("command",),
    "containerPort": ("port",),
    "containers": ("sidecars",),
    "cron": ("schedule",),
    "cronjobs": ("jobs",),
    "dependencies": ("needs",),
    "depends_on": ("needs",),
    "deploy": ("rollout", "resources"),
    "entrypoint": ("command",),
    "environment": ("env",),
    "engine": ("type",),
    "envFrom": ("env_from",),
    "env_file": ("env_from",),
    "existingClaim": ("claim",),
    "existingSecret": ("secret",),
    "failureThreshold": ("failures",),
    "healthcheck": ("health",),
    "hpa": ("scale",),
    "httpGet": ("http",),
    "ingress": ("expose",),
    "imagePullSecrets": ("pull_secrets",),
    "initContainers": ("init",),
    "initialDelaySeconds": ("initial_delay",),
    "kind": ("type",),
    "liveness": ("live", "health"),
    "livenessProbe": ("live", "health"),
    "maxReplicas": ("max",),
    "mem_limit": ("memory", "resources"),
    "minReplicas": ("min",),
    "nodeSelector": ("node_selector", "placement"),
    "owner": ("team",),
    "periodSeconds": ("period",),
    "readiness": ("ready", "health"),
    "readinessProbe": ("ready", "health"),
    "replicaCount": ("scale",),
    "replicas": ("replicas", "scale"),
    "restartPolicy": ("restart",),
    "runAsUser": ("user",),
    "securityContext": ("user", "capabilities"),
    "serviceAccount": ("account",),
    "serviceAccountName": ("account",),
    "service_account": ("account",),
    "startupProbe": ("startup", "health"),
    "storage": ("size",),
    "storageClass": ("storage_class",),
    "storageClassName": ("storage_class",),
    "strategy": ("strategy", "rollout"),
    "successThreshold": ("successes",),
    "targetCPUUtilizationPercentage": ("cpu",),
    "terminationGracePeriodSeconds": ("grace", "rollout"),
    "timeoutSeconds": ("timeout",),
    "valueFrom": ("secret",),
    "topologySpreadConstraints": ("spread", "placement"),
    "volumeMounts": ("volumes", "share"),
    "volumes": ("share",),
    "working_dir": ("workdir",),
    "workingDir": ("workdir",),
}
"""Keys of Kubernetes and compose -> ours, the likeliest first: the first one that a place knows is meant there."""

_VALUES: Mapping[str, str] = {
    **dict.fromkeys(("c#", "csharp", "f#", "aspnet"), "dotnet"),
    **dict.fromkeys(("golang",), "go"),
    **dict.fromkeys(("javascript", "js", "nodejs", "ts", "typescript"), "node"),
    **dict.fromkeys(("html", "nginx", "site"), "static"),
    **dict.fromkeys(("aurora", "pg", "postgresql"), "postgres"),
    **dict.fromkeys(("mariadb",), "mysql"),
    **dict.fromkeys(("documentdb", "mongo"), "mongodb"),
    **dict.fromkeys(("elasticache", "keydb", "valkey"), "redis"),
    **dict.fromkeys(("amqp", "rabbit"), "rabbitmq"),
    **dict.fromkeys(("sqs",), "queue"),
    **dict.fromkeys(("sns",), "topic"),
    **dict.fromkeys(("blob", "minio", "s3"), "bucket"),
    **dict.fromkeys(("readwriteonce", "rwo"), "once"),
    **dict.fromkeys(("readwriteoncepod", "rwop"), "once-pod"),
    **dict.fromkeys(("readwritemany", "rwx"), "many"),
    **dict.fromkeys(("readonlymany", "rox"), "read-only"),
    **dict.fromkeys(("rollingupdate",), "rolling"),
}
"""Values as others call them -> ours."""

_POD = "{target: kubernetes/Deployment, merge: {spec: {template: {spec: {%s: ...}}}}}"
_GPU = "{target: kubernetes/Deployment, json_patch: [{op: add, path: /spec/template/spec/containers/0/resources/limits/nvidia.com~1gpu, value: '1'}]}"
_PATCHES: Mapping[str, str] = {
    **dict.fromkeys(("devices", "gpu", "gpus", "nvidia.com/gpu"), _GPU),
    **{
        name: _POD % name
        for name in (
            "dnsConfig",
            "dnsPolicy",
            "hostAliases",
            "hostIPC",
            "hostNetwork",
            "hostPID",
            "runtimeClassName",
            "schedulerName",
            "tolerations",
        )
    },
}
"""Keys that Kubernetes has and the language has no word for -> the patch that says them."""


_ELSEWISE: Mapping[str, str] = {
    "targetPort": "`port` is what the process opens, and `service` the port of the Service before it: `{port: 8080, service: 80}`",
    "restart": "leave it out: what runs all the time is always started again",
    "container_name": "leave it out: containers are named after the service",
    "networks": "leave it out: `access` says who may connect to whom",
    "privileged": "leave it out: `capabilities` adds the one capability that the process needs",
}
"""Keys of others that no one key of ours stands for -> what to write."""


def patch_for(name: str) -> str:
    """What to write for a key that only a patch or several keys can say, or an empty string."""
    if name in _ELSEWISE:
        return _ELSEWISE[name]
    return f"the language has no word for it: write `patches: [{_PATCHES[name]}]`" if name in _PATCHES else ""


_OWN_DOCKERFILE = "for another one, write your own Dockerfile and set `build: {dockerfile: Dockerfile}`"

SHARED = "volumes stand at the top level, and `share: [/path]` mounts one of them here"

_BARE = regex(r"[A-Za-z0-9/._$@~+-]([^:#,\[\]{}\"'\n]|:(?! |$))*")


def word(name: str, allowed: Sequence[str]) -> str:
    """Our name, at a place that knows `allowed`, of a key as other tools call it; empty when there is none."""
    return next((ours for ours in WORDS.get(name, ()) if ours in allowed), "")


def meant(value: str, allowed: Sequence[str]) -> str:
    """`; did you mean x?` for a value as others call it, or an empty string."""
    ours = _VALUES.get(value.lower(), "")
    return f"; did you mean `{ours}`?" if ours in allowed else ""


_NONE = "svc writes no other's: `provider: none`, and "


def way_out(at: Route) -> str:
    """How to do without a value that the language has not, or an empty string."""
    if at[:1] == ("build",):
        return _OWN_DOCKERFILE if at[-1] in ("language", "manager") else ""
    if at == ("ci", "provider"):
        return f"{_NONE}call `svc lint` and `svc compile --check` in a pipeline of your own"
    if at == ("cloud", "provider"):
        return f"{_NONE}name the needs that the platform's own code makes with `realise: existing`"
    if at[:1] == ("needs",) and at[-1] == "type":
        return "for another one, write its address into `env`, its credentials into `secrets`, and let it through in `access.to`"
    return ""


def flow(value: Any) -> str:
    """A value as YAML on one line."""
    value = plain(value) if not isinstance(value, Spelled) else value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = str(value)
    return text if not isinstance(value, str) or _BARE.fullmatch(text) else '"' + text.replace('"', '\\"') + '"'


def one_cause(problems: Sequence[Problem]) -> list[Problem]:
    """Without the missing keys that an unknown key of the same mapping is a misspelling of."""
    meant = {
        (one.route[:-1], match[1])
        for one in problems
        if one.id == "unknown-key" and (match := re.search(r"did you mean `([^`]+)`", one.message))
    }
    return [one for one in problems if one.id != "missing-key" or (one.route, _missing(one)) not in meant]


def _missing(one: Problem) -> str:
    return one.message.split("`")[1]


def indented(problems: Sequence[Problem], order: Mapping[Any, Any], known: Sequence[str]) -> list[Problem]:
    """Unknown keys at the top that stand below a known key without a value: they lack their indent."""
    above: dict[str, str] = {}
    empty = ""
    for key, value in order.items():
        if str(key) in known:
            empty = str(key) if value is None else ""
        elif empty:
            above[str(key)] = empty
    return [
        replace(
            one,
            message=f"unknown key `{one.route[0]}`; it lacks the indent if it belongs to `{above[str(one.route[0])]}`",
            help=f"`{above[str(one.route[0])]}` has no value: indent what belongs to it",
        )
        if one.id == "unknown-key" and len(one.route) == 1 and str(one.route[0]) in above
        else one
        for one in problems
    ]
