"""A secret of the file in every part of a finding: no form of the report shows it."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest
from hostile_findings import run_of

from svc.cli.reporting import FORMATS, rendered
from svc.diagnostics import Fix, Place, Replacement, Span
from svc.report.form import Run
from svc.source import Source

SECRET = "Zq7Kw9Vt4xYb2"
FILE = "web.yaml"


def _said(text: str) -> Run:
    """Findings that say a text in every part, about a file that has it for a password in its second line."""
    place = Place(FILE, Span(1, 1, 1, 5), (text, "image"))
    run = run_of(text)
    found = [
        replace(one, place=place, related=tuple(replace(item, place=place) for item in one.related))
        for one in run.diagnostics
    ]
    found[1] = replace(found[1], fix=Fix("safe", text, (Replacement(Span(1, 1, 1, 1), "plain"),)))
    return Run(found, {FILE: Source(FILE, f"kind: Pod  # {text}\npassword: {text}\n")})


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", [SECRET, f"found `{SECRET}` there", SECRET.upper(), f"found {SECRET[2:11]}..."])
def test_no_part_is_shown(text: str, form: str) -> None:
    run = replace(_said(text), sources=_said(SECRET).sources)
    piece = SECRET[2:11].lower()
    assert piece in import_module(f"svc.report.{form}").render(run).lower()
    assert piece not in rendered(form, run, colour=False).lower()


@pytest.mark.parametrize("form", FORMATS)
def test_the_rest_is_shown(form: str) -> None:
    run = replace(_said("the password"), sources=_said(SECRET).sources)
    assert "the password" in rendered(form, run, colour=False)
