"""What looks like a secret is not kept in the cache, wherever it stands; what does not is kept, so that runs stay fast."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from disk import contents
from hostile.canaries import CONTROL, canary, kept, seen, sharp, token
from hostile.secret_places import OTHERS, WHOLE
from hostile.test_secrets_everywhere import leaks, ran, repository
from svc.cli import unchanged
from svc.diagnostics import Diagnostic, Place, Severity
from svc.lint import cut
from svc.lint.ahead import PAYS, Part
from svc.source import Source

__all__ = ["repository"]

REPO = Path(__file__).parents[2]
PLAIN = f"""apiVersion: svc/v1
name: plain
team: shop
image: ghcr.io/acme/shop:1.4.2@sha256:{"4f3bfd1ab2a6b2a0" * 4}
ports: {{http: 8080}}
health: /healthz
resources: {{requests: {{cpu: 100m, memory: 64Mi}}, limits: {{memory: 128Mi}}}}
needs: {{db: {{type: postgres}}}}
secrets: {{API_TOKEN: shop/api-token, KEY: {{from: shop/key}}}}
env:
  GREETING: {CONTROL}
  DATABASE_URL: ${{needs.db.url}}
  PASSWORD_FILE: /run/secrets/password
  TOKEN_TTL: 15m
  REQUEST_ID: 123e4567-e89b-12d3-a456-426614174000
files:
  /etc/app.conf: "level: info\\n"
  /etc/more.conf: {{source: more.conf}}
"""
MORE = "level: debug\npassword_file: /run/secrets/x\n"
ALONE: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "a variable": lambda spec, more: (spec.replace("env:\n", f"env:\n  DB_PASSWORD: {canary('a')}\n"), more),
    "in quotes": lambda spec, more: (
        spec.replace("env:\n", "env:\n  DB_PASSWORD: '" + sharp("b").replace("'", "''") + "'\n"),
        more,
    ),
    "a block": lambda spec, more: (spec.replace("env:\n", f"env:\n  DB_PASSWORD: |\n    {canary('c')}\n"), more),
    "an address": lambda spec, more: (spec.replace("env:\n", f"env:\n  DB: postgres://a:{canary('d')}@db/a\n"), more),
    "a form": lambda spec, more: (spec.replace("env:\n", f"env:\n  ANY: {token('e')}\n"), more),
    "a connection string": lambda spec, more: (
        spec.replace("env:\n", f"env:\n  ODBC: Server=a;Password={canary('f')};B=c\n"),
        more,
    ),
    "a comment": lambda spec, more: (f"# DB_PASSWORD={canary('g')}\n{spec}", more),
    "an argument": lambda spec, more: (f"{spec}args: [--password, {canary('h')}]\n", more),
    "a file of the spec": lambda spec, more: (spec.replace("level: info", f"password: {canary('i')}"), more),
    "a file beside it": lambda spec, more: (spec, f"//r.example.com/:_authToken={canary('j')}\n"),
    "a key": lambda spec, more: (f"{spec}labels: {{{token('k')}: a}}\n", more),
    "a reason": lambda spec, more: (
        f"{spec}waivers: [{{policy: image-latest, reason: 'the token={canary('l')} ends'}}]\n",
        more,
    ),
}
"""Each with the one secret of a spec, or of the file that it reads."""


def _compiled(repository: Path, spec: str, more: str) -> list[str]:
    (repository / "svc-workspace.yaml").unlink()
    (repository / "plain").mkdir()
    (repository / "plain/service.yaml").write_text(spec)
    (repository / "plain/more.conf").write_text(more)
    before = contents(repository)
    done = ran("compile", "--out", "out", "plain")
    assert "internal error" not in done.err
    assert not list(leaks(repository, before, done))
    return kept(repository.parent / "cache")


def test_what_is_no_secret_is_kept(repository: Path) -> None:
    found = _compiled(repository, PLAIN, MORE)
    assert [text for text in found if CONTROL in text], "the search is not blind"
    assert [text for text in found if "kind: Deployment" in text], "outputs are kept as well"


@pytest.mark.parametrize("place", ALONE)
def test_one_secret_alone_is_not(place: str, repository: Path) -> None:
    spec, more = ALONE[place](PLAIN, MORE)
    found = _compiled(repository, spec, more)
    assert not [one for text in found for one in seen(text)]
    assert not [text for text in found if "kind: Deployment" in text]


def test_one_of_the_workspace_is_not(repository: Path) -> None:
    text = f"apiVersion: svc/v1\nkind: Workspace\ndefaults: {{env: {{DB_PASSWORD: {canary('m')}}}}}\n"
    (repository / "svc-workspace.yaml").write_text(text)
    (repository / "plain").mkdir()
    (repository / "plain/service.yaml").write_text(PLAIN)
    (repository / "plain/more.conf").write_text(MORE)
    ran("compile", "--out", "out", "plain")
    assert not [one for text in kept(repository.parent / "cache") for one in seen(text)]


def test_of_many_files_no_secret_is_kept(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of files that hold one, what is known is kept without their words."""
    cuts: list[cut.Cut | None] = []
    real = cut.cut

    def noted(*given: Any) -> cut.Cut | None:
        cuts.append(real(*given))
        return cuts[-1]

    monkeypatch.setattr("svc.lint.known.cut", noted)
    monkeypatch.setattr(unchanged, "MARGIN", -(10**15))
    monkeypatch.setattr(unchanged, "keep_lint", lambda *_: None)
    for number in range(PAYS):
        (repository / f"manifests/plain{number}.yaml").write_text(
            f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{number}}}\ndata: {{greeting: {CONTROL}}}\n"
        )
    names = sorted({name.partition("/")[0] for name in (*WHOLE, *OTHERS)} - {"tree", "pack"})
    before = contents(repository)
    done = ran("lint", "--no-render", *names)
    assert not list(leaks(repository, before, done))
    found = kept(repository.parent / "cache")
    assert [text for text in found if CONTROL in text and "plain17" in text]
    whole, count = len([one for one in cuts if one is not None]), len(cuts)
    assert whole > 4
    assert ran("lint", "--no-render", *names) == done == ran("lint", "--no-render", "--no-cache", *names)
    assert len(cuts) == 2 * count - whole, "those that were kept are taken from there"


