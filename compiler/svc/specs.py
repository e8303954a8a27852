"""Finding specs and their workspace: paths become `Spec`s with everything that resolve needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svc.beside import readers
from svc.diagnostics import Diagnostic, Place, Severity
from svc.folders import WORKSPACE_FILES, below, leads_out, matching, workspace_of
from svc.model.load import validate
from svc.model.renames import updated
from svc.model.workspace import Workspace
from svc.parse import Document, parse_one
from svc.records import dataclass, field, replace
from svc.resolve.inputs import packages
from svc.resolve.mistaken import folded_lists
from svc.resolve.overlay import annotated
from svc.resolve.override import Override
from svc.resolve.resolve import LoadedWorkspace, Spec
from svc.source import Source, Unreadable, is_folder, load, unreadable

if TYPE_CHECKING:
    from svc.tools import Toolbox

SPEC_NAMES = ("service.yaml", "service.yml", "service.cue")
_CUE = ".cue"
_OUTSIDE = "it is a link that leads out of the repository"
_NAME_IT = "name the spec itself, or keep it in the repository"
_LOCKED = "make it readable, or name the specs or the folders that hold them"


@dataclass(frozen=True, slots=True)
class Found:
    """`root` is where outputs are relative to; `wanted` are the specs asked for, `others` their neighbours."""

    root: Path
    workspace: LoadedWorkspace
    wanted: tuple[Spec, ...]
    others: tuple[Spec, ...]
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)


Read = Callable[[Path, str], Source | Unreadable]
"""How the text of a file is had, by its path and the name by which it is reported."""


def from_disk(path: Path, name: str) -> Source | Unreadable:
    return load(path, name=name)


@dataclass(frozen=True, slots=True)
class Located:
    """Where everything is, before any spec is read. `cue` holds the specs that are written in it, evaluated, and `shared`
    globs of the CUE files that each is made of."""

    root: Path
    workspace: LoadedWorkspace
    wanted: tuple[Path, ...]
    others: tuple[Path, ...]
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    cue: Mapping[Path, Document]
    base: Path | None = None
    """The workspace's file."""
    shared: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    apart: frozenset[Path] = frozenset()
    """Those of `wanted` that are no members of the workspace, so that a run which does not name them does not see them."""


def locate(
    paths: Iterable[Path], shown: Callable[[Path], str], box: Toolbox | None = None, load_text: Read = from_disk
) -> Located:
    """The specs at the paths (files, or folders that are searched) and the workspace above them.

    `shown` makes the name by which a file is reported. `box` is where `cue` is found, for specs that are written in it.
    """
    diagnostics: list[Diagnostic] = []
    files = _files(paths, diagnostics, shown)
    base = _workspace_file(files)
    made = located(files, (), base, _common(files) if base is None else base.parent, shown, load_text)
    known = {os.path.realpath(file) for file in files}
    there = members(made.root, made.workspace) if base is not None else []
    near = [file for file in there if os.path.realpath(file) not in known]
    ours = {os.path.realpath(file) for file in there} if base is not None else known
    apart = frozenset(file for file in files if os.path.realpath(file) not in ours)
    diagnostics += made.diagnostics
    sources = dict(made.sources)
    cue, reached = _evaluated(files, near, shown, box, diagnostics, sources)
    shared = {file: packages(needed, made.root) for file, needed in reached.items()}
    return replace(
        made, others=tuple(near), diagnostics=tuple(diagnostics), sources=sources, cue=cue, shared=shared, apart=apart
    )


def located(
    files: Sequence[Path],
    near: Sequence[Path],
    base: Path | None,
    root: Path,
    shown: Callable[[Path], str],
    load_text: Read = from_disk,
) -> Located:
    """Specs that are known to be there, none of them in CUE, with what their workspace's file says."""
    diagnostics: list[Diagnostic] = []
    sources: dict[str, Source] = {}
    document = _document(base, shown, diagnostics, sources, load_text) if base is not None else None
    workspace = _workspace(document, diagnostics, base)
    return Located(root, workspace, tuple(files), tuple(near), tuple(diagnostics), sources, {}, base)


