"""Many renderings of one chart by one run of the real Helm: an umbrella chart that depends on it again and again.

Each dependency has an alias, and its own values under it; so what is tried is the chart as a dependency, too.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from svc import tools

_HEAD = re.compile(r"^---\n# Source: umbrella/charts/n(\d+)/(\S+)\n", re.MULTILINE)
_AT = re.compile(r"umbrella/charts/n(\d+)/")
_REFUSED = re.compile(r"^n(\d+):$", re.MULTILINE)
AT_ONCE = 60

Documents = tuple[tuple[str, str], ...]
"""Path in the chart and text of every object."""


class Umbrella:
    """`made`: what Helm renders with the values, or its words when it does not."""

    def __init__(self, helm: tools.Located, chart: Path, folder: Path) -> None:
        self.helm, self.folder = helm, folder
        self.name = yaml.safe_load((chart / "Chart.yaml").read_text("utf-8"))["name"]
        self.version = yaml.safe_load((chart / "Chart.yaml").read_text("utf-8"))["version"]
        shutil.copytree(chart, folder / "charts" / self.name)

    def made(self, values: Sequence[Mapping[str, Any]], *options: str) -> list[Documents | str]:
        found: dict[int, Documents | str] = {}
        for start in range(0, len(values), AT_ONCE):
            self._several({at: values[at] for at in range(start, min(start + AT_ONCE, len(values)))}, options, found)
        return [found[at] for at in range(len(values))]

    def _several(
        self, values: dict[int, Mapping[str, Any]], options: Sequence[str], found: dict[int, Documents | str]
    ) -> None:
        while values:
            done = self._run(values, options)
            if done.returncode == 0:
                found.update(dict.fromkeys(values, ()))
                found.update(_parts(done.stdout))
                return
            refused = {int(one) for one in _REFUSED.findall(done.stderr)} or {
                int(one) for one in _AT.findall(done.stderr)[:1]
            }
            assert refused & values.keys(), done.stderr
            for at in refused & values.keys():
                found[at] = done.stderr
                del values[at]

    def _run(self, values: Mapping[int, Mapping[str, Any]], options: Sequence[str]) -> tools.Completed:
        dependencies = [{"name": self.name, "version": self.version, "alias": f"n{at}"} for at in values]
        head = {"apiVersion": "v2", "name": "umbrella", "version": "0.1.0", "dependencies": dependencies}
        (self.folder / "Chart.yaml").write_text(json.dumps(head), "utf-8")
        over = json.dumps({f"n{at}": one for at, one in values.items()})
        # Helm takes a file for empty whose last line has no end and fills its reader's 4096 bytes exactly.
        (self.folder / "over.json").write_text(f"{over}\n", "utf-8")
        arguments = ["template", self.name, ".", "--values", "over.json", *options]
        return tools.run(self.helm, arguments, cwd=self.folder, output_limit=100_000_000, timeout=120)


def _parts(text: str) -> dict[int, Documents]:
    found: dict[int, list[tuple[str, str]]] = {}
    pieces = _HEAD.split(text)
    for at, path, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        found.setdefault(int(at), []).append((path, body))
    return {at: tuple(each) for at, each in found.items()}
