"""Hostile text in every part of a finding, in every form of the report: it is read back exactly, and nothing obeys it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any
from xml.etree import ElementTree

import pytest
from hostile_findings import run_of

from hostile.hostile_texts import HALF, TEXTS
from svc import visible
from svc.cli.reporting import FORMATS, rendered
from svc.diagnostics import Diagnostic, Fix, Place, Severity, Span, Waived
from svc.report.form import Run
from svc.source import Source


def test_a_new_part_of_a_finding_is_tried_as_well() -> None:
    plain = {"id", "severity", "policy", "known", "waived", "fix", "place", "related"}
    assert {one.name for one in fields(Diagnostic)} - plain == {"message", "help", "environment", "identity", "whose"}
    assert {one.name for one in fields(Waived)} == {"reason", "until", "owner", "inline"}
    assert {one.name for one in fields(Fix)} - {"refused"} == {"safety", "description", "edits"}  # no report says why


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)
    elif isinstance(node, str):
        yield node


def _json(document: str, text: str) -> None:
    strings = list(_strings(json.loads(document)))
    assert sum(text in one for one in strings) > 3


def _xml(document: str, text: str) -> None:
    text = "".join(
        char if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff") else "\ufffd" for char in text
    )
    suite = ElementTree.fromstring(document).findall("testsuite")
    assert {one.get("name") for one in suite} == {text}
    cases = [case for one in suite for case in one.findall("testcase")]
    assert [case.get("classname") for case in cases] == [text] * 3
    assert [one.get("message") for case in cases for one in case] == [text] * 3
    assert f": {text}\nhelp: {text}" in (cases[0].findtext("failure") or "")


def _commands(document: str, text: str) -> None:
    """As actions/runner reads them (ActionCommand.TryParseV2)."""
    shown = visible.printable(text, "\t\r\n")
    lines = document.split("\n")
    assert lines.pop() == ""
    assert len(lines) == 2
    for line, messages in zip(lines, ([f"{shown}\n{shown}"], [shown]), strict=True):
        head, data = re.fullmatch(r"::error (.*?)::(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        properties = dict(one.split("=", 1) for one in head.split(","))
        assert _unescaped(properties["file"]) == text
        assert [_unescaped(data)] == messages


def _unescaped(value: str) -> str:
    for escaped, plain in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        value = value.replace(escaped, plain)
    return value


def _blocks(document: str, _: str) -> None:
    harmless = rendered("text", run_of("harmless"), colour=False).split("\n")
    lines = document.split("\n")
    assert len(lines) == len(harmless)
    for line, other in zip(lines, harmless, strict=True):
        assert not line.startswith(" ") or line[:4] == other[:4]
        assert line[: other.find("harmless")] == other[: other.find("harmless")] or "^" in line


def _lines(document: str, _: str) -> None:
    assert len(document.split("\n")) == 4


READERS: dict[str, Callable[[str, str], None]] = {
    "text": _blocks,
    "concise": _lines,
    "json": _json,
    "sarif": _json,
    "junit": _xml,
    "github": _commands,
    "gitlab": _json,
}


def test_every_form_has_a_reader() -> None:
    assert tuple(READERS) == FORMATS


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text_in_a_report(form: str, name: str) -> None:
    document = rendered(form, run_of(TEXTS[name]), colour=False)
    READERS[form](document, TEXTS[name])
    _obeyed_by_nothing(form, document)


def _obeyed_by_nothing(form: str, document: str) -> None:
    """By no terminal and, where the form is none of its own, by no CI server."""
    if form == "github":  # names of files are exact, and the runner prints none
        document = re.sub(r"(?<=file=)[^,\n]*", "", document)
    assert all(char.isprintable() or char in "\n\t" for char in document)
    if form != "github":
        assert not re.search(r"^\s*::|##\[|##vso\[", document, re.MULTILINE)


@pytest.mark.parametrize("form", FORMATS)
def test_names_that_are_no_text_are_printed(form: str) -> None:
    document = rendered(form, run_of(HALF), colour=False)
    document.encode()
    if form == "sarif":
        assert "a%EF%BF%BDb" in document


@pytest.mark.parametrize("form", FORMATS)
def test_bytes_of_a_name_that_are_no_text_are_printed(form: str) -> None:
    document = rendered(form, run_of(b"a\xffb".decode("utf-8", "surrogateescape")), colour=False)
    document.encode()
    assert form != "sarif" or "a%FFb" in document


def test_an_excerpt_keeps_its_caret_below_the_text() -> None:
    run = Run(
        (Diagnostic("a", Severity.ERROR, "b", Place("f", Span(1, 3, 1, 5))),), {"f": Source("f", "\x1b\u202ecd\x07")}
    )
    lines = rendered("text", run, colour=False).split("\n")
    assert lines[3:5] == [r"1 | \x1b\u202ecd\x07", "  | " + " " * 10 + "^^"]
