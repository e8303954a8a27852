"""Which programs a tree of Cargo makes: of one package, of a workspace, or of a workspace whose root is a package too."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from svc.records import dataclass
from svc.resolve.build_tree import Files, as_toml, members

MANIFEST = "Cargo.toml"
LOCK = "Cargo.lock"


@dataclass(frozen=True, slots=True)
class _Package:
    folder: str
    name: str
    default: str
    """What `cargo run` starts of several."""
    binaries: tuple[str, ...]

    @property
    def main(self) -> str:
        """The program that a package is there for, or "" if that cannot be told."""
        if self.default or len(self.binaries) == 1:
            return self.default or self.binaries[0]
        return self.name if self.name in self.binaries else ""


def binaries(tree: Files) -> tuple[tuple[str, str], ...]:
    """Each program with its package, which is "" where there is no workspace to choose from."""
    alone = "workspace" not in as_toml(tree.text(MANIFEST))
    return tuple((one, "" if alone else package.name) for package in _packages(tree) for one in package.binaries)


def binary(tree: Files, main: str, service: str) -> tuple[str, str]:
    """The program that is this service, and its package: named by `main` as a program, a package or the folder of one; without
    it, what is called like the service or is the only one. ("", "") if there is none."""
    packages = tuple(_packages(tree))
    wanted = posixpath.normpath(main) if main else ""
    for name in (wanted,) if main else (service,):
        for one in packages:
            if name in one.binaries:
                return _found(tree, one, name)
        for one in packages:
            if name in (one.name, one.folder or "."):
                return _found(tree, one, one.main)
    only = [(one, one.main) for one in packages if one.binaries and (len(packages) == 1 or not one.folder)]
    only = only or [(one, one.main) for one in packages if one.binaries]
    return _found(tree, *only[0]) if not main and len(only) == 1 else ("", "")


def inherits(tree: Files) -> bool:
    """Whether the package takes something from a workspace that is not in the build context."""
    data = as_toml(tree.text(MANIFEST))
    tables = [data.get("package"), data.get("dependencies"), data.get("lints")]
    values = [value for table in tables if isinstance(table, dict) for value in (*table.values(), table)]
    asks = any(isinstance(one, dict) and one.get("workspace") is True for one in values)
    return asks and "workspace" not in data


def _found(tree: Files, package: _Package, name: str) -> tuple[str, str]:
    alone = "workspace" not in as_toml(tree.text(MANIFEST))
    return (name, "" if alone else package.name) if name else ("", "")


def _packages(tree: Files) -> Iterator[_Package]:
    """The root first, then members in the order in which they are listed."""
    root = as_toml(tree.text(MANIFEST))
    globs = _table(root.get("workspace")).get("members")
    listed = [str(one) for one in globs] if isinstance(globs, list) else []
    for folder in dict.fromkeys(("", *members(tree, listed, MANIFEST))):
        data = root if not folder else as_toml(tree.text(posixpath.join(folder, MANIFEST)))
        given = _table(data.get("package"))
        name = given.get("name")
        if isinstance(name, str):
            named = [one.get("name") for one in data.get("bin", ()) if isinstance(one, dict)]
            found = [str(one) for one in named if isinstance(one, str)]
            implied = () if given.get("autobins") is False else _implied(tree, folder, name, data)
            yield _Package(folder, name, str(given.get("default-run", "")), tuple(dict.fromkeys((*found, *implied))))


def _implied(tree: Files, folder: str, name: str, data: dict[str, Any]) -> Iterator[str]:
    """Programs by the places of their files, as far as no `[[bin]]` has taken the file over."""
    taken = {posixpath.normpath(str(one.get("path"))) for one in data.get("bin", ()) if isinstance(one, dict)}
    if "src/main.rs" not in taken and tree.has(posixpath.join(folder, "src/main.rs")):
        yield name
    below = posixpath.join(folder, "src/bin")
    for one in sorted(tree.names(below)):
        file = one if one.endswith(".rs") else f"{one}/main.rs"
        if f"src/bin/{file}" not in taken and tree.has(f"{below}/{file}"):
            yield one.removesuffix(".rs")


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
