"""A secret in every place that looks like one, every verb and every form of report: it is seen nowhere that svc writes to.

What is the user's own text comes out as it is, and is named here: the outputs of a spec whose secrets are waived, and
what a filter gives back that was given it (`OWN`).
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from disk import contents
from hostile.canaries import canary, kept, seen
from hostile.secret_places import BROKEN, OTHERS, PROCESS, SPECS, WHOLE, WORKSPACE
from svc.cli.main import main
from svc.cli.reporting import FORMATS
from svc.cli.verbs import VERBS
from svc.lint.kinds import KINDS
from svc.tools import ToolCrashed

Line = tuple[str, ...]

GIVEN = canary("given")
"""A secret on the command line."""
ALL = ("manifests", "chart", "failing", "compose.yaml", "image", ".github", "infra", "refused", "cued")
LINT: list[Line] = [
    *(("lint", "--format", form, *ALL) for form in FORMATS),
    *(("lint", "--format", form, *BROKEN) for form in FORMATS),
    ("lint", "--deep", "image", ".github"),
    ("lint", "--format", "sarif=report.sarif", "--format", "json=report.json", "--statistics", *ALL),
    ("lint", "--write-baseline", "baseline.json", "manifests", "image", "infra", ".github"),
    ("lint", "--fix", "--unsafe-fixes", *ALL),
    ("lint", "--profile", "strict", "--color", "always", *ALL),
    ("lint", "--set", f"env.DB_PASSWORD={GIVEN}", "--set", f"ports.http=password={GIVEN}", "refused"),
    ("lint", "--select", f"token={GIVEN}", "refused"),
    ("lint", "waived"),
]
COMPILE: list[Line] = [
    *(("compile", "--format", form, "refused", "--out", "out") for form in FORMATS),
    *(("compile", "--format", form, "waived", "--out", "out") for form in FORMATS),
    ("compile", "--diff", "--out", "out", "waived"),
    ("compile", "--check", "--out", "out", "waived"),
    ("compile", "--verify", "--out", "out", "waived"),
    ("compile", "--set", f"env.DB_PASSWORD={GIVEN}", "--out", "out", "waived"),
    ("compile", "--set", f"env.DB_PASSWORD:{GIVEN}", "--out", "out", "waived"),
    ("compile", "--sett", f"env.DB_PASSWORD={GIVEN}", "waived"),
    ("compile", "cued", *(name for name in BROKEN if name.endswith("service.yaml"))),
]
RUNS: dict[str, list[Line]] = {
    "compile": COMPILE,
    "lint": LINT,
    "fmt": [
        ("fmt", "--check", "refused", "waived", "svc-workspace.yaml"),
        ("fmt", "waived", *(name for name in BROKEN if name.endswith(".yaml"))),
    ],
    "init": [("init", "--dry-run", "--generate", "--name", "tree", "tree"), ("init", "--name", "tree", "tree")],
    "show": [
        ("show", "waived/service.yaml"),
        ("show", "--format", "json", "waived/service.yaml"),
        ("show", "waived/service.yaml", "env"),
        ("show", "waived/service.yaml", "env.DB_PASSWORD"),
        ("show", "waived/service.yaml", "env.SHARP_TOKEN"),
        ("show", "waived/service.yaml", "files", "--format", "json"),
        ("show", "waived/service.yaml", f"env.token={GIVEN}"),
        ("show", "--set", f"env.DB_PASSWORD={GIVEN}", "waived/service.yaml"),
        ("show", "broken/service.yaml"),
        ("show", "cued/service.cue"),
    ],
    "import": [
        *(
            ("import", "--report", report, *out, *files)
            for report in ("text", "json")
            for out in ((), ("--out", "imported"))
            for files in (("compose.yaml",), ("manifests/deployment.yaml", "manifests/secret.yaml"), ("score.yaml",))
        ),
        ("import", "--env", "staging=manifests", "--env", "production=manifests"),
        ("import", "broken/compose.yaml"),
    ],
    "explain": [("explain", "secret-in-environment"), ("explain", f"token={GIVEN}")],
    "policies": [
        ("policies", "list"),
        ("policies", "show", "secret-in-environment"),
        ("policies", "input", "waived"),
        ("policies", "test", "pack"),
        ("policies", "export", "--to", "admission"),
    ],
    "schema": [("schema",)],
    "cache": [("cache", "info"), ("cache", "clean")],
}
"""By verb, the command lines that are tried."""
OWN = ("out/", "imported/")


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    for name, text in {**WHOLE, **SPECS, **BROKEN, **OTHERS, "svc-workspace.yaml": WORKSPACE}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for name in ("cache", "temporary"):
        (tmp_path / name).mkdir(mode=0o700)
    monkeypatch.chdir(root)
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    for name, text in PROCESS.items():
        monkeypatch.setenv(name, text)
    return root


def ran(*arguments: str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return Ran(code, out.getvalue(), err.getvalue())


def leaks(root: Path, before: dict[str, bytes], done: Ran) -> Iterator[str]:
    """Everything that shows a secret after a run: what was said, what was written, what was kept, what was left."""
    for where, text in (("standard output", done.out), ("standard error", done.err)):
        yield from (f"{where}: {one}" for one in seen(text))
    for name, data in contents(root).items():
        own = name.startswith(OWN) and not name.rpartition("/")[2].startswith(".svc")
        if name not in before and not own:
            yield from (f"{name}: {one}" for one in seen(data.decode("latin-1")))
    for text in kept(root.parent / "cache"):
        yield from (f"the cache: {one}" for one in seen(text))
    for name, data in contents(root.parent / "temporary").items():
        yield from (f"temporary {name}: {one}" for one in seen(data.decode("latin-1")))


PLANTED = {
    "service.yaml": "waived/service.yaml",
    "workspace": "svc-workspace.yaml",
    "Dockerfile": "image/Dockerfile",
    "Kubernetes manifest": "manifests/deployment.yaml",
    "Helm chart": "chart/values.yaml",
    "compose file": "compose.yaml",
    "GitHub workflow": ".github/workflows/ci.yaml",
    "GitHub action": ".github/actions/a/action.yml",
    "Dependabot's file": ".github/dependabot.yml",
    "Terraform": "infra/main.tf",
}
"""A file of each kind that svc reads."""


def test_every_verb_is_tried() -> None:
    assert set(RUNS) == set(VERBS)


def test_every_kind_of_file_holds_one() -> None:
    assert set(PLANTED) == set(KINDS.split(", "))
    texts = {**WHOLE, **SPECS, "svc-workspace.yaml": WORKSPACE}
    assert all(seen(texts[name]) for name in PLANTED.values())


@pytest.mark.parametrize("line", [line for lines in RUNS.values() for line in lines], ids=" ".join)
def test_no_run_shows_one(line: Line, repository: Path) -> None:
    before = contents(repository)
    done = ran(*line)
    assert done.code in (0, 1, 2), done.err
    found = list(leaks(repository, before, done))
    assert not found, "\n".join(found[:40])


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("kind", [KeyError, ValueError, ToolCrashed])
def test_no_crash_shows_one(
    kind: type[Exception], debug: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of ours that holds a value as it is, and a program whose last words are a line of the file."""
    value = canary("penv")

    def fails(*_: object, **__: object) -> None:
        raise ToolCrashed("helm", f"helm was killed: cannot parse {value!r}") if kind is ToolCrashed else kind(value)

    monkeypatch.setattr("svc.stages.service._rendered", fails)
    monkeypatch.setenv("SVC_DEBUG", debug)
    before = contents(repository)
    done = ran("compile", "--out", "out", "waived")
    assert done.code == 3
    assert "***" in done.err
    assert not list(leaks(repository, before, done))


def test_no_explanation_of_a_line_shows_one(repository: Path) -> None:
    assert ran("compile", "--out", "out", "waived").code == 0
    before = contents(repository)
    tried = 0
    for name in ("chart/values.yaml", "compose.yaml", "chart/templates/deployment.yaml", "chart/README.md"):
        text = (repository / "out/waived" / name).read_text()
        lines = [number for number, line in enumerate(text.split("\n"), 1) if seen(line)]
        for number in lines[:1]:
            for form in ("text", "json"):
                done = ran("explain", "--format", form, f"out/waived/{name}:{number}", "--spec", "waived")
                assert not list(leaks(repository, before, done))
                tried += done.code == 0
    assert tried >= 4
