"""The values that templates cannot do without: removing one with `null` is refused, not rendered as nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svc.targets.helm.types import (
    Added,
    Chart,
    Checksum,
    Const,
    Each,
    Entry,
    Extra,
    Fields,
    Hole,
    Items,
    Node,
    Path,
    When,
)
from svc.tree import has

_HELPERS: tuple[Path, ...] = (("image", "repository"), ("image", "digest"), ("serviceAccount", "create"))
"""What the helpers print."""
_SOFT: tuple[Path, ...] = (("image", "tag"), ("serviceAccount", "name"), ("serviceAccount", "annotations"))
"""What the helpers ask for and can do without."""


def needed(chart: Chart, everywhere: Sequence[Mapping[str, Any]]) -> set[Path]:
    """Every value, and every mapping of values, that has to be there; `everywhere`: the values of all environments."""
    hard, soft = set(_HELPERS), set(_SOFT)
    for template in chart.templates:
        for path, must in (*_condition(template.when), *_node(template.body)):
            (hard if must else soft).add(path)
    hard |= {path for label in (chart.version_label, chart.part_of) for path, _ in _node(label)}
    known = {slot.path for slot in chart.slots}
    around = {path[:length] for path in (hard | soft) & known for length in range(1, len(path))}
    return {path for path in (hard & known) | around if all(has(values, path) for values in everywhere)}


def _node(node: Node) -> list[tuple[Path, bool]]:
    """The values of a node, and whether it is nothing without them."""
    found: list[tuple[Path, bool]] = []
    _find(node, True, found)
    return found


def _find(node: Node, must: bool, found: list[tuple[Path, bool]]) -> None:
    """`must` False: all around it is there only when its value is."""
    if isinstance(node, (Fields, Items)):
        if isinstance(node, Items) and node.instead:
            found.append((node.instead, False))
        for entry in node.entries:
            if type(entry) is Entry:
                if entry.when is not None:
                    found += [(path, asked and must) for path, asked in _condition(entry.when)]
                    _find(entry.node, must and entry.when.kind != "has", found)
                elif type(entry.node) is not Const:
                    _find(entry.node, must, found)
            elif isinstance(entry, (Extra, Added)):
                found.append((entry.path, False))
    elif isinstance(node, (Hole, Checksum, Each)):
        found.append((node.path, must))
        if isinstance(node, Each):
            _find(node.node, must, found)


def _condition(when: When | None) -> Iterator[tuple[Path, bool]]:
    if when is not None:
        yield when.path, when.kind != "has"
        if when.also:
            yield when.also, True
