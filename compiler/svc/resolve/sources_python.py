"""What pip, uv and poetry read besides the usual files, and what pip will not install."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from svc.patterns import regex
from svc.resolve.build_tree import MOST, Files, Tree, as_toml, members

REQUIREMENTS = "requirements.txt"
_OTHER_FILE = regex(r"^(-r|--requirement|-c|--constraint)[\s=]*([^\s#]+)")
_CONTINUED = regex(r"\\\r?\n")


def python(tree: Tree, _: str) -> Iterator[str]:
    """Files that requirements include; manifests of a workspace's members and of packages in other folders."""
    yield from (name for name, _ in _requirements(tree) if name != REQUIREMENTS)
    data = _toml(tree, "pyproject.toml")
    folders = list(workspace(tree))
    for folder in folders:
        yield f"{folder}/pyproject.toml"
    for folder in ("", *folders):
        for path in _paths(data if not folder else _toml(tree, f"{folder}/pyproject.toml")):
            name = posixpath.normpath(posixpath.join(folder, path))
            manifest = f"{name}/pyproject.toml"
            if not name.startswith(("..", "/")) and manifest != "./pyproject.toml" and tree.has(manifest):
                yield manifest


def packaged(tree: Tree, manager: str) -> bool:
    """Whether the project says that it is a package itself, with scripts and data of its own, that pip or poetry can install.
    (uv decides that itself.)"""
    data = _toml(tree, "pyproject.toml")
    if manager == "pip":
        return tree.has("setup.py") or bool(_at(data, "build-system") and _at(data, "project", "name"))
    own = _at(data, "tool", "poetry")
    name = _at(data, "project", "name") or _at(own, "name")
    if manager != "poetry" or not isinstance(name, str) or _at(own, "package-mode") is False:
        return False
    module = re.sub(r"[-_.]+", "_", name)
    found = (f"{folder}{one}" for folder in ("", "src/") for one in dict.fromkeys((module, module.lower())))
    return bool(_at(own, "packages")) or any(tree.has(one) or tree.has(f"{one}.py") for one in found)


def scripts(tree: Files) -> dict[str, tuple[str, str]]:
    """The programs of the project and the members of its workspace: what each starts, `package.module:function`, and the
    manifest that says so; nothing of one that is not installed."""
    found: dict[str, tuple[str, str]] = {}
    for folder in ("", *workspace(tree)):
        manifest = posixpath.join(folder, "pyproject.toml")
        data = _toml(tree, manifest)
        named = {**_named(_at(data, "tool", "poetry", "scripts")), **_named(_at(data, "project", "scripts"))}
        for name, target in named.items() if _installed(data) else ():
            if _PROGRAM.fullmatch(name) and not any(_module(tree, one, name) for one in ("", folder)):
                found.setdefault(name, (target, manifest))
    return found


_PROGRAM = regex(r"\w[\w.-]*", re.ASCII)


def _installed(data: object) -> bool:
    """Whether what a manifest describes is installed itself, and its programs with it: as uv is told, else if it can be built."""
    told = _at(data, "tool", "uv", "package")
    return told if isinstance(told, bool) else bool(_at(data, "build-system"))


def workspace(tree: Files) -> Iterator[str]:
    """The folders of the members of a workspace of uv."""
    told = _at(_toml(tree, "pyproject.toml"), "tool", "uv", "workspace")
    named, apart = (
        list(members(tree, [str(one) for one in globs] if isinstance(globs, list) else [], "pyproject.toml"))
        for globs in (_at(told, "members"), _at(told, "exclude"))
    )
    yield from (one for one in named if one not in apart)


def _named(data: object) -> dict[str, str]:
    pairs = data.items() if isinstance(data, dict) else ()
    return {str(name): target for name, target in pairs if isinstance(target, str)}


def _module(tree: Files, folder: str, name: str) -> bool:
    """Whether `python -m` starts what has this name."""
    path = name.replace(".", "/")
    ends = (f"{path}.py", f"{path}/__main__.py")
    return any(tree.has(posixpath.join(folder, src, one)) for src in ("", "src") for one in ends)


def unhashed(tree: Tree) -> tuple[str, int, str] | None:
    """The first requirement without a hash, by file, line and text: pip with hashes installs nothing then."""
    for name, constraints in _requirements(tree):
        for number, line in () if constraints else _lines(tree.text(name)):
            if line[:1] != "#" and _asks(line) and "--hash" not in line:
                return name, number, line
    return None


def _asks(line: str) -> bool:
    """Whether a line is a requirement, and no option for all of them."""
    return line.startswith(("-e", "--editable")) or not line.startswith("-")


def _requirements(tree: Tree) -> Iterator[tuple[str, bool]]:
    """The files that pip reads, each with whether it only constrains: paths are relative to the file that names them."""
    waiting, seen = [(REQUIREMENTS, False)], set[str]()
    while waiting and len(seen) < MOST:
        name, constraints = waiting.pop(0)
        if name in seen or name.startswith(("..", "/")) or not tree.has(name):
            continue
        seen.add(name)
        yield name, constraints
        for _, line in _lines(tree.text(name)):
            found = _OTHER_FILE.match(line)
            if found is not None:
                path = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[2]))
                waiting.append((path, constraints or found[1] in ("-c", "--constraint")))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something, each with its number; one that ends in a backslash goes on in the next."""
    number = 1
    for line in re.split(r"(?<!\\)\r?\n", text):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, _CONTINUED.sub(" ", line).strip()
        number += line.count("\n") + 1


def _paths(data: Any) -> Iterator[str]:
    """Where packages come from that are folders of the same repository, in the words of uv and of poetry."""
    tables = [_at(data, "tool", "uv", "sources"), _at(data, "tool", "poetry", "dependencies")]
    groups = _at(data, "tool", "poetry", "group")
    tables += [_at(one, "dependencies") for one in groups.values()] if isinstance(groups, dict) else []
    for table in tables:
        for value in table.values() if isinstance(table, dict) else ():
            for one in value if isinstance(value, list) else [value]:
                path = one.get("path") if isinstance(one, dict) else None
                if isinstance(path, str):
                    yield path


def _at(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _toml(tree: Files, name: str) -> Any:
    return as_toml(tree.text(name))
