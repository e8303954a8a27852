"""What `svc lint` can be told, and which paths that names."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli import demands, fixing, overrides, reporting, sharing

if TYPE_CHECKING:
    from svc.lint.collect import Load
    from svc.source import Source

STDIN = "-"
_VALUES: dict[str, dict[str, Any]] = {
    "--stdin-filename": {"metavar": "NAME", "help": "the name, and so the kind, of what - reads"},
    "--policy-set": {
        "choices": ("pss-baseline", "pss-restricted"),
        "help": "judge by a policy set instead of a profile",
    },
    "--kubernetes": {"metavar": "1.N", "help": "Kubernetes minor that versioned policies judge by"},
    "--changed-since": {
        "metavar": "REF",
        "help": "only findings in files that differ from the merge base with this commit, and specs that they touch",
    },
    "--exclude": {
        "metavar": "GLOB",
        "action": "append",
        "default": [],
        "help": "pass over files below a folder whose path, or a folder of it, fits; can be repeated",
    },
}
_SWITCHES = {
    "--ignore-unknown": "pass over named files of no known kind: for the file lists that hooks make",
    "--deep": "also judge scripts in RUN and in workflows, by ShellCheck where it is there",
    "--no-render": "do not render charts with Helm; judge their files alone",
}


def add(verb: Any) -> None:
    verb.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        default=["."],
        help="files, or folders to search (default: this folder); - is standard input",
    )
    for name, words in _VALUES.items():
        verb.add_argument(name, **{"default": "", **words})
    for name, help_ in _SWITCHES.items():
        verb.add_argument(name, action="store_true", help=help_)
    sharing.add(verb)
    overrides.add(verb)
    demands.add(verb)
    fixing.add(verb)
    reporting.add(verb)


def wrong(options: argparse.Namespace) -> str:
    """What is wrong with the options, "" for nothing."""
    if options.kubernetes and demands.kubernetes_minor(options.kubernetes) is None:
        from svc.policy.types import KUBERNETES_MINOR

        return f"--kubernetes {options.kubernetes} is not a version such as 1.{KUBERNETES_MINOR}"
    if options.paths.count(STDIN) > 1:
        return "standard input (-) can be read once"
    return ""


def paths_of(options: argparse.Namespace) -> tuple[list[Path], Load | None]:
    """The paths to read; standard input takes the place of the file whose name it is given."""
    if STDIN not in options.paths:
        return [Path(path) for path in options.paths], None
    from svc.lint.readers import NAMELESS
    from svc.source import Unreadable, from_stdin, load

    name = options.stdin_filename or NAMELESS
    given = from_stdin(sys.stdin.buffer, name=name)
    stand_in = Path(name)

    def read(file: Path, called: str) -> Source | Unreadable:
        return given if file == stand_in else load(file, name=called)

    return [stand_in if path == STDIN else Path(path) for path in options.paths], read
