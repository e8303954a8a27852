"""What is rendered for several environments becomes one spec, which gives the same objects in each of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.round_trip import differing, keyed, without_tests
from judges import real
from svc.cli.exits import Exit
from svc.cli.main import main
from svc.emit import emit
from svc.importers.check import check
from svc.importers.environments import common, over_last
from svc.importers.run import run, run_all
from svc.kubernetes.types import Manifest
from svc.parse import parse
from svc.pipeline import Request, compile_
from svc.source import Source

SHOP = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: shop}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: shop}}}}
  template:
    metadata: {{labels: {{app: shop}}}}
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/shop:{tag}
          ports: [{{containerPort: 8080, name: http}}]
          env: [{{name: LEVEL, value: {level}}}, {{name: REGION, value: eu}}{more}]
---
apiVersion: v1
kind: Service
metadata: {{name: shop}}
spec: {{selector: {{app: shop}}, ports: [{{port: 80, targetPort: http}}]}}
"""
STAGING = SHOP.format(replicas=1, tag="1.1", level="debug", more="")
PRODUCTION = SHOP.format(replicas=3, tag="1.0", level="info", more=", {name: SHARDS, value: '4'}")
ONLY_THERE = STAGING.replace("shop", "probe")


@pytest.fixture(scope="module")
def rendered() -> dict[str, dict[str, list[Manifest]]]:
    pieces = compile_(Request(paths=(real.FIXTURES,), shown=lambda path: path.name, today=date(2026, 1, 1))).pieces
    charts = [piece.artifact for piece in pieces if piece.name == "helm"]
    return {chart.name: {one.name: list(one.manifests) for one in chart.environments} for chart in charts}


@pytest.mark.parametrize("name", real.NAMES)
def test_the_same_objects_come_back_in_every_environment(
    rendered: dict[str, dict[str, list[Manifest]]], name: str
) -> None:
    objects = rendered[name]
    sources = {
        env: [Source(f"{env}.yaml", "---\n".join(emit(one.tree.data).text for one in ones))]
        for env, ones in objects.items()
    }
    made = run_all(sources)
    assert made.diagnostics == ()
    (draft,) = made.drafts
    assert not [one for one in draft.missing if one.startswith("`environments`")]
    checked = check(draft)
    for env, ones in objects.items():
        routes = differing(_by_name(keyed(without_tests(ones))), _by_name(keyed(checked.of(env))))
        assert routes == [], (env, draft.text())


def _by_name(objects: dict[Any, Any]) -> dict[Any, Any]:
    """Variables that only one environment has stand behind the common ones; nothing reads their order here."""
    return {key: _sorted(value) for key, value in objects.items()}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        made = {key: _sorted(item) for key, item in value.items()}
        if isinstance(made.get("env"), list):
            made["env"] = sorted(made["env"], key=lambda one: str(one["name"]))
        return made
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def test_the_spec_says_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("staging.yaml").write_text(STAGING)
    Path("production").mkdir()
    Path("production/shop.yaml").write_text(PRODUCTION)
    arguments = ["import", "--env", "staging=staging.yaml", "--env", "production=production", "--out", "service.yaml"]
    assert main(arguments) == Exit.CLEAN
    assert "production/shop.yaml:14 spec.template.spec.containers[0].env[2] ->" in capsys.readouterr().out
    data = parse(Source("service.yaml", Path("service.yaml").read_text())).documents[0].data
    assert data["env"] == {"LEVEL": "info", "REGION": "eu"}
    assert data["environments"] == {
        "staging": {"image": "ghcr.io/acme/shop:1.1", "env": {"LEVEL": "debug"}, "scale": 1},
        "production": {"env": {"SHARDS": "4"}},
    }


def test_a_service_of_one_environment_says_so() -> None:
    made = run_all({"staging": [Source("s", STAGING + "---\n" + ONLY_THERE)], "production": [Source("p", PRODUCTION)]})
    probe = next(one for one in made.drafts if one.name == "probe")
    assert list(probe.data["environments"]) == ["staging"]
    assert any("only in staging" in one for one in probe.missing)


def test_every_key_of_every_environment_is_accounted_for() -> None:
    made = run_all({"staging": [Source("s", STAGING)], "production": [Source("p", PRODUCTION)]})
    alone = [entry for text in (STAGING, PRODUCTION) for entry in run([Source("x", text)]).entries]
    assert [one.route for one in made.entries] == [one.route for one in alone]
    to = {(one.file, one.note.to) for one in made.entries}
    assert {("s", ("environments", "staging", "env", "LEVEL")), ("p", ("env", "LEVEL"))} <= to


@pytest.mark.parametrize(
    "arguments",
    [[], ["a.yaml", "--env", "x=a.yaml"], ["--env", "a.yaml"], ["--env", "local=a.yaml"], ["--env", "x=none"]],
)
def test_wrong_arguments_are_exit_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(STAGING)
    Path("none").mkdir()
    assert main(["import", *arguments]) == Exit.INVALID
    assert capsys.readouterr().err.startswith("svc import: ")


_DATA = st.recursive(
    st.integers(0, 3),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, min_size=1, max_size=3),
    max_leaves=6,
).filter(lambda value: isinstance(value, dict))


@settings(max_examples=200, deadline=None)
@given(staging=_DATA, production=_DATA)
def test_base_and_overlay_give_each_environment(staging: dict[str, Any], production: dict[str, Any]) -> None:
    wanted = {"staging": staging, "production": production}
    for base, overlays in (common(wanted), common(wanted, apart=("a", "b")), over_last(wanted)):
        for env, data in wanted.items():
            assert _over(base, overlays[env]) == data


def _over(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """The language's overlay, in the words of its definition: maps merge, others replace, null removes."""
    made = dict(base)
    for key, value in overlay.items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, dict) and isinstance(made.get(key), dict):
            made[key] = _over(made[key], value)
        else:
            made[key] = value
    return made


@pytest.mark.parametrize("production", ["", "web-prod"])
def test_a_service_is_one_though_its_service_is_not_everywhere_or_called_otherwise(production: str) -> None:
    """The name of the Service is that of the spec only where all environments have it."""
    deployment, service = STAGING.replace(
        "name: shop}\nspec:\n  replicas", "name: web-deployment}\nspec:\n  replicas"
    ).split("---\n")
    assert "name: web-deployment}" in deployment
    there = f"---\n{service.replace('name: shop', f'name: {production}')}" if production else ""
    staging = Source("staging.yaml", f"{deployment}---\n{service.replace('name: shop', 'name: web')}")
    made = run_all({"staging": [staging], "production": [Source("production.yaml", deployment + there)]})
    assert [one.name for one in made.drafts] == ["web-deployment"]
    assert any("the Service web is called web-deployment here" in one for one in made.drafts[0].missing)
    both = run_all({"staging": [staging], "production": [staging]})
    assert [one.name for one in both.drafts] == ["web"]
