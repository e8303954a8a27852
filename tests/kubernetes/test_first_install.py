"""A first install with a database in the cluster: its jobs wait for the database, and nothing waits for the pods before."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_

SPEC = """\
apiVersion: svc/v1
name: orders
image: ghcr.io/acme/orders@sha256:{digest}
ports: {{http: 3000}}
health: /healthz
needs: {{db: {{type: {type}, realise: {realise}}}}}
env: {{ADDRESS: "{address}"}}
jobs: {{migrate: {{run: before-deploy, command: [./migrate]}}}}
workers: {{mail: {{command: [./mail]}}}}
"""


def outputs(folder: Path, kind: str = "postgres", realise: str = "in-cluster", output: str = "url") -> dict[str, str]:
    address = f"${{needs.db.{output}}}" if output else "none"
    path = folder / "service.yaml"
    path.write_text(SPEC.format(digest="a" * 64, type=kind, realise=realise, address=address), "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("helm", "github")))
    assert not made.failed
    return {one.path: one.text for one in made.outputs}


def job(found: dict[str, str]) -> str:
    return found["chart/templates/job-migrate.yaml"]


def deploy(found: dict[str, str]) -> str:
    text = found[".github/workflows/orders.yaml"]
    return text[text.index("- name: Deploy\n") : text.index("- name: Test the release\n")]


@pytest.mark.parametrize(
    ("kind", "asks"),
    [
        ("postgres", "pg_isready"),
        ("mysql", "mysqladmin ping"),
        ("mongodb", "mongosh"),
        ("redis", "redis-cli"),
        ("rabbitmq", "nc -z"),
    ],
)
def test_the_job_waits_for_what_comes_with_it(tmp_path: Path, kind: str, asks: str) -> None:
    text = job(outputs(tmp_path, kind))
    assert "helm.sh/hook: post-install,pre-upgrade" in text
    steps = text[text.index("initContainers:") : text.index("containers:\n        - name: migrate")]
    assert re.search(rf"- until {asks} .*; do sleep 2; done\n +- orders-db\n +- \"\d+\"\n", steps)
    assert "runAsUser: 10001" in steps


def test_a_job_that_is_told_the_host_alone_waits_too(tmp_path: Path) -> None:
    text = job(outputs(tmp_path, "redis", output="host"))
    assert "helm.sh/hook: post-install,pre-upgrade" in text
    assert "wait-for-db" in text


def test_the_first_deploy_does_not_wait_for_pods_that_need_tables(tmp_path: Path) -> None:
    first, _, second = deploy(outputs(tmp_path)).partition("\n          fi\n")
    assert 'if ! helm status "$RELEASE" --namespace "$NAMESPACE" > /dev/null 2>&1; then' in first
    assert "helm install" in first
    assert "--rollback-on-failure" not in first
    assert "--rollback-on-failure" in second


@pytest.mark.parametrize(("realise", "output"), [("managed", "url"), ("in-cluster", "")])
def test_other_jobs_run_before_the_release(tmp_path: Path, realise: str, output: str) -> None:
    found = outputs(tmp_path, realise=realise, output=output)
    assert "helm.sh/hook: pre-install,pre-upgrade" in job(found)
    assert "wait-for" not in job(found)
    assert "helm install" not in deploy(found)
