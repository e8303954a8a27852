"""The kustomizations of a run, and the files that each is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath
from typing import Any

from svc.checks._pods import items
from svc.kubernetes.kustomize import KINDS
from svc.targets.protocol import Subject

LISTS = ("resources", "bases", "components")
_MORE = ("helmCharts", "helmChartInflationGenerator", "generators", "transformers")
"""What makes objects, or changes names, that nobody sees in the files."""


def file_of(subject: Subject) -> str:
    return normpath(subject.key.rpartition("#")[0].replace("\\", "/"))


def made_of(data: Any, folder: str) -> Iterator[str]:
    """What a kustomization is made of, where it would be on disk; addresses of other hosts lead nowhere."""
    for key in LISTS:
        for one in items(data, key):
            if isinstance(one, str):
                yield one if "://" in one else normpath(join(folder.replace("\\", "/"), one))


class Kustomized:
    """`data`: the kustomizations, by file. `files`: those that each is made of, itself included."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        ours = [one for one in subjects if one.surface == "kubernetes"]
        self.subjects: dict[str, list[Subject]] = {}
        for one in ours:
            self.subjects.setdefault(file_of(one), []).append(one)
        self.data = {file_of(one): one.artifact.tree.data for one in ours if one.artifact.kind in KINDS}
        self._by_folder = {dirname(name): name for name in self.data}
        self.files = {name: self._reached(name) for name in self.data}

    def roots(self) -> list[str]:
        """Those that no other is made of."""
        inner = {one for name, files in self.files.items() for one in files if one != name}
        return [name for name in self.data if name not in inner]

    def whole(self, name: str) -> bool:
        """Whether everything that a kustomization is made of is in the run."""
        files = self.files[name]
        return all(one in self.subjects for one in files) and not any(
            self.data[one].get(key) for one in files if one in self.data for key in _MORE
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
