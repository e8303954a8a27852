"""Values: what every environment sets, and from that values.yaml and the differences of each environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svc.targets.helm.types import Path, When
from svc.tree import same


class Missing:
    """The type of `MISSING`: an environment that does not have the thing at all."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()

Cases = tuple[Any, ...]
"""One value per environment, in the unit's order; MISSING where there is none."""


def alike(cases: Sequence[Any]) -> bool:
    first = cases[0]
    return all([same(first, other) for other in cases[1:]])  # noqa: C419 - two or three


def put(values: dict[str, Any], path: Path, value: Any) -> None:
    """Set a value at a path, making the mappings on the way."""
    node = values
    for part in path[:-1]:
        node = node.setdefault(part, {})
    node[path[-1]] = value


def put_parents(values: dict[str, Any], path: Path) -> None:
    """The mappings above a path, so that a template can ask whether it is there."""
    node = values
    for part in path[:-1]:
        node = node.setdefault(part, {})


def at(values: Any, path: Path) -> Any:
    """The value at a path; None where there is none."""
    for part in path:
        if type(values) is dict or isinstance(values, Mapping):
            values = values.get(part)
        else:
            return None
    return values


def nested(path: Path, value: Any) -> dict[str, Any]:
    """A value in the mappings around it."""
    for part in reversed(path):
        value = {part: value}
    return dict(value)


def holds(when: When, values: Mapping[str, Any]) -> bool:
    """Whether a condition is met."""
    if when.kind == "has":
        parent = at(values, when.path[:-1])
        return isinstance(parent, Mapping) and when.path[-1] in parent
    true = bool(at(values, when.path)) or bool(when.also and at(values, when.also))
    return true == (when.kind == "if")


def base_of(cases: Sequence[Any]) -> Any:
    """What values.yaml says: the most frequent value; in a tie absent, else the first environment's.

    Mappings are decided key by key, because Helm merges them key by key. A value that is a mapping in one
    environment and not in another is left out: Helm refuses to replace one by the other.
    """
    present = [case for case in cases if not isinstance(case, Missing)]
    if present and all(isinstance(case, dict) for case in present):
        if len(present) * 2 <= len(cases):
            return MISSING
        keys = list(dict.fromkeys(key for case in present for key in case))
        found = {key: base_of([_at(case, key) for case in cases]) for key in keys}
        kept = {key: value for key, value in found.items() if not isinstance(value, Missing)}
        return kept or present[0]  # the chart must render with values.yaml alone
    if any(isinstance(case, dict) for case in present):
        return MISSING
    if alike(cases):
        return cases[0]
    counts = [(sum(same(case, other) for other in cases), case) for case in cases]
    most = max(count for count, _ in counts)
    best = [case for count, case in counts if count == most]
    return MISSING if any(isinstance(case, Missing) for case in best) else best[0]


def difference(base: Any, wanted: Any) -> Any:
    """What must be merged over `base` to get `wanted`; MISSING when nothing. None removes a key."""
    if not isinstance(base, dict) or not isinstance(wanted, dict):
        return MISSING if same(base, wanted) else wanted
    changed: dict[str, Any] = {}
    for key, value in wanted.items():
        found = difference(base[key], value) if key in base else value
        if not isinstance(found, Missing):
            changed[key] = found
    changed.update({key: None for key in base if key not in wanted})
    return changed or MISSING


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Helm's own merge: mappings by key, everything else replaced, None removes."""
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def without(values: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The values but for one; the mappings around it stay."""
    first, *rest = path
    if not rest:
        return {key: value for key, value in values.items() if key != first}
    inside = values.get(first)
    return {**values, first: without(inside, tuple(rest))} if isinstance(inside, Mapping) else dict(values)


def _at(case: Any, key: str) -> Any:
    return case.get(key, MISSING) if isinstance(case, dict) else MISSING


def common_order(lists: Sequence[Sequence[str]]) -> list[str] | None:
    """All names, each once, in an order in which every list has its own; None when two lists contradict each other."""
    before: dict[str, set[str]] = {name: set() for one in lists for name in one}
    for one in lists:
        for index, name in enumerate(one):
            before[name].update(one[:index])
    left, made = list(before), list[str]()
    while left:
        ready = next((name for name in left if before[name].issubset(made)), None)
        if ready is None:
            return None
        left.remove(ready)
        made.append(ready)
    return made


def equal(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two values are the same in every environment."""
    return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))


def joint(one: tuple[Cases, Sequence[bool]], other: tuple[Cases, Sequence[bool]]) -> Cases | None:
    """Two values as one, each with the environments that it is for: elsewhere the other one decides. None where they
    differ in an environment of both, are of different types, or only one of them may be missing."""
    made = []
    for mine, its, my, its_own in zip(one[0], other[0], one[1], other[1], strict=True):
        if my and its_own and not same(mine, its):
            return None
        made.append(its if its_own else mine)
    types = [{type(case) for case in cases} for cases in (made, one[0], other[0])]
    absent = [[isinstance(case, Missing) for case in cases] for cases in (made, one[0], other[0])]
    return tuple(made) if types[0] == types[1] == types[2] and absent[0] == absent[1] == absent[2] else None
