"""Whatever `.env` and the environment hold, a compose file says the same but for values of variables, or compose refuses it.

There is no compose here to ask: how it puts variables in is written down below, from its specification.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import samples
from judges import real
from sample_parts import unit
from svc.diagnostics import Severity
from svc.emit import emit
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.compose import target as compose
from svc.targets.compose.read import read_compose
from svc.targets.protocol import Subject
from svc.tree import walk

_POLICIES = load([Path(__file__).parents[3] / "policies"]).policies
_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?P<how>:[?-])(?P<rest>[^{}$]*)\}|(?P<odd>.))")
"""The forms that svc writes; any other is `odd`."""
VALUES = (
    "x",
    "host",
    "true",
    "privileged: true",
    "a\nprivileged: true",
    "/var/run/docker.sock:/var/run/docker.sock",
    "${HOME}",
    "$$",
    '"',
    "a: {b: [c",
    "--privileged",
    "0.0.0.0:80:80",
    "*anchor",
)


class Refused(Exception):
    """Compose stops: a value is needed."""


def filled(node: Any, values: Mapping[str, str]) -> Any:
    """In every text that is no key, once: what is put in is not looked at again."""
    if isinstance(node, dict):
        return {key: filled(one, values) for key, one in node.items()}
    if isinstance(node, list):
        return [filled(one, values) for one in node]
    return _VARIABLE.sub(lambda match: _value(match, values), node) if isinstance(node, str) else node


def _value(match: re.Match[str], values: Mapping[str, str]) -> str:
    assert match["odd"] is None, f"svc writes no {match[0]!r}"
    if match["name"] is None:
        return "$"
    value = values.get(match["name"], "")
    if not value and match["how"] == ":?":
        raise Refused(match["rest"])
    return value or match["rest"]


def _texts() -> Iterator[str]:
    for make in samples.SERVICES:
        yield compose.render(compose.lower(unit(make)).artifact).files["compose.yaml"]
    for piece in real.compiled_fixtures().pieces if os.environ.get("SVC_OVERRIDES") else ():
        if piece.name == "compose":
            yield from (text for path, text in compose.render(piece.artifact).files.items() if path.endswith(".yaml"))


@pytest.fixture(scope="module")
def files() -> list[Any]:
    return [yaml.load(text, Loader=yaml.CSafeLoader) for text in _texts()]


def _asked(data: Any) -> dict[str, str]:
    """Variables, and how they are asked for."""
    texts = [node for _, node in walk(data) if isinstance(node, str)]
    return {match["name"]: match["how"] for text in texts for match in _VARIABLE.finditer(text) if match["name"]}


def _errors(data: Any) -> set[tuple[Any, ...]]:
    read, problems = read_compose(Source("compose.yaml", emit(data).text))
    assert problems == ()
    found = judge([Subject("compose", "compose", "compose.yaml", read)], _POLICIES, Settings())
    return {(one.policy, one.route) for one in found if one.severity == Severity.ERROR}


def test_what_is_given_breaks_no_policy(files: list[Any]) -> None:
    assert sum(map(len, map(_asked, files))) >= 5
    for data in files:
        names = _asked(data)
        usual = _errors(filled(data, {name: "x" for name, how in names.items() if how == ":?"}))
        for value in VALUES if names else ():
            assert _errors(filled(data, dict.fromkeys(names, value))) == usual, value


def test_elsewhere_it_would() -> None:
    """Or else the policies do not see what is given."""
    data = {"services": {"a": {"image": "a", "volumes": ["${SOCKET:-/srv}:/srv"]}}}
    assert _errors(filled(data, {})) == set() != _errors(filled(data, {"SOCKET": "/var/run/docker.sock"}))


def test_it_gets_into_values_of_variables_and_arguments_alone(files: list[Any]) -> None:
    """There compose takes any text for a text."""
    for data in files:
        for route, node in walk(data):
            if isinstance(node, str) and any(match["name"] for match in _VARIABLE.finditer(node)):
                assert route[0] == "services"
                assert route[2] in ("environment", "command"), route
            assert not any("$" in str(key) for key in node) if isinstance(node, dict) else True


def test_what_is_needed_and_not_given_is_refused(files: list[Any]) -> None:
    """Not set and set to nothing are the same to it."""
    for data in files:
        names = _asked(data)
        for name in (one for one, how in names.items() if how == ":?"):
            for given in ({}, {name: ""}):
                with pytest.raises(Refused, match=r"\.env"):
                    filled(data, {**dict.fromkeys(names, "x"), name: "", **given})
