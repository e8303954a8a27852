"""Habits of the repository, held by tests: sizes, one printer, one door to subprocesses, nothing forgotten in a table."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from svc.cli.exits import Exit
from svc.targets.protocol import Target
from svc.targets.table import TARGET_NAMES, target

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "compiler" / "svc"
OURS = tuple(sorted((*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"))))
SOURCES = tuple(path for path in OURS if PACKAGE in path.parents)
MAX_FILE = 400
MAX_FUNCTION = 60
GENERATED = (
    "docs/reference/cli.md",
    "docs/reference/language.md",
    "docs/reference/language-coverage.md",
    "docs/reference/policies.md",
    "docs/reference/references.md",
    "docs/reference/service-view.md",
)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8"), _name(path)))


def test_files_are_short() -> None:
    long = {_name(path): lines for path in OURS if (lines := len(path.read_text("utf-8").splitlines())) > MAX_FILE}
    assert not long


def test_tests_have_names_of_their_own() -> None:
    """Two files of one name, in folders that are no packages, are one module: the second ends the run."""
    found = [path for path in OURS if path.name.startswith("test_") and not (path.parent / "__init__.py").exists()]
    named = Counter(path.name for path in found)
    assert not [_name(path) for path in found if named[path.name] > 1]


def test_functions_are_short() -> None:
    long = {
        f"{_name(path)}:{node.lineno} {node.name}": lines
        for path in OURS
        for node in _nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION
    }
    assert not long


_STREAMS = {"stdout", "stderr", "stdin", "exit", "__stdout__", "__stderr__"}


def _prints(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in {"print", "input", "exit", "quit", "breakpoint"}
    if isinstance(node, ast.ImportFrom) and node.module == "sys":
        return bool({one.name for one in node.names} & _STREAMS)
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
        and node.attr in _STREAMS
    )


def test_only_cli_prints_and_exits() -> None:
    cli = PACKAGE / "cli"
    found = [_name(path) for path in SOURCES if cli not in path.parents and any(map(_prints, _nodes(path)))]
    assert found == []


@cache
def _imported(path: Path) -> frozenset[str]:
    return frozenset(_modules(path))


def _modules(path: Path) -> Iterator[str]:
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)


@pytest.mark.parametrize(
    ("module", "owners"),
    [
        ("subprocess", ["compiler/svc/child.py"]),
        *((one, []) for one in ("asyncio", "multiprocessing", "pty")),
        *((one, []) for one in ("random", "secrets", "uuid", "locale", "gettext")),
        *((one, []) for one in ("socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "xmlrpc", "requests")),
    ],
)
def test_one_door(module: str, owners: list[str]) -> None:
    found = [_name(path) for path in SOURCES if any(f"{one}.".startswith(f"{module}.") for one in _imported(path))]
    assert found == owners


def test_what_judges_does_not_ask_where_it_runs() -> None:
    """The folder of work and the environment are handed in: the same artifacts have the same findings everywhere."""
    pure = ("checks", "delivery", "fixes", "kubernetes", "model", "policy", "report", "workflows")
    asked = {"getcwd", "cwd", "abspath", "absolute", "environ", "getenv"}
    files = (path for path in SOURCES if path.relative_to(PACKAGE).parts[0] in pure)
    assert not [
        f"{_name(path)}:{node.lineno} {node.attr}"
        for path in files
        for node in _nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in asked
    ]


def test_what_is_private_is_used_by_its_own_package_alone() -> None:
    """A module or a name that begins with an underscore is imported beside it or below, and nowhere else."""
    wrong = []
    for path in SOURCES:
        own = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for module in _imported(path):
            owner, private, _ = module.partition("._")
            if private and module.startswith("svc.") and not f"{own}.".startswith(f"{owner}."):
                wrong.append(f"{_name(path)}: {module}")
    assert not wrong


def test_every_target_is_in_the_table() -> None:
    folders = {path.parent.name for path in (PACKAGE / "targets").glob("*/lower*") if path.name != "__pycache__"}
    assert folders == set(TARGET_NAMES)
    made: list[Target] = [target(name) for name in TARGET_NAMES]
    assert len({id(one) for one in made}) == len(TARGET_NAMES)


def test_exit_codes_are_unique() -> None:
    numbers = [int(code) for code in Exit.__members__.values()]
    assert len(set(numbers)) == len(numbers) == len(list(Exit))


@pytest.mark.parametrize("page", GENERATED)
def test_generated_pages_say_so(page: str) -> None:
    head = (ROOT / page).read_text("utf-8")[:400].lower()
    assert "do not edit" in head
    assert "make update" in head
