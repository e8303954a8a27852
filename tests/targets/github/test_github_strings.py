"""Whatever a spec's strings hold: GitHub never evaluates them, and they arrive exactly, or are refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
from delivery.units import changed, with_ci
from sample_parts import build, cloud
from svc.diagnostics import Severity
from svc.parse import parse_one
from svc.resolve.types.process import Literal_, Variable
from svc.resolve.unit import Unit
from svc.source import Source
from svc.targets.github import target as github

_EXPRESSION = re.compile(r"\$\{\{(?P<inner>(?:[^'}]|'(?:[^']|'')*'|\}(?!\}))*)\}\}")
_KNOWN = re.compile(
    r"github\.(workflow|ref|sha|run_id|run_attempt|actor|token|event\.pull_request\.head\.sha \|\| github\.ref)|env\.IMAGE|"
    r"needs\.publish\.outputs\.digest|steps\.image\.outputs\.digest|vars\.[A-Z_]+|secrets\.[A-Z_]+|"
    r"job\.services\.checkout-db\.network"
)


def evaluated(text: str) -> str:
    """As GitHub would: only the expressions that svc itself writes, and constants, may stand there."""

    def value(match: re.Match[str]) -> str:
        inner = match["inner"].strip()
        if inner == "'${{'":
            return "${{"
        assert _KNOWN.fullmatch(inner), f"evaluates {inner!r}"
        return f"<{inner}>"

    assert "${{" not in _EXPRESSION.sub(" ", text), f"an expression without end in {text!r}"
    return _EXPRESSION.sub(value, text)


def base() -> Unit:
    unit = samples.unit(samples.web)
    return changed(unit, ci=replace(unit.first.ci, test="pytest -m slow", test_services=("db",)))


def _need_env(unit: Unit, text: str) -> Unit:
    db = replace(unit.local.needs[0], env=(Variable("EXTRA", Literal_(text)),))
    return replace(unit, local=replace(unit.local, needs=(db, *unit.local.needs[1:])))


def _need_health(unit: Unit, text: str) -> Unit:
    db = replace(unit.local.needs[0], healthcheck=("check", text))
    return replace(unit, local=replace(unit.local, needs=(db, *unit.local.needs[1:])))


def _variable(unit: Unit, text: str) -> Unit:
    """A variable that goes to the tests, since it names the database's host."""
    server = unit.local.server
    assert server is not None
    variable = Variable("DATABASE_ADDRESS", Literal_(f"checkout-db {text}"))
    main = replace(server.main, env=(*server.main.env, variable))
    return replace(unit, local=replace(unit.local, server=replace(server, main=main)))


def _host(unit: Unit, text: str) -> Unit:
    expose = unit.first.expose
    assert expose is not None
    return changed(unit, expose=replace(expose, hosts=(text,)))


def _environment(unit: Unit, text: str) -> Unit:
    staging, production = unit.environments
    return replace(unit, environments=(replace(staging, environment=text), production))


def _own(unit: Unit, **changes: Any) -> Unit:
    return changed(unit, build=build(dockerfile="Dockerfile", **changes))


PLACES: dict[str, Callable[[Unit, str], Unit]] = {
    "test": lambda unit, text: with_ci(unit, test=text),
    "branch": lambda unit, text: with_ci(unit, branch=text),
    "path": lambda unit, text: with_ci(unit, paths=("src/**", text)),
    "runner": lambda unit, text: with_ci(unit, runner=text),
    "reusable": lambda unit, text: with_ci(unit, reusable_workflow=text),
    "image": lambda unit, text: changed(unit, image=replace(unit.first.image, repository=text)),
    "service env": _need_env,
    "service health": _need_health,
    "namespace": lambda unit, text: changed(unit, namespace=text),
    "cluster": lambda unit, text: changed(unit, cloud=cloud("staging", cluster=text)),
    "account": lambda unit, text: changed(unit, cloud=cloud("staging", account=text)),
    "region": lambda unit, text: changed(unit, cloud=cloud("staging", region=text)),
    "host": _host,
    "environment": _environment,
    "spec": lambda unit, text: replace(unit, spec=text),
    "context": lambda unit, text: changed(unit, build=build(context=text)),
    "dockerfile": lambda unit, text: changed(unit, build=build(dockerfile=text)),
    "target": lambda unit, text: _own(unit, target=text),
    "build argument": lambda unit, text: _own(unit, args=(("VERSION", text),)),
    "variable": lambda unit, text: _variable(unit, text),
    "name": lambda unit, text: changed(replace(unit, name=text), name=text),
}
ARRIVES = ("test", "variable", "service env", "namespace", "cluster", "spec", "build argument", "target")
"""Places where a hostile text, if it is not refused, stands somewhere as it was."""

