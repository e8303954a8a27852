"""Patches of whole files and their parts: what they change, where it comes from, and what they must not do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from svc.diagnostics import Route
from svc.resolve.patching import SURFACES, document, unknown_surface
from svc.resolve.types.delivery import Patch
from svc.tree import Data, Tree

AT: Route = ("patches", 0)


def _errors(data: Data) -> Iterator[tuple[Route, str]]:
    for name, job in data["jobs"].items():
        for key in job:
            if key not in {"steps", "needs", "env"}:
                yield ("jobs", name, key), f"unknown key {key}"


def _tree() -> Tree:
    data = {"name": "x", "jobs": {"a": {"steps": [1, 2]}, "b": {"steps": [3], "env": {"A": "1"}}}}
    return Tree(data, {(): (), ("jobs", "b"): ("jobs", "b")})


def _patched(
    target: str, *operations: object, name: str = "", merge: Any = None
) -> tuple[Tree, list[tuple[str, Route]]]:
    patch = Patch(target, name, merge, operations, AT)
    before = _tree()
    tree, problems = document(before, (patch,), "github", {"job": "jobs"}, _errors)
    assert before.data == _tree().data
    return tree, [(one.id, one.route) for one in problems]


def test_a_part_is_merged_and_the_rest_stays() -> None:
    tree, problems = _patched("github/job", name="b", merge={"env": {"A": None, "B": "2"}})
    assert problems == []
    assert tree.data["jobs"] == {"a": {"steps": [1, 2]}, "b": {"steps": [3], "env": {"B": "2"}}}
    assert tree.origin(("jobs", "b", "env", "B")) == (*AT, "merge", "env", "B")
    assert tree.origin(("jobs", "b", "steps")) == ("jobs", "b")


def test_all_parts_and_the_whole() -> None:
    assert [job["env"]["C"] for job in _patched("github/job", merge={"env": {"C": "3"}})[0].data["jobs"].values()] == [
        "3",
        "3",
    ]
    assert _patched("github", merge={"name": "y"})[0].data["name"] == "y"


def test_operations_are_relative_to_the_part() -> None:
    tree, problems = _patched("github/job", {"op": "add", "path": "/steps/-", "value": 9}, name="a")
    assert (tree.data["jobs"]["a"], problems) == ({"steps": [1, 2, 9]}, [])
    assert tree.origin(("jobs", "a", "steps", 2)) == (*AT, "json_patch", 0)


@pytest.mark.parametrize(
    ("target", "name", "merge", "operations", "found"),
    [
        ("github/jobs", "", {}, (), ("patch-matches-nothing", (*AT, "target"))),
        ("github/job", "c", {}, (), ("patch-matches-nothing", (*AT, "target"))),
        ("github", "a", {}, (), ("patch-matches-nothing", (*AT, "name"))),
        ("github/job", "a", {"need": []}, (), ("patch-invalid-object", (*AT, "merge", "need"))),
        ("github/job", "a", None, ({"op": "remove", "path": "/x"},), ("patch-does-not-fit", (*AT, "json_patch", 0))),
        ("github/job", "a", None, ({"op": "move", "path": "/x"},), ("patch-does-not-fit", (*AT, "json_patch", 0))),
    ],
)
def test_what_fits_nothing_or_breaks_something_is_said(
    target: str, name: str, merge: Any, operations: tuple[object, ...], found: tuple[str, Route]
) -> None:
    assert _patched(target, *operations, name=name, merge=merge)[1] == [found]


def test_patches_of_other_surfaces_are_not_touched() -> None:
    tree, problems = _patched("compose/service", merge={"a": 1})
    assert (tree, problems) == (_tree(), [])


def test_what_has_no_patches_says_what_to_do_instead() -> None:
    assert [unknown_surface(Patch(name, "", {}, (), AT)) for name in SURFACES] == [None] * len(SURFACES)
    for name in ("docker", "terraform", "helm"):
        problem = unknown_surface(Patch(f"{name}/x", "", {}, (), AT))
        assert problem is not None
        assert problem.help
