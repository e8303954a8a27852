"""The build that a folder is a part of: a workspace of packages, a solution or a module above it, which has the lock file."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from svc.detect.composed import FILES, builds, own, path_from
from svc.detect.jvm import BUILDS, SETTINGS
from svc.detect.node import package
from svc.detect.project import Project
from svc.detect.tree import Tree, scan
from svc.folders import WORKSPACE_FILES
from svc.parse import parse
from svc.records import dataclass, replace
from svc.resolve.sources_python import workspace
from svc.source import Source

_LEVELS = 5
_OF_NODE = ("package-lock.json", "pnpm-lock.yaml", "yarn.lock")
_OF_PYTHON = frozenset(("poetry.lock", "requirements.txt", "requirements.in"))
_ROOTS = (
    ("node", "package.json", _OF_NODE),
    ("rust", "Cargo.toml", ("Cargo.lock",)),
    ("dotnet", ".csproj", ("Directory.Packages.props", "Directory.Build.props", ".sln", ".slnx")),
    ("go", ".go", ("go.mod",)),
    ("python", "pyproject.toml", ("uv.lock",)),
)
"""Language; what a folder of it has; and what stands at the root of its build, of which the folder has nothing itself."""
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist")
"""Files that name the variables of a developer's .env."""
_SHARED = frozenset(
    (
        *(".node-version", ".nvmrc", ".tool-versions", "package.json", "pnpm-workspace.yaml", *_OF_NODE),
        *("Cargo.toml", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml"),
        *("Directory.Build.props", "Directory.Packages.props", "global.json", "go.mod", "go.sum", "go.work"),
        *("pyproject.toml", "uv.lock", ".python-version"),
        *(*BUILDS, *SETTINGS, "gradle.properties", "gradlew", "mvnw", ".java-version"),
        *EXAMPLES,
    )
)
"""Files at the root that speak of all of its parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """A folder of a larger build. `home`: the way from there to it; `tree`: the build, with this part of it alone; `mark`: the
    file that shows where it begins; `workspace`: whether svc knows how far up it may read."""

    home: str
    tree: Tree
    mark: str
    workspace: bool

    @property
    def context(self) -> str:
        """The way up to the build."""
        return "/".join(".." for _ in self.home.split("/"))

    def near(self, project: Project) -> Project:
        """The project as its own folder sees it."""
        inside = f"{self.home}/"
        mains = tuple((text.removeprefix("./").removeprefix(inside), at) for text, at in project.mains)
        manifests = tuple(one.removeprefix(inside) for one in project.manifests if one.startswith(inside))
        return replace(project, home="", mains=mains, manifests=manifests)


def part(root: Path, tree: Tree) -> tuple[str, Part] | None:
    """The language of a folder that cannot be built by itself, and the build that it belongs to, within its repository."""
    names = tree.names(".")
    if not names.isdisjoint(BUILDS):
        return _module(root, names)
    if "go.mod" in names:
        return _of_go(root, tree)
    for language, manifest, marks in _ROOTS:
        if not _has(names, manifest) or any(_has(names, one) for one in marks):
            continue
        if _alone(tree, language):
            continue
        above = tuple(_repository(root))
        known = bool(above) and _bounded(above[-1])
        for folder in above:
            mark = next((one for one in sorted(os.listdir(folder)) if any(_has({one}, mark) for mark in marks)), "")  # noqa: PTH208
            if not mark:
                continue
            home = root.resolve().relative_to(folder).as_posix()
            view = _view(scan(folder), home)
            if language != "python" or home in workspace(view):
                return language, Part(home, view, mark, known)
    return None


def _module(root: Path, names: frozenset[str]) -> tuple[str, Part] | None:
    """A module of Gradle, which has no settings of its own, or of Maven, which a file above it names."""
    if not names.isdisjoint(SETTINGS):
        return None
    above = tuple(_repository(root))
    for folder in above:
        home = root.resolve().relative_to(folder).as_posix()
        view = _view(scan(folder), home)
        mark = next((one for one in SETTINGS if one in view.files), "")
        maven = (
            "pom.xml" in names
            and view.search("pom.xml", rf"<module>\s*(?:\./)?{re.escape(home)}/?\s*</module>") is not None
        )
        if maven or (mark and "pom.xml" not in names):
            return "java", Part(home, view, "pom.xml" if maven else mark, _bounded(above[-1]))
    return None


def _of_go(root: Path, tree: Tree) -> tuple[str, Part] | None:
    """A module that needs another one of a `go.work` above it, which says where that is."""
    above = tuple(_repository(root))
    for folder in above:
        whole = scan(folder) if (folder / "go.work").is_file() else None
        if whole is None:
            continue
        home = root.resolve().relative_to(folder).as_posix()
        used = {
            one.removeprefix("./").rstrip("/")
            for one in re.findall(r"(?m)^(?:use)?\s+\(?\s*(\.[\w./-]*)", whole.text("go.work"))
        }
        beside = [
            hit[0][1] for one in used - {home} if (hit := whole.search(f"{one}/go.mod", r"^module\s+(\S+)")) is not None
        ]
        if home in used and any(
            tree.search("go.mod", rf"^(?!module).*\b{re.escape(one)}\b") is not None for one in beside
        ):
            return "go", Part(home, _view(whole, home), "go.work", _bounded(above[-1]))
    return None


def _alone(tree: Tree, language: str) -> bool:
    """Whether a folder is built by itself after all."""
    if language == "python":
        return (
            not _OF_PYTHON.isdisjoint(tree.files)
            or tree.search("pyproject.toml", r"^\[tool\.uv\.workspace\]") is not None
        )
    projects = tree.named(".csproj")
    return language == "dotnet" and not any(tree.search(one, r"Include=\"\.\.") for one in projects)


def _has(names: frozenset[str] | set[str], wanted: str) -> bool:
    """A name, or an ending of one."""
    return wanted in names or (wanted[:1] == "." and any(one.endswith(wanted) for one in names))


def _repository(root: Path) -> Iterator[Path]:
    """The folders above one, up to the root of its repository or of the workspace; none outside of either."""
    found: list[Path] = []
    for folder in [root.resolve(), *root.resolve().parents][: _LEVELS + 1]:
        found.append(folder)
        if _bounded(folder) or os.path.lexists(folder / ".git"):
            yield from found[1:]
            return


def beside_above(tree: Tree) -> Tree:
    """A tree with the first compose file above it that builds its folder, and the examples of variables beside that file."""
    if own(tree, *FILES):
        return tree
    for levels, folder in enumerate(_repository(tree.root), 1):
        up = "/".join([".."] * levels)
        for path in (f"{up}/{one}" for one in FILES if (folder / one).is_file()):
            found = replace(tree, files=(*tree.files, path))
            documents = parse(Source(path, found.text(path))).documents
            if any(builds(one.data, path_from(found, path)) for one in documents):
                names = () if own(tree, *EXAMPLES) else (*EXAMPLES, ".env")
                beside = (f"{up}/{one}" for one in names if (folder / one).is_file())
                return replace(found, files=tuple(dict.fromkeys((*found.files, *beside))))
    return tree


def _bounded(folder: Path) -> bool:
    return any(os.path.lexists(folder / one) for one in WORKSPACE_FILES)


def _view(tree: Tree, home: str) -> Tree:
    inside = tuple(f"{one}/" for one in (home, *packages(tree, home)))
    kept = (one for one in tree.files if one.startswith(inside) or one in _SHARED or _solution(one))
    return replace(tree, files=tuple(kept))


def packages(tree: Tree, home: str) -> tuple[str, ...]:
    """The folders of the packages of a workspace of Node that a member depends on, and those that they depend on."""
    folders = {
        one.removesuffix("/package.json"): package(tree, one.removesuffix("/package.json"))
        for one in tree.named("/package.json")
    }
    named = {str(data.get("name")): folder for folder, data in folders.items() if data.get("name")}
    found, left = dict[str, None](), [home]
    while left:
        data = folders.get(left.pop(), {})
        wanted = data.get("dependencies")
        for name in wanted if isinstance(wanted, dict) else ():
            folder = named.get(name, home)
            if folder != home and folder not in found:
                found[folder] = None
                left.append(folder)
    return tuple(sorted(found))


def _solution(path: str) -> bool:
    return "/" not in path and posixpath.splitext(path)[1] in (".sln", ".slnx")
