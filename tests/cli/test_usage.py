"""What people are told who mistype a command, and what a run says that had nothing to do."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from svc.cli import demands, reporting
from svc.cli.exits import Exit
from svc.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lintt"], "svc: there is no verb `lintt`; verbs are compile, lint, fmt, init, show, import, explain,"),
        (["lintt"], "did you mean `lint`?"),
        (["lint", "--exlude", "a"], "svc lint: there is no option --exlude; did you mean `--exclude`?"),
        (["lint", "--passwort=hunter2hunter2"], "svc lint: there is no option --passwort\n"),
        (["lint", "--jobs"], "svc lint: argument --jobs: expected one argument\nsvc lint: `svc lint --help` says"),
        (["--exlude", "lint"], "svc: there is no option --exlude\n"),
        (["--versoin"], "svc: there is no option --versoin; did you mean `--version`?\nsvc: `svc --help` says"),
        (["--format=json", "lint", "a"], "svc: there is no option --format\nsvc: `svc --help` says"),
        (["--jobs", "2", "lint"], "svc: there is no option --jobs\n"),
        (["schema", "service", "more"], "svc schema: `more` is one argument too many\n"),
        (["policies", "list", "--surfce", "a"], "svc policies list: there is no option --surfce; did you mean"),
        (["lint", "--kubernetes", "1"], "--kubernetes 1 is not a version such as 1."),
        (["--"], "svc: no verb stands before `--`\nsvc: `svc --help` says"),
        (["--", "lint"], "svc: no verb stands before `--`\n"),
        (["---"], "svc: there is no option ---\n"),
        ([], "usage: svc"),
    ],
)
def test_a_mistake_is_said_in_a_line_or_two(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == Exit.INVALID
    out, err = capsys.readouterr()
    assert (out, said in err) == ("", True), err
    assert not arguments or len(err.splitlines()) <= 2


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1.30", 30), ("30", 30), ("v1.30.2", 30), ("1.30.2+k3s1", 30), ("1", None), ("2.30", None), ("1.x", None)],
)
def test_a_version_as_clusters_say_it(text: str, minor: int | None) -> None:
    assert demands.kubernetes_minor(text) == minor


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_a_lint_that_judged_nothing_says_so(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, so that the report stays what it is; a list of a hook's that is empty is no mistake."""
    (tmp_path / "notes.txt").touch()
    assert main(["lint", str(tmp_path), "--format", form, "--no-cache"]) == Exit.CLEAN
    assert capsys.readouterr().err.startswith("svc lint: nothing was judged: there is no file of a kind")
    assert main(["lint", str(tmp_path), "--quiet", "--no-cache"]) == Exit.CLEAN
    (tmp_path / "other.yaml").write_text("a: 1\n")
    assert main(["lint", str(tmp_path), "--no-cache"]) == Exit.CLEAN
    assert capsys.readouterr().err == ""


def test_standard_input_without_a_name_asks_for_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"a: 1\n")))
    assert main(["lint", "-"]) == Exit.INVALID
    assert "--stdin-filename says which of them this is" in capsys.readouterr().out


def test_a_report_that_cannot_be_written_is_named_as_it_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    name = f"{'a' * 240}.json"  # there is no room for the temporary one beside it
    assert main(["lint", str(tmp_path / "Dockerfile"), "--format", f"json={tmp_path / name}"]) == Exit.INVALID
    assert capsys.readouterr().err.startswith(f"svc: {tmp_path / name}: file name too long")


def test_a_folder_that_is_gone_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["lint", "."]) == Exit.INVALID
    assert "the current folder is not there any more" in capsys.readouterr().err
    os.chdir(tmp_path)


