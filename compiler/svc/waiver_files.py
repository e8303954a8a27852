"""A file of waivers: a YAML mapping with the one key `waivers`, a list of waivers as in a spec, each with its `file`."""

from __future__ import annotations

from pathlib import Path

from svc.diagnostics import Diagnostic, Severity
from svc.gate import home, waivers_of
from svc.model.load import validate
from svc.model.waiver_file import FileWaivers
from svc.parse import parse_one
from svc.policy.waive import Waiver
from svc.records import replace
from svc.resolve.overlay import annotated
from svc.source import Unreadable, load


def read(file: Path, name: str) -> tuple[tuple[Waiver, ...], tuple[Diagnostic, ...]]:
    """The waivers of a file, or what is wrong with it."""
    source = load(file, name=name)
    if isinstance(source, Unreadable):
        return (), (source.diagnostic,)
    parsed = parse_one(source)
    if parsed.problems:
        return (), parsed.problems
    document = parsed.documents[0]
    found, problems = validate(FileWaivers, annotated(document))
    if found is None or problems:
        return (), tuple(
            Diagnostic(one.id, Severity.ERROR, one.message, document.place(one.route, one.anchor), one.help)
            for one in problems
        )
    from_here = home(file.parent)
    return tuple(replace(one, partial=True, home=from_here) for one in waivers_of(document, "")), ()
