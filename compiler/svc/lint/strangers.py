"""Files whose YAML cannot be read, and which are none of the kinds that svc judges: their tags and templates are the
matter of the program that reads them (CloudFormation, MkDocs, GitLab, Ansible, `tsconfig.json`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from svc.diagnostics import Diagnostic, Place, Route, Severity
from svc.lint.kinds import at_its_place, kind_of
from svc.parse import Document, Parsed
from svc.patterns import regex
from svc.records import replace
from svc.source import Source

_TAG = "yaml-unknown-tag"
_COMPOSE = regex(r"!(?:reset|override)(?![^\s,\]}])")
"""Tags that compose files have: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md"""
_RESET = "!reset"
_KEY = r"(?m)(?:^|[{,\s\"'])(?:%s)[\"']?[ \t]*:"
_MEANT = tuple(
    tuple(regex(_KEY % name) for name in names)
    for names in (("apiVersion",), ("on", "jobs"), ("runs-on",), ("runs", "using"), ("services", "image|build|extends"))
)
"""Keys that make a kind: a text that has none of these rows whole is of no kind, however broken it is."""
_DIRECTIVE = regex(
    r"\{%[-+ ]|\{\{-|-\}\}|\{\{\s*(?:if|range|with|end|else|define|include|template|block)\b|<%",
    needs=("{%", "{{", "}}", "<%"),
)
"""What makes a text a template of Go, Jinja or Ruby, which is no YAML before its program has filled it in."""
_OPENINGS = ("{{", "{%", "<%")
_BLOCK = regex(r"( *(?:- +)*)(?:[^\s#].*?:|-)[ \t]+[|>][-+0-9]*[ \t]*(?:#.*)?$")
"""A line below which a text stands that is deeper: what it says is nothing to YAML."""
_YTT = regex(r"(?m)^[ \t]*#@ (?:load\(|if |for |def |end\b)|:[ \t]+#@ \S|^[ \t]*#@overlay/", needs=("#@",))
"""Comments that ytt reads, in the place of values."""
_OBJECT = regex(r"(?m)(?:^|[{,\s\"'])kind[\"']?[ \t]*:[ \t]*[\"']?[A-Z]")


def told(parsed: Parsed, source: Source, file: Path) -> Sequence[Diagnostic] | None:
    """What is wrong with a file; None where it is none of ours, so that its own program has to say."""
    problems = parsed.problems
    if {one.id for one in problems} <= {_TAG}:
        kind = kind_of(parsed.documents, file)
        if kind == "compose":
            lines = source.lines
            return tuple(one for one in problems if not _known(one, lines))
        return problems if kind or at_its_place(file) else None
    if not at_its_place(file) and _OBJECT.search(source.text) and _is_template(source):
        return (skipped(source),)
    return problems if at_its_place(file) or _meant(source.text) else None


def _is_template(source: Source) -> bool:
    """Whether directives are in the way of YAML: in a text of a ConfigMap they are not."""
    return bool(_DIRECTIVE.search(source.text)) and any(
        one in line for line in _plain(source.lines) for one in _OPENINGS
    )


def _plain(lines: Sequence[str]) -> Iterator[str]:
    """The lines that are in no text of several lines."""
    above = -1
    for line in lines:
        bare = line.lstrip(" ")
        if above >= 0 and (not bare.strip() or len(line) - len(bare) > above):
            continue
        block = _BLOCK.match(line.rstrip())
        above = len(block[1]) if block else -1
        yield line


def skipped(template: Source) -> Diagnostic:
    message = "a template is judged once its program has filled it in, or with its chart: name the chart's folder"
    return Diagnostic("chart-template-skipped", Severity.INFO, message, Place(template.name))


def is_ytt(source: Source) -> bool:
    """Whether comments in a text stand for what it lacks."""
    return bool(_YTT.search(source.text)) and _YTT.search("\n".join(_plain(source.lines))) is not None


def without_reset(document: Document) -> Document:
    """A compose file without what `!reset` stands before: Compose takes it away, whatever is written there."""
    if _RESET not in document.source.text:
        return document
    lines = document.source.lines
    taken = {route for route, node in document.nodes.items() if route and _is_reset(lines, *node.mark[:2])}
    return replace(document, data=_without(document.data, (), taken)) if taken else document


def _is_reset(lines: Sequence[str], line: int, column: int) -> bool:
    return line <= len(lines) and lines[line - 1].startswith(_RESET, column - 1)


def _without(value: Any, route: Route, taken: Set[Route]) -> Any:
    if isinstance(value, dict):
        return {key: _without(item, (*route, key), taken) for key, item in value.items() if (*route, key) not in taken}
    return (
        [_without(item, (*route, index), taken) for index, item in enumerate(value)]
        if isinstance(value, list)
        else value
    )


def _known(problem: Diagnostic, lines: Sequence[str]) -> bool:
    span = problem.place.span
    return span is not None and _COMPOSE.match(lines[span.line - 1], span.column - 1) is not None


def _meant(text: str) -> bool:
    return _OBJECT.search(text) is not None or any(all(key.search(text) for key in keys) for keys in _MEANT)
