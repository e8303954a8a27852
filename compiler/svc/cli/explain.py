"""`svc explain`: a policy in words, or what produced a generated line."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc import visible
from svc.cli.console import output, shown, tell, warn
from svc.cli.exits import Exit
from svc.patterns import regex

if TYPE_CHECKING:
    from svc.provenance import Cause, Line
    from svc.source import Source

_LINE = regex(r"(?P<file>.+):(?P<line>[1-9]\d*)(?::\d+)?")


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "explain",
        help="explain a policy, or a generated line",
        description="Explains a policy by its id (or by the id that another tool gives the same demand), or says which "
        "line of the spec, layer or default produced a line of a generated file.",
    )
    verb.add_argument(
        "what",
        metavar="POLICY|FILE:LINE",
        nargs="?",
        default="",
        help="such as image-not-pinned, CKV_K8S_43, DL3002, or chart/templates/deployment.yaml:42",
    )
    verb.add_argument(
        "--spec",
        action="append",
        default=[],
        metavar="PATH",
        help="the specs that the file was generated from (default: those of the folder that it was written into)",
    )
    verb.add_argument("--format", choices=("text", "json"), default="text", help="form of the answer for a line")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    match = _LINE.fullmatch(options.what)
    if match is not None:
        return _line(Path(match["file"]), int(match["line"]), options)
    from svc.cli.policies import explained

    if not options.what:
        from svc import assets
        from svc.policy.load import load

        for policy in load([assets.policies()]).policies:
            tell(f"{policy.id}: {policy.title}")
        return Exit.CLEAN
    return explained(options.what, "svc explain")


def _line(file: Path, number: int, options: argparse.Namespace) -> Exit:
    from svc.cli import reporting
    from svc.pipeline import Request, compile_
    from svc.provenance import line
    from svc.records import replace
    from svc.report.mask import hidden, hidden_text, words_of
    from svc.source import Source, Unreadable, load

    source = load(file, name=shown(file))
    if isinstance(source, Unreadable):
        reporting.to_console([source.diagnostic])
        return Exit.INVALID
    root = _root(file)
    if root is None:
        warn(f"svc explain: {shown(file)} is in no folder that svc wrote into; it explains generated files\n")
        return Exit.INVALID
    if number > len(source.lines):
        warn(f"svc explain: {shown(file)} has {len(source.lines)} lines\n")
        return Exit.INVALID
    compiled = compile_(Request(tuple(Path(path) for path in options.spec) or (root,), shown, date.today()))
    path = file.resolve().relative_to(root.resolve()).as_posix()
    found = line(compiled, path, number)
    if found is None:
        if not compiled.pieces:
            reporting.to_console(compiled.diagnostics, compiled.sources)
        else:
            warn(f"svc explain: no spec found from {shown(root)} generates {path}; name it with --spec\n")
        return Exit.INVALID
    same = found.text == source.lines[number - 1]
    if not same:
        warn("svc explain: the file is not what svc writes now; this is about what it would write on that line\n")
    sources = {name: Source(name, hidden_text(one.text)) for name, one in compiled.sources.items()}
    known = words_of({**compiled.sources, source.name: source})
    there = Source(source.name, hidden_text(source.text)).lines[number - 1]
    found = replace(found, text=known.starred(there) if same else hidden(found.text, known))
    output(_as_json(found) if options.format == "json" else _as_text(found, number, sources))
    return Exit.CLEAN


def _root(file: Path) -> Path | None:
    """The nearest folder above a file that svc wrote into."""
    from svc.owned import STATE

    return next((folder for folder in file.absolute().parents if (folder / STATE).is_file()), None)


def _as_text(found: Line, number: int, sources: Any) -> str:
    lines = [f"{found.path}:{number}: {found.text.strip()}"]
    if not found.causes:
        every_one = f"svc writes this in every {found.piece.name} output, whatever the spec says"
        of_all = "svc makes this file of the spec as a whole: no one line of it is known to be behind this one"
        lines.append(f"  {of_all if found.whole else every_one}")
    every = len(found.piece.unit.environments)
    for cause in found.causes:
        lines += ["", *_cause(cause, found.value, every, sources)]
    return "".join(f"{visible.one_line(line)}\n" for line in lines)


def _cause(cause: Cause, value: str, every: int, sources: Any) -> list[str]:
    from svc.diagnostics import shown as written

    environments = [name for name in cause.environments if name]
    where = "" if not environments or len(environments) == every else f" in {', '.join(environments)}"
    place = cause.place
    at = f"{place.file}:{place.span.line}:{place.span.column}" if place.span is not None else place.file
    route = written(cause.route)
    lines = [f"  {cause.part}{where}" if cause.part else f"  the whole{where}"]
    if not cause.route and value:
        return [
            *lines,
            f"    `{value}` of the chart's values, for whoever installs it: nothing in the spec asks for it",
        ]
    if not cause.route:
        return [*lines, "    a default of svc for every service: nothing in the spec asks for it"]
    if cause.layer == "default":
        lines.append(f"    a default of svc: `{route}` is not said; it belongs to {at}")
    else:
        lines.append(f"    {route}, set by {cause.layer} at {at}")
    source: Source | None = sources.get(place.file)
    if source is not None and place.span is not None and place.span.line <= len(source.lines):
        lines.append(f"    {place.span.line} | {source.lines[place.span.line - 1]}")
    return lines


def _as_json(found: Line) -> str:
    from svc.diagnostics import shown as written

    causes = [
        {
            "part": one.part,
            "route": written(one.route),
            "layer": one.layer,
            "file": one.place.file,
            "line": one.place.span.line if one.place.span is not None else 0,
            "environments": [name for name in one.environments if name],
        }
        for one in found.causes
    ]
    document = {"path": found.path, "text": found.text, "target": found.piece.name, "causes": causes}
    return visible.as_json(document)
