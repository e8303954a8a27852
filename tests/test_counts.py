"""What a run does, counted: files opened and parsed, bytes read, programs started, answers of the cache.

Counts are the same on every machine and at every load, so that a change which does a thing twice fails here and not on
somebody's bill. Calls are counted as well, and instructions where the processor lets us, with a bound that only a real
loss breaks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from benchmarks import corpus, workspace

from counting import counted

DOCKERFILE = "FROM alpine:3.20\nRUN apk add --no-cache curl\nUSER 10001\nCMD top\n"
GENEROUS = 1.5
"""A bound of calls and instructions is this many times what they were when it was set."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    made = tmp_path / "folder"
    made.mkdir()
    return made


def test_a_lint_of_one_dockerfile(folder: Path) -> None:
    (folder / "Dockerfile").write_text(DOCKERFILE)
    seen = counted(folder, "lint", "Dockerfile", yaml=False)
    assert seen.files == {"Dockerfile": 1}
    assert (seen.started, seen.parsed, seen.asked) == ([], {}, 0)


def test_a_lint_of_one_file_again(folder: Path) -> None:
    """Neither the file nor a policy is opened."""
    (folder / "Dockerfile").write_text(DOCKERFILE)
    time.sleep(2.5)  # a clock of a disk is coarse: what changed within two seconds is not believed
    counted(folder, "lint", "Dockerfile", yaml=False)
    first = counted(folder, "lint", "Dockerfile", yaml=False)
    last = counted(folder, "lint", "Dockerfile", yaml=False)
    assert first.files == {"Dockerfile": 1}
    assert (last.files, last.started, last.own, last.hits, last.asked) == ({}, [], 0, 3, 3)


