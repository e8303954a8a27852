"""ENV that reads a variable which it sets itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, every, word
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile, unquoted


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
        for name in names if one.keyword == "ENV" and len(names) > 1 else ():
            used = re.compile(rf"(?<!\\)\$(?:{re.escape(name)}\b|\{{{re.escape(name)}[}}:])")
            others = [word for word in one.args if word.partition("=")[0] != name]
            if name not in known and any(used.search(word.partition("=")[2]) for word in others):
                reader = next(each for each in others if used.search(each.partition("=")[2]))
                yield route, f"`{name}` is read by the ENV that sets it", word(one, reader.partition("=")[0])
                break
        known.update(names)
