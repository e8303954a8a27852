"""Modules of svc are found without a search, and are those that the usual import would have found."""

from __future__ import annotations

import json
import os
import py_compile
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from svc import modules

PROGRAM = """
import json, sys
from svc import modules
modules.find()
import svc.inner.leaf as leaf
print(json.dumps({
    "value": leaf.VALUE, "file": leaf.__file__, "cached": leaf.__cached__, "origin": leaf.__spec__.origin,
    "package": leaf.__package__, "loader": type(leaf.__spec__.loader).__name__, "finders": len(sys.meta_path),
}))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A package of this name with one module in a package of its own."""
    inner = tmp_path / "svc" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner.parent, inner):
        (folder / "__init__.py").touch()
    (inner.parent / "modules.py").write_text(Path(modules.__file__).read_text("utf-8"))
    (inner / "leaf.py").write_text("VALUE = 1\n")
    return tmp_path


def run(root: Path, *options: str, program: str = PROGRAM, **variables: str) -> dict[str, Any]:
    mine = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
    command = [sys.executable, *options, "-c", program]
    told = subprocess.run(command, cwd=root, env={**mine, **variables}, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def compiled(root: Path) -> Path:
    return root / "svc" / "inner" / "__pycache__" / f"leaf.{sys.implementation.cache_tag}.pyc"


def test_the_module_is_what_the_usual_import_makes_of_it(root: Path) -> None:
    mine = run(root)
    usual = run(root, program=PROGRAM.replace("modules.find()", ""))
    assert mine.pop("loader") == "_Loader"
    assert usual.pop("loader") == "SourceFileLoader"
    assert mine.pop("finders") == usual.pop("finders") + 1
    assert mine == usual


def test_the_compiled_form_is_written_and_then_read(root: Path) -> None:
    assert run(root)["value"] == 1
    source, form = root / "svc" / "inner" / "leaf.py", compiled(root)
    seen = source.stat()
    source.write_text("VALUE = 2\n")
    os.utime(source, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert form.is_file()
    assert run(root)["value"] == 1, "a source of this time and size was compiled"


def test_a_source_that_changed_is_compiled_anew(root: Path) -> None:
    assert run(root)["value"] == 1
    (root / "svc" / "inner" / "leaf.py").write_text("VALUE = 1 + 1\n")
    assert run(root)["value"] == 2


def test_a_compiled_form_by_hash_is_left_to_the_usual_import(root: Path) -> None:
    source = root / "svc" / "inner" / "leaf.py"
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    assert run(root)["value"] == 1
    source.write_text("VALUE = 3\n")
    assert run(root)["value"] == 3


def test_a_compiled_form_of_another_interpreter_is_not_read(root: Path) -> None:
    run(root)
    form = compiled(root)
    form.write_bytes(b"\0\0\r\n" + form.read_bytes()[4:])
    assert run(root)["value"] == 1


@pytest.mark.parametrize(("options", "variables"), [(["-O"], {}), ([], {"PYTHONPYCACHEPREFIX": "elsewhere"})])
def test_where_compiled_forms_lie_elsewhere_nothing_is_in_the_way(
    root: Path, options: list[str], variables: dict[str, str]
) -> None:
    assert run(root, *options, **variables)["loader"] == "SourceFileLoader"


def test_what_is_not_there_is_said_as_ever(root: Path) -> None:
    missing = PROGRAM.replace("import svc.inner.leaf as leaf", "import svc.inner.lef as leaf")
    with pytest.raises(subprocess.CalledProcessError) as error:
        run(root, program=missing)
    assert "ModuleNotFoundError: No module named 'svc.inner.lef'" in error.value.stderr


def test_a_package_that_was_compiled_elsewhere_is_named_by_its_place(root: Path) -> None:
    program = PROGRAM.replace("leaf.VALUE", "leaf.place.__code__.co_filename")
    (root / "svc" / "inner" / "leaf.py").write_text("def place(): ...\n")
    run(root, program=program)
    moved = root.parent / "moved"
    root.rename(moved)
    found = run(moved, program=program)
    assert found["loader"] == "_Loader"
    assert found["value"] == found["file"] == str(moved / "svc" / "inner" / "leaf.py")