def test_a_lint_of_one_manifest(folder: Path) -> None:
    (folder / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n")
    seen = counted(folder, "lint", "pod.yaml")
    assert seen.files == {"pod.yaml": 1}
    assert seen.parsed == {"pod.yaml": 1}
    assert (seen.started, seen.asked) == ([], 0)


def test_a_lint_of_one_spec(folder: Path) -> None:
    workspace.make(folder, 5)
    spec = "services/service-00004/service.yaml"
    seen = counted(folder, "lint", spec)
    assert seen.started == []
    assert set(seen.files) <= {"svc-workspace.yaml", *(f"services/service-{n:05d}/service.yaml" for n in range(5))}
    assert max(seen.files.values()) <= 4
    assert max(seen.parsed.values()) <= 2
    assert counted(folder, "lint", spec).hits > 0


def test_a_compile(folder: Path) -> None:
    workspace.make(folder, 5)
    first = counted(folder, "compile", ".", "--out", "out", "--quiet")
    specs = {name: count for name, count in first.files.items() if name.startswith("services/")}
    assert len(specs) == 5
    assert max(specs.values()) <= 4
    assert max(first.parsed[name] for name in specs) <= 1
    assert first.hits == 0
    assert first.started == []

    last = counted(folder, "compile", ".", "--out", "out", "--quiet")
    assert last.files == {}, "a run in which nothing changed opens no file, and so does the one after the first"
    assert (last.hits, last.asked, last.parsed, last.started, last.own) == (3, 3, {}, [], 0)

    shutil.copytree(folder, folder.with_name("copy"))
    shutil.rmtree(folder)
    folder.with_name("copy").rename(folder)
    again = counted(folder, "compile", ".", "--out", "out", "--quiet")
    outputs = [count for name, count in again.files.items() if name.startswith("out/") and "/." not in f"/{name}"]
    assert len(outputs) > 100
    assert max(outputs) == 1, "of a new checkout each output is read once"
    assert set(again.parsed) == {"svc-workspace.yaml"}


def test_a_compile_of_which_one_service_changed(folder: Path) -> None:
    """Of the others neither spec nor entry nor output is opened."""
    seen = []
    for count in (6, 12):
        shop = folder / str(count)
        workspace.make(shop, count)
        counted(shop, "compile", ".", "--quiet")
        file = shop / "services/service-00005/service.yaml"
        file.write_text(file.read_text().replace("LOG_LEVEL: ", "LEVEL: a\n  LOG_LEVEL: "))
        seen.append(counted(shop, "compile", ".", "--quiet"))
    for one in seen:
        mine = {name for name in one.files if "service-00005" in name}
        assert set(one.files) - mine <= {"svc-workspace.yaml", ".svc-outputs.json"}
        assert max(one.files.values()) <= 4
        assert max(one.parsed.values()) == 1
        assert set(one.parsed) == {"svc-workspace.yaml", "services/service-00005/service.yaml"}
        assert one.started == []
    assert seen[0].asked == seen[1].asked
    assert seen[0].files == seen[1].files, "twice the services are no more to open"


def test_a_lint_of_a_folder(folder: Path) -> None:
    corpus.make(folder, 80)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    first = counted(folder, "lint", ".", "--jobs", "1", "--quiet")
    assert first.files == dict.fromkeys(there, 1)
    assert set(first.parsed.values()) == {1}
    assert (first.started, first.hits, first.asked) == ([], 0, 2)

    again = counted(folder, "lint", ".", "--jobs", "1", "--quiet")
    assert again.files == first.files
    assert (again.hits, again.asked, again.started) == (2, 4, [])
    assert set(again.parsed) < set(first.parsed)

    shared = counted(folder, "lint", ".", "--jobs", "3", "--no-cache", "--quiet")
    assert shared.files == first.files, "the texts go to the other processes, which read nothing"
    assert (shared.started, shared.asked) == (["os.fork"] * 3, 0)


def test_twice_the_files_are_twice_the_work(folder: Path) -> None:
    """Bytes and files grow with what is there; svc's own ones do not."""
    few, many = folder / "few", folder / "many"
    corpus.make(few, 70)
    corpus.make(many, 140)
    small, large = (counted(one, "lint", ".", "--jobs", "1", "--no-cache", "--quiet") for one in (few, many))
    assert large.own <= small.own + 10, "schemas of kinds that the smaller one does not have"
    there = [sum(path.stat().st_size for path in one.rglob("*") if path.is_file()) for one in (few, many)]
    assert large.bytes - small.bytes <= there[1] - there[0] + 2_000_000


def test_programs_are_started_once_for_many_files(folder: Path, tmp_path: Path) -> None:
    """With programs that judge nothing: only how often they start counts."""
    workspace.make(folder, 3)
    log = tmp_path / "log"
    for name in ("hadolint", "actionlint", "zizmor"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$1" >> {log}\n[ "$1" = --version ] && echo 1.2.3 || echo "[]"\n')
        program.chmod(0o755)
    settings = {f"SVC_TOOL_{name.upper()}": str(tmp_path / name) for name in ("hadolint", "actionlint", "zizmor")}
    nowhere = {
        f"SVC_TOOL_{name}": "/nowhere" for name in ("HELM", "TERRAFORM", "TRIVY", "CHECKOV", "DOCKERLINT", "SHELLCHECK")
    }
    environment = {**os.environ, **settings, **nowhere}
    command = [sys.executable, "-m", "svc", "compile", ".", "--out", "out", "--quiet", "--verify"]
    for expected in (1, 1, 2):
        more = ["--no-cache"] if expected == 2 else []
        done = subprocess.run(
            [*command, *more], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        runs = Counter(line.split()[0] for line in log.read_text().splitlines() if "--version" not in line)
        assert runs == {"hadolint": expected, "actionlint": expected, "zizmor": expected}


def test_charts_of_services_that_are_alike_are_proved_once(folder: Path) -> None:
    """Of twelve services the second six bring few templates that nobody has, and the proof of the last chart costs little."""
    from svc.pipeline import Request, compile_
    from svc.targets.helm import proved

    workspace.make(folder, 12)
    proved._gives.cache_clear()
    request = Request(paths=(folder,), shown=str, targets=("helm",), today=date(2026, 1, 1))
    made = compile_(request).pieces
    proofs, texts = proved._gives.cache_info().misses, sum(4 * len(one.artifact.templates) for one in made)
    assert texts / 8 < proofs < texts / 2.2
    last, calls = made[-1], 0
    files = last.target.render(last.artifact).files

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        assert last.target.verify(last.artifact, files) == ()
    finally:
        sys.setprofile(None)
    assert proved._gives.cache_info().misses == proofs
    assert 5_000 < calls < GENEROUS * 32_000


CALLS = """
import sys
count = 0
def note(frame, event, argument):
    global count
    count += event in ("call", "c_call")
from svc.cli.main import main
sys.setprofile(note)
try:
    main(sys.argv[1:])
finally:
    sys.setprofile(None)
    sys.stderr.write("\\n@" + str(count))
"""
COSTS = {
    "Dockerfile": (140_000, 600_000_000),
    "pod.yaml": (120_000, 700_000_000),
    "service.yaml": (460_000, 2_500_000_000),
    "corpus": (600_000, 4_000_000_000),
}
"""Calls of functions, and instructions where the processor counts them (Python 3.11 on x86-64), rounded up."""


@pytest.mark.parametrize("name", sorted(COSTS))
def test_no_run_costs_much_more_than_it_did(folder: Path, name: str) -> None:
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n")
    (folder / "service.yaml").write_text(workspace.spec(0, 1))
    corpus.make(folder / "corpus", 40)
    calls, instructions = COSTS[name]
    arguments = ["lint", name, "--no-cache", "--jobs", "1", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", CALLS, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert calls / 20 < int(done.stderr.rpartition("@")[2]) < GENEROUS * calls
    counted_ = _instructions(folder, arguments)
    assert counted_ is None or counted_ < GENEROUS * instructions


def _instructions(folder: Path, arguments: list[str]) -> int | None:
    """None where this machine does not count them."""
    perf = shutil.which("perf")
    if perf is None:
        return None
    command = [perf, "stat", "-x", ",", "-e", "instructions:u", sys.executable, "-m", "svc", *arguments]
    lines = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr.strip().splitlines()
    number = next((line.partition(",")[0] for line in lines if "instructions" in line), "")
    return int(number) if number.isdecimal() else None
