"""Fixes of workflows and compose files: changes at routes of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.diagnostics import Route
from svc.edit.changes import Append, Change, Delete, Keyed, Set
from svc.edit.emptied import emptied
from svc.edit.types import RefusedError
from svc.patterns import regex
from svc.targets.compose.types import tells_health
from svc.tree import Data, Tree, mapping
from svc.workflows.names import runners


def timeout(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*route, "timeout-minutes"), 360, after="runs-on"),)


def no_insecure_commands(_data: Data, route: Route) -> tuple[Change, ...]:
    if route[-1] != "ACTIONS_ALLOW_UNSECURE_COMMANDS":
        raise RefusedError("the script has to be rewritten by hand")
    return (Set(route, False),)


def one_run(_data: Data, _route: Route) -> tuple[Change, ...]:
    return (Set(("concurrency",), {"group": "${{ github.workflow }}-${{ github.ref }}"}, after="on"),)


def gone(data: Data, route: Route) -> tuple[Change, ...]:
    return (Delete(emptied(data, route, 3 if route[0] == "services" else 1)),)


def healthy(data: Data, route: Route) -> tuple[Change, ...]:
    """The list of dependencies spelled out: those that say when they are healthy are waited for."""
    at = route[:-1]
    names = Tree(data).get(*at)
    if not isinstance(names, list) or len(set(map(str, names))) != len(names):
        raise RefusedError("the dependencies are not a list of names")

    def condition(name: str) -> str:
        return "service_healthy" if tells_health(Tree(data).get("services", name)) else "service_started"

    return (Keyed(at, tuple({"condition": condition(str(name))} for name in names)),)


def unnamed(data: Data, route: Route) -> tuple[Change, ...]:
    """A container's name goes, where nothing else in the file speaks of it."""
    name = str(Tree(data).get(*route))
    others = [text for text in _strings(data) if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text)]
    if len(others) > 1 and name != route[1]:
        raise RefusedError(f"the file speaks of `{name}` elsewhere too")
    return (Delete(route),)


def unlinked(data: Data, route: Route) -> tuple[Change, ...]:
    links = Tree(data).get(*route)
    for link in links if isinstance(links, list) else ():
        service, colon, name = str(link).partition(":")
        if colon and name != service:
            raise RefusedError(f"`{link}` gives a service another name")
    return (Delete(route),)


_RUNNERS = {"ubuntu": "ubuntu-24.04", "macos": "macos-15", "windows": "windows-2025"}
_SIZE = regex(r"-x?large$")


def served_runner(data: Data, route: Route) -> tuple[Change, ...]:
    label = str(Tree(data).get(*route))
    system, _, rest = label.partition("-")
    newer = _RUNNERS.get(system, "") + (_SIZE.search(rest) or [""])[0]
    if system not in _RUNNERS:
        raise RefusedError("it is not known what replaces this runner")
    job = mapping(data, *map(str, route[:2]))
    asked = sum(one == label for _, one in runners(job, route[:2]))
    if "strategy" in route and sum(label in text for text in _strings(job)) > asked:
        raise RefusedError(f"the job names `{label}` elsewhere too")
    return (Set(route, newer),)


def _strings(data: Data) -> Iterator[str]:
    """The texts in a tree of data, keys aside."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _strings(one)


def one_expression(data: Data, route: Route) -> tuple[Change, ...]:
    """A condition of several pieces as the one expression that it was meant to be."""
    text = Tree(data).get(*route)
    if not isinstance(text, str):
        raise RefusedError("the condition is no text")
    pieces = [one.strip() for one in re.findall(r"\$\{\{(.*?)\}\}", text, re.DOTALL)]
    if len(pieces) == 1 and text.strip().startswith("${{") and text.strip().endswith("}}"):
        return (Set(route, pieces[0]),)
    inside = iter(pieces)
    whole = re.sub(r"\$\{\{.*?\}\}", lambda _: _braced(next(inside)), text, flags=re.DOTALL)
    return (Set(route, " ".join(whole.split())),)


def _braced(piece: str) -> str:
    return piece if re.fullmatch(r"[\w.-]+(\([^()]*\))?", piece) else f"({piece})"


def restarted(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*route, "restart"), "unless-stopped"),)


def read_only(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*route, "read_only"), True),)


def no_new_privileges(data: Data, route: Route) -> tuple[Change, ...]:
    at, entry = (*route, "security_opt"), "no-new-privileges:true"
    return (Append(at, entry),) if isinstance(Tree(data).get(*at), list) else (Set(at, [entry]),)


def from_here_only(data: Data, route: Route) -> tuple[Change, ...]:
    """A published port that only this machine reaches."""
    port = Tree(data).get(*route)
    if isinstance(port, dict):
        return (Set((*route, "host_ip"), "127.0.0.1"),)
    if not isinstance(port, str) or not re.fullmatch(r"\d+(-\d+)?:\d+(-\d+)?(/\w+)?", port):
        raise RefusedError("the port is written in a way that is not edited")
    return (Set(route, f"127.0.0.1:{port}"),)
