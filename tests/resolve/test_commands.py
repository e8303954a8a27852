"""References in commands: resolved, refused, or the shell's own; variables that come too late are said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Compiled, Request, compile_

SPEC = """\
apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop:1.4.2@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
ports: {http: 8080}
health: /healthz
needs:
  db: postgres
  cache: {type: redis, realise: existing, host: redis.example.com}
env: {FIRST: a, LEVEL: info}
secrets: {TOKEN: {from: shop/token}}
"""


def _compiled(folder: Path, more: str) -> Compiled:
    (folder / "service.yaml").write_text(SPEC + more, "utf-8")
    return compile_(Request((folder / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=("helm",)))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("--port=${ports.http}", "--port=8080"),
        ("${env.LEVEL}/${secrets.TOKEN}", "$(LEVEL)/$(TOKEN)"),
        ("${needs.cache.url}", "redis://redis.example.com:6379"),
        ("echo ${HOME} ${X:-${Y}} $HOME", "echo ${HOME} ${X:-${Y}} $HOME"),
        ("$${env.LEVEL}", "${env.LEVEL}"),
        ("${environment.name}", "production"),
    ],
)
def test_a_command_has_what_is_known(tmp_path: Path, text: str, made: str) -> None:
    compiled = _compiled(tmp_path, f"args: ['{text}']\n")
    server = compiled.units[0].first.server
    assert server is not None
    assert server.main.args == (made,)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("${needs.db.password}", "reference-in-command"),
        ("x=${needs.db.url}", "reference-in-command"),
        ("${limits.memory}", "reference-in-command"),
        ("${services.other.http}", "reference-unknown"),
        ("${env.NONE}", "reference-unknown"),
        ("${needs.cache.password}", "need-output-nowhere"),
    ],
)
def test_what_only_the_pod_knows_is_refused(tmp_path: Path, text: str, id_: str) -> None:
    for more in (f"args: ['{text}']\n", f"jobs: {{once: {{run: manual, command: ['{text}']}}}}\n"):
        compiled = _compiled(tmp_path, more)
        assert [one.id for one in compiled.diagnostics] == [id_]


def test_a_variable_that_comes_too_late_is_said(tmp_path: Path) -> None:
    given = SPEC.replace("FIRST: a", "FIRST: '$(LEVEL) $(FIRST) $$(LEVEL) $(OTHER) $(TOKEN)'")
    (tmp_path / "service.yaml").write_text(given, "utf-8")
    compiled = compile_(Request((tmp_path / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=("helm",)))
    found = [one.message.partition(" ")[0] for one in compiled.diagnostics if one.id == "variable-later"]
    assert sorted(found) == ["$(FIRST)", "$(LEVEL)"]
