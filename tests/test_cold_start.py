"""What a run may import: a lint of one file has to feel instant. Lists of modules, not times."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import svc

PROGRAM = """
import sys
before = set(sys.modules)
from svc.cli.main import main
try:
    main(sys.argv[1:])
finally:
    sys.stderr.write("\\n@" + " ".join(sorted(set(sys.modules) - before)))
"""
DOCKERFILE = "FROM alpine:3.20\nRUN apk add --no-cache curl\nUSER 10001\nCMD top\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: nginx:1.25\n"
WORKFLOW = "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n"
COMPOSE = "services:\n  web:\n    image: nginx:1.25\n"
MODULE = 'resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\n'
SPEC = "apiVersion: svc/v1\nname: web\nbuild: {language: go}\nports: {http: 8080}\nhealth: /healthz\n"

HEAVY = frozenset(
    [
        "ast",
        "asyncio",
        "bz2",
        "concurrent",
        "configparser",
        "csv",
        "ctypes",
        "dataclasses",
        "difflib",
        "dis",
        "doctest",
        "email",
        "gzip",
        "html",
        "http",
        "importlib.metadata",
        "inspect",
        "logging",
        "lzma",
        "multiprocessing",
        "pdb",
        "platform",
        "pprint",
        "queue",
        "random",
        "secrets",
        "selectors",
        "shutil",
        "socket",
        "sqlite3",
        "ssl",
        "statistics",
        "subprocess",
        "tarfile",
        "tempfile",
        "textwrap",
        "tokenize",
        "tomllib",
        "unittest",
        "urllib.request",
        "uuid",
        "xml",
        "zipfile",
    ]
)
"""Parts of the standard library that cost milliseconds and that no lint of one file needs."""


def imported(folder: Path, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return set(done.stderr.rpartition("@")[2].split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cold")
    texts = {"Dockerfile": DOCKERFILE, "pod.yaml": POD, "ci.yaml": WORKFLOW, "compose.yaml": COMPOSE, "main.tf": MODULE}
    for name, text in texts.items():
        (made / name).write_text(text)
    return made


def test_the_version_costs_the_command_line_alone(folder: Path) -> None:
    modules = imported(folder, "--version")
    assert {name for name in modules if name.startswith("svc")} <= {"svc", "svc.cli", "svc.cli.main", "svc.cli.exits"}


@pytest.mark.parametrize(
    ("file", "packages"),
    [
        ("Dockerfile", set()),
        ("main.tf", set()),
        ("pod.yaml", {"yaml", "_yaml"}),
        ("ci.yaml", {"yaml", "_yaml"}),
        ("compose.yaml", {"yaml", "_yaml"}),
    ],
)
def test_a_lint_of_one_file_imports_no_more_than_it_needs(folder: Path, file: str, packages: set[str]) -> None:
    modules = imported(folder, "lint", file, "--format", "concise")
    own = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    own = {name for name in own if "cython" not in name}  # libyaml's own runtime
    assert own - {"svc"} <= packages
    assert not modules & HEAVY
    assert not {name for name in modules if name.startswith(("svc.resolve", "svc.pipeline", "svc.specs"))}


@pytest.mark.parametrize(
    ("file", "other"),
    [
        ("Dockerfile", "kubernetes"),
        ("Dockerfile", "terraform"),
        ("pod.yaml", "docker"),
        ("pod.yaml", "terraform"),
        ("ci.yaml", "terraform"),
        ("main.tf", "github"),
    ],
)
def test_a_kind_of_file_does_not_pay_for_the_others(folder: Path, file: str, other: str) -> None:
    modules = imported(folder, "lint", file, "--format", "concise")
    assert not {name for name in modules if name.startswith((f"svc.checks.{other}.", f"svc.targets.{other}."))}


def test_a_spec_is_read_and_judged_without_what_only_a_compile_needs(folder: Path) -> None:
    (folder / "service.yaml").write_text(SPEC)
    modules = imported(folder, "lint", "service.yaml", "--no-cache", "--format", "concise")
    own = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    assert {name for name in own if "cython" not in name} - {"svc"} <= {"yaml", "_yaml"}
    assert not modules & (
        HEAVY | {"concurrent.futures", "dataclasses", "hashlib", "inspect", "pickle", "tempfile", "tomllib"}
    )
    assert not {name for name in modules if name.startswith("svc.targets.") and name.endswith((".render", ".verify"))}


def test_the_patterns_of_pyyaml_wait_for_their_first_use() -> None:
    program = """
import re
compile = re.compile
from svc.libyaml import yaml
assert re.compile is compile
assert type(yaml.reader.Reader.NON_PRINTABLE).__name__ == "Waiting", "compiled at import"
assert yaml.safe_load("a: 2026-11-29") == {"a": __import__("datetime").date(2026, 11, 29)}
for text in ("a: \\x07", "a: \\ud800"):
    try:
        yaml.load(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        continue
    raise AssertionError(text)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_pyyaml_comes_from_one_module() -> None:
    package = Path(svc.__file__).parent
    importing = re.compile(r"^\s*(import yaml\b|from yaml\b)", re.MULTILINE)
    others = {file.name for file in package.rglob("*.py") if importing.search(file.read_text())}
    assert others == {"libyaml.py", "yaml_nodes.py"}  # the latter: its own parser, where libyaml is
