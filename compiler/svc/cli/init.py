"""`svc init`: a first spec from a source tree. It asks on a terminal only, and never writes over a spec."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from svc.cli.console import say, shown, tell, warn
from svc.cli.exits import Exit

_OTHERWISE = (
    ": the files of Python, Node, Go, Java, Kotlin, .NET, Rust, Ruby and PHP are known, and index.html;"
    " for all else write a Dockerfile, and run it again"
)


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "init",
        help="write a first spec from a source tree",
        description="Reads a source tree, says what it found and where, and writes a spec. Nothing of the tree is run.",
    )
    verb.add_argument("folder", nargs="?", metavar="FOLDER", default=".", help="the source tree (default: this folder)")
    verb.add_argument("--name", default="", help="the service's name (default: the folder's)")
    verb.add_argument("--team", default="", help="who owns it")
    verb.add_argument("--out", metavar="FILE", default="service.yaml", help="the spec to write, in FOLDER")
    verb.add_argument("--force", action="store_true", help="write over a spec that exists")
    verb.add_argument("--dry-run", action="store_true", help="print the spec; write nothing")
    verb.add_argument("--generate", action="store_true", help="have a Dockerfile written, though there is one")
    verb.add_argument("--defaults", action="store_true", help="ask nothing, also on a terminal")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    from svc.detect import foreign, spec
    from svc.report.mask import without_secrets

    root = Path(options.folder)
    name = spec.name_of(root, options.name)
    wrong = _wrong(options, root, name)
    if wrong:
        return _refused(wrong)
    tree, projects = spec.look(root, generate=options.generate)
    above = spec.beneath(root, tree, generate=options.generate)
    whole, projects = above if above is not None else (None, projects)
    if not projects:
        return _refused(_unrecognised(root, foreign.foreign(tree), foreign.below(tree), foreign.composed(tree)))
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not options.defaults
    chosen = _choose("Several languages were found", [one.language for one in projects], asks)
    project = projects[chosen]
    main = _choose("Several things could be started", project.candidates, asks)
    made = spec.write(tree, project, main, name, options.team, generate=options.generate, whole=whole)
    text, replaced = without_secrets(made.text)
    notes = [*made.notes, *(f"{one.language} was found as well, in {one.at}" for one in projects if one is not project)]
    notes += [f"line {line} of the spec: a secret stood there; put it into the secret store" for line in replaced]
    for line in made.found:
        (warn if options.dry_run else tell)(line)
    for line in notes:
        warn(f"note: {line}")
    if options.dry_run:
        say(text)
        return Exit.CLEAN
    from svc.source import typed
    from svc.write import place

    target = root / options.out
    place(target, text)
    tell(f"wrote {shown(target)}; read it, then run `svc compile {typed(shown(target))}`\n")
    return Exit.CLEAN


def _unrecognised(root: Path, foreign: tuple[str, str], inside: Sequence[str], composed: str) -> str:
    """Why nothing can be proposed. `foreign`: a file of a language of which svc makes no image, and that language;
    `composed`: a compose file."""
    file, language = foreign
    if file:
        return f"{file}: svc makes no image of {language}; write a Dockerfile, and run it again"
    hint = f"; there are projects in {', '.join(inside)}: name one of these folders" if inside else ""
    hint += f", or have specs of all that {composed} builds: `svc import {composed}`" if inside and composed else ""
    return f"no language was recognised in {shown(root)}{hint or _OTHERWISE}"


def _wrong(options: argparse.Namespace, root: Path, name: str) -> str:
    """What is wrong with the command line, or nothing."""
    from svc.detect.tree import label

    target = root / options.out
    locked = _locked(root)
    if locked:
        return locked
    if Path(options.out).name != options.out:
        return f"--out {options.out} is not a file's name: the spec stands in the source tree's folder"
    if os.path.lexists(target) and not options.force and not options.dry_run:
        return f"{shown(target)} exists; write over it with --force, or see what would be written with --dry-run"
    for what, text in (("--name", name), ("--team", options.team)):
        if text and label(text) != text:
            return f"{what} {text} is not a name: lower-case letters, digits and hyphens; {label(text)} is one"
    return ""


def _locked(root: Path) -> str:
    """Why the files of a folder cannot be looked at, or nothing."""
    try:
        os.scandir(root).close()
    except (FileNotFoundError, NotADirectoryError):
        return f"{shown(root)} is not a folder"
    except (OSError, ValueError) as error:
        return f"{shown(root)} cannot be read: {(getattr(error, 'strerror', None) or str(error)).lower()}"
    return "" if os.access(root, os.X_OK) else f"{shown(root)} cannot be read: permission denied"


def _refused(message: str) -> Exit:
    warn(f"svc init: {message}\n")
    return Exit.INVALID


def _choose(question: str, answers: list[str], asks: bool) -> int:
    """The number of the chosen answer; the first one without a terminal."""
    if len(answers) < 2 or not asks:
        return 0
    tell(f"{question}:")
    for index, text in enumerate(answers, 1):
        tell(f"  {index}. {text}")
    while True:
        say("Which one? [1] ")
        sys.stdout.flush()
        line = sys.stdin.readline().strip()
        if line in ("", *(str(index) for index in range(1, len(answers) + 1))):
            return int(line or 1) - 1
