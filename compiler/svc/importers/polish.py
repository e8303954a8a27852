"""A spec as people write it: short forms, one probe for both questions, and nothing that the compiler does anyway."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from svc.diagnostics import Route
from svc.importers.check import Neighbours, check
from svc.importers.draft import Draft
from svc.importers.ledger import ANYWAY, Ledger, Note
from svc.records import replace

Data = dict[str, Any]
Moves = dict[Route, Route]
"""Where something stood -> where it stands; () if it is the compiler's own value, which is not said."""
Step = Callable[[Data, Moves], None]


def polish(draft: Draft, neighbours: Neighbours, ledgers: Sequence[Ledger]) -> None:
    """The steps after which the same objects come out: all of them, or each that does by itself."""
    wanted: object = None
    every = list(_steps(draft.data))
    for steps in (every, *([step] for step in every)):
        data, moves = copy.deepcopy(draft.data), dict[Route, Route]()
        for step in steps:
            step(data, moves)
        if data == draft.data:
            continue
        wanted = wanted or _objects(draft, neighbours)
        before, draft.data = draft.data, data
        if _objects(draft, neighbours) == wanted:
            _moved(draft, moves, ledgers)
            if steps is every:
                return
        else:
            draft.data = before


def _objects(draft: Draft, neighbours: Neighbours) -> object:
    checked = check(draft, neighbours)
    return checked.faults, {
        name: [(one.kind, one.name, one.tree.data) for one in objects] for name, objects in checked.others.items()
    }


def _moved(draft: Draft, moves: Moves, ledgers: Sequence[Ledger]) -> None:
    for ledger in ledgers:
        for route, note in ledger.notes.items():
            if note.spec == draft.name and note.to:
                ledger.notes[route] = _at(draft, moves, note)


def _at(draft: Draft, moves: Moves, note: Note) -> Note:
    for old, new in moves.items():
        if note.to[: len(old)] == old and not new:
            fate = "default" if note.fate == "mapped" else note.fate
            return replace(note, fate=fate, to=(), reason=note.reason or ANYWAY)
        if note.to[: len(old)] == old:
            note = replace(note, to=(*new, *note.to[len(old) :]))
    to = note.to
    while len(to) > 1 and draft.get(*to) is None and isinstance(draft.get(*to[:-1]), str | int):
        to = to[:-1]  # a short form
    return replace(note, to=to)


# --- steps -------------------------------------------------------------------------------------------------------


def _steps(data: Data) -> Iterator[Step]:
    for key in ("workload", "scale", "read_only", "user", "group"):
        yield partial(_without, route=(key,))
    yield partial(_without, route=("rollout", "grace"))
    yield _empty
    for path in data.get("volumes") or {}:
        for key in ("access", "keep"):
            yield partial(_without, route=("volumes", path, key))
    for index, _ in enumerate(_get(data, ("expose", "paths")) or []):
        yield partial(_without, route=("expose", "paths", index, "port"))
    yield _paths
    for at in _processes(data):
        yield partial(_ports, at=at)
        yield partial(_limits, at=at)
        yield partial(_requests, at=at)
        for role in ((), ("ready",), ("live",), ("startup",)):
            for key in ("scheme", "port"):
                yield partial(_without, route=(*at, "health", *role, "http", key))
            for key in ("initial_delay", "period", "timeout", "failures", "successes"):
                yield partial(_without, route=(*at, "health", *role, key))
        yield partial(_one_probe, at=at)
        yield partial(_short_questions, at=at)
    yield _needs
    yield _patches


def _processes(data: Data) -> list[Route]:
    kinds = ("init", "sidecars", "jobs", "workers")
    return [(), *((kind, name) for kind in kinds for name in data.get(kind) or {})]


def _get(data: Data, route: Route) -> Any:
    found: Any = data
    for part in route:
        if isinstance(found, dict):
            found = found.get(part)
        else:
            found = found[part] if isinstance(found, list) and isinstance(part, int) and part < len(found) else None
    return found


def _without(data: Data, moves: Moves, *, route: Route) -> None:
    holder = _get(data, route[:-1])
    if isinstance(holder, dict) and route[-1] in holder:
        del holder[route[-1]]
        moves[route] = ()


