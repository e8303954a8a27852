"""The same input gives the same bytes: files, reports in every form and what is said, whatever is around the process.

Each surroundings changes many things at once, and starts in a copy of the same workspace that lies elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
import yaml

import svc

ROOT = Path(__file__).parents[1]
FORMS = ("text", "json", "sarif", "junit", "github", "gitlab")
NOBODY = 65534
ODD = {
    "ışık/Dockerfile": '# İstanbul\nFROM alpine:latest\nRUN echo "ğüşiöç İI ß 日本" && sudo ls\nCMD ls\n',
    "ışık/pod-Ş.yaml": 'apiVersion: v1\nkind: Pod\nmetadata: {name: "ışık", labels: {ı: "İ"}}\nspec:\n  containers:\n'
    '  - {name: İŞ, image: "x:latest", tty: yess}\n',
    "real/şey/ışık.conf": "a=İ\n",
    "real/şey/service.yaml": f"""apiVersion: svc/v1
name: sey
description: "ğüşiöç İI ß 日本"
image: ghcr.io/acme/shop:1@sha256:{"a" * 64}
ports: {{http: 8080}}
health: /healthz
env: {{TITLE: "ıİ日本"}}
files: {{/etc/a/ışık.conf: {{source: ışık.conf}}}}
""",
}


@dataclass(frozen=True)
class Surroundings:
    """`options` are of Python, `locale` is made here; None in `env` takes a variable away."""

    env: Mapping[str, str | None] = field(default_factory=dict)
    options: Sequence[str] = ()
    lint: Sequence[str] = ()
    umask: int = 0o022
    locale: tuple[str, str] | None = None
    linked: bool = False
    nobody: bool = False
    closed: bool = False
    twice: bool = False


VARIED = {
    "an earlier run": Surroundings(twice=True),
    "another hash seed, zone, terminal and umask, Turkish": Surroundings(
        env={
            "PYTHONHASHSEED": "7",
            "TZ": "Pacific/Kiritimati",
            "COLUMNS": "20",
            "FORCE_COLOR": "1",
            "TERM": "xterm-256color",
        },
        umask=0o077,
        locale=("tr_TR", "UTF-8"),
    ),
    "names in Latin-5, output in ASCII, no asserts, through a link": Surroundings(
        env={"PYTHONIOENCODING": "ascii", "LANGUAGE": "tr"},
        options=("-O",),
        locale=("tr_TR", "ISO-8859-9"),
        linked=True,
    ),
    "names in EUC-JP, no cache, one process": Surroundings(
        lint=("--no-cache", "--jobs", "1"), locale=("ja_JP", "EUC-JP")
    ),
    "plain C, no home, no docstrings, in CI": Surroundings(
        env={
            "LC_ALL": "C",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONUTF8": "0",
            "HOME": None,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
        },
        options=("-OO",),
        umask=0,
    ),
    "a user without rights or a home, nothing to say it to": Surroundings(
        env={"HOME": "/root/none", "TMPDIR": "/none", "XDG_CACHE_HOME": "relative"}, nobody=True, closed=True
    ),
}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Where every user may look, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def usual(place: Path) -> dict[str, bytes]:
    made = _made(place / "usual", Surroundings())
    assert len([name for name in made if name.startswith("out/")]) > 400
    assert made["compile"].startswith(b"0 ")
    assert made["lint"].startswith(b"2 ")
    assert b"sudo" in made["rep/text"]
    return made


@pytest.mark.parametrize("name", VARIED)
def test_the_same_input_gives_the_same_bytes(name: str, place: Path, usual: dict[str, bytes]) -> None:
    one = VARIED[name]
    if one.nobody and _of_everybody() is None:
        pytest.skip("only root may be somebody else, and only where that one may start a Python and read svc")
    made = _made(place / name.replace(" ", "-"), one)
    assert sorted(made) == sorted(usual)
    assert [key for key in usual if made[key] != usual[key]] == []


@cache
def _of_everybody() -> str | None:
    """A Python like this one that the user without rights may start; only root may be that user."""
    if os.geteuid():
        return None
    for python in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        try:
            command = [python, "-c", "import svc, yaml, jsonschema"]
            subprocess.run(command, user=NOBODY, env={"PYTHONPATH": _paths()}, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    return None


def _paths() -> str:
    """Where svc and what it needs are."""
    return os.pathsep.join(str(Path(str(one.__file__)).parents[1]) for one in (svc, yaml))


def _made(folder: Path, one: Surroundings) -> dict[str, bytes]:
    """Every file and every report of a compile and a lint, and what both print."""
    work = folder / "work"
    shutil.copytree(ROOT / "fixtures/real", work / "real")
    shutil.copytree(ROOT / "fixtures/lint", work / "lint")
    for name, text in ODD.items():
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_text(text, "utf-8")
    for part in ("out", "rep", "home"):
        (folder / part).mkdir()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (folder / "link").symlink_to(work)
    for _ in range(1 + one.twice):
        compiled = _said(folder, one, "compile", "real", "--out", "../out", "--format", "json")
        forms = [f"--format={form}=../rep/{form}" for form in FORMS]
        linted = _said(folder, one, "lint", *one.lint, "lint", "ışık", *forms)
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for part in ("out", "rep")
        for path in (folder / part).rglob("*")
        if path.is_file()
    }
    return found | {"compile": compiled, "lint": linted}


def _said(folder: Path, one: Surroundings, *arguments: str) -> bytes:
    python = _of_everybody() if one.nobody else sys.executable
    usual = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8", "PYTHONPATH": _paths()}
    chosen = {**usual, **one.env}
    if one.locale is not None:
        chosen |= {"LOCPATH": locales(folder.parent, *one.locale), "LC_ALL": ".".join(one.locale)}
    done = subprocess.run(
        [str(python), *one.options, "-m", "svc", *arguments],
        cwd=folder / ("link" if one.linked else "work"),
        env={key: value for key, value in chosen.items() if value is not None},
        umask=one.umask,
        user=NOBODY if one.nobody else None,
        group=NOBODY if one.nobody else None,
        extra_groups=[] if one.nobody else None,
        preexec_fn=(lambda: (os.close(0), os.close(2))) if one.closed else None,  # type: ignore[func-returns-value]
        capture_output=True,
        timeout=300,
        check=False,
    )
    return b"%d %s" % (done.returncode, done.stdout.replace(str(folder).encode(), b"@"))


@cache
def locales(place: Path, language: str, encoding: str) -> str:
    """A folder with that locale, which a small machine does not have."""
    if shutil.which("localedef") is None or not Path("/usr/share/i18n/locales", language).exists():
        pytest.skip("this machine cannot make locales")
    folder = place / "locales"
    folder.mkdir(exist_ok=True, mode=0o755)
    command = ["localedef", "-i", language, "-f", encoding, str(folder / f"{language}.{encoding}")]
    subprocess.run(command, check=True, capture_output=True)
    return str(folder)
