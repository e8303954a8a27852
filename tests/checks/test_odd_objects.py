"""No object is odd enough to crash a check: the policies' own examples, with parts of them replaced by anything."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc.checks.pods import called
from svc.kubernetes import shape
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.parse import parse, parse_one
from svc.policy.examples import examples
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.protocol import Subject
from svc.tree import Tree

FOLDER = Path(__file__).parents[2] / "policies"
SILENT = sorted((FOLDER.parent / "fixtures" / "lint").glob("*/*.yaml"))
POLICIES = [one for one in load([FOLDER]).policies if one.surface in ("kubernetes", "across") and one.check != "cue"]
ALL = Settings("", {one.id: one.severity for one in POLICIES})


def _examples() -> Iterator[list[dict[str, Any]]]:
    for policy in POLICIES:
        name = f"{policy.id}.yaml"
        for one in examples(parse_one(Source(name, (FOLDER / name).read_text("utf-8"))).documents[0]):
            listed = one.input if isinstance(one.input, list) else [one.input]
            yield [_whole(item) for item in listed if "file" not in item]
    for file in SILENT:
        yield [one.data for one in parse(Source(file.name, file.read_text("utf-8"))).documents]


def _whole(item: dict[str, Any]) -> dict[str, Any]:
    if "kind" in item:
        return item
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "example"}, "spec": item}


SETS = [one for one in _examples() if one]
ODD: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(
        [None, True, False, 0, -1, 1.5, "", "a", "0", "100%", "yes", 10**30, [], {}, [None], [[]], {"": None}]
    ),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "", "0", "a/b"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def _routes(data: Any, route: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield (*route, key)
        yield from _routes(value, (*route, key))


@st.composite
def odd_sets(draw: st.DrawFn) -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = copy.deepcopy(draw(st.sampled_from(SETS)))
    for _ in range(draw(st.integers(1, 3))):
        routes = [one for one in _routes(objects) if len(one) > 1 and one[-1] not in ("kind", "apiVersion")]
        if not routes:
            break
        *parents, last = draw(st.sampled_from(routes))
        node: Any = objects
        for part in parents:
            node = node[part]
        node[last] = copy.deepcopy(draw(ODD))
    return objects


def _judge(objects: list[dict[str, Any]]) -> None:
    manifests = [Manifest(Tree(one)) for one in objects]
    subjects = [Subject("kubernetes", str(index), "a", one) for index, one in enumerate(manifests)]
    for finding in judge(subjects, POLICIES, ALL):
        assert finding.message
        assert all(isinstance(part, str | int) for part in finding.route)
    for manifest in manifests:
        for problem in shape.check(manifest, 33):
            assert problem.message


@settings(max_examples=100, deadline=None)
@given(odd_sets())
def test_odd_parts_crash_no_check(objects: list[dict[str, Any]]) -> None:
    _judge(objects)


@pytest.mark.parametrize("kind", sorted(POD_TEMPLATES))
@pytest.mark.parametrize("odd", [None, [], "", 0, {"": None}, ["a", None, 1], [{}]], ids=repr)
def test_pods_of_the_wrong_type(kind: str, odd: Any) -> None:
    for depth in range(len(POD_TEMPLATES[kind]) + 1):
        data: Any = odd
        for part in reversed(POD_TEMPLATES[kind][:depth]):
            data = {part: data}
        _judge([{"apiVersion": "v1", "kind": kind, **(data if isinstance(data, dict) else {"spec": data})}])
    keys = ("containers", "initContainers", "volumes", "securityContext", "tolerations", "hostAliases", "affinity")
    for key in keys:
        data = {key: odd, **({} if key == "containers" else {"containers": [{"name": "a", "ports": odd, "env": odd}]})}
        for part in reversed(POD_TEMPLATES[kind]):
            data = {part: data}
        _judge([{"apiVersion": "v1", "kind": kind, "metadata": odd, **data}])


def test_what_has_no_name_is_called_by_its_kind() -> None:
    assert called(Manifest(Tree({"kind": "Pod", "metadata": {"name": "a"}}))) == "Pod `a`"
    assert called(Manifest(Tree({"kind": "Pod"}))) == "this Pod"