def _empty(data: Data, _: Moves) -> None:
    if data.get("rollout") == {}:
        del data["rollout"]


def _paths(data: Data, moves: Moves) -> None:
    """Paths as texts; a single one by itself, and / is none."""
    paths = _get(data, ("expose", "paths"))
    if not isinstance(paths, list):
        return
    short = [one["path"] if isinstance(one, dict) and list(one) == ["path"] else one for one in paths]
    data["expose"]["paths"] = short
    if len(short) == 1 and isinstance(short[0], str):
        del data["expose"]["paths"]
        data["expose"].update({} if short == ["/"] else {"path": short[0]})
        moves[("expose", "paths", 0)] = () if short == ["/"] else ("expose", "path")
    for index, one in enumerate(short):
        moves[("expose", "paths", index, "path")] = (
            ("expose", "paths", index) if isinstance(one, str) else ("expose", "paths", index, "path")
        )


def _ports(data: Data, _: Moves, *, at: Route) -> None:
    ports = _get(data, (*at, "ports"))
    for name, port in ports.items() if isinstance(ports, dict) else ():
        if isinstance(port, dict) and list(port) == ["port"]:
            ports[name] = port["port"]


def _requests(data: Data, moves: Moves, *, at: Route) -> None:
    """Requests alone are the short form."""
    amounts = _get(data, (*at, "resources"))
    if isinstance(amounts, dict) and list(amounts) == ["requests"]:
        _get(data, at)["resources"] = amounts["requests"]
        moves[(*at, "resources", "requests")] = (*at, "resources")


def _limits(data: Data, moves: Moves, *, at: Route) -> None:
    """Limits that follow from the requests."""
    if _get(data, (*at, "resources", "requests")):
        _without(data, moves, route=(*at, "resources", "limits"))


def _one_probe(data: Data, moves: Moves, *, at: Route) -> None:
    health = _get(data, (*at, "health"))
    if isinstance(health, dict) and isinstance(health.get("ready"), dict) and health["ready"] == health.get("live"):
        rest = {key: one for key, one in health.items() if key not in ("ready", "live")}
        _get(data, at)["health"] = {**health["ready"], **rest}
        moves[(*at, "health", "ready")] = moves[(*at, "health", "live")] = (*at, "health")


def _short_questions(data: Data, _: Moves, *, at: Route) -> None:
    for role in ((), ("ready",), ("live",), ("startup",)):
        probe = _get(data, (*at, "health", *role))
        for kind, key in (("http", "path"), ("tcp", "port"), ("grpc", "port")):
            question = probe.get(kind) if isinstance(probe, dict) else None
            if isinstance(question, dict) and list(question) == [key]:
                probe[kind] = question[key]


def _needs(data: Data, _: Moves) -> None:
    for name, need in (data.get("needs") or {}).items():
        if isinstance(need, dict) and list(need) == ["type"]:
            data["needs"][name] = need["type"]


def _patches(data: Data, moves: Moves) -> None:
    """One patch of a kind for each object: merges into one, operations behind each other."""
    made: list[Data] = []
    for index, patch in enumerate(data.get("patches") or []):
        kind = "merge" if "merge" in patch else "json_patch"
        same = [
            one for one in made if kind in one and all(one.get(key) == patch.get(key) for key in ("target", "name"))
        ]
        if not same or (kind == "merge" and _clash(same[0]["merge"], patch["merge"])):
            made.append(patch)
        elif kind == "merge":
            _join(same[0]["merge"], patch["merge"])
        else:
            same[0]["json_patch"] = [*same[0]["json_patch"], *patch["json_patch"]]
        moves[("patches", index)] = ("patches", made.index(same[0] if same and patch is not made[-1] else patch))
    if made:
        data["patches"] = made


def _clash(one: Data, other: Data) -> bool:
    """Whether both say something about the same place."""
    for key in one.keys() & other.keys():
        both = isinstance(one[key], dict) and isinstance(other[key], dict)
        if not both or _clash(one[key], other[key]):
            return True
    return False


def _join(one: Data, other: Data) -> None:
    for key, value in other.items():
        if key in one:
            _join(one[key], value)
        else:
            one[key] = value
