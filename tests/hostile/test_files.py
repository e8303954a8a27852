"""Files that are made to break a reader: bounded time and memory, exit 2, and a message that says what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hostile.bounded import refused, sane, svc

BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{level}: &a{level} [{','.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n"
STEPS = "name: x\non: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
DATABASE = 'resource "aws_db_instance" "a" {\n  storage_encrypted = local.a0\n}\n'
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "bomb.yaml": (BOMB, "aliases expand"),
    "deep.yaml": ("[" * 100_000, "nested"),
    "deep.json": ('{"a":' * 100_000, "nested"),
    "cycle.yaml": ("a: &a\n  b: *a\n", "contain itself"),
    "twice.yaml": (OBJECT + "  a: b\n  a: c\n", "given twice"),
    "bytes.yaml": (b"a: \xff\xfe\x80", "not UTF-8"),
    "huge.yaml": (OBJECT + "  a: b\n" + "#" * 100_000_000, "larger than the limit"),
    "documents.yaml": ("---\n" * 100_000, "no kind of file"),
    "depth.yaml": (STEPS + "      - run: echo ${{ " + "(" * 50_000 + " }}\n", "longer than 21000"),
    "chain.yaml": (STEPS + "      - if: a" + ".b" * 100_000 + "\n        run: x\n", "longer than 21000"),
    "Dockerfile": ("FROM a:1\n" + "RUN echo a\n" * 600_000, "larger than the limit"),
    "blocks.tf": ("a {\n" * 100_000, "nested too deep"),
    "templates.tf": ('a = "' + '${"' * 100_000, "nested too deep"),
    "lists.tf": ("a = " + "[" * 100_000 + "\n", "nested too deep"),
    "resources.tf": ('resource "a" "b" {}\n' * 100_000, "larger than the limit"),
    "Containerfile": ("FROM a:1\nRUN " + "a \\\n" * 1_000_000, "larger than the limit"),
}
BOUNDED = {
    "number.yaml": OBJECT + "  a: " + "9" * 1_000_000 + "\n",
    "float.yaml": OBJECT + "  a: 1e999999999\n  b: 0x" + "f" * 500_000 + "\n",
    "line.yaml": OBJECT + "  a: " + "x" * 7_000_000 + "\n",
    "urls.yaml": OBJECT + "  a: '" + "a://b:" * 100_000 + "'\n",
    "tokens.yaml": OBJECT + "  a: " + "-eyJ" * 100_000 + "\n",
    "shell.yaml": STEPS + "      - run: " + "$(" * 50_000 + "\n",
    "digits.tf": "locals {\n a = " + "9" * 900_000 + "\n}\n",
    "signs.tf": "locals {\n a = " + "!" * 100_000 + "b\n}\n",
    "not.tf": 'resource "a" "b" {\n  c = ' + "!" * 8_000 + "d\n}\n",
    "names.tf": "locals {\n" + "".join(f" a{one} = local.a{one + 1}\n" for one in range(3000)) + "}\n" + DATABASE,
    "inner.tf": "locals {\n a0 = " + "(" * 900 + "local.a0" + ")" * 900 + "\n}\n" + DATABASE,
    "choices.tf": "locals {\n a = " + "b ? c : " * 100_000 + "d\n}\n",
    "stages.dockerfile": "\n".join(f"FROM a:1 AS s{number}" for number in range(500)),
    "quotes.dockerfile": "FROM a:1\nENV " + 'A="' * 20_000 + "\n",
    "equals.dockerfile": "FROM a:1\nENV A=" + "= " * 40_000 + "\n",
    "signs.dockerfile": "FROM a:1\nRUN " + "#" * 120_000 + "\n",
    "blanks.dockerfile": "FROM a:1\n# hadolint ignore=a" + " " * 120_000 + "!\n",
    "signs.yaml": OBJECT + "  a: b  " + "#" * 7_000_000 + "\n",
    "heredoc.dockerfile": "FROM a:1\nRUN <<EOF\n" + "a\n" * 50_000,
}
IMPORTED = {
    "braces": "${" * 20_000,
    "defaults": "${a:-" * 10_000,
}
VERBS = (("lint",), ("compile",), ("fmt", "--check"), ("show",), ("import",))


@pytest.mark.parametrize("name", REFUSED)
def test_lint_refuses(name: str, tmp_path: Path) -> None:
    text, words = REFUSED[name]
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(svc("lint", name, cwd=tmp_path), words)


@pytest.mark.parametrize("name", IMPORTED)
def test_import_ends(name: str, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(f"services: {{a: {{image: 'b:1', command: '{IMPORTED[name]}'}}}}\n")
    sane(svc("import", "compose.yaml", "--out", "service.yaml", cwd=tmp_path))


@pytest.mark.parametrize("name", BOUNDED)
def test_lint_ends(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(BOUNDED[name])
    sane(svc("lint", name, cwd=tmp_path))


def test_many_lines_and_findings_end(tmp_path: Path) -> None:
    """Each line is counted and each finding is placed once; a sign that is wide makes counting slow."""
    locals_ = "".join(f"  a{one} = 1\n" for one in range(40_000))
    (tmp_path / "wide.tf").write_text(f"# \U0001f600\nlocals {{\n{locals_}}}\n")
    ran = svc("lint", "--fail-on", "error", "--quiet", "wide.tf", cwd=tmp_path)
    sane(ran)
    assert ran.code == 0, ran.said[-2000:]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize("name", ["bomb.yaml", "deep.yaml", "bytes.yaml", "huge.yaml"])
def test_every_verb_refuses(name: str, verb: tuple[str, ...], tmp_path: Path) -> None:
    text = REFUSED[name][0]
    (tmp_path / "service.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(svc(*verb, "service.yaml", cwd=tmp_path), "service.yaml")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_pipes_and_devices_are_never_opened(verb: tuple[str, ...], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "service.yaml")
    refused(svc(*verb, "service.yaml", cwd=tmp_path), "not a regular file")
    refused(svc(*verb, "/dev/zero", cwd=tmp_path), "not a regular file")


def test_walks_end(tmp_path: Path) -> None:
    """Links that lead in a circle, pipes and folders of great depth are passed over."""
    for name in ("loop", "other"):  # who followed both would go on for ever
        (tmp_path / name).symlink_to(tmp_path)
    os.mkfifo(tmp_path / "Dockerfile")
    deep = tmp_path
    for _ in range(60):
        deep = deep / "d"
        deep.mkdir()
    (deep / "Dockerfile").write_text("FROM scratch\n")
    sane(svc("lint", ".", cwd=tmp_path))
    refused(svc("compile", ".", cwd=tmp_path), "no service.yaml")
