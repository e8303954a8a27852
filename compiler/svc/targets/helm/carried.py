"""Texts that do not get through Helm: its YAML writer turns line separators into spaces, its reader takes no controls,
`<no value>` is taken away wherever it stands in what a template prints, and a key `<<` is printed without quotes.

Single values are quoted and files of a ConfigMap are written as JSON, so both carry line separators; nothing carries the
control characters U+007F to U+009F but U+0085, nor U+FFFE and U+FFFF. (sigs.k8s.io/yaml, as Helm 3 and 4 use it.)
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any

from svc.diagnostics import Problem, Route
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.tree import walk

_ANY = regex("[\x7f-\x9f\u2028\u2029\ufffe\uffff]|<no value>")
_CONTROL = regex("[\x7f-\x84\x86-\x9f\ufffe\uffff]|<no value>")
_MERGE = "<<"


def uncarried(manifests: Iterable[Manifest], known: Container[Route] = ()) -> Iterator[Problem]:
    """One problem for each part of the spec that holds such a text. `known`: the routes of the spec."""
    for manifest in manifests:
        text = manifest.text
        plain = text.isascii() and "\x7f" not in text and "<no value>" not in text
        if (plain or not _ANY.search(text)) and f'"{_MERGE}":' not in text:
            continue
        for route, node in walk(manifest.tree.data):
            found = _found(manifest.kind, route, node)
            if found:
                message, help_ = _said(found), "write the text without it, or keep it in a file of the image"
                yield Problem("text-not-carried", exactly(manifest.origin(route), route, known), message, help_)


def _said(found: str) -> str:
    if found == _MERGE:
        return f"a key `{found}` does not get through Helm: it prints the key without quotes, and YAML merges then"
    if len(found) > 1:
        return f"`{found}` does not get through Helm: it takes these words away wherever a template prints them"
    return f"U+{ord(found):04X} does not get through Helm: it has no way to write this character here"


def exactly(origin: Route, route: Route, known: Container[Route]) -> Route:
    """The value itself in the spec, where it goes on below an origin as it does in the manifest."""
    below = ((*origin, *route[start:]) for start in range(len(route)))
    return next((one for one in below if one in known), origin)


def _found(kind: str, route: Route, node: Any) -> str:
    texts = (
        [node]
        if isinstance(node, str)
        else [key for key in node if isinstance(key, str)]
        if isinstance(node, dict)
        else ()
    )
    if isinstance(node, dict) and _MERGE in node:
        return _MERGE
    for text in texts:
        hit = _ANY.search(text)
        if hit and not (isinstance(node, str) and _quoted(kind, route) and not _CONTROL.search(text)):
            return (_CONTROL.search(text) or hit)[0]
    return ""


def _quoted(kind: str, route: Route) -> bool:
    return (kind == "ConfigMap" and route[:1] == ("data",)) or (
        ("containers" in route or "initContainers" in route)
        and (route[-1] == "value" or "command" in route or "args" in route)
    )
