"""`svc fmt`: specs and workspaces in their one layout."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli.console import say, shown, warn
from svc.cli.difference import difference
from svc.cli.exits import Exit

if TYPE_CHECKING:
    from svc.diagnostics import Route
    from svc.source import Source, Unreadable

_KEPT = frozenset({"env", "environments"})
"""Maps whose order means something, or is the user's."""


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "fmt",
        help="lay specs out",
        description="Lays out specs and workspaces: two spaces, keys in the language's order, comments kept.",
    )
    verb.add_argument(
        "paths", nargs="*", metavar="PATH", default=["."], help="files, or folders to search; - is standard input"
    )
    verb.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file would change")
    verb.add_argument("--diff", action="store_true", help="print what would change, and write nothing")
    verb.set_defaults(run=run, writes=lambda one: not (one.check or one.diff) and one.paths != ["-"])


def run(options: argparse.Namespace) -> Exit:
    from svc.source import is_folder

    worst = Exit.CLEAN
    for path in options.paths:
        if path == "-":
            worst = max(worst, _stdin(options))
            continue
        given = Path(path)
        locked: list[Unreadable] = []
        files = _files(given, locked) if is_folder(given) else [given]
        for one in locked:
            warn(f"{one.message}\n", file=one.name)
            worst = max(worst, Exit.INVALID)
        for file in files:
            worst = max(worst, _file(file, options, named=file == given))
    return worst


def _files(folder: Path, locked: list[Unreadable]) -> list[Path]:
    """`locked` gets each folder that cannot be read."""
    from svc.lint.walk import chart_root, walk
    from svc.source import unreadable

    def refused(inside: Path, error: OSError) -> None:
        locked.append(unreadable(shown(inside), error))

    files = walk(folder, refused=refused)
    return [file for file in files if file.suffix in (".yaml", ".yml") and chart_root(file) is None]


def _stdin(options: argparse.Namespace) -> Exit:
    from svc.source import from_stdin

    source = from_stdin(sys.stdin.buffer)
    made = _laid_out(source, named=True)
    if isinstance(made, Exit):
        return made
    text, old = made
    if options.check or options.diff:
        return _difference("<stdin>", old, text, options)
    say(text)
    return Exit.CLEAN


def _file(file: Path, options: argparse.Namespace, named: bool) -> Exit:
    from svc.rewriting import replace_text
    from svc.source import load

    name = shown(file)
    made = _laid_out(load(file, name=name), named)
    if isinstance(made, Exit):
        return made
    text, old = made
    if text == old:
        return Exit.CLEAN
    if options.check or options.diff:
        return _difference(name, old, text, options)
    try:
        why = replace_text(file, old, text)
    except OSError as error:
        why = f"it cannot be written: {(error.strerror or '').lower()}"
    warn(f"not written: {why}\n" if why else "laid out\n", file=name)
    return Exit.INVALID if why else Exit.CLEAN


def _difference(name: str, old: str, text: str, options: argparse.Namespace) -> Exit:
    if text == old:
        return Exit.CLEAN
    if options.diff:
        say(difference(name, old, text))
    else:
        warn("would be laid out\n", file=name)
    return Exit.FINDINGS


def _laid_out(source: Source | Unreadable, named: bool) -> tuple[str, str] | Exit:
    """The text and what it was; or why there is none: it was said, or the file is none of ours."""
    from svc.diagnostics import Diagnostic
    from svc.edit.layout import laid_out
    from svc.edit.types import RefusedError
    from svc.lint.kinds import kind_of
    from svc.parse import parse
    from svc.report.mask import words_of
    from svc.source import Unreadable

    if isinstance(source, Unreadable):
        warn(f"{source.message}\n", file=source.name)
        return Exit.INVALID
    parsed = parse(source)
    kind = kind_of(parsed.documents, Path(source.name))
    ours = kind in ("spec", "workspace")
    problems: Sequence[Diagnostic] = parsed.problems
    if problems and (named or ours):
        warn(f"cannot be read: {problems[0].message}\n", words_of({source.name: source}), file=source.name)
        return Exit.INVALID
    if not ours:
        if named:
            warn("this is no spec and no workspace\n", file=source.name)
        return Exit.INVALID if named else Exit.CLEAN
    try:
        return laid_out(source, _Order("workspace" if kind == "workspace" else "service")), source.text
    except RefusedError as error:
        warn(f"left as it is: {error}\n", words_of({source.name: source}), file=source.name)
        return Exit.CLEAN


class _Order:
    """The order in which the published schema names the keys of a mapping; keys that it does not know come last."""

    def __init__(self, name: str) -> None:
        from svc import assets

        self.schema = json.loads((assets.schemas() / f"{name}.schema.json").read_text("utf-8"))

    def __call__(self, route: Route, keys: Sequence[str]) -> Sequence[str]:
        if route and route[-1] in _KEPT:
            return keys
        nodes = [self.schema]
        for part in route:
            nodes = [below for node in nodes for below in self._below(node, part)]
        alternatives = [list(node.get("properties", {})) for node in self._flat(nodes)]
        best = max(alternatives, key=lambda known: sum(key in known for key in keys), default=[])
        if not any(key in best for key in keys):
            return keys
        return sorted(keys, key=lambda key: best.index(key) if key in best else len(best))

    def _below(self, node: dict[str, Any], part: str | int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for one in self._flat([node]):
            below = one.get("items") if isinstance(part, int) else one.get("properties", {}).get(part)
            if below is None and not isinstance(part, int):
                below = one.get("additionalProperties")
            if isinstance(below, dict):
                found.append(below)
        return found

    def _flat(self, nodes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for node in nodes:
            if "$ref" in node:
                node = self.schema["$defs"][str(node["$ref"]).rsplit("/", 1)[-1]]
            found.append(node)
            for key in ("anyOf", "oneOf", "allOf"):
                found += self._flat(node.get(key, ()))
        return found
