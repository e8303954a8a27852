"""Accounts of services whose environments have others: whatever people set, the account that pods name is there, or is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from judges import real
from svc import tools
from svc.pipeline import Request, compile_
from svc.write import execute, plan

HEAD = f"""\
apiVersion: svc/v1
name: web
image: ghcr.io/acme/web:1.4.2@sha256:{"a" * 64}
ports: {{http: 8080}}
health: /healthz
"""
JOB = "jobs: {migrate: {run: before-deploy, command: [migrate]}}\n"

pytestmark = pytest.mark.tools


def compiled(folder: Path, spec: str) -> Path:
    (folder / "service.yaml").write_text(HEAD + spec, "utf-8")
    made = compile_(Request((folder / "service.yaml",), lambda path: path.name, date(2026, 11, 29), targets=("helm",)))
    assert not made.failed, made.diagnostics
    assert made.faults == ()
    execute(plan(folder, made.outputs, ()))
    return folder / "chart"


def rendered(chart: Path, environment: str, *values: str) -> list[Any]:
    """The objects of a release, but for those of `helm test`."""
    options = [f"--set={one}" for one in values]
    name = ["--values", f"values-{environment}.yaml"] if environment else []
    done = tools.run(real.located("helm"), ["template", "x", ".", *name, *options], cwd=chart)
    assert done.returncode == 0, done.stderr
    found = [one for one in yaml.safe_load_all(done.stdout) if one]
    return [one for one in found if one["metadata"].get("annotations", {}).get("helm.sh/hook") != "test"]


def accounts(objects: list[Any]) -> list[str]:
    return sorted(one["metadata"]["name"] for one in objects if one["kind"] == "ServiceAccount")


def named(objects: list[Any]) -> set[str]:
    """The accounts that pods and bindings ask for."""
    return {name for one in objects for name in _named(one)}


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "serviceAccountName" in node:
            yield node["serviceAccountName"]
        if node.get("kind") == "ServiceAccount" and "metadata" not in node:
            yield node["name"]
        node = [*node.values()]
    for one in node if isinstance(node, list) else ():
        yield from _named(one)


SHARED = "environments: {dev: {}, live: {account: {create: false, name: shared}}}\n"


@pytest.mark.parametrize(
    ("environment", "values", "made", "asked"),
    [
        ("", (), ["web"], {"web"}),
        ("dev", ("serviceAccount.create=false", "serviceAccount.name=shared"), [], {"shared"}),
        ("dev", ("serviceAccount.name=robot",), ["robot"], {"robot"}),
        ("dev", ("fullnameOverride=shop",), ["shop"], {"shop"}),
        ("live", (), [], {"shared"}),
        ("live", ("serviceAccount.create=true", "serviceAccount.name="), ["web"], {"web"}),
        ("live", ("serviceAccount.create=true",), ["shared"], {"shared"}),
    ],
)
def test_create_decides_whether_there_is_an_account(
    environment: str, values: tuple[str, ...], made: list[str], asked: set[str], tmp_path: Path
) -> None:
    objects = rendered(compiled(tmp_path, SHARED), environment, *values)
    assert accounts(objects) == made
    assert named(objects) == asked


def test_the_account_of_jobs_before_a_deploy_has_a_switch_of_its_own(tmp_path: Path) -> None:
    chart = compiled(tmp_path, JOB + SHARED)
    assert accounts(rendered(chart, "dev")) == ["web", "web-predeploy"]
    assert accounts(rendered(chart, "dev", "serviceAccount.enabled=false")) == ["web"]
    assert accounts(rendered(chart, "live")) == []
    assert "# Make the ServiceAccount of jobs before a deploy.\n  enabled: true" in (chart / "values.yaml").read_text()


RULES = "rules: [{resources: [configmaps], verbs: [get]}]"
OTHERS = f"""\
environments:
  dev: {{account: {{name: web-dev, {RULES}}}}}
  live: {{account: {{name: web-live, {RULES}}}}}
"""
THREE = f"""\
environments:
  dev: {{account: {{{RULES}}}}}
  live: {{account: {{create: false, name: external}}}}
  stage: {{account: {{name: web-ro, rules: [{{resources: [secrets], names: [a], verbs: [get]}}]}}}}
"""


@pytest.mark.parametrize("spec", [OTHERS, JOB + OTHERS, THREE])
@pytest.mark.parametrize("environment", ["", "dev", "live"])
@pytest.mark.parametrize(
    "values",
    [
        (),
        ("fullnameOverride=shop",),
        ("serviceAccount.name=robot",),
        ("serviceAccount.create=true", "serviceAccount.name="),
        ("serviceAccount.create=true", "serviceAccount.name=", "fullnameOverride=shop"),
    ],
)
def test_the_account_that_pods_and_roles_name_is_there(
    spec: str, environment: str, values: tuple[str, ...], tmp_path: Path
) -> None:
    chart = compiled(tmp_path, spec)
    objects = rendered(chart, environment, *values)
    external = spec == THREE and environment == "live" and not any("create=true" in one for one in values)
    assert set(accounts(objects)) == (set() if external else named(objects))
    roles = {one["metadata"]["name"] for one in objects if one["kind"] == "Role"}
    assert {one["roleRef"]["name"] for one in objects if one["kind"] == "RoleBinding"} == roles
    if not external:
        off = rendered(chart, environment, "serviceAccount.create=false", "serviceAccount.name=theirs")
        assert not [one for one in accounts(off) if not one.endswith("-predeploy")]


def test_annotations_of_patches_are_values_that_people_lay_theirs_over(tmp_path: Path) -> None:
    patch = "patches: [{target: kubernetes/ServiceAccount, merge: {metadata: {annotations: {y: b}}}}]"
    chart = compiled(tmp_path, f"environments: {{dev: {{account: {{annotations: {{y: a}}}}}}, live: {{{patch}}}}}\n")
    for environment, expected in (("dev", "a"), ("live", "b")):
        (made,) = [one for one in rendered(chart, environment) if one["kind"] == "ServiceAccount"]
        assert made["metadata"]["annotations"] == {"y": expected}
    (made,) = [
        one for one in rendered(chart, "live", "serviceAccount.annotations.y=mine") if one["kind"] == "ServiceAccount"
    ]
    assert made["metadata"]["annotations"] == {"y": "mine"}
    assert "moreAnnotations" not in (chart / "values.yaml").read_text()


def test_an_account_that_is_made_elsewhere_has_its_annotations_there(tmp_path: Path) -> None:
    """The chart makes none, so that it has no value for them that no template uses."""
    values = yaml.safe_load(
        (compiled(tmp_path, "account: {create: false, name: shared}\n") / "values.yaml").read_text("utf-8")
    )
    assert values["serviceAccount"] == {"create": False, "name": "shared", "automount": False}
