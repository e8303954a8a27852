"""`svc show`: a spec as it is in one environment, and which layer and line set each value."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli import demands, overrides
from svc.cli.console import say, shown, verdict, warn
from svc.cli.exits import Exit

if TYPE_CHECKING:
    from svc.diagnostics import Route
    from svc.resolve.resolve import Draft
    from svc.resolve.shown import Note
    from svc.resolve.types.whole import Resolved
    from svc.source import Source
    from svc.specs import Found


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "show",
        help="show a spec in an environment, and who set what",
        description="Shows a spec as it is in one environment: all layers merged and every default worked out, each value "
        "with the file and line that set it, or why it is that.",
    )
    verb.add_argument(
        "spec", nargs="?", metavar="SPEC", default="service.yaml", help="the spec (default: service.yaml)"
    )
    verb.add_argument(
        "route", nargs="?", metavar="ROUTE", default="", help="only this part, such as scale or env.LOG_LEVEL"
    )
    verb.add_argument("--env", metavar="NAME", default="", help="the environment (default: the first)")
    overrides.add(verb)
    verb.add_argument("--format", choices=("yaml", "json"), default="yaml", help="form of the output")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    from svc.cli.reporting import to_console
    from svc.diagnostics import ordered
    from svc.resolve.resolve import drafts, environments_of
    from svc.resolve.shown import shown as values
    from svc.specs import find
    from svc.suggest import nearest

    chosen = overrides.read(options)
    if chosen is None:
        return Exit.INVALID
    found = find([Path(options.spec)], chosen, shown, demands.box(options))
    made, problems = drafts(found.wanted[0], found.workspace) if len(found.wanted) == 1 else ({}, ())
    diagnostics = (*found.diagnostics, *problems)
    if verdict(diagnostics) is not Exit.CLEAN or not made:
        to_console(ordered(diagnostics), found.sources)
        return Exit.INVALID
    known = (*environments_of(found.wanted[0], found.workspace), "local")
    environment = options.env or known[0]
    if environment not in known:
        warn(
            f"svc show: there is no environment `{environment}`; known are {', '.join(known)}{nearest(environment, known)}\n"
        )
        return Exit.INVALID
    data, notes = values(made[environment].merged, _resolved(found, made, environment), found.workspace.document)
    return _printed(data, notes, found.sources, options)


def _resolved(found: Found, made: Mapping[str, Draft], environment: str) -> Resolved | None:
    """What is worked out for the environment; None, and a word about it, when something it refers to is wrong."""
    from svc.resolve.resolve import drafts, neighbour, unit

    near = [neighbour(drafts(spec, found.workspace)[0]) for spec in found.others]
    whole, _ = unit(found.wanted[0], found.workspace, made, {one.name: one for one in near if one is not None})
    if whole is None:
        warn(
            "svc show: references of this spec are wrong, so that only what it says itself is shown; svc lint says more\n"
        )
        return None
    return next(one for one in (*whole.environments, whole.local) if one.environment == environment)


def _printed(
    data: Any, notes: Mapping[Route, Note], sources: Mapping[str, Source], options: argparse.Namespace
) -> Exit:
    from svc.records import replace
    from svc.report.mask import hidden, hidden_data, words_of
    from svc.resolve.override import route_of
    from svc.suggest import nearest

    route, rest = route_of(options.route)
    for index, part in enumerate(route):
        inside = list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
        if rest or part not in inside:
            here = [str(one) for one in inside]
            where = ".".join(str(one) for one in route[:index]) or "the spec"
            hint = nearest(str(part), here)
            warn(f"svc show: there is no `{part}` in {where}; it has {', '.join(here) or 'nothing'}{hint}\n")
            return Exit.INVALID
        data = data[part]
    if options.route and not route:
        warn(f"svc show: `{options.route}` is no route, such as scale.min\n")
        return Exit.INVALID
    name = str(route[-1]) if route else ""
    known = words_of(sources)
    data = hidden_data(data, known, name)
    notes = {at: replace(one, file=hidden(one.file), why=hidden(one.why, known)) for at, one in notes.items()}
    say(_json(data, notes, route) if options.format == "json" else _yaml(data, notes, route))
    return Exit.CLEAN


def _json(data: Any, notes: Mapping[Route, Note], route: Route) -> str:
    from svc import visible
    from svc.diagnostics import shown as routed
    from svc.model.spelled import plain

    origins = {
        routed(where): {"layer": one.layer, "file": one.file, "line": one.line, "why": one.why}
        for where, one in sorted(notes.items(), key=lambda item: [str(part) for part in item[0]])
        if where[: len(route)] == route
    }
    return visible.as_json({"value": plain(data), "origins": origins})


def _yaml(data: Any, notes: Mapping[Route, Note], route: Route) -> str:
    from svc import visible
    from svc.emit import emit

    key = str(route[-1]) if route else ""
    top = (key,) if route else ()
    emitted = emit({key: _spelled(data)} if route else _spelled(data))
    lines = emitted.text.removesuffix("\n").split("\n")
    comments: dict[int, str] = {}
    for where, line in emitted.lines.items():
        note = notes.get((*route, *where[len(top) :]) if where[: len(top)] == top else ())
        if note is not None:
            comments.setdefault(line - 1, visible.one_line(note.text))
    width = min(48, max((len(lines[number]) for number in comments), default=0))
    return "".join(
        f"{line.ljust(width)}  # {comments[number]}\n" if number in comments else f"{line}\n"
        for number, line in enumerate(lines)
    )


def _spelled(value: Any) -> Any:
    """Numbers and flags as the source spells them: 3.10 stays 3.10."""
    from svc.model.spelled import Spelled
    from svc.yaml_holes import Raw

    if isinstance(value, Spelled):
        return Raw(value.text or "null")
    if isinstance(value, dict):
        return {key: _spelled(item) for key, item in value.items()}
    return [_spelled(item) for item in value] if isinstance(value, list) else value
