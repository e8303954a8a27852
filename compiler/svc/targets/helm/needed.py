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
    hard |= {path for path, _ in _node(chart.version_label)}
    known = {slot.path for slot in chart.slots}
    around = {path[:length] for path in (hard | soft) & known for length in range(1, len(path))}
    return {path for path in (hard & known) | around if all(_there(values, path) for values in everywhere)}


def _node(node: Node) -> Iterator[tuple[Path, bool]]:
    """The values of a node, and whether it is nothing without them."""
    if isinstance(node, Hole | Checksum | Each):
        yield node.path, True
    if isinstance(node, Each):
        yield from _node(node.node)
    if isinstance(node, Items) and node.instead:
        yield node.instead, False
    if isinstance(node, Fields | Items):
        for entry in node.entries:
            if type(entry) is Entry:
                if entry.when is not None or type(entry.node) is not Const:
                    yield from _entry(entry)
            elif isinstance(entry, Extra | Added):
                yield entry.path, False


def _entry(entry: Entry) -> Iterator[tuple[Path, bool]]:
    optional = entry.when is not None and entry.when.kind == "has"
    yield from _condition(entry.when)
    yield from ((path, must and not optional) for path, must in _node(entry.node))


def _condition(when: When | None) -> Iterator[tuple[Path, bool]]:
    if when is not None:
        yield when.path, when.kind != "has"
        if when.also:
            yield when.also, True


def _there(values: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(values, dict) or part not in values:
            return False
        values = values[part]
    return True
