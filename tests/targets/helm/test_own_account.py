"""A role of the chart goes to an account of its own: Helm refuses the values that would give it to every pod."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from judges import real
from svc import tools
from svc.fits import fitting
from svc.pipeline import Request, compile_
from svc.records import replace
from svc.targets.helm.own_account import own_account
from svc.targets.helm.types import Chart, When
from svc.write import execute, plan

SPEC = """\
apiVersion: svc/v1
name: web
image: ghcr.io/acme/web:1.4.2@sha256:{digest}
ports: {{http: 8080}}
health: /healthz
account: {{{rules}}}
"""
RULES = "rules: [{resources: [configmaps], verbs: [get]}]"

pytestmark = pytest.mark.tools


def compiled(folder: Path, rules: str, more: str = "") -> Chart:
    chart(folder, rules, more)
    request = Request((folder / "service.yaml",), lambda path: path.name, date(2026, 11, 29), targets=("helm",))
    (made,) = [piece.artifact for piece in compile_(request).pieces]
    assert isinstance(made, Chart)
    return made


def chart(folder: Path, rules: str, more: str = "") -> Path:
    (folder / "service.yaml").write_text(SPEC.format(digest="a" * 64, rules=rules) + more, "utf-8")
    made = compile_(Request((folder / "service.yaml",), lambda path: path.name, date(2026, 11, 29), targets=("helm",)))
    assert not made.failed, made.diagnostics
    execute(plan(folder, made.outputs, ()))
    return folder / "chart"


def refused(folder: Path, *values: str) -> bool:
    done = tools.run(real.located("helm"), ["template", "x", ".", *(f"--set={one}" for one in values)], cwd=folder)
    named = ("/serviceAccount/name", "/fullnameOverride")
    assert done.returncode == 0 or any(one in done.stderr for one in named), done.stderr
    return done.returncode != 0


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ((), False),
        (("serviceAccount.create=false",), True),
        (("serviceAccount.create=false", "serviceAccount.name=default"), True),
        (("serviceAccount.name=default",), True),
        (("serviceAccount.create=false", "serviceAccount.name=mine"), False),
        (("fullnameOverride=default",), True),
        (("fullnameOverride=default", "serviceAccount.name=mine"), False),
        (("fullnameOverride=default-2",), False),
        (("fullnameOverride=",), False),
    ],
)
def test_a_role_is_not_given_to_every_pod(values: tuple[str, ...], wrong: bool, tmp_path: Path) -> None:
    assert refused(chart(tmp_path, RULES), *values) == wrong


@pytest.mark.parametrize("enabled", [True, False])
def test_a_role_that_is_switched_off_asks_for_no_account(enabled: bool, tmp_path: Path) -> None:
    made = chart(tmp_path, "", f"environments: {{dev: {{}}, live: {{account: {{{RULES}}}}}}}\n")
    switch = next(
        line for line in (made / "templates/rolebinding.yaml").read_text().splitlines() if "if .Values" in line
    )
    path = switch.split(".Values.")[1].split()[0]
    assert refused(made, f"{path}={str(enabled).lower()}", "serviceAccount.create=false") == enabled


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ((), False),
        (("fullnameOverride=default",), True),
        (("fullnameOverride=default-and-more",), True),
        (("fullnameOverride=",), True),
        (("fullnameOverride=", "serviceAccount.name=mine"), False),
        (("fullnameOverride=defaul-t",), False),
    ],
)
@pytest.mark.parametrize("room", [7, 8])
def test_a_name_that_is_cut_is_not_that_of_all(values: tuple[str, ...], wrong: bool, room: int, tmp_path: Path) -> None:
    """Of a service with a job whose name leaves so few characters."""
    jobs = f"jobs: {{{'j' * (51 - room)}: {{command: [x], schedule: '0 1 * * *'}}}}\n"
    assert refused(chart(tmp_path, RULES, jobs), *values) == wrong


def test_an_account_that_one_environment_calls_like_the_service(tmp_path: Path) -> None:
    """The binding names the account that pods have, in every environment."""
    environments = "environments: {dev: {account: {name: a}}, live: {}}\n"
    made = chart(tmp_path, RULES, environments)
    assert not refused(made)
    assert refused(made, "fullnameOverride=default", "serviceAccount.name=")
    assert not refused(made, "fullnameOverride=default", "serviceAccount.name=mine")


def test_each_switch_of_several_bindings_demands_it(tmp_path: Path) -> None:
    made = compiled(tmp_path, RULES, f"environments: {{dev: {{}}, live: {{account: {{{RULES}}}}}}}\n")
    (binding,) = [one for one in made.templates if one.key[0] == "RoleBinding"]
    several = [replace(binding, when=When(("rbac", name), "if")) for name in ("one", "other")]
    demanded = own_account(replace(made, templates=tuple(several)))
    for name in ("one", "other"):
        values = {"serviceAccount": {"create": False, "name": ""}, "rbac": {name: True}}
        assert [fitting(one)(values) for one in demanded].count(False) == 1


def test_a_chart_without_roles_takes_the_account_of_all(tmp_path: Path) -> None:
    assert not refused(chart(tmp_path, ""), "serviceAccount.create=false")
