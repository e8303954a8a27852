"""Specs: compiled, laid out, edited, overridden; and those that are made of other files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from contextlib import suppress

import fuzz_folders as folders
from fuzz_lint import NOWHERE, TODAY, shown
from fuzz_places import placed, source
from svc.cli.fmt import _Order
from svc.cue_syntax import outline
from svc.detect import foreign
from svc.detect import spec as detected
from svc.diagnostics import Severity
from svc.edit.changes import Change, Delete, Rename, Set
from svc.edit.layout import laid_out
from svc.edit.types import RefusedError
from svc.edit.yaml import change
from svc.gate import comments_of
from svc.importers import report as account
from svc.importers.compose_files import unread
from svc.importers.run import run_all
from svc.model.workspace import Workspace
from svc.parse import Document, parse, parse_one
from svc.pipeline import Compiled, Request, compile_
from svc.report.mask import hidden, without_secrets, words_of
from svc.resolve.override import OverrideError, override
from svc.resolve.resolve import LoadedWorkspace, Spec, drafts
from svc.source import Source, Unreadable

SPEC = b"apiVersion: svc/v1\nname: shop\nteam: shop\nimage: ghcr.io/shop/web:1\nports: {http: 8080}\nhealth: /healthz\n"


def spec(data: bytes) -> None:
    """A spec on its way through every stage; what compiles is read back, and must be what was judged."""
    text = source("service.yaml", data)
    request = Request((NOWHERE / "service.yaml",), lambda path: path.name, TODAY, load_text=lambda *_: text)
    sound(compile_(request))


def sound(compiled: Compiled) -> None:
    assert not compiled.faults, compiled.faults
    placed(compiled.diagnostics, compiled.sources)


def workspace(data: bytes) -> None:
    """A workspace above a spec that takes its defaults, layers and policies from it."""
    with folders.laid({"svc-workspace.yaml": data, "shop/service.yaml": SPEC}) as root:
        request = Request((root / "shop/service.yaml",), lambda path: shown(path, root), TODAY)
        sound(compile_(request))


def overrides(data: bytes) -> None:
    """`--set`, line by line, over a spec."""
    chosen = []
    for line in data.decode("utf-8", "surrogateescape").split("\n")[:4]:
        try:
            chosen.append(override(line))
        except OverrideError:
            continue
    text = source("service.yaml", SPEC)
    request = Request(
        (NOWHERE / "service.yaml",), lambda path: path.name, TODAY, overrides=chosen, load_text=lambda *_: text
    )
    sound(compile_(request))


def edited(data: bytes) -> None:
    """`svc fmt`, and edits of a YAML text at each of its routes: each is refused, or gives a text that can be read."""
    text = source("service.yaml", data)
    if not isinstance(text, Source) or parse(text).problems:
        return
    with suppress(RefusedError):
        assert not parse(Source(text.name, laid_out(text, _Order("service")))).problems
    for number, document in enumerate(parse(text).documents[:2]):
        for one in _changes(document):
            try:
                change(text, number, one)
            except RefusedError:
                continue


def _changes(document: Document) -> Sequence[Change]:
    """A few of each kind, at routes all over the document."""
    routes = [route for route in document.nodes if route]
    chosen = routes[:: max(1, len(routes) // 6)][:8]
    named = [route for route in chosen if isinstance(route[-1], str)]
    return (
        *(Delete(route) for route in chosen),
        *(Set(route, {"a": ["b: c", 1]}) for route in chosen),
        *(Rename(route, "new: key") for route in named),
    )


def imported(form: str, name: str) -> Callable[[bytes], None]:
    """Files of others: what is made of them is a spec, and every key is accounted for."""

    def run(data: bytes) -> None:
        texts = folders.files(data, name)
        first = source(name, texts.get(name, b""))
        if not isinstance(first, Source):
            return

        def beside(path: str) -> Source | Unreadable:
            there = texts.get(posixpath.normpath(path))
            return Unreadable(path, "file-missing", "no such file") if there is None else source(path, there)

        made = run_all({"": [first]}, form, beside)
        placed(made.diagnostics, {name: first})
        words = words_of(made.sources)
        for report in (account.text, account.as_json):
            assert report(made, lambda text: hidden(text, words))
        for draft in made.drafts:
            _is_spec(without_secrets(draft.text("imported"))[0])

    return run


def _is_spec(text: str) -> None:
    parsed = parse_one(Source("service.yaml", text))
    assert not parsed.problems, (parsed.problems, text)
    made = Spec(parsed.documents[0], "", "service.yaml", unread, lambda _: frozenset(), ())
    faults = [
        one
        for one in drafts(made, LoadedWorkspace(Workspace(apiVersion="svc/v1")))[1]
        if one.severity == Severity.ERROR
    ]
    assert not faults, (faults, text)


def detect(data: bytes) -> None:
    """A source tree: what `svc init` writes of it is a spec."""
    with folders.laid(folders.files(data, "package.json")) as root:
        tree, projects = detected.look(root)
        foreign.below(tree)
        for project in projects[:4]:
            for main in range(max(1, min(2, len(project.mains)))):
                for generate in (False, True)[: 2 if project.language else 1]:
                    made = detected.write(tree, project, main, "shop", "", generate=generate)
                    _is_spec(without_secrets(made.text)[0])


def cue(data: bytes) -> None:
    """A text in CUE: what is written where, and its comments."""
    text = source("service.cue", data)
    if not isinstance(text, Source):
        return
    lines = text.lines
    for one in outline(text.text).fields.values():
        for mark in (one.key, one.value):
            assert mark is None or (1 <= mark[0] <= mark[2] <= len(lines) and mark[1] >= 1 and mark[3] >= 1), one
    placed(comments_of(text).problems, {text.name: text})
