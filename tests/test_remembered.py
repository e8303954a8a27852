"""What is remembered of a service holds only while all that it looked at is as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from disk import contents
from svc.cli.main import main

SPEC = """apiVersion: svc/v1
name: web
team: shop
build: {language: python, version: "3.14", main: main.py}
ports: {http: 8080}
health: /healthz
resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
files: {/etc/app.conf: {source: app.conf}}
env: {OTHER: "http://${services.other.http}"}
environments: {staging: {scale: 1}, production: {scale: 2}}
"""
OTHER = f"apiVersion: svc/v1\nname: other\nteam: shop\nimage: ghcr.io/a/b:1.0.0@sha256:{'4f3b' * 16}\nports: {{http: 8080}}\nhealth: /\n"
WORKSPACE = "apiVersion: svc/v1\nkind: Workspace\npolicy: {packs: [pack]}\n"
TREE = {
    "svc-workspace.yaml": WORKSPACE,
    "web/service.yaml": SPEC,
    "web/app.conf": "level: info\n",
    "web/main.py": "print(1)\n",
    "web/requirements.txt": "flask==3.0.0\n",
    "other/service.yaml": OTHER,
}


def _edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new))

    return edit


def _renamed(old: str, new: str) -> Callable[[Path], None]:
    def rename(root: Path) -> None:
        (root / old).rename(root / new)

    return rename


CHANGES: dict[str, Callable[[Path], object]] = {
    "its text": _edited("web/service.yaml", "100m", "200m"),
    "a file that it carries": _edited("web/app.conf", "info", "debug"),
    "a file that goes": lambda root: (root / "web/app.conf").unlink(),
    "a name beside it": _renamed("web/requirements.txt", "web/uv.lock"),
    "a name that appears beside it": lambda root: (root / "web/uv.lock").write_text(""),
    "another service": _edited("other/service.yaml", "http: 8080", "http: 9090"),
    "the folder of another service": _renamed("other", "moved"),
    "a policy of a pack": _edited("pack/acme-rule.yaml", "severity: warning", "severity: info"),
    "the workspace": _edited("svc-workspace.yaml", "policy:", "registry: ghcr.io/acme\npolicy:"),
}


Said = Callable[..., tuple[int, list[str], dict[str, bytes]]]


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """What a compile says and leaves, below `shop`."""
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "shop"
    for name, text in TREE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.chdir(root)
    assert main(["policies", "new", "pack/acme-rule"]) == 0
    _edited("pack/acme-rule.yaml", "severity: error", "severity: warning")(root)
    capsys.readouterr()

    def compiled(*options: str) -> tuple[int, list[str], dict[str, bytes]]:
        code = main(["compile", "web", "--out", "out", "--force", *options])
        seen = capsys.readouterr()
        report = [line for line in (seen.out + seen.err).split("\n") if not line.startswith("  ")]  # but what is new
        return code, report, contents(root / "out")

    return compiled


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_that_it_looked_at_may_change(change: str, said: Said) -> None:
    targets = ("--target", "docker", "--target", "helm", "--target", "github")
    before = said(*targets)
    assert before[0] == 0, before
    CHANGES[change](Path())
    after = said(*targets)
    assert after == said(*targets, "--no-cache")
    assert after != before


@pytest.mark.parametrize(
    "options",
    [
        ("--target", "docker"),
        ("--env", "production"),
        ("--set", "ports.http=9000"),
        ("--profile", "strict"),
        ("--ignore", "acme-rule"),
    ],
    ids=" ".join,
)
def test_what_is_asked_for_now_is_answered(options: tuple[str, ...], said: Said) -> None:
    """Not what was asked for before."""
    before = said()
    after = said(*options)
    assert after == said(*options, "--no-cache")
    assert after != before
