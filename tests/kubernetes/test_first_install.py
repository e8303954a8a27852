"""A first install with a database in the cluster: its jobs wait for the database, and nothing waits for the pods before."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_
from svc.targets.github import scripts

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


PAIR = """\
apiVersion: svc/v1
name: orders
image: ghcr.io/acme/orders@sha256:{digest}
ports: {{http: 3000}}
health: /healthz
needs: {{db: {{type: redis, realise: in-cluster}}, db-1: {{type: redis, realise: in-cluster}}}}
{more}
jobs: {{migrate: {{run: before-deploy, {told}}}}}
"""


def waits(folder: Path, told: str, more: str = "") -> list[str]:
    path = folder / "service.yaml"
    path.write_text(PAIR.format(digest="a" * 64, told=told, more=more), "utf-8")
    (folder / "app.ini").write_text("[db]\naddress = orders-db-1.shop.svc:6379\n", "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("helm",)))
    assert not made.failed, made.diagnostics
    text = job({one.path: one.text for one in made.outputs})
    found = re.findall(r"name: wait-for-(\S+)", text)
    assert ("helm.sh/hook: post-install,pre-upgrade" in text) is bool(found)
    return found


@pytest.mark.parametrize(
    ("told", "needs"),
    [
        ('command: [migrate, --host, "${needs.db.host}"]', ["db"]),
        ('command: [migrate, "--host=${needs.db-1.host}"]', ["db-1"]),
        ('command: [migrate, "-h${needs.db.host}"]', ["db"]),
        ('command: [sh, -c, "migrate -h${needs.db.host} -p 1"]', ["db"]),
        ('args: ["${needs.db.host}:${needs.db.port}"]', ["db"]),
        ('command: [migrate], env: {HOST: "${needs.db-1.host}"}', ["db-1"]),
        ('command: [migrate], env: {HOST: "${needs.db.host}.shop.svc"}', ["db"]),
        ('command: [migrate], env: {HOSTS: "${needs.db-1.host},${needs.db.host}"}', ["db", "db-1"]),
        ("command: [migrate, --host, my-orders-db, x.orders-db]", []),
    ],
)
def test_a_job_waits_for_whom_it_is_told_of_and_nobody_else(tmp_path: Path, told: str, needs: list[str]) -> None:
    assert waits(tmp_path, told) == needs


@pytest.mark.parametrize(
    ("key", "needs"),
    [
        ("source: app.ini", ["db-1"]),
        ("content: 'at orders-db:1'", ["db"]),
        ("config: elsewhere, key: app.ini", []),
    ],
)
def test_a_job_that_is_told_in_a_file_waits_too(tmp_path: Path, key: str, needs: list[str]) -> None:
    assert waits(tmp_path, "command: [migrate]", f"files: {{/etc/app.ini: {{{key}}}}}") == needs


def test_the_first_deploy_does_not_wait_for_pods_that_need_tables(tmp_path: Path) -> None:
    first, _, second = deploy(outputs(tmp_path)).partition("\n          fi\n")
    assert 'if ! helm status "$RELEASE" --namespace "$NAMESPACE" > /dev/null 2>&1; then' in first
    assert "helm install" in first
    assert "--rollback-on-failure" not in first
    assert "--rollback-on-failure" in second


STUBS = {
    "helm": """\
#!/bin/sh
case "$1" in
  status) test -n "$MANIFEST" ;;
  get) if test "$2" = manifest; then printf '%s\\n' "$MANIFEST"; else echo '{"image": {"digest": "sha256:old"}}'; fi ;;
  *) echo "$*" >> "$CALLS" ;;
esac
""",
    "jq": "#!/bin/sh\ncat > /dev/null\necho sha256:old\n",
}
INSTALL = "install orders chart --namespace shop --values v.yaml --set-string image.digest=sha256:new --timeout 300s"
ADD = "upgrade orders chart --no-hooks --namespace shop --values v.yaml --set-string image.digest=sha256:old --timeout 300s"
UPGRADE = (
    "upgrade orders chart --install --namespace shop --values v.yaml --set-string image.digest=sha256:new"
    " --rollback-on-failure --timeout 300s"
)
OLD = "kind: Service\nmetadata:\n  name: orders\n  labels:\n    name: orders-db"


@pytest.mark.parametrize(
    ("manifest", "brings", "calls"),
    [
        ("", True, [INSTALL, UPGRADE]),
        (OLD, True, [ADD, UPGRADE]),
        (f'{OLD}\n---\n  name: "orders-db"', True, [ADD, UPGRADE]),
        (f'{OLD}\n---\n  name: "orders-db"\n---\n  name: orders-data', True, [UPGRADE]),
        (OLD, False, [UPGRADE]),
        ("", False, [UPGRADE]),
    ],
)
def test_what_jobs_wait_for_is_made_before_them(tmp_path: Path, manifest: str, brings: bool, calls: list[str]) -> None:
    """By the image that runs already: the new one is for after the jobs. Each call knows the digest."""
    for name, text in STUBS.items():
        (tmp_path / name).write_text(text, "utf-8")
        (tmp_path / name).chmod(0o755)
    env = {"RELEASE": "orders", "CHART": "chart", "NAMESPACE": "shop", "VALUES": "v.yaml", "TIMEOUT": "300s"}
    env |= {"DIGEST": "sha256:new", "BROUGHT": "orders-db orders-data", "MANIFEST": manifest}
    env |= {"CALLS": str(tmp_path / "calls"), "PATH": f"{tmp_path}:/usr/local/bin:/usr/bin:/bin"}
    script = scripts.deploy(set_digest=True, brings=brings)
    subprocess.run(["bash", "-e", "-c", script], env=env, check=True, timeout=20)
    assert (tmp_path / "calls").read_text("utf-8").splitlines() == calls


def test_an_image_that_is_not_built_here_has_its_digest_in_the_chart() -> None:
    assert "$DIGEST" not in scripts.deploy(set_digest=False, brings=True)


def test_the_deploy_is_told_what_its_jobs_wait_for(tmp_path: Path) -> None:
    assert "BROUGHT: orders-db\n" in deploy(outputs(tmp_path))
    spec = tmp_path / "service.yaml"
    text = SPEC.format(digest="a" * 64, type="redis", realise="managed", address="none")
    text = text.replace("[./migrate]}", "[./migrate], share: [/data]}")
    text += "volumes: {/data: {size: 1Gi, access: many}}\n"
    spec.write_text(text, "utf-8")
    made = compile_(Request((spec,), lambda one: one.name, date(2026, 11, 29), targets=("helm", "github")))
    assert not made.failed, made.diagnostics
    found = {one.path: one.text for one in made.outputs}
    assert "BROUGHT: orders-data\n" in deploy(found)
    assert any("PersistentVolumeClaim" in text and "-data" in text for text in found.values())


@pytest.mark.parametrize(("realise", "output"), [("managed", "url"), ("in-cluster", "")])
def test_other_jobs_run_before_the_release(tmp_path: Path, realise: str, output: str) -> None:
    found = outputs(tmp_path, realise=realise, output=output)
    assert "helm.sh/hook: pre-install,pre-upgrade" in job(found)
    assert "wait-for" not in job(found)
    assert "helm install" not in deploy(found)
