"""Specs written in CUE: all of a run are evaluated by one call of `cue`, and become `Document`s like YAML ones.

The files that the specs need are copied into a folder of their own, each module below `cue.mod/pkg`, so that specs of
several modules, and specs without a package, can be evaluated together; nothing is fetched, nothing is executed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from svc import cue_syntax, tools
from svc.cue_errors import errors
from svc.cue_stage import Staged, stage
from svc.diagnostics import Diagnostic, Place, Route, Severity, Span
from svc.parse import Document
from svc.records import dataclass, field
from svc.source import LIMIT, Source
from svc.tree import Data
from svc.yaml_events import MAX_DEPTH
from svc.yaml_nodes import Node

TIMEOUT = 60.0
_START = (1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """`documents` by the file asked for; `sources` are the CUE files that were read, by the name in reports; `reached`
    are those that a spec needs."""

    documents: Mapping[Path, Document] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    reached: Mapping[Path, tuple[Path, ...]] = field(default_factory=dict)


def evaluate(files: Sequence[Path], shown: Callable[[Path], str], box: tools.Toolbox) -> Evaluated:
    """The documents of CUE files, or what CUE says against them.

    Raises ToolMissing when there is no `cue`, ToolTimeout or ToolCrashed when it did not answer.
    """
    import tempfile

    if not files:
        return Evaluated()
    program = tools.find("cue", box)
    with tempfile.TemporaryDirectory(prefix="svc-cue-") as folder:
        staged = stage(files, Path(folder), shown)
        if not staged.specs:
            return Evaluated({}, staged.diagnostics, staged.sources)
        arguments = ["export", "--all-errors", "--ignore", *staged.arguments]
        env = {"CUE_REGISTRY": "none", "CUE_CACHE_DIR": f"{folder}/cache", "CUE_CONFIG_DIR": f"{folder}/config"}
        limit = LIMIT * len(staged.specs)
        done = tools.run(program, arguments, cwd=Path(folder), timeout=TIMEOUT, env=env, output_limit=limit)
    tools.expect(done, (0, 1))
    try:
        found = _answers(done.stdout, staged)
    except (ValueError, RecursionError) as error:
        raise tools.garbled(done, str(error)) from error
    said = errors(done.stderr, staged, [file for file in staged.specs if file not in found])
    if len(found) < len(staged.specs) and not said:
        raise tools.garbled(done, f"{len(found)} of {len(staged.specs)} specs")
    documents, problems = {}, [*staged.diagnostics, *said]
    for file, text in found.items():
        made = _document(text, staged, file)
        if isinstance(made, Diagnostic):
            problems.append(made)
        else:
            documents[file] = made
    reached = {file: tuple(staged.reached[file]) for file in documents}
    return Evaluated(documents, tuple(problems), staged.sources, reached)


def _answers(stdout: str, staged: Staged) -> dict[Path, str]:
    """The JSON text of every spec that has one; a number before each says whose it is. ValueError for anything else."""
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    found: dict[Path, str] = {}
    at, current = 0, None
    while True:
        while at < len(stdout) and stdout[at].isspace():
            at += 1
        if at == len(stdout):
            return found
        value, end = decoder.raw_decode(stdout, at)
        if isinstance(value, dict) and set(value) == {staged.marker}:
            current = range(len(staged.specs)).index(int(value[staged.marker]))
        elif current is None or staged.specs[current] in found:
            raise ValueError("a value that belongs to no spec")
        else:
            found[staged.specs[current]] = stdout[at:end]
        at = end


@dataclass(frozen=True, slots=True)
class _Number:
    value: int | float
    text: str


def _integer(text: str) -> _Number:
    return _Number(int(text) if len(text) < 4000 else float(text), text)


def _real(text: str) -> _Number:
    return _Number(float(text), text)


def _document(text: str, staged: Staged, file: Path) -> Document | Diagnostic:
    source = staged.source(file)
    value = json.loads(text, parse_int=_integer, parse_float=_real)
    texts: dict[Route, str | None] = {}
    try:
        data = _plain(value, (), texts)
    except RecursionError:
        message = f"nested deeper than {MAX_DEPTH} levels"
        return Diagnostic("cue-too-deep", Severity.ERROR, message, Place(source.name, Span(*_START)))
    outlines = [(one.name, cue_syntax.outline(one.text)) for one in staged.package(file)]
    return _placed(source, data, texts, outlines)


def _plain(value: object, route: Route, texts: dict[Route, str | None]) -> Data:
    if len(route) > MAX_DEPTH:
        raise RecursionError
    texts[route] = None
    if isinstance(value, dict):
        return {key: _plain(item, (*route, key), texts) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, (*route, index), texts) for index, item in enumerate(value)]
    if isinstance(value, _Number):
        texts[route] = value.text
        return value.value
    if not isinstance(value, str):
        texts[route] = json.dumps(value)
    return value


def _placed(
    source: Source,
    data: Data,
    texts: Mapping[Route, str | None],
    outlines: Sequence[tuple[str, cue_syntax.Outline]],
) -> Document:
    """Every value at the field that says it, else at the nearest field around it."""
    nodes: dict[Route, Node] = {}
    homes: dict[Route, str] = {}
    for route, text in texts.items():
        best: tuple[str, cue_syntax.Written] | None = None
        for name, outline in outlines:
            written = outline.fields.get(route)
            if written is not None and (best is None or (written.literal and not best[1].literal)):
                best = (name, written)
        if best is not None:
            name, written = best
            many = written.block and written.value[0] != written.value[2]
            nodes[route] = Node(written.value, written.key, text, written.key if many else None)
        elif route:
            parent = nodes[route[:-1]]
            name = homes.get(route[:-1], source.name)
            nodes[route] = parent._replace(text=text)
        else:
            name = source.name
            nodes[route] = Node(_first(outlines), None, text)
        if name != source.name:
            homes[route] = name
    return Document(source, data, nodes, homes)


def _first(outlines: Sequence[tuple[str, cue_syntax.Outline]]) -> tuple[int, int, int, int]:
    """The first field of the spec's own file: what is said of the whole is said there."""
    keys = [written.key for written in outlines[0][1].fields.values() if written.key] if outlines else []
    return min(keys, default=_START)
