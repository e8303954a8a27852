"""What decides about findings: policies of one's own, waivers, baselines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import fuzz_folders as folders
import fuzz_lint
from fuzz_places import placed, source
from svc import gate, waiver_files
from svc.diagnostics import Diagnostic
from svc.parse import parse_one
from svc.policy import baseline as baselines
from svc.policy import schema
from svc.policy.examples import CUE, examples, routes
from svc.policy.types import SHELLCHECK
from svc.records import replace
from svc.source import Source, load

DOCKERFILE = b"FROM debian\nRUN apt-get install curl\n"


@cache
def _found() -> Sequence[Diagnostic]:
    """Findings that something may be said about."""
    text = source("Dockerfile", DOCKERFILE)
    path = fuzz_lint.NOWHERE / "Dockerfile"
    return fuzz_lint.judged([path], lambda path: path.name, lambda *_: text)[1]


def policy(data: bytes) -> None:
    """A policy of one's own, with the parameters of its check, over its own examples."""
    text = source("packs/own-policy.yaml", data)
    if not isinstance(text, Source):
        return
    parsed = parse_one(text)
    placed(parsed.problems, {text.name: text})
    if parsed.problems:
        return
    document = parsed.documents[0]
    problems = schema.problems(document, "own-policy")
    placed(problems, {text.name: text})
    if problems:
        return
    read = schema.policy(document, "own-policy")
    for example in examples(document):
        if read.check not in (CUE, SHELLCHECK):
            routes(read, example.input)


def waivers(data: bytes) -> None:
    """A file of waivers, over findings."""
    with folders.laid({"waivers.yaml": data}) as root:
        found, problems = waiver_files.read(root / "waivers.yaml", "waivers.yaml")
        text = load(root / "waivers.yaml", name="waivers.yaml")
    sources = {text.name: text} if isinstance(text, Source) else {}
    placed(problems, sources)
    demand = replace(fuzz_lint.DEMAND, waivers=found)
    known = fuzz_lint.policies().policies
    settled = gate.settle(_found(), (), known, fuzz_lint.TODAY, fuzz_lint.RULES, demand)
    assert len(settled) >= len(_found())
    placed(settled, sources)


def baseline(data: bytes) -> None:
    """A baseline, over findings."""
    text = source("baseline.json", data)
    if not isinstance(text, Source):
        return
    read = baselines.read(text)
    if isinstance(read, Diagnostic):
        placed([read], {text.name: text})
    else:
        assert len(baselines.mark(_found(), read)) == len(_found())
