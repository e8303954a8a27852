"""ENV that reads a variable which it sets itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from svc.checks._docker import Found, every, word
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, unquoted

_USED = regex(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)[}:])")
_PART = regex(r"\\.|'[^']*'|\"(?:[^\"\\]|\\.)*\"", re.S)
_ESCAPED = regex(r"\\.", re.S)


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    known: set[str] = set()
    ended: dict[str, set[str]] = {}
    stage = ""
    for route, one in every(dockerfile, "FROM", "ARG", "ENV"):
        if one.keyword == "FROM":
            ended[stage] = known
            known = set(ended.get(unquoted(one.args[0]).lower(), ()) if one.args else ())
            stage = one.args[2].lower() if len(one.args) == 3 else ""
            continue
        names = [name for name, _value in one.pairs]
        if one.keyword == "ENV" and len(names) > 1:
            read = _read(one.args)
            for name in names:
                reader = next((other for other in read.get(name, ()) if other != name), None)
                if name not in known and reader is not None:
                    yield route, f"`{name}` is read by the ENV that sets it", word(one, reader)
                    break
        known.update(names)


def _read(words: Sequence[str]) -> dict[str, dict[str, None]]:
    """The variables that are read, each with the names before which that is done, in their order."""
    found: dict[str, dict[str, None]] = {}
    for one in words:
        name = unquoted(one).partition("=")[0]
        for used in _USED.finditer(_PART.sub(_filled, one)):
            found.setdefault(used[1] or used[2], {})[name] = None
    return found


def _filled(part: re.Match[str]) -> str:
    """What Docker puts variables into, of a part with quotes or of an escaped sign: within single quotes nothing, and in
    double quotes those are signs like others."""
    return _ESCAPED.sub(" ", part[0]) if part[0].startswith('"') else " "
