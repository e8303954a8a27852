"""`svc import`: compose files, Score files and Kubernetes manifests become specs, with an account of every key."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli.console import output, say, shown, warn
from svc.cli.exits import Exit

if TYPE_CHECKING:
    from svc.importers.result import Imported
    from svc.outputs import Output
    from svc.source import Source, Unreadable

_STOOD = "a secret stood there: put it into the secret store, name it below `secrets`, and write `${secrets.NAME}` here"
_MOST = 2000
"""Files of a folder; who has more means a part of it."""


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "import",
        help="make specs of compose files, Score files or Kubernetes manifests",
        description="Makes specs of compose files, Score files or Kubernetes manifests, and says of every key what became of it.",
    )
    verb.add_argument(
        "paths", nargs="*", metavar="PATH", help="files of one kind, folders of YAML files, or - for standard input"
    )
    verb.add_argument(
        "--env",
        dest="environments",
        action="append",
        metavar="NAME=PATH",
        default=[],
        help="what is rendered for an environment, in order of delivery; several become one spec with `environments`",
    )
    verb.add_argument(
        "--from",
        dest="form",
        choices=("compose", "score", "kubernetes"),
        default="",
        help="their kind (default: by content)",
    )
    verb.add_argument(
        "--out",
        metavar="PATH",
        default="",
        help="file for one spec, or folder for FOLDER/service.yaml each (default: print; the report goes to standard error)",
    )
    verb.add_argument("--report", choices=("text", "json"), default="text", help="form of the report")
    verb.add_argument("--strict", action="store_true", help="exit 1 when anything was dropped")
    verb.add_argument("--force", action="store_true", help="write over existing files")
    verb.set_defaults(run=run, writes=lambda one: bool(one.out))


def run(options: argparse.Namespace) -> Exit:
    from svc.cli import reporting
    from svc.importers import report as account
    from svc.importers.run import run_all
    from svc.report.mask import hidden, words_of
    from svc.source import Source

    named = _named(options)
    if isinstance(named, str):
        warn(f"svc import: {named}\n")
        return Exit.INVALID
    loaded = {env: [_load(path) for path in paths] for env, paths in named.items()}
    unreadable = [one.diagnostic for ones in loaded.values() for one in ones if not isinstance(one, Source)]
    if unreadable:
        reporting.to_console(unreadable)
        return Exit.INVALID
    sources = {env: [one for one in ones if isinstance(one, Source)] for env, ones in loaded.items()}
    made = run_all(sources, options.form, _beside([path for paths in named.values() for path in paths]))
    if made.diagnostics:
        reporting.to_console(made.diagnostics)
        return Exit.INVALID
    outputs = _outputs(made, options)
    known = words_of(made.sources)

    def hide(text: str) -> str:
        return hidden(text, known)

    told = account.as_json(made, hide) if options.report == "json" else account.text(made, hide)
    strict = Exit.FINDINGS if options.strict and made.lost else Exit.CLEAN
    if not options.out:
        say("---\n".join(one.text for one in outputs))
        output(told, wrong=True)
        return strict
    written = _write(options, made, outputs)
    if written == Exit.CLEAN:
        output(told)
        _told(_root(options), outputs)
    return written or strict


_LISTED = 10
"""Files that are named; of more, how many there are."""


def _told(root: Path, outputs: Sequence[Output]) -> None:
    from svc.source import typed

    names = [shown(root / one.path) for one in outputs]
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    target = names[0] if len(names) == 1 else shown(root)
    warn(
        f"wrote {', '.join(names[:_LISTED])}{more}; read what is to be completed, then run `svc compile {typed(target)}`\n"
    )


def _load(path: str) -> Source | Unreadable:
    from svc.source import from_stdin, load

    return from_stdin(sys.stdin.buffer) if path == "-" else load(path, name=shown(Path(path)))


def _beside(paths: Sequence[str]) -> Callable[[str], Source | Unreadable]:
    """How the files are read that those at the paths name: not through links out of their repositories."""
    from svc.folders import leads_out
    from svc.source import Unreadable, load

    folders = {Path(path).parent for path in paths}

    def read(name: str) -> Source | Unreadable:
        if any(leads_out(Path(name), folder) for folder in folders):
            return Unreadable(name, "file-outside", "it is a link that leads out of the repository")
        return load(name)

    return read


def _named(options: argparse.Namespace) -> dict[str, list[str]] | str:
    """The files of each environment ("" without any), or what is wrong with the arguments."""
    if bool(options.paths) == bool(options.environments):
        return "name files to import, or the files of each environment by --env NAME=PATH; not both"
    found: dict[str, list[str]] = {"": list(options.paths)} if options.paths else {}
    for one in options.environments:
        name, sign, path = one.partition("=")
        if not sign or not path or not re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", name) or name == "local":
            return f"--env {one} is not NAME=PATH, such as --env staging=rendered/staging"
        found.setdefault(name, []).append(path)
    files: dict[str, list[str]] = {}
    for name, paths in found.items():
        for path in paths:
            inside = _files(path)
            if isinstance(inside, str):
                return inside
            files.setdefault(name, []).extend(inside)
    return files


def _files(path: str) -> list[str] | str:
    """A file, or the YAML and JSON files below a folder; a text says why there are none."""
    from svc.lint.walk import YAML, walk
    from svc.source import is_folder

    if not is_folder(path):
        return [path]
    if os.path.isfile(f"{path}/Chart.yaml"):  # noqa: PTH113 - it may not be ours to read
        return f"{path} is a chart: render it, and import what comes out: helm template NAME {path} | svc import -"
    found: list[str] = []
    try:
        for file in walk(Path(path)):
            found += [str(file)] if file.suffix in YAML else []
            if len(found) > _MOST:
                return f"{path} holds more than {_MOST} YAML files: name a smaller folder, or the files"
    except OSError as error:
        return f"{error.filename or path} cannot be read: {(error.strerror or str(error)).lower()}"
    return found or f"there is no YAML file in {path}"


def _header(made: Imported) -> str:
    return f"Imported by svc from {', '.join(sorted(made.sources))}; yours from now on."


def _write(options: argparse.Namespace, made: Imported, outputs: Sequence[Output]) -> Exit:
    """All files or none, and never over one that exists unless forced."""
    from svc.cli import reporting
    from svc.records import replace
    from svc.write import execute, plan

    if _is_file(options) and len(made.drafts) > 1:
        warn(f"svc import: {len(made.drafts)} specs do not fit into one file; name a folder\n")
        return Exit.INVALID
    root = _root(options)
    existing = [one.path for one in outputs if _differs(root / one.path, one.text)]
    if existing and not options.force:
        warn(f"svc import: {', '.join(existing)} exists already; --force writes over it\n")
        return Exit.INVALID
    planned = plan(root, outputs, (), force=options.force)
    if planned.refused:
        reporting.to_console(planned.refused)
        return Exit.INVALID
    execute(replace(planned, state={}))
    return Exit.CLEAN


def _differs(path: Path, text: str) -> bool:
    """Whether something else stands there; what an earlier run of the same import wrote is in nobody's way."""
    from svc.source import contents

    return path.exists() and contents(path, str(path)) != text.encode()


