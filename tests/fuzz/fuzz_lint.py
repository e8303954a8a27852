"""The whole lint: of one file by its name, of a folder with everything in it, and the reports and edits of what is found."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import fuzz_folders as folders
from fuzz_places import inside, placed, source
from svc import assets, gate
from svc.cli.reporting import FORMATS, rendered
from svc.diagnostics import Diagnostic, ordered
from svc.edit.differences import differences
from svc.fixing import fix, with_edits
from svc.lint.collect import Load, collect
from svc.lint.findings import findings
from svc.lint.linted import Linted
from svc.lint.template_lines import part_of, span_of
from svc.parse import parse
from svc.pipeline import Request, compile_
from svc.policy.load import load as built_in
from svc.policy.types import Loaded, Policy
from svc.report.form import Run
from svc.source import Source, load
from svc.targets.docker.read import read_dockerfile
from svc.targets.terraform.read import TerraformError, read_blocks
from svc.tree import value_at

NOWHERE = Path("/nonexistent/svc-fuzz")
TODAY = date(2026, 1, 1)
RULES = gate.Rules(folders=(assets.policies(),))
DEMAND = gate.Demand(profile="strict")


@cache
def policies() -> Loaded:
    return gate.load(RULES, DEMAND)


@cache
def known() -> Sequence[Policy]:
    return built_in([assets.policies()]).policies


def judged(paths: Sequence[Path], shown: Callable[[Path], str], read: Load) -> tuple[Linted, list[Diagnostic]]:
    """As `svc lint` does it: what is said of the files, with what was answered for marked."""
    linted = collect(paths, shown, read)
    found = findings(linted, policies().policies, gate.settings(RULES, DEMAND), DEMAND)
    settled = gate.settle(found, linted.waivers, policies().policies, TODAY, RULES, DEMAND)
    return linted, list(ordered([*linted.diagnostics, *settled]))


def linted(name: str) -> Callable[[bytes], None]:
    """One hand-written file: its reader, its shape, every policy, comments that waive, the edits that fix."""

    def lint(data: bytes) -> None:
        text = source(name, data)
        read, found = judged([NOWHERE / name], lambda path: path.relative_to(NOWHERE).as_posix(), lambda *_: text)
        if isinstance(text, Source):
            placed(found, {name: text})
            _edited(found, read.sources)

    return lint


def _edited(found: Sequence[Diagnostic], sources: Mapping[str, Source]) -> bool:
    """Each edit by itself is in the file, and what comes out is read without a new fault. Whether there is any."""
    fixable = [one for one in with_edits(found, sources, known()) if one.fix is not None and one.fix.edits]
    for one in fixable:
        assert one.fix is not None
        text = sources[one.place.file]
        assert all(inside(edit.span, text.lines) for edit in one.fix.edits), one
        starts = _starts(text)
        made = text.text
        for edit in sorted(one.fix.edits, key=lambda part: part.span, reverse=True):
            span = edit.span
            begin, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
            made = made[:begin] + edit.text + made[end:]
        assert list(differences(text.text, made)), one
        assert _faults(Source(text.name, made)) <= _faults(text), (one, made)
    return bool(fixable)


def _starts(text: Source) -> list[int]:
    starts, at = [], 0
    for line in text.lines:
        starts.append(at)
        at += len(line)
        at += 2 if text.text[at : at + 2] == "\r\n" else 1
    return starts


def _faults(text: Source) -> Counter[str]:
    """What keeps a text, or a part of it, from being read. Of a Dockerfile the rest is judged, and edited."""
    if text.name.endswith((".yaml", ".yml", ".json")):
        return Counter(one.id for one in parse(text).problems)
    if text.name.endswith(".tf"):
        try:
            return Counter() if read_blocks(text.text) else Counter(["empty"])
        except TerraformError:
            return Counter(["unreadable"])
    return Counter(one.id for one in read_dockerfile(text).problems)


def folder(data: bytes) -> None:
    """A folder of files of all kinds: what the search finds, charts and modules, specs, every form of the report."""
    with folders.laid(folders.files(data, "service.yaml")) as root:
        read, found = judged([root], lambda path: shown(path, root), lambda file, name: load(file, name=name))
        sources = dict(read.sources)
        if read.specs:
            request = Request(tuple(read.specs), lambda path: shown(path, root), TODAY, demand=DEMAND)
            compiled = compile_(request)
            sources.update(compiled.sources)
            assert not compiled.faults, compiled.faults
            found = list(ordered([*found, *compiled.diagnostics]))
        placed(found, sources)
        _reported(found, sources, FORMATS[len(data) % len(FORMATS)])
        if _edited(found, read.sources):
            _fixed(read, root)


def shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _reported(found: Sequence[Diagnostic], sources: Mapping[str, Source], form: str) -> None:
    text = rendered(form, Run(found, sources, {one.id: one for one in known()}), colour=False)
    if form in ("json", "sarif", "gitlab"):
        json.loads(text)
    elif form == "junit":
        ElementTree.fromstring(text)


def _fixed(read: Linted, root: Path) -> None:
    """`--fix --unsafe-fixes`: what is written can be read, and is no less clean than before."""
    texts = {name: one.text for name, one in read.sources.items() if not name.endswith(".cue")}

    def lint(now: Mapping[str, str]) -> Sequence[Diagnostic]:
        def overlaid(file: Path, name: str) -> object:
            return Source(name, now[name]) if name in now else load(file, name=name)

        return judged([root], lambda path: shown(path, root), overlaid)[1]  # type: ignore[arg-type]

    made = fix(texts, lint, known(), unsafe=True)
    for name, text in made.texts.items():
        assert _faults(Source(name, text)) <= _faults(Source(name, texts.get(name, ""))), (name, text)


def printed(data: bytes) -> None:
    """Where a template printed the parts of an object: `-- object.yaml --` is what came out of the text before it."""
    texts = folders.files(data, "template.yaml")
    template, rendered_ = (source(name, texts.get(name, b"")) for name in ("template.yaml", "object.yaml"))
    if not isinstance(template, Source) or not isinstance(rendered_, Source):
        return
    for document in parse(rendered_).documents:
        if not isinstance(document.data, dict):
            continue
        for route in [*document.nodes, ("spec", "missing", 3)]:
            value = value_at(document.data, route)
            end = len(value) if isinstance(value, str) else 0
            for span in (
                span_of(template.text, document.data, route),
                part_of(template.text, document.data, route, (end // 2, end)),
            ):
                assert span is None or inside(span, template.lines), (route, span)
