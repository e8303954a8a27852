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
        self.before = self._meaning()
        assert None not in self.before

    def changed(self, changes: Sequence[Change]) -> list[Change]:
        """The changes with which something else is rendered. Changes of different files are tried together first."""
        found: list[Change] = []
        left = list(changes)
        while left:
            group = list({path: (path, operator, text) for path, operator, text in left}.values())
            if not self._same(group):
                found += [one for one in group if not self._same([one])]
            left = [one for one in left if one not in group]
        return found

    def _same(self, group: Sequence[Change]) -> bool:
        for path, _, text in group:
            self._write(path, text)
        same = self._meaning() == self.before
        for path, _, _ in group:
            self._write(path, self.files[path])
        return same

    def _meaning(self) -> list[Any]:
        found = []
        for release, namespace, file, values in self.runs:
            self._write(self.chart.path("values.yaml"), values)
            options = ["--values", file, "--namespace", namespace, "--skip-schema-validation"]
            done = tools.run(
                real.located("helm"), ["template", release, ".", *options], cwd=self.folder / self.chart.path("")
            )
            read = of_yaml(done.stdout, self.folder) if done.returncode == 0 else None
            found.append(read and [one for one in read if one != ("NoneType", None)])  # no object, no document
        return found

    def _write(self, path: str, text: str) -> None:
        if path.endswith("/templates/NOTES.txt"):  # which `helm template` does not print
            self._write(self.chart.path("notes.copy"), text)
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, "utf-8")
