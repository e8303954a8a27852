"""A script installs a package by name, past the lock file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._github import Found, commands
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow

_VERBS = {
    "bundle": ("add",),
    "gem": ("install", "i"),
    "npm": ("install", "i", "add", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "isntall"),
    "pnpm": ("add",),
    "yarn": ("add",),
}
_VALUED = {
    "pnpm": ("-C", "--dir", "-F", "--filter", "--filter-prod"),
    "yarn": ("--cwd", "--mutex", "--cache-folder"),
}
_BEFORE = {"pnpm": ("recursive", "multi", "m"), "yarn": ("global",)}


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for step, command in commands(workflow):
        words = command.words[1:]
        verb = _verb(command.name, words)
        packages = [one for one in words[verb + 1 :] if not one.startswith("-")] if verb >= 0 else []
        if packages and not all(one.startswith((".", "/")) for one in packages):
            yield (*step.route, "run"), f"`{command.text[:60]}` installs what no lock file names", command.at


def _verb(name: str, words: Sequence[str]) -> int:
    """Where the word stands that says to install; -1 when the command does something else."""
    index = 0
    while name in _VERBS and index < len(words):
        word = words[index]
        if word in _VALUED.get(name, ()):
            index += 2
        elif word.startswith("-") or word in _BEFORE.get(name, ()):
            index += 1
        elif name == "yarn" and word == "workspace":
            index += 2
        else:
            return index if word in _VERBS[name] else -1
    return -1
