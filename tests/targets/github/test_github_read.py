"""Workflows that people wrote: the views never fail, and show what is there."""

from __future__ import annotations

from svc.parse import parse_one
from svc.source import Source
from svc.targets.github.read import read_workflow
from svc.targets.github.types import Workflow

HAND_WRITTEN = """\
on: [push, pull_request]
permissions: write-all
jobs:
  build:
    runs-on: [self-hosted, linux]
    needs: lint
    container: node:24
    services:
      db:
        image: postgres:17
    environment: production
    steps:
      - uses: actions/checkout@v4
      - uses: docker://alpine:3.24@sha256:1111111111111111111111111111111111111111111111111111111111111111
      - uses: ./.github/actions/own
      - run: echo "${{ github.head_ref }}"
        if: always()
        env: {A: b}
  call:
    uses: acme/ci/.github/workflows/x.yaml@0123456789abcdef0123456789abcdef01234567
  odd: 5
"""


def read(text: str) -> Workflow:
    (document,) = parse_one(Source(".github/workflows/ci.yaml", text)).documents
    return read_workflow(document)


def test_on_stays_a_word_and_is_read_in_all_three_forms() -> None:
    assert dict(read(HAND_WRITTEN).triggers) == {"push": {}, "pull_request": {}}
    assert dict(read("on: push\n").triggers) == {"push": {}}
    assert dict(read("on:\n  push:\n    branches: [main]\n").triggers) == {"push": {"branches": ["main"]}}
    assert read(HAND_WRITTEN).trigger_route("pull_request") == ("on", 1)
    assert read("on: push\n").trigger_route("push") == ("on",)


def test_jobs_steps_and_what_they_use() -> None:
    workflow = read(HAND_WRITTEN)
    build, call = workflow.jobs
    assert (build.runs_on, build.needs, build.environment) == (("self-hosted", "linux"), ("lint",), "production")
    assert build.permissions is None
    assert workflow.permissions == "write-all"
    assert build.images == (
        ("node:24", ("jobs", "build", "container")),
        ("postgres:17", ("jobs", "build", "services", "db", "image")),
    )
    assert [(one.kind, one.name, one.pinned) for one in workflow.uses] == [
        ("action", "acme/ci/.github/workflows/x.yaml", True),
        ("action", "actions/checkout", False),
        ("docker", "alpine:3.24", True),
        ("local", "./.github/actions/own", True),
    ]
    assert call.workflow is not None
    assert call.workflow.route == ("jobs", "call", "uses")
    last = build.steps[-1]
    assert (last.run, last.condition, last.env) == ('echo "${{ github.head_ref }}"', "always()", {"A": "b"})
    assert last.route == ("jobs", "build", "steps", 3)


def test_origins_are_the_routes_of_the_file() -> None:
    workflow = read(HAND_WRITTEN)
    assert workflow.origin(("jobs", "build", "steps", 0, "uses")) == ("jobs", "build", "steps", 0, "uses")


def test_anything_makes_a_workflow() -> None:
    for text in (
        "5\n",
        "[]\n",
        "jobs: []\n",
        "jobs: {a: {steps: {}}}\n",
        "on: {push: 3}\njobs: {a: {steps: [1, null]}}\n",
    ):
        workflow = read(text)
        assert workflow.steps == ()
        assert workflow.uses == ()
        assert list(workflow.triggers.values()) in ([], [{}])
