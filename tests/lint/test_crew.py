"""Many files: the report is the same whoever judges them, alone or shared, anew or from an earlier run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from benchmarks import corpus

from svc import assets, tools, yaml_events
from svc.cli.main import main
from svc.diagnostics import Diagnostic, ordered
from svc.gate import Demand
from svc.lint.ahead import PAYS, Entry
from svc.lint.collect import collect
from svc.lint.crew import Crew, Rules
from svc.lint.findings import findings
from svc.lint.linted import Linted
from svc.policy.load import load
from svc.policy.types import Settings

CALLED = "on: {workflow_call: {inputs: {size: {type: string, required: true}}}}\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n"
CALLER = "on: push\njobs:\n  test:\n    uses: ./.github/workflows/called.yaml\n    with: {sise: small}\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostNetwork: {{ .Values.host }}\n  containers: []\n"
SECRET = "ghp_" + "a1B2" * 9

POLICIES = load([assets.policies()]).policies

Lint = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus, and files that say something only together, or of themselves."""
    root = tmp_path / "corpus"
    assert corpus.make(root, 110) >= PAYS
    more = {
        ".github/workflows/called.yaml": CALLED,
        ".github/workflows/caller.yaml": CALLER,
        "lonely.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: lonely}\nspec: {selector: {app: nobody}}\n",
        "apps/twice.yaml": "kind: Pod\nkind: Pod\n",
        "apps/broken.yaml": "kind: Pod\na: [\n",
        "apps/waived/Dockerfile": "# svc: ignore=base-image-not-pinned reason=a test\nFROM alpine:3.20\nCOPY . .\nCMD top\n",
        "apps/waived/.dockerignore": ".git\n",
        "apps/none.tf": "resource {\n",
    }
    _write(root, more)
    monkeypatch.chdir(root)
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    return root


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.fixture
def mixed(folder: Path) -> Path:
    """With a spec and a chart, which every run reads anew."""
    files = {
        "apps/chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "apps/chart/values.yaml": "host: true\nidle: 1\n",
        "apps/chart/templates/pod.yaml": POD,
        "apps/spec/service.yaml": "apiVersion: svc/v1\nname: web\nimage: nginx\n",
    }
    _write(folder, files)
    return folder


@pytest.fixture
def lint(capsys: pytest.CaptureFixture[str]) -> Lint:
    def run(*arguments: str) -> str:
        main(["lint", *arguments])
        out, err = capsys.readouterr()
        assert not err
        return out

    return run


