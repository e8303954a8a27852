"""Large numbers do not get through Helm's values, which are floats of 64 bits; in a template they arrive as they are."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.targets.helm.carried import exactly
from svc.targets.helm.types import Chart
from svc.tree import EXACT, walk


def inexact(chart: Chart, known: Mapping[str, Container[Route]]) -> Iterator[Problem]:
    """One problem for each place with such numbers among the chart's values. `known`: the routes of each environment's spec."""
    said: set[Route] = set()
    lost = set(_lost_among([chart.values, *(one.overrides for one in chart.environments)]))
    for one in chart.environments if lost else ():
        for manifest in one.manifests:
            for route, node in walk(manifest.tree.data):
                at = exactly(manifest.origin(route), route, known[one.name])
                if _lost(node) and node in lost and at not in said:
                    said.add(at)
                    message = (
                        f"{node} is not the same in all environments, and so it is a value of the chart, which cannot"
                        f" hold it: Helm takes numbers there for floats of 64 bits"
                    )
                    help_ = f"write it as a text in quotes, or the same everywhere, or stay below {EXACT}"
                    yield Problem("number-not-carried", at, message, help_)


def _lost_among(left: list[Any]) -> Iterator[int | float]:
    """Such numbers in data, without where they stand."""
    while left:
        node = left.pop()
        if isinstance(node, (dict, list)):
            left.extend(node.values() if isinstance(node, dict) else node)
        elif _lost(node):
            yield node


def _lost(node: Any) -> bool:
    return isinstance(node, (int, float)) and abs(node) > EXACT
