"""What strangers send may set the variables of later steps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._github import Found, scripts
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.github.types import Workflow

EVENTS = ("pull_request_target", "workflow_run", "issue_comment")
WRITES = regex(
    r"^(?P<what>.*?)(?:>>?|\btee\b[^|\n]*|Out-File[^|\n]*)\s*[\"']?(?:\$\{?(?:env:)?|%)(?P<file>GITHUB_ENV|GITHUB_PATH)\b",
    re.M,
)
LITERAL = regex(r"""\s*(echo|printf)\s+(-\w+\s+)?(?P<text>"[^"$`]*"|'[^']*'|[^\s"'$`]*)\s*""")


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    event = next((one for one in EVENTS if one in workflow.triggers), "")
    for route, text in scripts(workflow) if event else ():
        for match in WRITES.finditer(text):
            what = LITERAL.fullmatch(match["what"])
            if what is None or "${{" in what["text"]:
                yield route, f"what `{event}` brings may be written to {match['file']}", match.span()
                break
