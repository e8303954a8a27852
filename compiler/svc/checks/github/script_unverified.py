"""A script from the network is run unread."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found, joined, scripts, unjoined
from svc.checks._params import NoParams as Params
from svc.shell import PIPE_TO_SHELL
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for route, text in joined(workflow):
        found = PIPE_TO_SHELL.search(text)
        if found is not None:
            within = unjoined(dict(scripts(workflow))[route], found.span())
            yield route, "a script from the network is run unread", within
