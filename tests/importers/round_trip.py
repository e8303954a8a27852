"""Objects that svc rendered, imported and compiled again, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.diagnostics import Route
from svc.emit import emit
from svc.importers.check import Fault, check, neighbours
from svc.importers.result import Imported
from svc.importers.run import run
from svc.kubernetes.types import Manifest
from svc.source import Source

Key = tuple[str, str]


def imported(objects: Sequence[Manifest]) -> Imported:
    return run([Source("rendered.yaml", "---\n".join(emit(one.tree.data).text for one in objects))])


def faults(made: Imported) -> list[Fault]:
    """What is wrong with the specs that came out, each beside the others."""
    around = neighbours(made.drafts)
    return [fault for draft in made.drafts for fault in check(draft, around).faults]


def keyed(objects: Sequence[Manifest]) -> dict[Key, Any]:
    return {(one.kind, one.name): one.tree.data for one in objects}


def again(made: Imported) -> dict[Key, Any]:
    """The objects of the specs that came out."""
    around = neighbours(made.drafts)
    return {key: data for draft in made.drafts for key, data in keyed(check(draft, around).objects).items()}


def without_tests(objects: Sequence[Manifest]) -> list[Manifest]:
    """Without what `helm test` runs: it is the chart's, and every chart that svc writes has it."""
    return [one for one in objects if not _test(one)]


def _test(one: Manifest) -> bool:
    hook = one.tree.get("metadata", "annotations", "helm.sh/hook", default="")
    return hook == "test" or one.name.endswith(("-test-in", "-test-out"))


def differing(before: dict[Key, Any], after: dict[Key, Any]) -> list[Route]:
    """Routes of leaves that only one of the two has, or that differ; the order of keys means nothing."""
    found: list[Route] = []
    for key in sorted({*before, *after}):
        if key not in before or key not in after:
            found.append(key)
        else:
            found += [(*key, *route) for route in _routes(before[key], after[key])]
    return found


def _routes(one: Any, other: Any) -> Iterator[Route]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            if key in one and key in other:
                yield from ((key, *route) for route in _routes(one[key], other[key]))
            else:
                yield (key,)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from ((index, *route) for route in _routes(left, right))
    elif one != other or type(one) is not type(other):
        yield ()
