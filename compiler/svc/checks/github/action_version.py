"""The comment beside a commit names another version than the commit is."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.github.types import Workflow

VERSION = regex(r"v?\d+(\.\d+)*\b")


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    noted = [uses for uses in workflow.uses if uses.kind == "action" and uses.pinned and uses.route in workflow.notes]
    if not noted:
        return
    from svc.pins import catalogue

    for uses in noted:
        match = VERSION.search(workflow.notes[uses.route])
        known = [one for one in catalogue().actions if one.name.lower() == uses.name.lower()]
        if match is None:
            continue
        said = match.group()
        of_commit = next((one.version for one in known if one.sha == uses.ref), "")
        of_version = next((one.sha for one in known if one.version == said), "")
        if of_commit and not _is(of_commit, said):
            yield uses.route, f"the comment says `{said}`, and the commit is `{of_commit}` of `{uses.name}`"
        elif of_version and not of_commit:
            yield uses.route, f"the comment says `{said}`, which is commit {of_version[:12]} of `{uses.name}`"


def _is(version: str, said: str) -> bool:
    """`v4` says nothing false of v4.2.2."""
    parts, wanted = version.lstrip("v").split("."), said.lstrip("v").split(".")
    return parts[: len(wanted)] == wanted
