"""The part of a proposed spec that says how the image is made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from svc.detect import drivers
from svc.detect.above import Part
from svc.detect.processes import commands
from svc.detect.project import Project
from svc.detect.scalars import quoted
from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.source import lines_of


def made(
    tree: Tree,
    project: Project,
    started: tuple[str, At] | None,
    main: int,
    whole: Part | None,
    found: list[str],
    notes: list[str],
) -> list[str]:
    """How svc builds the image."""
    _told(project, started, main, found, notes)
    needed = drivers.packages(tree, project)
    found += needed.found
    notes += _pages(tree, project)
    return [
        *_build(project, started),
        *_context(whole, notes),
        *_packages(needed),
        *_more(project, started[0] if started else "", found),
        *_files(tree, project, found),
    ]


def args(given: dict[str, str]) -> list[str]:
    """Arguments of the build, as a compose file has them."""
    return ["  args:", *(f"    {quoted(name)}: {quoted(text)}" for name, text in given.items())] if given else []


def workdir(tree: Tree) -> str:
    """Where a Dockerfile of one's own has the sources in its last stage, as far as it says so."""
    said = re.findall(r"(?im)^\s*WORKDIR\s+[\"']?(/[\w./-]*)", tree.text("Dockerfile"))
    return said[-1].rstrip("/") if said else "/app"


def kept(own: str, found: list[str], notes: list[str]) -> list[str]:
    """The lines of a spec that keep a Dockerfile of somebody's own."""
    found.append(f"build: your own Dockerfile, from {own}")
    notes.append(f"{own} is kept as it is, and linted; `svc init --generate` has one written instead")
    return ["build:", f"  dockerfile: {own}"]


def _told(project: Project, started: tuple[str, At] | None, main: int, found: list[str], notes: list[str]) -> None:
    if project.wanted and not (project.wanted + ".").startswith(project.version + "."):
        notes.append(
            f"version {project.wanted} ({project.wanted_at}) has no pinned base image: {project.version} is used"
        )
    if started:
        found.append(f"start: {started[0]}, from {started[1]}")
    elif project.needs_main:
        notes.append("what to start is not known: set build.main")
    known = {text for text, _, _ in commands(project)} if project.language == "rust" else set()
    others = [text for index, text in enumerate(project.candidates) if index != main and text not in known]
    alone = started is not None and not started[0].endswith("/...") and started[1] in [at for _, at in project.mains]
    if others and alone:
        notes.append(f"it could also start {', '.join(others)}: set build.main")


def _more(project: Project, started: str, found: list[str]) -> list[str]:
    lines = []
    if project.module and (project.language != "node" or started == "next"):
        lines.append(f"  module: {quoted(project.module)}")
        found.append(f"module: {project.module}")
    if project.extensions:
        lines.append(f"  extensions: [{', '.join(map(quoted, project.extensions))}]")
        found.append(f"extensions: {', '.join(project.extensions)}, from {project.at}")
    if project.prepare:
        lines.append(f"  prepare: {quoted(project.prepare)}")
        found.append(f"prepare: {project.prepare}")
    return lines


_COMPILED = r"\bmigrate!\(|\bembed_migrations!\(|\bembed::migrations\b|\binclude_dir!\("
_SHOWN = regex(r"(?:^|/)(?:examples?|samples?|tests?|testdata|fixtures|e2e|docs?)/")


def _files(tree: Tree, project: Project, found: list[str]) -> list[str]:
    """Migrations in SQL, which an image with nothing but programs does not have unless they are a part of these."""
    if project.language not in ("go", "rust"):
        return []
    scripts = [one for one in tree.named(".sql") if not _SHOWN.search(one)]
    tops = {before + "migrations" for one in scripts for before, name, _ in [one.partition("migrations/")] if name}
    folders = sorted(one for one in tops if one.split("/")[-1] == "migrations")
    code = tree.named(".go", ".rs")[:1000] if folders else ()
    if any(tree.search(one, _COMPILED) is not None for one in code if one.endswith(".rs")):
        return []
    embedded = tuple(path for one in code if one.endswith(".go") for path, _ in _embedded(tree, one))
    left = [
        one for one in folders if not any(path.startswith(f"{one}/") or f"{one}/".startswith(path) for path in embedded)
    ]
    if not left:
        return []
    found.append(f"files: {', '.join(left)}, which no program has in itself")
    return [f"  files: [{', '.join(map(quoted, left))}]"]


def _embedded(tree: Tree, file: str) -> Iterator[tuple[str, At]]:
    """Where what a file of Go has compiled in begins, from the root, with a slash; and where that is said."""
    for number, line in enumerate(lines_of(tree.text(file)), 1):
        for word in line.split()[1:] if line.startswith("//go:embed ") else ():
            path = word.strip('"`').removeprefix("all:")
            plain = re.split(r"[*?\[]", path)[0]
            plain = plain if plain == path else plain.rpartition("/")[0]
            yield posixpath.join(posixpath.dirname(file), plain).rstrip("/") + "/", At(file, number)


def _pages(tree: Tree, project: Project) -> list[str]:
    """What a program of Go has compiled in, and a build of Node makes."""
    found: list[str] = []
    for one in tree.named(".go")[:1000] if project.language == "go" else ():
        for path, at in _embedded(tree, one):
            folder = posixpath.dirname(path.rstrip("/"))
            made = re.search(r"(?:^|/)(?:dist|build|out)/", path) is not None
            if made and posixpath.join(folder, "package.json") in tree.files:
                found.append(
                    f"{at}: {path} is compiled in, {folder or 'the root'} makes it by Node, and the image of Go has none:"
                    " write a Dockerfile, or commit what it makes"
                )
    return found[:1]


def _packages(needed: drivers.Packages) -> list[str]:
    ones = (("packages", needed.runtime), ("build_packages", needed.build))
    return [f"  {key}: [{', '.join(names)}]" for key, names in ones if names]


def language(project: Project) -> str:
    place = f"from {project.wanted_at}" if project.wanted_at else f"from {project.at}; no version is given there"
    manager = f" with {project.manager}" if project.manager else ""
    return f"language: {project.language} {project.version}{manager}, {place}"


def _build(project: Project, started: tuple[str, object] | None) -> list[str]:
    lines = ["build:", f"  language: {project.language}", f'  version: "{project.version}"']
    if project.manager:
        lines.append(f"  manager: {project.manager}")
    plain = project.language == "static" and not project.manifests
    if plain and started and started[0] != ".":
        return [*lines, f"  context: {quoted(started[0])}", "  main: ."]
    if started:
        return [*lines, f"  main: {quoted(started[0])}"]
    if project.needs_main:
        example = {"go": "./cmd/name", "dotnet": "src/Name.csproj", "rust": "name", "node": "server.js"}
        lines.append(f"  main: {example.get(project.language, 'app.py')}  # not found in the tree: what to start?")
    return lines


def _context(whole: Part | None, notes: list[str]) -> list[str]:
    """Where the sources are, when that is above the spec."""
    if whole is None:
        return []
    needed = "" if whole.workspace else ": that needs a `svc-workspace.yaml` (`apiVersion: svc/v1`) there or above"
    notes.append(f"it is built in {whole.context}, where {whole.mark} is{needed}")
    return [f"  context: {whole.context}"]