def searched(paths: Iterable[Path], made: Located) -> list[Path]:
    """The specs that a search of the same paths finds now, and the members of the workspace."""
    return [*_files(paths, [], str), *members(made.root, made.workspace)]


def read_spec(
    located: Located,
    file: Path,
    shown: Callable[[Path], str],
    sources: dict[str, Source],
    overrides: Sequence[Override] = (),
    load_text: Read = from_disk,
) -> tuple[Spec | None, list[Diagnostic]]:
    """One spec, and what is wrong with its text. `sources` notes what was read, and what will be read for the spec."""
    said: list[Diagnostic] = []
    made = located.cue.get(file) if file.suffix == _CUE else _document(file, shown, said, sources, load_text)
    if made is None:
        return None, said
    document, renamed = updated(made, "service")
    said += renamed
    spec = _spec(file, located.root, overrides, document, (shown, sources))
    return replace(spec, shared=located.shared.get(file, ())), said


def find(
    paths: Iterable[Path],
    overrides: Sequence[Override],
    shown: Callable[[Path], str],
    box: Toolbox | None = None,
    load_text: Read = from_disk,
) -> Found:
    """As `locate`, with every spec read; neighbours that cannot be read are passed over."""
    located = locate(paths, shown, box, load_text)
    wanted: list[Spec] = []
    diagnostics, sources = list(located.diagnostics), dict(located.sources)
    for file in located.wanted:
        spec, said = read_spec(located, file, shown, sources, overrides, load_text)
        diagnostics += said
        wanted += [spec] if spec is not None else []
    near = (read_spec(located, file, shown, {}, (), load_text)[0] for file in located.others)
    others = tuple(one for one in near if one is not None)
    return Found(located.root, located.workspace, tuple(wanted), others, tuple(diagnostics), sources)


def workspace_above(folder: Path, shown: Callable[[Path], str]) -> tuple[LoadedWorkspace, Path, tuple[Diagnostic, ...]]:
    """The workspace file in a folder that has one, the folder, and what is wrong with the file."""
    diagnostics: list[Diagnostic] = []
    file = next(folder / name for name in WORKSPACE_FILES if os.path.lexists(folder / name))
    document = _document(file, shown, diagnostics, {})
    return _workspace(document, diagnostics, file), folder, tuple(diagnostics)


def _files(paths: Iterable[Path], diagnostics: list[Diagnostic], shown: Callable[[Path], str]) -> list[Path]:
    found: dict[Path, None] = {}
    paths = list(paths)
    named = {os.path.abspath(path) for path in paths}  # noqa: PTH100 - links are where they are
    for path in paths:
        if not is_folder(path):
            found[path] = None
            continue
        locked: list[Diagnostic] = []

        def refused(folder: Path, error: OSError, said: list[Diagnostic] = locked) -> None:
            said.append(replace(unreadable(shown(folder), error).diagnostic, help=_LOCKED))

        inside = [Path(entry.path) for entry in below(path, _may_hold_specs, refused) if entry.name in SPEC_NAMES]
        diagnostics += locked
        outside = [file for file in inside if file.is_symlink() and leads_out(file, path)]
        unnamed = [file for file in outside if os.path.abspath(file) not in named]  # noqa: PTH100
        diagnostics += [Unreadable(shown(file), "file-outside", _OUTSIDE, _NAME_IT).diagnostic for file in unnamed]
        if not inside and not locked:
            message = f"there is no {SPEC_NAMES[0]} in this folder"
            advice = "name a spec, or write one with apiVersion: svc/v1"
            diagnostics.append(Diagnostic("no-spec", Severity.ERROR, message, Place(shown(path)), advice))
        found.update(dict.fromkeys(file for file in inside if file not in outside))
    return list(found)


