"""Which files of a source tree say what is depended on, where one manifest is not all: workspaces, solutions, modules."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from svc.patterns import regex
from svc.resolve.context import Context
from svc.source import Source

_REFERENCE = regex(r"<ProjectReference\s[^>]*Include\s*=\s*\"([^\"]+)\"")
_SHARED = ("Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json")
_MODULE = regex(r"<module>\s*([^<\s]+)\s*</module>")
_INCLUDE = regex(r"^\s*include\b\s*\(?([^)\n]*(?:\n[^)\n]*)*?)(?:\)|$)", re.M)
_NODE_SETTINGS = (".npmrc", ".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs")
NPMRC = ".npmrc"
_CREDENTIAL = regex(r"^[^#;\n]*_(?:authToken|auth|password)\s*=\s*[\"']?(?!\$\{)[^\s\"']", re.M | re.I)
"""A value of its own and no variable, which a build secret of that name fills in."""
_MOST = 200


class _Tree:
    """The build context, read through the spec's own door so that what was looked at is known."""

    def __init__(self, context: Context) -> None:
        given = context.service.build
        self._context = context
        self._base = posixpath.normpath(given.context if given is not None else ".")

    def _path(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._base, path))

    def text(self, path: str) -> str:
        found = self._context.read(self._path(path))
        return found.text if isinstance(found, Source) else ""

    def names(self, folder: str) -> frozenset[str]:
        return self._context.names(self._path(folder))

    def has(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return name in self.names(folder or ".")


def manifests(context: Context, language: str, main: str) -> tuple[str, ...]:
    """Paths relative to the build context, sorted: all that the package manager reads besides the usual files."""
    tree = _Tree(context)
    table: Mapping[str, Callable[[_Tree, str], Iterator[str]]] = {
        "dotnet": _dotnet,
        "java": _jvm,
        "kotlin": _jvm,
        "node": _node,
        "static": _node,
        "python": _python,
    }
    found = table[language](tree, main) if language in table else iter(())
    return tuple(sorted(dict.fromkeys(found)))[:_MOST]


def there(context: Context, path: str) -> bool:
    """Whether the build context has this file."""
    return bool(path) and _Tree(context).has(path)


def scripts(context: Context) -> tuple[str, ...]:
    found = _json(_Tree(context).text("package.json")).get("scripts")
    return tuple(sorted(str(name) for name in found)) if isinstance(found, dict) else ()


def _dotnet(tree: _Tree, main: str) -> Iterator[str]:
    """The projects that the main one refers to, their lock files, and what applies to all of them."""
    waiting, seen = [posixpath.normpath(main)], set[str]()
    while waiting and len(seen) < _MOST:
        project = waiting.pop(0)
        if project in seen or project.startswith("../"):
            continue
        seen.add(project)
        yield project
        folder = posixpath.dirname(project)
        yield from _there(tree, folder, ("packages.lock.json",))
        for name in _REFERENCE.findall(tree.text(project)):
            waiting.append(posixpath.normpath(posixpath.join(folder, name.replace("\\", "/"))))
    folders = {above for project in seen for above in _above(posixpath.dirname(project))}
    for folder in folders:
        yield from _there(tree, folder, _SHARED)
        yield from (posixpath.join(folder, one) for one in tree.names(folder or ".") if one.lower() == "nuget.config")


def _above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _there(tree: _Tree, folder: str, names: tuple[str, ...]) -> Iterator[str]:
    known = tree.names(folder or ".")
    yield from (posixpath.join(folder, name) for name in names if name in known)


def _jvm(tree: _Tree, _: str) -> Iterator[str]:
    for name in ("settings.gradle.kts", "settings.gradle"):
        for words in _INCLUDE.findall(tree.text(name)):
            for module in re.findall(r"[\"']:?([\w.:-]+)[\"']", words):
                yield from _there(tree, module.replace(":", "/"), ("build.gradle.kts", "build.gradle"))
    waiting = [""]
    while waiting:
        folder = waiting.pop(0)
        for module in _MODULE.findall(tree.text(posixpath.join(folder, "pom.xml"))):
            below = posixpath.normpath(posixpath.join(folder, module.removesuffix("/pom.xml")))
            if not below.startswith("..") and tree.has(f"{below}/pom.xml") and len(waiting) < _MOST:
                yield f"{below}/pom.xml"
                waiting.append(below)


def _node(tree: _Tree, _: str) -> Iterator[str]:
    """The manifests of the members of a workspace, and the settings of the package manager."""
    for name in _there(tree, "", _NODE_SETTINGS):
        if name != NPMRC or not _CREDENTIAL.search(tree.text(name)):
            yield name
    for folder in _members(tree, _globs(tree), "package.json"):
        yield f"{folder}/package.json"


def _globs(tree: _Tree) -> list[str]:
    given = _json(tree.text("package.json")).get("workspaces")
    listed = given.get("packages") if isinstance(given, dict) else given
    found = [str(one) for one in listed] if isinstance(listed, list) else []
    lines = re.findall(r"^\s*-\s*[\"']?([^\s\"'#]+)", tree.text("pnpm-workspace.yaml").partition("packages:")[2], re.M)
    return [*found, *lines]


def _python(tree: _Tree, _: str) -> Iterator[str]:
    import tomllib

    try:
        data: Any = tomllib.loads(tree.text("pyproject.toml"))
    except tomllib.TOMLDecodeError:
        return
    for key in ("tool", "uv", "workspace", "members"):
        data = data.get(key) if isinstance(data, dict) else None
    globs = [str(one) for one in data] if isinstance(data, list) else []
    for folder in _members(tree, globs, "pyproject.toml"):
        yield f"{folder}/pyproject.toml"


def _members(tree: _Tree, globs: list[str], manifest: str) -> Iterator[str]:
    """Folders that a list of globs means: `*` stands for one name, as it does in nearly every workspace."""
    for glob in globs:
        parts = glob.removeprefix("./").rstrip("/").split("/")
        if glob[:1] == "!" or ".." in parts:
            continue
        folders = [""]
        for part in parts:
            pattern = re.compile(re.escape(part).replace(r"\*", "[^/]*"))
            folders = [
                posixpath.join(folder, name)
                for folder in folders
                for name in (sorted(tree.names(folder or ".")) if "*" in part else [part])
                if pattern.fullmatch(name) and name != "node_modules"
            ]
        yield from (folder for folder in folders if tree.has(f"{folder}/{manifest}"))


def _json(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
