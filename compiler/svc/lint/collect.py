"""Reads everything that a run names: files, folders, standard input."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from svc.folders import Refused, leads_out
from svc.lint import ahead, kustomized, readers
from svc.lint.ahead import Entry
from svc.lint.called import with_callers
from svc.lint.linted import Linted
from svc.lint.walk import LOCK, YAML, chart_root, is_dockerfile, is_terraform, is_values, may_be_known, walk
from svc.patterns import regex
from svc.policy.types import KUBERNETES_MINOR
from svc.source import Source, Unreadable, is_folder, load, unreadable
from svc.tools import Toolbox

_GIVEN = tuple(f"{folders}*.tfvars{form}" for folders in ("", "*/", "*/*/") for form in ("", ".json"))
_FROM = regex(r"(?mi)^\s*FROM\s+\S")

Load = Callable[[Path, str], Source | Unreadable]
"""How a file's text is had: from disk, or, for standard input, from what was read already."""
Share = Callable[[Sequence[Entry], Linted], bool]
"""Adds entries to a run, each judged already; False where nothing may be judged."""


def from_disk(file: Path, name: str) -> Source | Unreadable:
    return load(file, name=name)


def collect(
    paths: Sequence[Path],
    shown: Callable[[Path], str],
    read: Load = from_disk,
    *,
    box: Callable[[], Toolbox] | None = None,
    minor: int = 0,
    share: Share | None = None,
    unknown: bool = False,
    exclude: Sequence[str] = (),
) -> Linted:
    """Reads everything at the paths. A folder is searched; a file that is named must be of a known kind, but for `unknown`.

    `exclude`: patterns of what a search passes over. `box`: where Helm may be, to judge charts as it renders them for Kubernetes 1.`minor`. `share`: who may judge many files
    ahead of the rest.
    """
    linted = Linted()

    def refused(folder: Path, error: OSError) -> None:
        linted.say(unreadable(shown(folder), error).diagnostic)

    entries = list(_entries(_found(paths, exclude, refused), shown, read, linted, unknown))
    if share is None or len(entries) < ahead.PAYS or not share(entries, linted):
        for entry in entries:
            ahead.read(entry, linted)
    if linted.charts or linted.templates:
        from svc.lint import charts

        def plain(source: Source, file: Path) -> None:
            readers.yaml(source, file, False, linted)

        charts.settle(linted, read, box, minor or KUBERNETES_MINOR, plain)
    return linted


def _found(paths: Sequence[Path], exclude: Sequence[str], refused: Refused) -> Iterator[tuple[Path, bool]]:
    """The files at the paths, once each, and whether they were named."""
    seen: set[Path] = set()
    for path in paths:
        named = not is_folder(path)
        for file in (path,) if named else walk(path, exclude, refused):
            if file not in seen:
                seen.add(file)
                yield file, named


def _entries(
    found: Iterable[tuple[Path, bool]], shown: Callable[[Path], str], read: Load, linted: Linted, unknown: bool
) -> Iterator[Entry]:
    """What is to be read, with its text. Terraform files come last, those of a folder together."""
    modules: dict[Path, dict[str, Path]] = {}
    named_: list[Path] = []
    for file, named in found:
        if is_terraform(file):
            modules.setdefault(file.parent.absolute(), {}).setdefault(shown(file), file)
        elif named or may_be_known(file):
            source = _source(file, shown(file), linted, read)
            if source is None:
                continue
            entry = recognised(source, file, named=named and not unknown, linted=linted)
            if entry is not None:
                named_ += [file] if named and entry.reader == "yaml" and kustomized.concerns(file, source) else []
                yield entry
    for file, source in _kustomized(named_, shown, read, linted):
        linted.beside.add(source.name)
        linted.sources[source.name], linted.files[source.name] = source, file
        yield Entry("yaml", (source,), file)
    yield from with_callers(list(_modules(modules, shown, read, linted)))


def _modules(
    modules: Mapping[Path, Mapping[str, Path]], shown: Callable[[Path], str], read: Load, linted: Linted
) -> Iterator[Entry]:
    for files in modules.values():
        folder = next(iter(files.values())).parent
        beside = [file for file in _module(folder) if shown(file) not in files]
        linted.beside.update(map(shown, beside))
        given = _given(folder)
        ours = [file for file in given if _is_ours(file, folder)]
        every = [*sorted([*files.values(), *beside]), *ours]
        texts = [source for file in every if (source := _source(file, shown(file), linted, read)) is not None]
        linked = any(one.is_symlink() for one in folder.glob("*.t*") if is_terraform(one))
        whole = len(texts) == len(every) and len(ours) == len(given) and not linked
        yield Entry("terraform", (*texts, *_locked(folder, shown, read)), folder, folder=shown(folder), whole=whole)


def _kustomized(
    named: Sequence[Path], shown: Callable[[Path], str], read: Load, linted: Linted
) -> Iterator[tuple[Path, Source]]:
    """What manifests mean something with, if it is not in the run. Nothing is said of what cannot be read."""

    def ask(file: Path) -> Source | None:
        source = read(file, shown(file)) if _is_ours(file, file.parent) else None
        return source if isinstance(source, Source) else None

    known = {file.absolute(): linted.sources[name] for name, file in linted.files.items()}
    return kustomized.beside(named, known, ask)


def _module(folder: Path) -> Iterator[Path]:
    """The files of a module: one of them that is named means what it means among the others."""
    return (one for one in folder.glob("*.t*") if is_terraform(one) and one.is_file() and not one.is_symlink())


def _given(folder: Path) -> list[Path]:
    """The files that give a module its variables, in its folder or in folders for its places."""
    found = (file for pattern in _GIVEN for file in folder.glob(pattern))
    return sorted(
        one for one in found if one.is_file() and not any(part[:1] == "." for part in one.relative_to(folder).parts)
    )


def _is_ours(file: Path, folder: Path) -> bool:
    """Whether a file is there, and in the repository of the folder: what a link gives from elsewhere is not shown."""
    return os.path.isfile(file) and not leads_out(file, folder)  # noqa: PTH113 - it may not be ours to read


def _locked(folder: Path, shown: Callable[[Path], str], read: Load) -> Iterator[Source]:
    """The file with the versions of a module's providers. Nothing is said of one that cannot be read."""
    file = folder / LOCK
    source = read(file, shown(file)) if _is_ours(file, folder) else None
    if isinstance(source, Source):
        yield source


def _source(file: Path, name: str, linted: Linted, read: Load) -> Source | None:
    source = read(file, name)
    if isinstance(source, Unreadable):
        linted.say(source.diagnostic)
        return None
    linted.sources[name] = source
    linted.files[name] = file
    return source


def recognised(source: Source, file: Path, *, named: bool, linted: Linted) -> Entry | None:
    """What is to be read by its kind's reader; all else is settled at once."""
    other = file.suffix not in YAML and not is_dockerfile(file)
    if is_dockerfile(file, source.text) or (other and _FROM.search(source.text)):
        linted.dockerfiles.add(source.name)
        return Entry("dockerfile", (source,), file)
    if file.suffix == ".cue":
        if file.name == "service.cue":
            return Entry("spec", (source,), file)
        if named:
            linted.say(readers.not_recognised(source.name))
    elif file.suffix not in YAML and file.suffix:
        if named:
            linted.say(readers.not_recognised(source.name))
    elif (root := chart_root(file)) is not None:
        linted.templates.append((root, source, file))
    elif not named and is_values(file):
        pass  # read with its chart
    else:
        return Entry("yaml", (source,), file, named)
    return None