def _may_hold_specs(folder: Path) -> bool:
    """Not what is hidden, a dependency's, or a chart with its templates."""
    if folder.name.startswith(".") or folder.name == "node_modules":
        return False
    return not os.path.isfile(f"{folder}/Chart.yaml")  # noqa: PTH113


def _may_hold_members(folder: Path) -> bool:
    """Nor what is not ours to read: who asks for one service has nothing to do with it."""
    return _may_hold_specs(folder) and os.access(folder, os.R_OK | os.X_OK)


def _workspace_file(files: list[Path]) -> Path | None:
    """The nearest workspace file above the first spec, whether or not it can be read."""
    return workspace_of(Path(os.path.abspath(files[0])).parent, {}) if files else None  # noqa: PTH100


def _common(files: list[Path]) -> Path:
    folders = [str(file.absolute().parent) for file in files]
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def members(root: Path, workspace: LoadedWorkspace) -> list[Path]:
    """The specs that a workspace has, in its repository."""

    def enter(folder: Path) -> bool:
        return _may_hold_members(folder) and not (folder.is_symlink() and leads_out(folder, root))

    found: dict[Path, None] = {}
    for pattern in workspace.workspace.services:
        there = matching(root, pattern, enter)
        found.update(dict.fromkeys(file for file in there if not (file.is_symlink() and leads_out(file, root))))
    return list(found)


def _document(
    path: Path,
    shown: Callable[[Path], str],
    diagnostics: list[Diagnostic],
    sources: dict[str, Source],
    load_text: Read = from_disk,
) -> Document | None:
    source = load_text(path, shown(path))
    if isinstance(source, Unreadable):
        diagnostics.append(source.diagnostic)
        return None
    sources[source.name] = source
    parsed = parse_one(source)
    problems = [*parsed.problems, *(problem for document in parsed.documents for problem in folded_lists(document))]
    diagnostics.extend(problems)
    return None if problems or not parsed.documents else parsed.documents[0]


def _workspace(document: Document | None, diagnostics: list[Diagnostic], file: Path | None) -> LoadedWorkspace:
    """The defaults, where there is no file that can be read."""
    if document is None or file is None:
        return LoadedWorkspace(Workspace(apiVersion="svc/v1"))
    document, renamed = updated(document, "workspace")
    diagnostics += renamed
    found, problems = validate(Workspace, annotated(document))
    for problem in problems:
        place = document.place(problem.route, problem.anchor)
        diagnostics.append(Diagnostic(problem.id, problem.severity, problem.message, place, problem.help))
    return LoadedWorkspace(found or Workspace(apiVersion="svc/v1"), document, file.name, found is not None)


def _evaluated(
    files: Sequence[Path],
    near: Sequence[Path],
    shown: Callable[[Path], str],
    box: Toolbox | None,
    diagnostics: list[Diagnostic],
    sources: dict[str, Source],
) -> tuple[Mapping[Path, Document], Mapping[Path, tuple[Path, ...]]]:
    """Every spec that is written in CUE, by one call. Neighbours alone are no reason to complain of CUE."""
    wanted = [file for file in files if file.suffix == _CUE]
    others = [file for file in near if file.suffix == _CUE]
    if not wanted and not others:
        return {}, {}
    from svc.cue import evaluate
    from svc.tools import toolbox

    made = evaluate([*wanted, *others], shown, box or toolbox({}))
    sources.update(made.sources)
    if any(file not in made.documents for file in wanted):
        diagnostics.extend(made.diagnostics)
    return made.documents, made.reached


def _spec(
    file: Path,
    root: Path,
    overrides: Sequence[Override],
    document: Document,
    opened: tuple[Callable[[Path], str], dict[str, Source]],
) -> Spec:
    """`opened`: how files are named, and where those that the spec reads are noted for reports."""
    directory = os.path.relpath(file.absolute().parent, root).replace(os.sep, "/")
    directory = "" if directory == "." else directory
    path = f"{directory}/{file.name}" if directory else file.name
    return Spec(document, directory, path, *readers(file, document.source.text, *opened), overrides)
