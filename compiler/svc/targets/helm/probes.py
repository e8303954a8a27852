"""Values that no environment has: templates must give for them too what the trees say, or `--set` would find what nobody has read.

Once everything is there and turned on, with texts that YAML takes for numbers when they are not quoted and names that have to be cut;
once everything is off, empty or gone that may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from svc.targets.helm.check_probes import settled
from svc.targets.helm.release import Release
from svc.targets.helm.types import Chart, Const, Each, Entry, Fields, Hole, Items, Node, Path
from svc.targets.helm.values import at, put

_LONG = "0x" + "b" * 60 + "-tail"
"""Begins like a number, and a dash stands where names are cut."""
_UNBUILT = "0x00000000"
"""Ends like the digest of an image that has not been built, about which the notes have something to say."""
_RELEASE, _NAME = "1-" + "b" * 51, "b" * 8 + "-tail"
"""The longest release that Helm takes, and a name with which the dash comes to stand there too."""

_LARGE = 2**52
"""From here on whole numbers are changed to smaller ones, which floats of 64 bits hold as well."""
_FIRST, _NUMBERS = 16, 2**16
"""A value has a number by its path, so that a template asks for the same ones in every chart; sums stay below a million."""


def probes(chart: Chart) -> tuple[Release, ...]:
    every: dict[str, Any] = {}
    for values in (chart.values, *(one.overrides for one in chart.environments)):
        _unite(every, values)
    optional, needed = set[Path](), set[Path]()
    for template in chart.templates:
        _paths(template.body, optional, needed)
    full, bare = _copy(every), _copy(every)
    for slot in chart.slots:
        number = _FIRST + crc32(".".join(slot.path).encode()) % _NUMBERS
        found = at(every, slot.path)
        if found is None:
            continue
        put(full, slot.path, _changed(found, number))
        if slot.path in optional:
            del at(bare, slot.path[:-1])[slot.path[-1]]
        elif slot.path not in needed:
            put(bare, slot.path, _emptied(found))
    full |= {"nameOverride": f"1{_LONG}", "fullnameOverride": _LONG}
    full["image"] = {**full["image"], "digest": _UNBUILT}
    bare["nameOverride"] = _NAME
    return (Release(chart, settled(chart, full), "on", "1e3"), Release(chart, settled(chart, bare), _RELEASE, "0x10"))


def _unite(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    """Every key of every environment; the first one's values."""
    for key, value in values.items():
        if isinstance(value, (dict, Mapping)) and isinstance(into.setdefault(key, {}), dict):
            _unite(into[key], value)
        elif value is not None:
            into.setdefault(key, value)


def _paths(node: Node, optional: set[Path], needed: set[Path]) -> None:
    """The values that may be gone, and those that may not be empty: they stand among entries of the template's own."""
    if isinstance(node, (Fields, Items)):
        for entry in node.entries:
            if type(entry) is Entry and (entry.when is not None or type(entry.node) is not Const):
                if entry.when is not None and entry.when.kind == "has":
                    optional.add(entry.when.path)
                elif isinstance(node, Fields) and not entry.key and isinstance(entry.node, Hole):
                    needed.add(entry.node.path)
                _paths(entry.node, optional, needed)
    elif isinstance(node, Each):
        _paths(node.node, optional, needed)


def _changed(value: Any, number: int) -> Any:
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return value + (number if value < _LARGE else -number)
    if isinstance(value, float):
        return number + (0.75 if value == number + 0.25 else 0.25)
    if isinstance(value, str):
        return f"0x{number:x}"
    if isinstance(value, list):
        return [_changed(one, number + 16 * at) for at, one in enumerate(value, 1)] or [{"name": f"0x{number:x}"}]
    if isinstance(value, dict):
        return {key: _changed(one, number + 16 * at) for at, (key, one) in enumerate(value.items(), 1)} or {
            f"0x{number:x}": "on"
        }
    return value


def _emptied(value: Any) -> Any:
    return type(value)() if isinstance(value, (bool, str, list, dict)) else value


def _copy(value: Any) -> Any:
    return {key: _copy(one) for key, one in value.items()} if isinstance(value, dict) else value
