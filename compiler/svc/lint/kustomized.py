"""What Kustomize makes of the manifests of a run: which files belong together, and which images it names anew.

A kustomization pins images by name, whatever the manifests say: what they lack is said of them only where it stays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.checks._images import Reference, reference
from svc.checks._kustomized import LISTS, Kustomized, file_of, made_of
from svc.checks._pods import items, mappings
from svc.diagnostics import Route
from svc.kubernetes.kustomize import KINDS, NAMES
from svc.policy.types import Finding, Policy
from svc.source import Source
from svc.suggest import nearest
from svc.targets.protocol import Subject

if TYPE_CHECKING:
    from svc.parse import Document

_CHECKS = frozenset({"image_latest", "image_pinned"})
_ABOVE = 7
"""Folders above a file in which a kustomization is looked for."""
_MOST = 500
"""Files that are read because a kustomization names them."""

Ask = Callable[[Path], Source | None]


def concerns(file: Path, source: Source) -> bool:
    """Whether a text may hold objects that a kustomization is made of, or be one."""
    return file.name in NAMES or "apiVersion" in source.text


def above(file: Path) -> Iterator[Path]:
    """Where kustomizations that name a file could be: Kustomize takes patches from its own folder and below."""
    for folder in file.absolute().parents[:_ABOVE]:
        yield from (folder / name for name in sorted(NAMES))
        if os.path.exists(folder / ".git"):  # noqa: PTH110 - asked for every file
            return


def beside(named: Sequence[Path], known: Mapping[Path, Source], ask: Ask) -> Iterator[tuple[Path, Source]]:
    """The kustomizations above files that were `named`, and, where one of the run gives images other names, the
    manifests that it is made of; what is `known`, by the whole path, is not read again."""
    seen, left = set(known), _MOST
    for file in dict.fromkeys(one for each in named for one in above(each)):
        if file not in seen and (source := ask(file)) is not None:
            seen.add(file)
            yield file, source
    open_ = [(file, source) for file, source in known.items() if file.name in NAMES and "newName" in source.text]
    while open_ and left:
        from svc.parse import parse

        file, source = open_.pop()
        for document in parse(source).documents:
            for each in made_of(document.data, str(file.parent)):
                path = _file(Path(each))
                if path in seen or (found := ask(path)) is None:
                    continue
                left -= 1
                seen.add(path)
                yield path, found
                open_ += [(path, found)] if path.name in NAMES and left else []


def absent(documents: Sequence[Document], file: Path) -> Iterator[tuple[Document, Route, str]]:
    """What a kustomization is made of and lays over it, and what is not on disk. Files of generators may be secret ones
    that no repository has; what a program fetches from elsewhere is not looked for."""
    if file.name not in NAMES or not os.path.isfile(file):  # noqa: PTH113 - asked for every file
        return
    for document in documents:
        for route, name in _local(document.data):
            path = file.parent / name
            if path.is_dir() and route[0] in LISTS and not any((path / one).is_file() for one in NAMES):
                yield document, route, f"the folder `{name}` has no `kustomization.yaml`"
            elif not path.exists():
                beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
                yield document, route, f"there is no `{name}`{nearest(path.name, beside)}"


def lacks(source: Source, file: Path) -> list[tuple[Route, str]]:
    """As above, of the text of any file."""
    from svc.parse import parse

    if file.name not in NAMES:
        return []
    return [(route, message) for _, route, message in absent(parse(source).documents, file)]


def paths(source: Source, file: Path) -> Iterator[str]:
    """Where what a kustomization names would be on disk; a folder stands for its list."""
    from svc.parse import parse

    for document in parse(source).documents:
        for _, name in _local(document.data):
            yield str(file.parent / name)
            yield from (str(file.parent / name / one) for one in NAMES)


def _local(data: Any) -> Iterator[tuple[Route, str]]:
    """Names of files and folders, where they stand."""
    for key in (*LISTS, "crds", "patchesStrategicMerge"):
        for index, one in enumerate(items(data, key)):
            if isinstance(one, str) and _is_local(one):
                yield (key, index), one
    for index, patch in mappings(data, "patches"):
        if isinstance(patch.get("path"), str) and _is_local(patch["path"]):
            yield ("patches", index, "path"), patch["path"]


def _is_local(name: str) -> bool:
    """Not what is written out, an address, or `github.com/somebody/something`."""
    if "\n" in name or ": " in name or "$" in name or "://" in name or "?" in name or "@" in name:
        return False
    first, slash, _ = name.partition("/")
    return not slash or first in (".", "..") or not ("." in first.strip(".") or ":" in first)


def settled(found: Sequence[Finding], subjects: Sequence[Subject], policies: Sequence[Policy]) -> list[Finding]:
    """The findings without those about images that a kustomization names anew, or that manifests say."""
    ours = any(one.surface == "kubernetes" and one.artifact.kind in KINDS for one in subjects)
    about = {one.id for one in policies if one.check in _CHECKS}
    if not ours or not any(one.policy in about for one in found):
        return list(found)
    made = _Made(subjects)
    return [one for one in found if one.policy not in about or not made.elsewhere(one)]


class _Made:
    """What the kustomizations of a run make, by the names of files in it."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._run = Kustomized(subjects)
        roots = [self._run.files[name] for name in self._run.roots()]
        self._roots = [(files, self._entries(files)) for files in roots]
        self._images: dict[str, list[Reference]] = {}
        for file, several in self._run.subjects.items():
            images = [one.get("image") for subject in several for _, one in subject.artifact.containers()]
            self._images[file] = [reference(image) for image in images if isinstance(image, str)]

    def elsewhere(self, finding: Finding) -> bool:
        file, tree = file_of(finding.subject), finding.subject.artifact.tree
        if file in self._run.data:
            entry = tree.get(*finding.route[:-1])
            return finding.route[-1] != "newTag" and self._said(file, str(entry.get("name")))
        image = reference(str(tree.get(*finding.route)))
        makers = [entries.get(image.repository) for files, entries in self._roots if file in files]
        return bool(makers) and all(one is not None and (one or not _has_version(image)) for one in makers)

    def _said(self, file: str, name: str) -> bool:
        """Whether the manifests below a kustomization, or one that it is a part of, give an image a tag or a digest."""
        below = [one for each in self._run.files[file] for one in self._images.get(each, ()) if one.repository == name]
        makers = [entries.get(name, False) for files, entries in self._roots if file in files]
        return (bool(below) and all(map(_has_version, below))) or all(makers)

    def _entries(self, files: set[str]) -> dict[str, bool]:
        """The images that kustomizations name anew, and whether one of them gives a tag or a digest, also by the new name."""
        entries = [one for file in files for _, one in mappings(self._run.data.get(file), "images")]
        known = {str(one.get("name")): False for one in entries}
        known.update({str(one.get("name")): True for one in entries if one.get("newTag") or one.get("digest")})
        return {
            name: one or any(known.get(anew, False) for anew in _renamed(name, entries)) for name, one in known.items()
        }


def _renamed(name: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    return (str(one["newName"]) for one in entries if one.get("name") == name and one.get("newName"))


def _has_version(image: Reference) -> bool:
    return bool(image.tag or image.digest)


def _file(path: Path) -> Path:
    """A kustomization of a folder; a file itself."""
    if not path.is_dir():
        return path
    return next((path / name for name in sorted(NAMES) if (path / name).is_file()), path)
