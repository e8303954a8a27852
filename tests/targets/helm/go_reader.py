"""YAML as Go reads it for Kubernetes (`sigs.k8s.io/yaml`): words and numbers of YAML 1.1 among those of 1.2. Helm itself is asked."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from judges import real
from svc import tools

_TEMPLATE = '{{ range $path, $_ := .Files.Glob "docs/*" }}\n---\nread: {{ dict "path" $path "data" ($.Files.Get $path | fromYaml) | toJson | b64enc }}\n{{ end }}\n'  # fmt: skip


def as_kubernetes_reads(texts: Sequence[str], folder: Path) -> list[list[Any]]:
    """The documents of each text of rendered manifests, in their order."""
    (folder / "docs").mkdir(parents=True)
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("{apiVersion: v2, name: reader, version: 1.0.0}\n", "utf-8")
    (folder / "templates" / "read.yaml").write_text(_TEMPLATE, "utf-8")
    for number, text in enumerate(texts):
        for index, document in enumerate(re.split(r"^---\n", text, flags=re.MULTILINE)[1:]):
            (folder / "docs" / f"{number:04d}-{index:04d}").write_text(document, "utf-8")
    done = tools.run(real.located("helm"), ["template", "reader", "."], cwd=folder)
    assert done.returncode == 0, done.stderr
    found: list[list[Any]] = [[] for _ in texts]
    read = [json.loads(b64decode(word)) for word in re.findall(r"^read: (\S+)$", done.stdout, re.MULTILINE)]
    for one in sorted(read, key=lambda one: str(one["path"])):
        if one["data"]:  # comments alone are no document
            found[int(one["path"].removeprefix("docs/")[:4])].append(one["data"])
    return found


def alike(one: Any, other: Any) -> bool:
    """Equal as JSON: numbers by what they are, and nothing else for a number."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other)]
    return bool(one == other) and (all(numbers) or type(one) is type(other))


def differing(one: Any, other: Any) -> Any:
    """The innermost parts that are not alike."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((differing(one[key], other[key]) for key in one if not alike(one[key], other[key])), None)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return next((differing(*pair) for pair in zip(one, other, strict=True) if not alike(*pair)), None)
    return one, other