def _root(options: argparse.Namespace) -> Path:
    return Path(options.out).parent if _is_file(options) else Path(options.out)


def _is_file(options: argparse.Namespace) -> bool:
    return Path(options.out).suffix in (".yaml", ".yml")


def _outputs(made: Imported, options: argparse.Namespace) -> list[Output]:
    """Where each spec stands: in its sources' folder, in one of its own where two would share it; and the workspace."""
    from svc.folders import WORKSPACE_FILES
    from svc.importers.workspace import FILE, shared
    from svc.outputs import Output
    from svc.report.mask import without_secrets

    header = _header(made)
    out = Path(options.out or ".").absolute()
    there = any(os.path.lexists(folder / name) for folder in (out, *out.parents) for name in WORKSPACE_FILES)
    first = next(iter(made.sources), "")
    drafts, workspace = shared(made.drafts, made.project or Path(first).absolute().parent.name, header)
    if there:
        drafts, workspace = list(made.drafts), ""
    folders = [one.folder for one in drafts]
    found = [Output(FILE, workspace, "workspace")] if workspace else []
    for draft in drafts:
        folder = draft.folder if folders.count(draft.folder) == 1 else draft.name
        path = Path(options.out).name if _is_file(options) else f"{folder}/service.yaml"
        text, lines = without_secrets(draft.text(header))
        for line in lines:
            draft.missing.append(f"line {line}: {_STOOD}")
        found.append(Output(path.removeprefix("./"), text, draft.name))
    return found
