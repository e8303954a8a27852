"""JUnit XML, as CI servers read it: a suite a file, a case a finding; waived and known findings are skipped cases.

The form is that of the Jenkins xunit plugin's junit-10 schema.
"""

from __future__ import annotations

from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from svc import visible
from svc.diagnostics import Diagnostic
from svc.patterns import regex
from svc.report.form import Run

_ILLEGAL = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, escaped or not."""


def render(run: Run) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    failed = sum(one.counts for one in run.diagnostics)
    total = len(run.diagnostics)
    lines.append(f'<testsuites name="svc" tests="{max(total, 1)}" failures="{failed}" errors="0">')
    for file, group in groupby(run.diagnostics, lambda one: one.place.file):
        lines += _suite(file, list(group))
    if not total:
        lines.append('  <testsuite name="svc" tests="1" failures="0" errors="0" skipped="0">')
        lines += ['    <testcase classname="svc" name="no findings"/>', "  </testsuite>"]
    return visible.as_xml("\n".join([*lines, "</testsuites>", ""]))


def _suite(file: str, found: list[Diagnostic]) -> list[str]:
    failed = sum(one.counts for one in found)
    counts = f'tests="{len(found)}" failures="{failed}" errors="0" skipped="{len(found) - failed}"'
    lines = [f"  <testsuite name={_attribute(file)} {counts}>"]
    for one in found:
        lines += _case(one)
    return [*lines, "  </testsuite>"]


def _case(one: Diagnostic) -> list[str]:
    line = one.place.span.line if one.place.span is not None else 0
    name = f"{one.id} at line {line}" if line else one.id
    head = f"    <testcase classname={_attribute(one.place.file)} name={_attribute(name)}>"
    if not one.counts:
        reason = one.waived.reason if one.waived is not None else "in the baseline"
        return [head, f"      <skipped message={_attribute(reason)}/>", "    </testcase>"]
    text = _clean(f"{one.place.file}:{line}: {one.message}" + (f"\nhelp: {one.help}" if one.help else ""))
    kind, body = one.severity.word, escape(text).replace("\r", "&#13;")
    failure = f"      <failure type={_attribute(kind)} message={_attribute(one.message)}>{body}</failure>"
    return [head, failure, "    </testcase>"]


def _attribute(text: str) -> str:
    return quoteattr(_clean(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
