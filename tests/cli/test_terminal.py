"""What every verb prints over a repository of hostile names and texts: nothing that a terminal or a CI server obeys."""

from __future__ import annotations

import ast
import io
import json
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from svc.cli.main import main
from svc.cli.verbs import VERBS

PACKAGE = Path(__file__).parents[2] / "compiler/svc"
HOSTILE = "a\x1b[2J\x9b31m\u202eb\x07\r\n::error::c ##[error]d"
"""A name of a file or a text in one: clears the screen, turns the line around, annotates a pull request."""
NO_UTF8 = os.fsdecode(b"no\xff.yaml")
SPEC = f"{HOSTILE}/service.yaml"
_OF_PYTHON = re.compile(r"[^\S\n]*::|.*##\[")


def _spec() -> str:
    """Valid, and laid out otherwise than `svc fmt` does it."""
    texts = {"A": HOSTILE, "B": "\u2028::error::\u202e"}
    env = f'env: {{A: {json.dumps(texts["A"])}, B: "{texts["B"]}"}} # \u202e ##[error]'
    return f"team: shop\nname: web\n{env}\nimage: 'a:1'\nports: {{http: 8080}}\napiVersion: svc/v1\n"


FILES = {
    SPEC: _spec(),
    f"{HOSTILE}/Dockerfile": "FROM a # \u202e\nRUN cd /a\u2028::error::\n",
    f"{HOSTILE}/deploy.yaml": f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {json.dumps(HOSTILE)}, \u202e: a}}\n",
    f"{HOSTILE}/broken.yaml": "a: \x1b[2J\n",
    NO_UTF8: "kind: Pod\napiVersion: v1\nmetadata: {name: \u202e}\n",
    "::error file=a::b.yaml": "kind: Pod\n",
    "::error file=a::b.Dockerfile": "FROM a\n",
    "compose.yaml": json.dumps({"services": {"web": {"image": "a", HOSTILE: HOSTILE, "environment": {"A": HOSTILE}}}}),
    "tree/package.json": json.dumps({"name": HOSTILE, "scripts": {"start": f"node {HOSTILE}", HOSTILE: HOSTILE}}),
    "tree/Procfile": f"web: {HOSTILE}\nworker: node \x1b[2J\u202e\n",
    "pack/own.yaml": f"id: own\ntitle: {json.dumps(HOSTILE)}\n",
}
RUNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "compile": (
        (SPEC, "--check"),
        (SPEC, "--diff", "--fail-on", "error"),
        (SPEC,),
        (f"{HOSTILE}/broken.yaml",),
        (SPEC, "--target", HOSTILE),
        (SPEC, "--set", f"env.C={HOSTILE}", "--set", HOSTILE),
        (SPEC, "--env", HOSTILE),
    ),
    "lint": (
        (),
        ("--format", "concise"),
        ("--diff", "--unsafe-fixes"),
        ("--fix",),
        ("--write-baseline", f"{HOSTILE}.json"),
        ("--changed-since", HOSTILE),
        ("--waivers", HOSTILE),
        (f"--{HOSTILE}",),
        *((f"--format={form}",) for form in ("concise", "json", "sarif", "junit", "gitlab")),
    ),
    "fmt": (("--diff",), ("--check",), (f"{HOSTILE}/deploy.yaml", f"{HOSTILE}/broken.yaml", HOSTILE + ".yaml"), ()),
    "init": (("tree", "--dry-run"), ("tree",), (HOSTILE + "x",), ("tree", "--name", HOSTILE, "--force")),
    "show": ((SPEC,), (SPEC, "--format", "json"), (SPEC, HOSTILE), (SPEC, "--env", HOSTILE), (SPEC, f"env.{HOSTILE}")),
    "import": (("compose.yaml",), ("compose.yaml", "--report", "json"), (HOSTILE,), ("--env", HOSTILE)),
    "explain": ((HOSTILE,), (f"{HOSTILE}:1",), (f"{SPEC}:1",), ("image-not-pinned",), (f"{HOSTILE}/compose.yaml:9",)),
    "policies": (
        ("list", "pack"),
        ("list", HOSTILE),
        ("show", HOSTILE),
        ("test", "pack"),
        ("input", SPEC),
        ("new", f"made/{HOSTILE}"),
        ("list", "--format", "json"),
        ("export", "--to", "admission", "--kubernetes", HOSTILE),
    ),
    "schema": ((), (HOSTILE,)),
    "cache": (("size",), (HOSTILE,)),
}


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _ran(arguments: tuple[str, ...]) -> tuple[int, str, str]:
    out, err = _Terminal(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def test_every_verb_is_run() -> None:
    assert set(RUNS) == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.usefixtures("repository")
def test_nothing_is_obeyed(verb: str) -> None:
    for arguments in RUNS[verb]:
        code, out, err = _ran((verb, *arguments))
        assert code in (0, 1, 2), (arguments, err)
        for text in (out, err):
            odd = sorted({char for char in text if not char.isprintable() and char not in "\n\t"})
            assert not odd, (arguments, odd, text)
            obeyed = [line for line in text.split("\n") if _OF_PYTHON.match(line)]
            assert not obeyed, (arguments, obeyed)


@pytest.mark.usefixtures("repository")
def test_what_is_piped_is_exact() -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        main(("fmt", SPEC, "--diff"))
    assert "# \u202e ##[error]" in out.getvalue()
    assert "\u2028::error::\u202e" in out.getvalue()


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.attr


def test_all_that_is_printed_goes_through_one_module() -> None:
    """`main` and `streams` print their own last words, `unchanged` what was printed once, `progress` its own numbers."""
    writing = {
        path.name for path in (PACKAGE / "cli").glob("*.py") if {"stdout", "stderr"} & set(_calls(path)) - {"flush"}
    }
    assert writing - {"changed.py"} == {
        "console.py",
        "main.py",
        "progress.py",
        "streams.py",
        "unchanged.py",
        "reporting.py",
        "init.py",
    }


def test_lines_end_where_editors_end_them() -> None:
    """`str.splitlines` also ends them at U+0085, U+2028 and form feeds, so that positions are wrong and differences too."""
    assert not [path.name for path in PACKAGE.rglob("*.py") if "splitlines" in _calls(path)]