@pytest.mark.parametrize(
    "spelled", ['"Zq7\\x4bw9p\\x51m2x\\x52t5v"', "'Zq7''Kw9''pQm2xRt5v'", '"Zq7\\u0026w9pQm2xRt5v"']
)
def test_a_secret_that_is_read_otherwise_than_it_is_written_is_not_kept(
    spelled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged, "MARGIN", -(10**15))
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "files").mkdir()
    monkeypatch.chdir(tmp_path / "files")
    read = yaml.safe_load(spelled)
    for number in range(PAYS):
        env = f"[{{name: OLD_PASSWORD, value: {spelled}}}]"
        put = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}}}\nspec: {{containers: [{{name: a, image: a:1, env: {env}}}]}}\n"
        Path(f"p{number}.yaml").write_text(put)
    ran("lint", ".")
    found = kept(tmp_path / "cache")
    assert found
    assert not [text for text in found if read in text or spelled[1:-1] in text]


@pytest.mark.parametrize(
    ("said", "kept_"),
    [("found nothing", True), (f"found {canary('cut').upper()}", False), (f"found {token('form')}", False)],
)
def test_what_says_a_secret_in_another_spelling_is_not_kept(said: str, kept_: bool) -> None:
    """It stands nowhere in the text, so that no place in the text can stand for it."""
    sources = [Source("a.yaml", f"password: {canary('cut')}\n")]
    part = Part((), (), {}, (Diagnostic("a", Severity.ERROR, said, Place("a.yaml")),), (), (), spec=False)
    made = cut.cut(part, sources)
    assert (made is not None) == kept_
    assert made is None or cut.whole(made, sources) == part


@pytest.mark.parametrize("line", [("compile", "--out", "out", "waived"), ("lint", "compose.yaml")], ids=" ".join)
def test_a_report_that_shows_one_is_not_kept(
    line: tuple[str, ...], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged, "MARGIN", -(10**15))
    monkeypatch.setattr("svc.report.mask.masked", lambda run: run)
    for name in ("cued", "broken"):
        shutil.rmtree(repository / name)
    assert all(done.code == 0 and seen(done.out) for done in (ran(*line), ran(*line)))
    assert not [one for text in kept(repository.parent / "cache") for one in seen(text)]


def test_a_run_that_is_answered_as_a_whole_holds_none(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "MARGIN", -(10**15))
    for name in ("cued", "broken"):
        shutil.rmtree(repository / name)
    before = contents(repository)
    said = [ran("compile", "--out", "out", "waived") for _ in range(4)]
    assert said[1] == said[2] == said[3]
    assert said[3].code == 0
    assert [text for text in kept(repository.parent / "cache") if "waived/service.yaml" in text]
    for one in said:
        assert not list(leaks(repository, before, one))


def test_real_specs_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them, by a run: nothing in them looks like a secret, and their workspace's neither."""
    shutil.copytree(REPO / "fixtures/real", tmp_path / "real")
    monkeypatch.chdir(tmp_path / "real")
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    assert ran("compile", "--out", "../out", "--target", "docker", ".").code == 0
    found = kept(tmp_path / "cache")
    texts = {str(file): file.read_text("utf-8") for file in sorted(Path().rglob("service.yaml"))}
    assert len(texts) >= 12
    assert [name for name, text in texts.items() if not any(text in one for one in found)] == []
