"""Exported policies say of every object what the Python checks say: the API server's own library is the judge."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from admission_judges import Judges, could_be_stored, wrapped
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from judges import real
from svc.checks import CHECKS
from svc.checks.kubernetes.cel.table import RULES
from svc.checks.kubernetes.cel.types import RESOURCES
from svc.kubernetes.read import read
from svc.kubernetes.served import plural
from svc.kubernetes.types import POD_TEMPLATES
from svc.parse import parse, parse_one
from svc.policy.examples import examples
from svc.policy.load import load
from svc.policy.types import Policy
from svc.source import Source
from svc.tree import walk

ROOT = Path(__file__).parents[2]
POLICIES = tuple(one for one in load([ROOT / "policies"]).policies if one.surface == "kubernetes")
MINORS = (30, 37)
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "image_registry": [{"allowed": ["ghcr.io/acme", "docker.io/library/"]}, {"allowed": []}],
    "labels_missing": [{"labels": ["team", "app.kubernetes.io/name"], "annotations": ["owner"]}],
    "volume_types": [{"allowed": ["configMap", "emptyDir"]}, {"forbidden": ["nfs", "emptyDir"]}],
    "resource_missing": [
        {"kind": kind, "resource": one} for kind in ("requests", "limits") for one in ("cpu", "memory")
    ],
    "capabilities_added": [{"allowed": ["CHOWN"]}, {"allowed": ["NET_BIND_SERVICE"], "restricted": True}],
    "capabilities_kept": [{"drop": "NET_RAW"}],
    "field_missing": [
        {"field": "runtimeClassName"},
        {"kinds": ["CronJob"], "at": ["spec"], "field": "timeZone"},
    ],
    "probe_missing": [{"probe": "startupProbe", "portless": True}, {"probe": "livenessProbe"}],
    "proc_mount": [{"user_namespace_allows": False}],
    "autoscaler_range": [{"minimum": 3}],
    "default_namespace": [{"namespaces": ["default", "shop"]}],
    "port_number": [{"lowest": 80, "highest": 8080}],
    "rbac_binding": [{"roles": ["admin"], "subjects": ["web"]}],
    "rbac_rule": [{"resources": ["pods", "secrets"], "verbs": ["get", "create"]}],
    "replicas": [{"minimum": 3}],
    "service_type": [{"forbidden": ["LoadBalancer", "ExternalName"]}],
    "user_id_low": [{"minimum": 500}],
}
"""Other parameters than the built-in policies have, by check."""

pytestmark = pytest.mark.tools


def example_objects(policy: Policy) -> Iterator[dict[str, Any]]:
    text = Path(policy.place.file).read_text("utf-8")
    for example in examples(parse_one(Source(policy.place.file, text)).documents[0]):
        if "kind" in example.input:
            yield example.input
        else:
            yield from (wrapped(kind, example.input) for kind in POD_TEMPLATES)


def variants() -> Iterator[Policy]:
    like = POLICIES[0]
    for check, found in VARIANTS.items():
        for index, params in enumerate(found):
            yield replace(like, id=f"{check}-{index}".replace("_", "-"), check=check, params=params, aliases=())


ALL = (*POLICIES, *variants())


@pytest.fixture(scope="module")
def judges(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Judges]:
    folder = tmp_path_factory.mktemp("admission")
    return {minor: Judges(folder, ALL, minor) for minor in MINORS}


EXAMPLES = [data for policy in POLICIES for data in example_objects(policy)]


def test_every_kubernetes_check_has_a_rule_or_a_reason() -> None:
    assert set(RULES) == {check for check, surface in CHECKS.items() if surface == "kubernetes"}
    assert list(RULES) == sorted(RULES)


def test_resources_are_named_as_the_api_names_them() -> None:
    assert {kind: plural(kind) for kind in RESOURCES} == {kind: name for kind, (_, name) in RESOURCES.items()}


@pytest.fixture(scope="module")
def answers(judges: dict[int, Judges]) -> list[dict[str, Any]]:
    """What the newest cluster says of every example."""
    return judges[37].cluster(EXAMPLES)


def test_verdicts_on_every_example_in_every_kind(judges: dict[int, Judges], answers: list[dict[str, Any]]) -> None:
    assert judges[37].differences(EXAMPLES, answers) == []


def test_verdicts_of_the_oldest_version(judges: dict[int, Judges]) -> None:
    assert judges[30].differences(EXAMPLES[::4]) == []


def test_every_policy_both_denies_and_admits_examples(judges: dict[int, Judges], answers: list[dict[str, Any]]) -> None:
    judged = [one for one in answers if "error" not in one]
    built_in = {f"svc-{one.id}" for one in POLICIES if one.id in judges[37].names}
    assert built_in - {name for one in judged for name in one["denied"]} == set()
    assert built_in.intersection(*(set(one["denied"]) for one in judged)) == set()
    assert len(judged) * 20 > len(EXAMPLES) * 19


def test_verdicts_on_the_fixtures(judges: dict[int, Judges]) -> None:
    objects = []
    for file in sorted((ROOT / "fixtures").rglob("*.yaml")):
        parsed = parse(Source(file.name, file.read_text("utf-8")))
        found = [one.manifest for one in read(parsed.documents)]
        objects += [one.tree.data for one in found if not one.api_version.startswith("svc/")]
    for piece in real.compiled_fixtures().pieces:
        if piece.name == "helm":
            objects += [one.tree.data for case in piece.artifact.environments for one in case.manifests]
    assert len(objects) > 200
    assert judges[37].differences(json.loads(json.dumps(objects))) == []


def parts(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The mappings in an object, each with its place: in a pod, or in an object of the kind."""
    pod = ".".join(map(str, POD_TEMPLATES.get(data["kind"], ("?",))))
    for route, part in walk(data):
        place = ".".join(one for one in route if isinstance(one, str))
        if isinstance(part, dict):
            yield (f"pod{place.removeprefix(pod)}" if place.startswith(pod) else f"{data['kind']}.{place}"), part


