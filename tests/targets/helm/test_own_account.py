"""A role of the chart goes to an account of its own: Helm refuses the values that would give it to every pod."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from judges import real
from svc import tools
from svc.pipeline import Request, compile_
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


def chart(folder: Path, rules: str, more: str = "") -> Path:
    (folder / "service.yaml").write_text(SPEC.format(digest="a" * 64, rules=rules) + more, "utf-8")
    made = compile_(Request((folder / "service.yaml",), lambda path: path.name, date(2026, 11, 29), targets=("helm",)))
    assert not made.failed, made.diagnostics
    execute(plan(folder, made.outputs, ()))
    return folder / "chart"


def refused(folder: Path, *values: str) -> bool:
    done = tools.run(real.located("helm"), ["template", "x", ".", *(f"--set={one}" for one in values)], cwd=folder)
    assert done.returncode == 0 or "/serviceAccount/name" in done.stderr, done.stderr
    return done.returncode != 0


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ((), False),
        (("serviceAccount.create=false",), True),
        (("serviceAccount.create=false", "serviceAccount.name=default"), True),
        (("serviceAccount.name=default",), True),
        (("serviceAccount.create=false", "serviceAccount.name=mine"), False),
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


def test_a_chart_without_roles_takes_the_account_of_all(tmp_path: Path) -> None:
    assert not refused(chart(tmp_path, ""), "serviceAccount.create=false")
