"""What a chart is rendered with, and what stands in its places for that.

More is refused than Helm refuses: values that it would print, but not as what they are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from svc.digests import sha256
from svc.records import dataclass, field
from svc.targets.helm.types import Chart, Hole, Path, When
from svc.tree import EXACT

_PRINTED_WHOLE = 10**6
"""From here on Helm prints whole numbers with an exponent where a text is made of them."""
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "flag": (bool,),
    "integer": (int,),
    "scalar": (str, bool, int, float),
    "block": (dict, list),
    "json": (str, bool, int, float, dict, list),
}
"""Form of a hole -> what its value may be."""


class Unsound(ValueError):
    """A chart that cannot give what its trees say."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a chart is rendered with: all values, merged. `known`: helpers that were worked out."""

    chart: Chart
    values: Mapping[str, Any]
    name: str
    namespace: str
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


def filled(release: Release, hole: Hole) -> Any:
    """What is printed in the place of a hole."""
    value = at(release, hole.path)
    kinds = _TYPES[hole.form]
    if hole.form == "string" and type(value) is int and abs(value) < _PRINTED_WHOLE:
        return str(value)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise Unsound(f"{'.'.join(hole.path)} is printed as {hole.form}, and is {value!r}")
    return value


def builtin(release: Release, name: str) -> str:
    """A fact of the release, which Helm itself gives."""
    known = {"Release.Name": release.name, "Release.Service": "Helm", "Chart.AppVersion": release.chart.app_version}
    if name not in known:
        raise Unsound(f"Helm gives no {name}")
    if not known[name].isprintable():
        raise Unsound(f"Helm makes blanks of what it cannot print in {name}, which is {known[name]!r}")
    return known[name]


def digest(name: str, data: Any) -> str:
    """The checksum of a value, by which pods restart when it changes."""
    text = json.dumps({name: data}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def holds(release: Release, when: When) -> bool:
    """Whether a condition is met."""
    if when.kind == "has":
        parent = at(release, when.path[:-1])
        if not isinstance(parent, Mapping):
            raise Unsound(f"{'.'.join(when.path[:-1])} is asked for a key, and is {parent!r}")
        return when.path[-1] in parent
    true = bool(at(release, when.path)) or bool(when.also and at(release, when.also))
    return true == (when.kind == "if")


def at(release: Release, path: Path) -> Any:
    """A value; None when its mapping has no such key."""
    node: Any = release.values
    for part in path:
        if not isinstance(node, (dict, Mapping)):
            raise Unsound(f"nothing has the value {'.'.join(path)}")
        node = node.get(part)
    _exact(node)
    return node


def _exact(value: Any) -> None:
    """Refuses numbers that do not come out of Helm as they went in."""
    if isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            _exact(one)
    elif isinstance(value, float) and (not math.isfinite(value) or value.is_integer()):
        raise Unsound(f"{value!r} is no number that Helm prints as it is")
    elif isinstance(value, int) and abs(value) > EXACT:
        raise Unsound(f"{value} is too large for Helm, which has floats")
