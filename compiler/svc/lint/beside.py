"""What is seen only beside a chart: the files that its image is built from, and other charts of the same place."""

from __future__ import annotations

from svc.lint.linted import Linted
from svc.targets.protocol import Subject

CHECKS = frozenset({"compose_differs", "duplicate_host", "duplicate_node_port", "image_elsewhere", "port_not_exposed"})
"""Checks that mean something between a chart and files that are not rendered with it."""

_FILES = ("docker", "compose", "github")


def groups(linted: Linted) -> list[list[Subject]]:
    """Each chart beside the files of the run, and charts beside each other that have a values file of one name.

    The default values of two charts are examples more often than not: they are not compared.
    """
    files = [one for one in linted.subjects if one.surface in _FILES]
    found = [[*group.subjects, *files] for group in linted.groups] if files else []
    places: dict[str, list[list[Subject]]] = {}
    for group in linted.groups:
        if group.values:
            places.setdefault(group.values, []).append(group.subjects)
    return found + [
        [subject for group in several for subject in group] for _, several in sorted(places.items()) if len(several) > 1
    ]
