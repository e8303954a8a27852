"""The order of names is no fact: real specs and hand-picked ports give the same bytes in any order of their keys."""

from __future__ import annotations

import itertools
import json
import random
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generated.specs import permuted
from judges.real import FIXTURES, NAMES
from svc.parse import parse
from svc.pipeline import Request, compile_
from svc.resolve.ports import main_first, protocols
from svc.source import Source


def _data(path: Path) -> Any:
    (document,) = parse(Source(path.name, path.read_text("utf-8"))).documents
    return document.data


def _texts(root: Path) -> dict[str, str]:
    made = compile_(Request(paths=(root,), shown=lambda path: path.name, today=date(2026, 1, 1)))
    assert not made.failed, [one.message for one in made.diagnostics]
    return {one.path: one.text for one in made.outputs}


@pytest.mark.parametrize("seed", [1, 2])
def test_real_specs_in_another_order_give_the_same_bytes(seed: int, tmp_path: Path) -> None:
    shuffle = random.Random(seed).shuffle
    found = []
    for name in ("one", "other"):
        root = tmp_path / name
        shutil.copytree(FIXTURES, root)
        for path in (root / "svc-workspace.yaml", *(root / one / "service.yaml" for one in NAMES)):
            data = _data(path)
            path.write_text(json.dumps(data if name == "one" else permuted(data, shuffle)), "utf-8")
        found.append(_texts(root))
    assert found[0] == found[1]


@pytest.mark.parametrize("spec", sorted((FIXTURES.parent / "ok").glob("*.yaml")), ids=lambda path: path.stem)
def test_specs_with_all_there_is_give_the_same_bytes_in_another_order(spec: Path, tmp_path: Path) -> None:
    data = _data(spec)
    found = []
    for number, one in enumerate((data, permuted(data, random.Random(3).shuffle))):
        root = tmp_path / str(number)
        shutil.copytree(spec.parent, root, ignore=lambda _, names: [name for name in names if name.endswith(".yaml")])
        (root / "service.yaml").write_text(json.dumps(one), "utf-8")
        found.append(_texts(root))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"metrics": 9090, "main": 8080}, ["main http", "metrics http"]),
        ({"serve": 8080, "serve-admin": 8081}, ["serve http", "serve-admin http"]),
        ({"gossip": 7946, "grpc": 9095}, ["grpc grpc", "gossip tcp"]),
        ({"b": 2000, "a": 3000}, ["b http", "a tcp"]),
        ({"grpc": 5050, "http": 8080, "https": 8443, "statsd": 8125}, ["http http", "https https", "grpc grpc", "statsd udp"]),
        ({"api": 8081, "http": 9000}, ["http http", "api http"]),
        ({"internal-api": 9000, "public-api": 8080}, ["public-api http", "internal-api http"]),
        ({"health": 8081, "db": 5432}, ["db tcp", "health tcp"]),
        ({"dns": 1053, "ready": 8181}, ["dns udp", "ready tcp"]),
        ({"liveness": 8080, "serve": 9000}, ["serve http", "liveness tcp"]),
    ],
)  # fmt: skip
def test_the_main_port_is_told_by_names_and_numbers(given: dict[str, int], expected: list[str]) -> None:
    for names in itertools.permutations(given):
        spoken = protocols({name: (given[name], None) for name in names})
        ranked = sorted(names, key=lambda name: main_first(name, given[name], spoken[name]))
        assert [f"{name} {spoken[name]}" for name in ranked] == expected


def test_the_main_port_is_the_one_that_is_asked_and_listed_first(tmp_path: Path) -> None:
    """Not the first by name, which `api` is."""
    spec = {"apiVersion": "svc/v1", "name": "shop", "team": "shop", "ports": {"api": 8081, "http": 9000}, "health": "/healthz",
            "build": {"language": "node", "version": "24", "main": "main.js"}}  # fmt: skip
    for name, text in (("service.yaml", json.dumps(spec)), ("package.json", "{}"), ("package-lock.json", "{}")):
        (tmp_path / name).write_text(text, "utf-8")
    texts = _texts(tmp_path)
    assert "EXPOSE 9000 8081\n" in texts["Dockerfile"]
    assert "http://127.0.0.1:9000/healthz" in texts["Dockerfile"]
    pod = texts["chart/templates/deployment.yaml"]
    assert pod.index("- name: http\n") < pod.index("- name: api\n")
    assert (pod.count("port: http\n"), pod.count("port: api\n")) == (2, 0)


def test_two_first_steps_are_run_in_the_order_of_the_spec(tmp_path: Path) -> None:
    """Order that means something is kept: of `init`, of `env`, of environments."""
    orders = []
    for number, steps in enumerate((("wait", "load"), ("load", "wait"))):
        spec = {"apiVersion": "svc/v1", "name": "shop", "team": "shop", "ports": {"http": 8080}, "health": "/healthz",
                "image": f"ghcr.io/acme/shop:1@sha256:{'0' * 64}",
                "init": {step: {"command": [f"./{step}"]} for step in steps},
                "env": {step.upper(): step for step in steps}}  # fmt: skip
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "service.yaml").write_text(json.dumps(spec), "utf-8")
        text = _texts(tmp_path / str(number))["chart/templates/deployment.yaml"]
        orders.append((text.index("./wait") < text.index("./load"), text.index("WAIT") < text.index("LOAD")))
    assert orders == [(True, True), (False, False)]