def test_the_number_of_processes_changes_nothing(mixed: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {jobs: lint("--format", "text", "--no-cache", "--jobs", jobs) for jobs in ("1", "2", "5")}
    assert told["1"] == told["2"] == told["5"]
    monkeypatch.setattr("svc.lint.ahead.PAYS", sys.maxsize)
    assert lint("--format", "text", "--no-cache") == told["1"], "nor whether anything is judged ahead"
    for id_ in ("yaml-duplicate-key", "yaml-syntax", "terraform-syntax", "selector", "image-from-elsewhere", "sise"):
        assert id_ in told["1"]
    assert "chart-value-unused" in told["1"]
    assert ("apps/chart/templates/pod.yaml:5" in told["1"]) is _helm()


SAME = {"sources", "files", "charts", "templates", "specs", "dockerfiles", "beside", "waivers"}
"""What a run has read, whoever has read it."""
MADE = {
    "subjects",
    "places",
    "diagnostics",
    "manifests",
    "groups",
    "shaped",
    "ahead",
    "shapes",
    "plain",
    "called",
    "prepare",
}
"""What findings are made of, and how; the findings are the same."""


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_read_is_the_same_whoever_reads_it(jobs: int, mixed: Path) -> None:
    """`--fix` reads one by one what the report shares."""
    assert set(Linted.__slots__) == SAME | MADE, "whatever a reader may say reaches a run by a `Part`, too"
    (one, found), (shared, ahead) = _read(0), _read(jobs)
    assert shared.ahead, "files were judged ahead"
    for name in sorted(SAME):
        assert getattr(one, name) == getattr(shared, name), name
        assert getattr(one, name) or name == "beside"
    for each in (one, shared):
        each.subjects.sort(key=lambda it: (it.surface, it.key))
    assert one.subjects == shared.subjects
    assert [it.values for it in one.groups] == [it.values for it in shared.groups]
    assert found == ahead


def _read(jobs: int) -> tuple[Linted, list[Diagnostic]]:
    """The folder, read one file after the other, or, by so many processes, with each file judged already."""
    settings = Settings("strict")
    with ExitStack() as stack:

        def share(entries: Sequence[Entry], linted: Linted) -> bool:
            stack.enter_context(Crew(Rules(POLICIES, settings), jobs)).judge(entries, linted)
            return True

        linted = collect([Path()], Path.as_posix, box=lambda: tools.toolbox(os.environ), share=share if jobs else None)
        return linted, list(ordered([*linted.diagnostics, *findings(linted, POLICIES, settings, Demand())]))


def _helm() -> bool:
    try:
        return bool(tools.find("helm", tools.toolbox(os.environ)))
    except tools.ToolMissing:
        return False


def _edit(folder: Path, step: int) -> None:
    """One change after the other, of kinds that different things depend on."""
    if step == 0:
        (folder / "lonely.yaml").unlink()
    elif step == 1:
        (folder / ".github/workflows/called.yaml").write_text(CALLED.replace("size", "sise"))
    elif step == 2:
        (folder / "apps/waived/.dockerignore").unlink()
    elif step == 3:
        (folder / "apps/twice.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {type: X}\n")
    elif step == 4:
        for number, file in enumerate(sorted(folder.rglob("deployment.yaml"))):
            if number % 2:
                file.rename(file.with_name("other.yaml"))
    elif step == 5:
        (folder / "svc-workspace.yaml").write_text(
            "apiVersion: svc/v1\nkind: Workspace\npolicy: {severities: {job-timeout-missing: error, image-latest: off}}\n"
        )
    else:
        for file in sorted(folder.rglob("service.yaml"))[:3]:
            file.write_text(file.read_text().replace("http", "web"))


def test_what_an_earlier_run_knows_changes_nothing(mixed: Path, lint: Lint) -> None:
    first = lint("--format", "text")
    assert first == lint("--format", "text") == lint("--format", "text", "--no-cache", "--jobs", "1")
    for step in range(7):
        _edit(mixed, step)
        fresh = lint("--format", "text", "--no-cache", "--jobs", "1")
        assert lint("--format", "text") == fresh, step
    for options in (("--profile", "strict"), ("--policy-set", "pss-restricted"), ("--kubernetes", "1.30")):
        told = [lint(*options, "--format", "text", *also) for also in ((), (), ("--no-cache",))]
        assert told[0] == told[1] == told[2], options


def test_only_what_changed_is_read_again(folder: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def noted(name: str, text: str) -> Any:
        texts.append(name)
        return yaml_events.read(name, text)

    monkeypatch.setattr("svc.parse.read", noted)
    lint("--jobs", "1")
    whole = len(texts)
    assert len(set(texts)) == whole, "each file is parsed once"
    texts.clear()
    (folder / "lonely.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    lint("--jobs", "1")
    again = set(texts)
    assert "lonely.yaml" in again
    assert len(again) < whole / 2
    assert ".github/workflows/caller.yaml" in again, "another file decides about it"

    monkeypatch.setattr("svc.cli.unchanged.MARGIN", -(10**15))
    file = next(one for one in sorted(folder.rglob("*.yaml")) if "s3cret-" in one.read_text())
    told = [lint("--jobs", "1", "--format", "text"), lint("--jobs", "1", "--format", "text", "--quiet")]
    texts.clear()
    (folder / "lonely.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n")
    assert lint("--jobs", "1", "--format", "text") == told[0]
    calls = {".github/workflows/caller.yaml", ".github/workflows/called.yaml"}
    assert set(texts) - calls == {"lonely.yaml"}
    texts.clear()
    file.write_text(file.read_text().replace("s3cret-", "${CHANGED}", 1))
    fresh = lint("--jobs", "1", "--format", "text", "--no-cache")
    assert fresh != told[0]
    texts.clear()
    assert lint("--jobs", "1", "--format", "text") == fresh, "a file with a secret is known by what the disk says of it"
    assert file.relative_to(folder).as_posix() in texts
    assert len(texts) < 6


def test_no_secret_is_kept(folder: Path, lint: Lint) -> None:
    import zlib

    (folder / "apps/secret.yaml").write_text(
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{plain: abcdefgh, key: {SECRET}}}\n"
    )
    lint()
    entries = list(Path(os.environ["SVC_CACHE_DIR"]).glob("??/*"))
    assert entries
    for entry in entries:
        data = entry.read_bytes()
        texts = [data, *(zlib.decompress(data[at:]) for at in (36, 44) if data[at : at + 1] == b"\x78")]
        assert len(texts) > 1, "the form of entries is known here"
        assert not any(word in text for text in texts for word in (b"change-me-", b"s3cret-", SECRET.encode()))