@pytest.mark.parametrize(("value", "coloured"), [(None, True), ("", True), ("1", False), ("0", False)])
def test_no_color_counts_unless_it_is_empty(value: str | None, coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """https://no-color.org: when present and not an empty string."""
    monkeypatch.setattr("sys.stdout", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setenv("TERM", "xterm")
    if value is None:
        monkeypatch.delenv("NO_COLOR", raising=False)
    else:
        monkeypatch.setenv("NO_COLOR", value)
    assert reporting._colour("auto") is coloured


SAYING = [
    ["--help"],
    ["--version"],
    ["lint", "--help"],
    ["policies", "list"],
    ["lint", "--format=json", "."],
    ["schema"],
]


SPEC = f"""apiVersion: svc/v1
name: web
image: ghcr.io/acme/web:1.4.2@sha256:{"a" * 64}
ports: {{http: 8080}}
health: /healthz
"""


def _ran(arguments: list[str], out: int, folder: Path, unbuffered: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    program = [sys.executable, "-m", "svc", *arguments]
    return subprocess.run(program, stdout=out, stderr=subprocess.PIPE, text=True, cwd=folder, env=env, check=False)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")  # noqa: PTH110
@pytest.mark.parametrize("arguments", SAYING, ids=" ".join)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_cannot_be_written_is_no_success(arguments: list[str], unbuffered: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", "utf-8")
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        ran = _ran(arguments, full.fileno(), tmp_path, unbuffered)
    assert ran.returncode == Exit.INVALID
    assert "no space left on device" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")  # noqa: PTH110
@pytest.mark.parametrize("arguments", [["lint", "."], ["explain", "image-latest"], ["bogus"]], ids=" ".join)
def test_who_cannot_be_told_has_the_exit_code(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", "utf-8")
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        program = [sys.executable, "-m", "svc", *arguments]
        ran = subprocess.run(program, stdout=full, stderr=full, cwd=tmp_path, env=env, check=False)
    assert ran.returncode == Exit.INVALID


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")  # noqa: PTH110
@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (["--version"], False),
        (["lint", "."], False),
        (["lint", "init"], False),
        (["lint", "--diff", "fix"], False),
        (["policies", "list"], False),
        (["compile", "--diff", "."], False),
        (["compile", "."], True),
        (["fmt", "--diff", "odd.yaml"], False),
        (["import", "fix/compose.yaml"], False),
        (["import", "fix/compose.yaml", "--out", "out"], True),
        (["init", "fix", "--dry-run"], False),
        (["init", "fix"], False),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_files_are_spoken_of_where_some_are_written(arguments: list[str], written: bool, tmp_path: Path) -> None:
    for folder in ("init", "fix"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Dockerfile").write_text("FROM alpine:3.20\nRUN apk add curl\nUSER 1000\n", "utf-8")
    (tmp_path / "fix/compose.yaml").write_text("services: {web: {image: nginx}}\n", "utf-8")
    (tmp_path / "service.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "odd.yaml").write_text(SPEC.replace(": {", ":   {"), "utf-8")
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        said = _ran(arguments, full.fileno(), tmp_path, "1").stderr
    assert "no space left on device" in said
    assert ("files that were written are whole" in said) is written


@pytest.mark.parametrize("arguments", [["--version"], ["lint", "."]], ids=" ".join)
def test_a_stream_that_is_closed_is_wanted_by_nobody(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\n", "utf-8")
    program = [sys.executable, "-m", "svc", *arguments]
    closed = [
        subprocess.run(["sh", "-c", f'exec "$@" {to}', "sh", *program], cwd=tmp_path, check=False, capture_output=True)
        for to in (">&-", ">/dev/null")
    ]
    assert [one.returncode for one in closed] == [Exit.FINDINGS if "lint" in arguments else Exit.CLEAN] * 2


@pytest.mark.parametrize("arguments", SAYING, ids=" ".join)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_is_gone_is_told_nothing(arguments: list[str], unbuffered: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", "utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    ran = _ran(arguments, writing, tmp_path, unbuffered)
    os.close(writing)
    assert ran.stderr == ""
    assert ran.returncode in (Exit.CLEAN, Exit.FINDINGS)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("arguments", "ended"),
    [
        (["compile", "--check", "."], Exit.FINDINGS),
        (["compile", "--diff", "--check", "."], Exit.FINDINGS),
        (["lint", "bad"], Exit.FINDINGS),
        (["lint", "bad", "--format=json=/dev/stdout"], Exit.FINDINGS),
        (["lint", "nope"], Exit.INVALID),
        (["compile", "."], Exit.CLEAN),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_a_verb_does_its_work_for_a_reader_that_is_gone(
    arguments: list[str], ended: Exit, unbuffered: str, tmp_path: Path
) -> None:
    (tmp_path / "service.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/Dockerfile").write_text("FROM debian\n", "utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    ran = _ran(arguments, writing, tmp_path, unbuffered)
    os.close(writing)
    assert (ran.returncode, "Traceback" in ran.stderr) == (ended, False)
    assert (tmp_path / "chart/Chart.yaml").exists() is (arguments == ["compile", "."])
