"""What is wrong with a YAML text, as it is come upon: up to a number, or up to what cannot be continued."""

from __future__ import annotations

from typing import NoReturn

from svc import yaml_syntax
from svc.diagnostics import Diagnostic, Place, Related, Route, Severity, Span
from svc.yaml_nodes import Mark

MAX_PROBLEMS = 50
TAG = "tag:yaml.org,2002:"


class StopError(Exception):
    """The document cannot be continued; the reason is already among the problems."""


class Problems:
    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.found: list[Diagnostic] = []

    def twice(self, key: str, route: Route, first: Mark | None, mark: Mark) -> None:
        """A key that stands at a route already."""
        related = (Related("first given here", Place(self.name, Span(*first), route)),) if first else ()
        message = f"`{key}` is given twice in the same mapping"
        self.report("yaml-duplicate-key", message, mark, "keep one of the two, or merge their values", related)

    def unknown_tag(self, tag: str, mark: Mark) -> None:
        shown = "!!" + tag.removeprefix(TAG) if tag.startswith(TAG) else tag
        advice = "remove the tag, or quote the text if it only begins with `!`"
        self.report("yaml-unknown-tag", f"unknown tag `{shown}`", (mark[0], mark[1], mark[0], mark[1] + 1), advice)

    def complex_key(self, mark: Mark) -> NoReturn:
        line = next(iter(yaml_syntax.BREAK.split(self.text)[mark[0] - 1 :]), "")
        braces = line.rfind("{{", 0, mark[1] + 1)
        if braces >= 0:
            advice = "put quotes around the whole value: " + yaml_syntax.quoted_rest(line, braces)
            place = (mark[0], braces + 1, mark[0], braces + 3)
            self.fatal("yaml-syntax", "`{{` begins a mapping in YAML, not a template", place, advice)
        self.fatal("yaml-syntax", "a key must be text, not a mapping or a list", mark, "write the key as plain text")

    def report(
        self, name: str, message: str, mark: Mark, advice: str = "", related: tuple[Related, ...] = (), /
    ) -> None:
        place = Place(self.name, Span(*mark))
        self.found.append(Diagnostic(name, Severity.ERROR, message, place, advice, related))
        if len(self.found) >= MAX_PROBLEMS:
            raise StopError

    def fatal(self, name: str, message: str, mark: Mark, advice: str) -> NoReturn:
        self.report(name, message, mark, advice)
        raise StopError
