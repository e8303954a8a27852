"""What is fuzzed: each entry takes any bytes and must return; it raises only when svc has a bug.

The inputs are files as `svc` meets them, so a crash here is a crash for somebody. Nothing touches the disk.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from svc import assets, gate
from svc.diagnostics import Diagnostic
from svc.lint.collect import collect
from svc.lint.findings import findings
from svc.parse import parse
from svc.pipeline import Request, compile_
from svc.policy.types import Loaded
from svc.source import Source, Unreadable, from_stdin

Target = Callable[[bytes], None]
NOWHERE = Path("/nonexistent/svc-fuzz")
RULES = gate.Rules(folders=(assets.policies(),))


def _source(name: str, data: bytes) -> Source | Unreadable:
    return from_stdin(io.BytesIO(data), name=name)


def _placed(diagnostics: Iterable[Diagnostic], source: Source) -> None:
    """Every place is in the file, and no message is empty."""
    lines = len(source.lines)
    for one in diagnostics:
        assert one.message.strip(), one
        if one.place.file == source.name and one.place.span is not None:
            span = one.place.span
            assert 1 <= span.line <= span.end_line <= lines + 1, one
            assert span.column >= 1, one


def documents(data: bytes) -> None:
    """YAML and JSON, as data and spans."""
    source = _source("any.yaml", data)
    if isinstance(source, Source):
        _placed(parse(source).problems, source)


@cache
def _policies() -> Loaded:
    return gate.load(RULES, gate.Demand(profile="strict"))


def _linted(name: str) -> Target:
    """The whole lint of one hand-written file: its reader, its shape, every policy, comments that waive."""

    def lint(data: bytes) -> None:
        demand = gate.Demand(profile="strict")
        source = _source(name, data)
        linted = collect([NOWHERE / name], lambda path: path.name, lambda *_: source)
        judged = findings(linted, _policies().policies, gate.settings(RULES, demand), demand)
        if isinstance(source, Source):
            _placed([*linted.diagnostics, *judged], source)

    return lint


def spec(data: bytes) -> None:
    """A spec on its way through every stage; what compiles is read back, and must be what was judged."""
    source = _source("service.yaml", data)
    request = Request(
        (NOWHERE / "service.yaml",), lambda path: path.name, date(2026, 1, 1), load_text=lambda *_: source
    )
    compiled = compile_(request)
    assert not compiled.faults, compiled.faults
    if isinstance(source, Source):
        _placed(compiled.diagnostics, source)


TARGETS: Mapping[str, Target] = {
    "documents": documents,
    "dockerfile": _linted("Dockerfile"),
    "manifest": _linted("manifest.yaml"),
    "compose": _linted("compose.yaml"),
    "workflow": _linted(".github/workflows/ci.yaml"),
    "terraform": _linted("main.tf"),
    "spec": spec,
}
