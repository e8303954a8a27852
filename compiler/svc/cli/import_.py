"""`svc import`: compose files, Score files and Kubernetes manifests become specs, with an account of every key."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli.console import say, shown, warn
from svc.cli.exits import Exit

if TYPE_CHECKING:
    from svc.importers.result import Imported
    from svc.write import Output


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "import",
        help="make specs of compose files, Score files or Kubernetes manifests",
        description="Makes specs of compose files, Score files or Kubernetes manifests, and says of every key what became of it.",
    )
    verb.add_argument("paths", nargs="+", metavar="FILE", help="files of one kind")
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
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    from svc.cli import reporting
    from svc.importers import report as account
    from svc.importers.run import run as import_
    from svc.source import Source, load

    loaded = [load(path, name=shown(Path(path))) for path in options.paths]
    unreadable = [one.diagnostic for one in loaded if not isinstance(one, Source)]
    if unreadable:
        reporting.to_console(unreadable)
        return Exit.INVALID
    made = import_([one for one in loaded if isinstance(one, Source)], options.form, load)
    if made.diagnostics:
        reporting.to_console(made.diagnostics)
        return Exit.INVALID
    told = account.as_json(made) if options.report == "json" else account.text(made)
    strict = Exit.FINDINGS if options.strict and made.lost else Exit.CLEAN
    if not options.out:
        say("---\n".join(one.text(_header(made)) for one in made.drafts))
        warn(told)
        return strict
    written = _write(options, made)
    if written == Exit.CLEAN:
        say(told)
    return written or strict


def _header(made: Imported) -> str:
    return f"Imported by svc from {', '.join(sorted(made.sources))}; yours from now on."


def _write(options: argparse.Namespace, made: Imported) -> Exit:
    """All files or none, and never over one that exists unless forced."""
    from dataclasses import replace

    from svc.cli import reporting
    from svc.write import execute, plan

    out = Path(options.out)
    single = out.suffix in (".yaml", ".yml")
    if single and len(made.drafts) > 1:
        warn(f"svc import: {len(made.drafts)} specs do not fit into one file; name a folder\n")
        return Exit.INVALID
    root = out.parent if single else out
    outputs = _outputs(made, out.name if single else "")
    existing = [one.path for one in outputs if (root / one.path).exists()]
    if existing and not options.force:
        warn(f"svc import: {', '.join(existing)} exists already; --force writes over it\n")
        return Exit.INVALID
    planned = plan(root, outputs, (), force=options.force)
    if planned.refused:
        reporting.to_console(planned.refused)
        return Exit.INVALID
    execute(replace(planned, state={}))
    return Exit.CLEAN


def _outputs(made: Imported, name: str) -> list[Output]:
    """Where each spec stands: in its sources' folder, in one of its own where two would share it."""
    from svc.write import Output

    folders = [one.folder for one in made.drafts]
    found = []
    for draft in made.drafts:
        folder = draft.folder if folders.count(draft.folder) == 1 else draft.name
        found.append(Output(name or f"{folder}/service.yaml", draft.text(_header(made)), draft.name))
    return found
