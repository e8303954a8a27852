"""Compose services that end: jobs of a service that runs nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from svc.importers.draft import Draft
from svc.importers.ledger import Ledger, View
from svc.records import replace

_NAME = "run"
_MOVED = ("command", "args", "workdir", "resources")
_MEANINGLESS = ("ports", "health", "scale", "rollout")


def jobs(chains: Mapping[str, list[View]], drafts: Mapping[str, Draft], ledgers: Sequence[Ledger]) -> None:
    """Those that others wait for until they have ended, and tools that a profile starts and nothing restarts."""
    waiting: dict[str, list[str]] = {}
    for name, links in chains.items():
        for link in links:
            for other, one in link.at("depends_on").items():
                if one.at("condition").text == "service_completed_successfully" and other in drafts and name in drafts:
                    waiting.setdefault(other, []).append(name)
    for name, draft in drafts.items():
        if name in waiting:
            _job(draft, "before-deploy", ledgers)
            for other in dict.fromkeys(waiting[name]):
                drafts[other].missing.append(f"{draft.name} has to have ended before it starts: deploy that one first")
        elif _ends(chains[name]) and any(link.at("profiles").value for link in chains[name]):
            _job(draft, "manual", ledgers)
        elif _ends(chains[name]) and not draft.get("ports"):
            draft.missing.append(
                "`restart`: compose does not start it again when it ends, Kubernetes does: if it ends, make it one of `jobs`"
            )


def _ends(links: list[View]) -> bool:
    """Whether the file says that it may end."""
    restart = [link.at("restart").text for link in links if link.at("restart").there][-1:]
    return bool(restart) and (restart[0] == "no" or restart[0].startswith("on-failure"))


def _job(draft: Draft, run: str, ledgers: Sequence[Ledger]) -> None:
    for key in _MEANINGLESS:
        if draft.get(key) is not None:
            draft.remove((key,))
            for ledger in ledgers:
                ledger.fail(draft.name, (key,), "it is a job, which ends")
    draft.set(("workload",), "none")
    draft.set(("jobs", _NAME, "run"), run)
    for key in _MOVED:
        value = draft.get(key)
        if value is not None:
            draft.remove((key,))
            draft.set(("jobs", _NAME, key), value)
            draft.missing[:] = [
                one.replace(f"`{key}", f"`jobs.{_NAME}.{key}", 1) if re.match(rf"`{key}[.`]", one) else one
                for one in draft.missing
            ]
    draft.added.append(f"jobs.{_NAME}.run: {run}, as it ends")
    for ledger in ledgers:
        for route, note in ledger.notes.items():
            if note.spec == draft.name and note.to[:1] and note.to[0] in _MOVED:
                ledger.notes[route] = replace(note, to=("jobs", _NAME, *note.to))
