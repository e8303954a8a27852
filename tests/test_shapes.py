"""Data beside a JSON Schema, said for people."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from svc.by_identity import ByIdentity
from svc.kubernetes import shape
from svc.kubernetes.types import Manifest
from svc.parse import parse_one
from svc.shapes import Shape
from svc.source import Source
from svc.targets.compose import schema as compose
from svc.tree import Tree, value_at, walk
from svc.workflows import check

SCHEMA = {
    "type": "object",
    "properties": {
        "run": {"type": "string"},
        "shell": {"type": "string"},
        "mode": {"enum": ["fast", "slow"]},
        "deploy": {"type": "object", "properties": {"replicas": {"type": "integer"}}},
    },
    "additionalProperties": False,
    "required": ["mode"],
    "dependencies": {"shell": ["run"]},
}
SHAPE = Shape(SCHEMA, "compose", lambda text: False)


def said(shape: Shape, data: object) -> list[tuple[str, str, str]]:
    return [(one.id, one.message, one.help) for one in shape.problems(data)]


def test_a_key_without_its_companion() -> None:
    found = list(SHAPE.problems({"mode": "fast", "shell": "bash"}))
    assert [(one.id, one.route, one.anchor) for one in found] == [("compose-key-alone", ("shell",), "key")]


def test_a_missing_key_says_what_may_stand_there() -> None:
    assert said(SHAPE, {}) == [
        ("compose-key-missing", "the file has no `mode`", "write `mode`: one of `fast`, `slow`"),
    ]


def test_a_key_one_level_too_high() -> None:
    assert said(SHAPE, {"mode": "fast", "replicas": 2}) == [
        ("compose-key-unknown", "the file has no key `replicas`", "it belongs under `deploy`"),
    ]


def test_of_several_forms_that_each_lack_one_key_all_are_named_once() -> None:
    forms = [{"required": ["run"]}, {"required": ["uses"]}]
    shape = Shape({"type": "object", "oneOf": forms, "dependencies": {"shell": ["run"]}}, "x", lambda text: False)
    assert said(shape, {"shell": "bash"}) == [
        ("x-key-missing", "the file has neither `run` nor `uses`", "write `run` or `uses`"),
    ]
    assert said(shape, {"run": "make", "shell": "bash"}) == []


def test_what_only_its_quotes_make_a_text() -> None:
    properties = {"on": {"type": "boolean"}, "n": {"type": "number"}}
    shape = Shape({"type": "object", "properties": properties}, "x", lambda text: False)
    assert said(shape, {"on": "true", "n": "1.5"}) == [
        ("x-type", '`on` is the text `"true"`, and must be true or false', "write `true` without quotes"),
        ("x-type", '`n` is the text `"1.5"`, and must be a number', "write `1.5` without quotes"),
    ]
    assert [one[2] for one in said(shape, {"on": "yes"})] == ["write true or false"]


def test_one_value_may_stand_for_a_list_of_texts() -> None:
    branches = {"type": "array", "items": {"type": "string"}}
    push = {"type": "object", "properties": {"branches": branches}}
    shape = Shape({"type": "object", "properties": {"on": {"properties": {"push": push}}}}, "x", bool, ("on",))
    assert said(shape, {"on": {"push": {"branches": 1.5}}}) == []
    assert said(shape, {"on": {"push": {"branches": {"a": 1}}}}) != []


TEXTS = {
    "workflow": """
name: a
on:
  push: {branches: [main], paths: ["**.py"]}
  schedule: [{cron: "0 1 * * *"}]
  workflow_dispatch: {inputs: {size: {type: choice, options: [a, b], default: a, required: true}}}
permissions: {contents: read}
env: {A: b, N: 1}
concurrency: {group: a, cancel-in-progress: true}
jobs:
  test:
    runs-on: [self-hosted, linux]
    timeout-minutes: 5
    strategy: {matrix: {python: ["3.11", 3.12]}, fail-fast: false, max-parallel: 2}
    container: {image: a, env: {A: b}, ports: [80], volumes: ["a:b"]}
    services: {db: {image: postgres, ports: ["5432:5432"]}}
    steps:
      - {uses: actions/checkout@v4, with: {fetch-depth: 1, submodules: true}}
      - {run: make, shell: bash, env: {A: 1}, if: always(), continue-on-error: true, id: make}
  call: {uses: ./a.yaml, with: {a: 1}, secrets: inherit}
""",
    "compose": """
name: a
services:
  web:
    image: a
    build: {context: ., args: {A: b}, dockerfile: Dockerfile}
    command: [a, b]
    environment: {A: b, N: 1, T: true, E: null}
    ports: ["80:80", {target: 80, published: 80, protocol: tcp}]
    healthcheck: {test: [CMD, a], interval: 1s, retries: 3}
    depends_on: {db: {condition: service_healthy, required: true}}
    deploy: {replicas: 2, resources: {limits: {cpus: 0.5, memory: 1g}}}
    volumes: ["a:/b", {type: volume, source: a, target: /b, read_only: true}]
  db: {image: postgres}
volumes: {a: {}}
networks: {n: {driver: bridge, internal: true}}
""",
    "manifest": """
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, labels: {a: b}, annotations: {a: "1"}}
spec:
  replicas: 2
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      automountServiceAccountToken: false
      containers:
        - name: a
          image: a
          imagePullPolicy: Always
          ports: [{containerPort: 80, name: http, protocol: TCP}]
          env: [{name: A, value: b}]
          resources: {limits: {memory: 1Gi, cpu: 1}}
          readinessProbe: {httpGet: {path: /, port: http}, timeoutSeconds: 1}
          securityContext: {runAsUser: 1, readOnlyRootFilesystem: true}
""",
}

VALUES: tuple[Any, ...] = ("a", "${{ a }}", "$A", "", 1, 1.5, True, None, [], ["a"], {}, {"a": 1})
"""What is put in the place of each value in turn."""


def _variants(data: Any) -> Iterator[Any]:
    """The data with other values in the place of each, one after the other."""
    places = [(route, at) for at, (route, _) in enumerate(walk(data)) if route]
    for route, at in places:
        made = copy.deepcopy(data)
        above = value_at(made, route[:-1])
        above[route[-1]] = VALUES[at % len(VALUES)]
        yield made


@pytest.mark.parametrize("kind", ["workflow", "compose", "manifest"])
def test_what_fits_at_once_changes_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scalars whose type fits are passed over: the same is said without that."""
    judge: Callable[[Any], Any] = {
        "workflow": lambda data: check._shapes(data),
        "compose": lambda data: compose._shape().problems(data),
        "manifest": lambda data: shape.check(Manifest(Tree(data)), 37),
    }[kind]
    data = parse_one(Source("a.yaml", TEXTS[kind])).documents[0].data
    every = list(_variants(data))
    assert len(every) > 30
    said = [[(one.id, one.route, one.message) for one in judge(one)] for one in every]
    monkeypatch.setattr(Shape, "_fitting", lambda *_: frozenset())
    monkeypatch.setattr(shape, "_types", lambda *_: frozenset())
    monkeypatch.setattr(shape, "_at_once", ByIdentity[Any, Any](1))
    assert said == [[(one.id, one.route, one.message) for one in judge(one)] for one in every]
    assert sum(map(bool, said)) > 10
