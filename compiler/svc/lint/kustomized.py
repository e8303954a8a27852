"""What Kustomize makes of the manifests of a run: which files belong together, and which images it names anew.

A kustomization pins images by name, whatever the manifests say: what they lack is said of them only where it stays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from svc.checks._images import Reference, reference
from svc.checks._pods import items, mappings
from svc.kubernetes.kustomize import KINDS, NAMES
from svc.policy.types import Finding, Policy
from svc.source import Source
from svc.targets.protocol import Subject

_CHECKS = frozenset({"image_latest", "image_pinned"})
_LISTS = ("resources", "bases", "components")
_ABOVE = 7
"""Folders above a file in which a kustomization is looked for."""
_MOST = 500
"""Files that are read because a kustomization names them."""

Ask = Callable[[Path], Source | None]


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
            for each in _named(document.data, str(file.parent)):
                path = _file(Path(each))
                if path in seen or (found := ask(path)) is None:
                    continue
                left -= 1
                seen.add(path)
                yield path, found
                open_ += [(path, found)] if path.name in NAMES and left else []


def settled(found: Sequence[Finding], subjects: Sequence[Subject], policies: Sequence[Policy]) -> list[Finding]:
    """The findings without those about images that a kustomization names anew, or that manifests say."""
    ours = [one for one in subjects if one.surface == "kubernetes" and one.artifact.kind in KINDS]
    about = {one.id for one in policies if one.check in _CHECKS}
    if not ours or not any(one.policy in about for one in found):
        return list(found)
    made = _Made(ours, subjects)
    return [one for one in found if one.policy not in about or not made.elsewhere(one)]


class _Made:
    """What the kustomizations of a run make, by the names of files in it."""

    def __init__(self, ours: Sequence[Subject], subjects: Sequence[Subject]) -> None:
        self._ours = {_name(one): one.artifact.tree.data for one in ours}
        self._by_folder = {dirname(name): name for name in self._ours}
        reached = {name: self._reached(name) for name in self._ours}
        inner = {one for name, files in reached.items() for one in files if one != name}
        self._roots = [(files, self._entries(files)) for name, files in reached.items() if name not in inner]
        self._all = reached
        self._images: dict[str, list[Reference]] = {}
        for subject in subjects:
            if subject.surface == "kubernetes":
                images = (container.get("image") for _, container in subject.artifact.containers())
                self._images.setdefault(_name(subject), []).extend(
                    reference(image) for image in images if isinstance(image, str)
                )

    def elsewhere(self, finding: Finding) -> bool:
        file, tree = _name(finding.subject), finding.subject.artifact.tree
        if file in self._ours:
            entry = tree.get(*finding.route[:-1])
            return finding.route[-1] != "newTag" and self._said(file, str(entry.get("name")))
        image = reference(str(tree.get(*finding.route)))
        makers = [entries.get(image.repository) for files, entries in self._roots if file in files]
        return bool(makers) and all(one is not None and (one or not _has_version(image)) for one in makers)

    def _said(self, file: str, name: str) -> bool:
        """Whether the manifests below a kustomization have a tag or a digest wherever they name an image."""
        below = [one for each in self._all[file] for one in self._images.get(each, ()) if one.repository == name]
        return bool(below) and all(map(_has_version, below))

    def _entries(self, files: set[str]) -> dict[str, bool]:
        """The images that kustomizations name anew, and whether one of them gives a tag or a digest."""
        found: dict[str, bool] = {}
        for file in files:
            for _, entry in mappings(self._ours.get(file), "images"):
                name = str(entry.get("name"))
                found[name] = found.get(name, False) or bool(entry.get("newTag") or entry.get("digest"))
        return found

    def _reached(self, name: str) -> set[str]:
        found, left = {name}, [name]
        while left:
            file = left.pop()
            for one in _named(self._ours.get(file), dirname(file)):
                path = self._by_folder.get(one, one)
                if path not in found:
                    found.add(path)
                    left.append(path)
        return found


def _has_version(image: Reference) -> bool:
    return bool(image.tag or image.digest)


def _name(subject: Subject) -> str:
    return normpath(subject.key.rpartition("#")[0].replace("\\", "/"))


def _named(data: Any, folder: str) -> Iterator[str]:
    """What a kustomization is made of, where it would be on disk; addresses of other hosts lead nowhere."""
    for key in _LISTS:
        for one in items(data, key):
            if isinstance(one, str) and "://" not in one:
                yield normpath(join(folder.replace("\\", "/"), one))


def _file(path: Path) -> Path:
    """A kustomization of a folder; a file itself."""
    if not path.is_dir():
        return path
    return next((path / name for name in sorted(NAMES) if (path / name).is_file()), path)