nasty = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            ["${{", "}}", "'", '"', "\n", "#", " ", "\\", "$", "{{", "`id`", "$(id)", ": ", "- ", "a", "%"]
        ),
        min_size=1,
        max_size=8,
    ).map("".join),
)


def data_of(unit: Unit) -> tuple[Any, str] | None:
    """The workflow as another reader sees it; None when the spec was refused."""
    lowered = github.lower(unit)
    if not lowered.artifact:
        assert any(one.severity is Severity.ERROR for one in lowered.problems)
        return None
    rendered = github.render(lowered.artifact)
    assert github.verify(lowered.artifact, rendered.files) == ()
    ((path, text),) = rendered.files.items()
    (document,) = parse_one(Source(path, text)).documents
    return document.data, text


def strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        return [text for key, item in data.items() for text in (key, *strings(item))]
    return [text for item in data for text in strings(item)] if isinstance(data, list) else []


def scripts(data: Any) -> set[str]:
    steps = [step for job in data["jobs"].values() for step in job.get("steps", [])]
    return {step["run"] for step in steps if "run" in step}


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=15, deadline=None)
@given(text=nasty)
def test_no_string_of_the_spec_is_evaluated(place: str, text: str) -> None:
    found = data_of(PLACES[place](base(), text))
    if found is None:
        return
    data, _ = found
    shown = [evaluated(one) for one in strings(data)]
    if place == "variable" and "$(" in text:
        return  # a reference to a variable that is not there: what is left says nothing about a need
    if place in ARRIVES and text:
        seen = text.replace("$$", "$") if place == "variable" else text  # as Kubernetes reads it
        assert any(seen in one for one in shown), f"{text!r} did not arrive"


@pytest.mark.parametrize("place", PLACES)
def test_scripts_are_the_same_whatever_the_spec_says(place: str) -> None:
    for text in ("$(touch /tmp/x)", "a${{ github.event.issue.title }}b", "x; y"):
        harmless, hostile = data_of(PLACES[place](base(), "plain")), data_of(PLACES[place](base(), text))
        if harmless and hostile:
            assert scripts(harmless[0]) == scripts(hostile[0])


@pytest.mark.parametrize("text", ["${{ secrets.X }}", 'it\'s "quoted" # not a comment', "two\nlines", "a: b", "$HOME"])
def test_a_test_command_arrives_exactly(text: str) -> None:
    found = data_of(PLACES["test"](base(), text))
    assert found is not None
    (step,) = [one for one in found[0]["jobs"]["test"]["steps"] if one["name"] == "Run the tests"]
    assert evaluated(step["env"]["TEST_COMMAND"]) == text


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("branch", "main'"),
        ("branch", "release/**"),
        ("environment", "pro duction"),
        ("name", "../escape"),
        ("runner", "${{ vars.RUNNER }}"),
        ("path", "${{ x }}"),
        ("test", "a\0b"),
        ("build argument", "two\nlines"),
    ],
)
def test_what_github_cannot_carry_is_refused_at_the_spec(place: str, text: str) -> None:
    lowered = github.lower(PLACES[place](base(), text))
    assert lowered.artifact == ()
    (problem, *_) = [one for one in lowered.problems if one.id == "github-inexpressible"]
    assert repr(text) in problem.message or place == "environment"
