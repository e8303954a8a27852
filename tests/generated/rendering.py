"""What the real Helm renders of a chart: for its environments, and for the values with which templates are probed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generated.parsers import of_yaml
from judges import real
from svc import tools
from svc.emit import emit
from svc.pipeline import Piece
from svc.targets.helm.probes import probes

_NOTES = 'kind: Notes\nsaid: {{ tpl (.Files.Get "notes.copy") . | b64enc }}\n'
Change = tuple[str, str, str]
"""Path, what was done, and the text then."""


class Rendering:
    def __init__(self, piece: Piece, files: Mapping[str, str], folder: Path) -> None:
        self.chart, self.files, self.folder = piece.artifact, files, folder
        for path, text in files.items():
            self._write(path, text)
        self._write(self.chart.path("templates/zz-notes.yaml"), _NOTES)
        self.runs = [
            (self.chart.name, one.namespace, f"values-{one.name}.yaml", files[self.chart.path("values.yaml")])
            for one in self.chart.environments
        ]
        for one in probes(self.chart):
            self.runs.append((one.name, one.namespace, "values.yaml", emit(dict(one.values)).text))
        self.before: dict[int, Any] = {}

    def changed(self, changes: Sequence[Change]) -> list[Change]:
        """The changes with which something else is rendered; those of places that do not touch are tried together first."""
        found: list[Change] = []
        left = list(changes)
        while left:
            group: list[Change] = []
            ends: dict[str, int] = {}
            for one in sorted(left, key=lambda one: _region(self.files[one[0]], one[2])[:2]):
                start, end, _ = _region(self.files[one[0]], one[2])
                if start > ends.get(one[0], -1):
                    group.append(one)
                    ends[one[0]] = end + 1
            found += self._different(group)
            left = [one for one in left if one not in group]
        return found

    def _different(self, group: Sequence[Change]) -> list[Change]:
        if self._same(group):
            return []
        if len(group) == 1:
            return list(group)
        half = len(group) // 2
        found = [*self._different(group[:half]), *self._different(group[half:])]
        return found or [one for one in group if not self._same([one])]

    def _same(self, group: Sequence[Change]) -> bool:
        texts = {path: self.files[path].splitlines(keepends=True) for path, _, _ in group}
        for path, _, text in sorted(group, key=lambda one: -_region(self.files[one[0]], one[2])[0]):
            start, end, lines = _region(self.files[path], text)
            texts[path][start:end] = lines
        same = True
        for number in range(len(self.runs)):
            if number not in self.before:
                self.before[number] = self._meaning(number)
                assert self.before[number] is not None
            for path, changed in texts.items():
                self._write(path, "".join(changed))
            same = self._meaning(number) == self.before[number]
            for path in texts:
                self._write(path, self.files[path])
            if not same:
                break
        return same

    def _meaning(self, number: int) -> Any:
        """Of one run. None: Helm does not take it."""
        release, namespace, file, values = self.runs[number]
        self._write(self.chart.path("values.yaml"), values)
        options = ["--values", file, "--namespace", namespace, "--skip-schema-validation"]
        done = tools.run(
            real.located("helm"), ["template", release, ".", *options], cwd=self.folder / self.chart.path("")
        )
        read = of_yaml(done.stdout, self.folder) if done.returncode == 0 else None
        return read and [one for one in read if one != ("NoneType", None)]  # no object, no document

    def _write(self, path: str, text: str) -> None:
        if path.endswith("/templates/NOTES.txt"):  # which `helm template` does not print
            self._write(self.chart.path("notes.copy"), text)
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, "utf-8")


def _region(before: str, after: str) -> tuple[int, int, list[str]]:
    """The lines that a change takes away, from and to, and what stands there then."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start = next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
    most = min(len(old), len(new)) - start
    tail = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    return start, len(old) - tail, new[start : len(new) - tail]
