"""The kustomizations of a run, and the files that each is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath
from typing import Any

from svc.kubernetes.kustomize import LISTS, is_kustomization, is_local
from svc.kubernetes.patches import Kustomization, Laid, laid, of_object, patches
from svc.targets.protocol import Subject
from svc.tree import items, mappings

_MORE = ("helmCharts", "helmChartInflationGenerator", "generators", "transformers", "configurations")
"""What makes objects, changes names or says where images and numbers stand, and nobody sees it in the files."""


def file_of(subject: Subject) -> str:
    return file_at(subject.key)


def file_at(key: str) -> str:
    return normpath(key.rpartition("#")[0].replace("\\", "/"))


def made_of(data: Any, folder: str) -> Iterator[str]:
    """What a kustomization is made of, where it would be on disk; addresses of other hosts lead nowhere."""
    for key in LISTS:
        for one in items(data, key):
            if isinstance(one, str):
                yield normpath(join(folder.replace("\\", "/"), one)) if is_local(one) else one


class Kustomized:
    """`data`: the kustomizations, by file. `files`: those that each is made of, itself included; `makers`: those that are
    made of a file; `over`: the files of patches that are laid over these."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        ours = [one for one in subjects if one.surface == "kubernetes"]
        self.subjects: dict[str, list[Subject]] = {}
        for one in ours:
            self.subjects.setdefault(file_of(one), []).append(one)
        self._known = {file_of(one): dict(one.artifact.laid) for one in ours if isinstance(one.artifact, Kustomization)}
        self.data = {
            file_of(one): one.artifact.tree.data
            for one in ours
            if is_kustomization(one.artifact.api_version, one.artifact.kind)
        }
        self._read: dict[str, list[Laid | None]] = {}
        self._by_folder = {dirname(name): name for name in self.data}
        self.files = {name: self._reached(name) for name in self.data}
        self.makers: dict[str, set[str]] = {}
        for name, files in self.files.items():
            for file in files:
                self.makers.setdefault(file, set()).add(name)
        self.over = {
            name: {_beside(file, one.path) for file in files for one in patches(self.data.get(file)) if one.path}
            for name, files in self.files.items()
        }

    def roots(self) -> list[str]:
        """Those that no other is made of."""
        inner = {one for name, files in self.files.items() for one in files if one != name}
        return [name for name in self.data if name not in inner]

    def whole(self, name: str) -> bool:
        """Whether everything that a kustomization is made of is in the run; what is laid over that may not be."""
        files = self.files[name]
        return all(one in self.subjects for one in files) and not any(
            self.data[one].get(key) for one in files if one in self.data for key in _MORE
        )

    def is_component(self, name: str) -> bool:
        """Whether a kustomization changes what others are made of."""
        return bool(self.data[name].get("kind") == "Component")

    def laid(self, name: str) -> list[Laid | None]:
        """What is laid over a kustomization and all that it is made of; None for what nobody has read."""
        return [one for file in sorted(self.files[name] & self.data.keys()) for one in self._laid_by(file)]

    def named(self, file: str) -> frozenset[str]:
        """What patches name that are laid over a file, or over what is deployed with it."""
        return frozenset(
            each for name in self.makers.get(file, ()) for one in self.laid(name) if one for each in one.names
        )

    def labelled(self, file: str) -> bool:
        """Whether a kustomization adds labels to the selectors in a file."""
        makers = [self.data[name] for name in self.makers.get(file, ())]
        added = (each for one in makers for _, each in mappings(one, "labels"))
        return any(one.get("commonLabels") for one in makers) or any(each.get("includeSelectors") for each in added)

    def moved(self, file: str) -> bool:
        """Whether a kustomization puts a file's objects into a namespace of its own."""
        return any(self.data[name].get("namespace") for name in self.makers.get(file, ()))

    def _laid_by(self, file: str) -> list[Laid | None]:
        if file not in self._read:
            found = [laid(one.text) if one.text else self.of_file(file, one.path) for one in patches(self.data[file])]
            self._read[file] = found
        return self._read[file]

    def of_file(self, file: str, path: str) -> Laid | None:
        """What a file of patches says that a kustomization names."""
        known = self._known.get(file, {}).get(path)
        read = [of_object(one.artifact.tree.data) for one in self.subjects.get(_beside(file, path), ())]
        if known is not None or not read:
            return known
        return Laid(
            tuple(one for each in read for one in each.images),
            tuple(one for each in read for one in each.objects),
            scales=any(one.scales for one in read),
            names=tuple(one for each in read for one in each.names),
        )

    def _reached(self, name: str) -> set[str]:
        found, left = {name}, [name]
        while left:
            file = left.pop()
            for one in made_of(self.data.get(file), dirname(file)):
                path = self._by_folder.get(one, one)
                if path not in found:
                    found.add(path)
                    left.append(path)
        return found


def _beside(file: str, path: str) -> str:
    return normpath(join(dirname(file), path))