KNOWN: dict[str, dict[str, list[Any]]] = {}
"""What was seen: place of a mapping -> key in it -> values."""
for _data in EXAMPLES:
    for _key, _part in parts(_data):
        for _name, _value in _part.items():
            _seen = KNOWN.setdefault(_key, {}).setdefault(_name, [])
            if _value not in _seen:
                _seen.append(_value)
READABLE = [one for one in EXAMPLES if could_be_stored(one)]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """An example whose parts are taken away, or replaced by those of other examples at the same place."""
    data: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(READABLE)))
    for _ in range(draw(st.integers(1, 5))):
        places = [(key, part) for key, part in parts(data) if key in KNOWN and part is not data]
        if not places:
            break
        key, part = draw(st.sampled_from(places))
        names = sorted(KNOWN[key])
        name = draw(st.sampled_from(names))
        if name in part and draw(st.booleans()):
            del part[name]
        else:
            part[name] = copy.deepcopy(draw(st.sampled_from(KNOWN[key][name])))
    return data


@pytest.mark.parametrize("minor", MINORS)
def test_verdicts_on_mutated_objects(judges: dict[int, Judges], minor: int) -> None:
    """All in one run of the other judge, which takes a second to read the policies."""
    objects: list[dict[str, Any]] = []

    @settings(max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(made=st.lists(mutated(), min_size=20, max_size=60))
    def several(made: list[dict[str, Any]]) -> None:
        objects.extend(made)

    several()
    assert judges[minor].differences(objects) == []


def test_large_objects_stay_within_the_cost_limits(judges: dict[int, Judges]) -> None:
    """The API server gives every expression a budget, and denies what cannot be judged within it."""
    page = "https://example.com/a?b=c password = none, tokens of AKIA, sk_live and gh; " * 30
    dashboards = {f"dashboard-{index}.json": page for index in range(200)}
    container = {
        "image": f"registry.example.com/app@sha256:{'a' * 64}",
        "env": [
            {"name": f"VARIABLE_{index}", "value": f"https://example.com/{index}?and=more&words={index:030}"}
            for index in range(100)
        ],
        "ports": [{"name": f"p{index}", "containerPort": 8000 + index} for index in range(20)],
        "args": [f"--option-{index}=https://example.com/{index:030}" for index in range(40)],
        "readinessProbe": {"httpGet": {"port": "p7"}},
    }
    rules = [{"apiGroups": [f"g{index}"], "resources": ["pods", "secrets"], "verbs": ["get"]} for index in range(200)]
    objects = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": dashboards},
        wrapped("Deployment", {"containers": [{"name": f"c{index}", **container} for index in range(10)]}),
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": {"name": "a"},
            "rules": rules,
        },
    ]
    assert judges[37].differences(objects) == []


def test_secrets_are_the_same_words(judges: dict[int, Judges]) -> None:
    """Names and values as people write them, in variables, arguments and ConfigMaps."""
    names = [
        "DB_PASSWORD",
        "dbPassword",
        "DBPassword",
        "passWord",
        "api-key",
        "API_KEY_FILE",
        "TOKEN_TTL",
        "aws.secret",
    ]
    names += ["SECRET_KEY_BASE", "accessKeyId", "PASSWORD2", "myapikey", "PUBLIC_KEY", "client_secret_name", "pwd"]
    names += ["SECRET_HASH", "SECRET_ROTATION", "APP_KEY", "encryptionKey", "PASSWORD_SALT", "TLS_SECRET", "DB_PASS"]
    names += ["FB_PAGE_TOKEN", "NEXT_PAGE_TOKEN", "existingSecretApiKey"]
    values = ["", "x", " hunter2 ", "hunter2", "12345", "123456", "1.2.3.4", "$(PASSWORD)", "<password>", "/run/secret"]
    values += [
        "changeme",
        "True",
        "vault:kv/a",
        "postgres://a:b@c/d",
        "postgres://a:${P}@c",
        "amqp://u:***@h",
        "http://h",
    ]
    values += [
        f"AKIA{'A1' * 8}",
        "base64:3q2+7wECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw=",
        "kJ8s0dQ1zXc7",
        "wildcard2024tls",
        "[unused0123456]",
        "alias/checkout-2024",
        "1b7c0f8e-2f3a-4a55-9a3e-0d1c2b3a4f5e",
        "REPLACE_ME",
        "xxxx",
        f"x-{'ghp_'}{'a' * 36}",
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        "a\nb",
        "...",
        "ſecret",
    ]
    objects: list[dict[str, Any]] = []
    for name in names:
        for value in values:
            variable = {"name": "c", "env": [{"name": name, "value": value}]}
            argument = {"name": "c", "args": [f"--{name}={value}"]}
            objects += [wrapped("Pod", {"containers": [one]}) for one in (variable, argument)]
            data = {name: value}
            objects.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data})
    assert judges[37].differences(objects) == []
