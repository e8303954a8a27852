"""Templates that give what is wanted of them, proved once for all services that have them.

Templates of two services seldom differ by more than names and texts. So a template is evaluated and read back with a
letter in place of each of them: one that stands nowhere else, and that nothing looks into (`svc.targets.helm.standing`).
What is so for the letter is so for whatever it stands for. The proof hangs on the text of the template, on all that the
template can ask for, and on what is wanted of it: that is the key under which it is remembered. What is not proved this
way is left to who compares the whole chart, and has the words for what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from svc.letters import LETTERS, Standing, free, lettered, named
from svc.targets.helm.asked import Asked, asked
from svc.targets.helm.expressions import Facts, looked_up
from svc.targets.helm.read import to_yaml
from svc.targets.helm.sprig import TemplateError
from svc.targets.helm.standing import Quoted, inert, names_in
from svc.targets.helm.template import WRONG, Engine, parse_template
from svc.tree import encoded, same
from svc.yaml_plain import doubtful, loaded

_KEPT = 1024
NOTHING = encoded(None)
_BETWEEN = "\0"
"""Stands in no template."""


def proved(texts: Sequence[str], engine: Engine, wanted: Sequence[str], own: Sequence[str]) -> bool:
    """Whether every template gives the object that is wanted of it as `encoded`, or `NOTHING`; `own`:
    names of the release."""
    templates = _unsigned(tuple(texts))
    whole = "\n".join(wanted)  # JSON has no line breaks
    plain = _Told(engine, ())
    tasks = list(zip(templates, wanted, strict=True))
    if all([free(one) for one in (*templates, whole)]) and _BETWEEN not in "".join(templates):  # noqa: C419
        told = _Told(engine, names_in(whole, own))
        pairs = list(zip(_lettered(templates, told.names), lettered(whole, told.names).split("\n"), strict=True))
        open_ = _unproved(pairs, range(len(pairs)), told, quotes=True)
        open_ = _unproved(pairs, open_, told, quotes=False)
    else:
        open_ = list(range(len(tasks)))
    return not _unproved(tasks, open_, plain, quotes=False)


def _lettered(templates: tuple[str, ...], names: Standing) -> tuple[str, ...]:
    """The templates with letters. Releases of a chart differ by names, of which its templates have few."""
    return _with_letters(templates, tuple([one for one in names if any([one[0] in text for text in templates])]))  # noqa: C419


@lru_cache(maxsize=4)
def _with_letters(templates: tuple[str, ...], names: Standing) -> tuple[str, ...]:
    return tuple(lettered(_BETWEEN.join(templates), names).split(_BETWEEN))


class _Told:
    """What the root of a release has, and what its helpers print, each looked up once; names may have letters in them."""

    def __init__(self, engine: Engine, names: Standing) -> None:
        self.engine, self.names = engine, names
        self.values: dict[tuple[str, ...], list[Any]] = {}
        self.helpers: dict[str, str | None] = {}

    def value(self, path: tuple[str, ...]) -> list[Any]:
        found = self.values.get(path)
        if found is None:
            plain = "".join(path).isascii()
            asked_for = path if plain else tuple([named(part, self.names) for part in path])
            found = self.values[path] = looked_up(self.engine, asked_for)
        return found

    def helper(self, name: str) -> str | None:
        if name not in self.helpers:
            self.helpers[name] = _included(self.engine, named(name, self.names))
        return self.helpers[name]


def _unproved(tasks: Sequence[tuple[str, str]], numbers: Iterable[int], told: _Told, *, quotes: bool) -> list[int]:
    """Those of the tasks, each a template and JSON with letters for names, that are not proved; `quotes`: texts that are
    quoted have letters, too."""
    left: list[int] = []
    made: list[tuple[int, str, Quoted]] = []
    for number in numbers:
        asks = asked(tasks[number][0])
        texts = Quoted(quotes, told.names)
        facts = "" if asks is None or asks.applied else _facts(asks, told, texts)
        sound = facts and not ((told.names or quotes) and len(LETTERS.findall(facts)) != texts.used)
        if sound:
            made.append((number, facts, texts))
        else:
            left.append(number)
    known = lettered("\n".join([facts for _, facts, _ in made]), told.names).split("\n")
    for (number, _, texts), facts in zip(made, known, strict=False):
        template, data = tasks[number]
        if not _gives(template, facts, texts.put(data)):
            left.append(number)
    return left


@lru_cache(maxsize=4)
def _unsigned(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Without what the comments of the first lines say, which name the file of the spec."""
    return tuple([_without_comment(text) for text in texts])


def _without_comment(text: str) -> str:
    first, line, rest = text.partition("\n")
    return f"#{line}{rest}" if first[:1] == "#" and "{{" not in first and first.isprintable() else text


def _facts(asks: Asked, told: _Told, texts: Quoted) -> str:
    """What the template can ask for, with nothing in place of what cannot be had."""
    values = []
    for path, quoted in asks.paths:
        found = told.value(path)
        values.append([texts.of(found[0])] if quoted and found else found)
    helpers = [told.helper(name) for name, _ in asks.helpers]
    for at, (_, quoted) in enumerate(asks.helpers):
        own = helpers[at]
        if quoted and own and not any([own in other for index, other in enumerate(helpers) if other and index != at]):  # noqa: C419
            helpers[at] = texts.of(own)
    return encoded([values, helpers])


def _included(engine: Engine, name: str) -> str | None:
    try:
        return engine.include(name, engine.root)
    except (TemplateError, *WRONG):
        return None


@lru_cache(maxsize=_KEPT)
def _gives(template: str, facts: str, wanted: str) -> bool:
    """Whether a template gives what is wanted when it is told facts; all may have letters in them."""
    asks = asked(template)
    if asks is None:
        return False
    try:
        values, helpers = json.loads(facts)
        known = {path: one[0] for (path, _), one in zip(asks.paths, values, strict=True) if one}
        engine = Engine(Facts(known), to_yaml, LETTERS)
        pairs = zip(asks.helpers, helpers, strict=True)
        engine.included.update({name: one for (name, _), one in pairs if one is not None})
        text = engine.render(template)
        data = json.loads(wanted)
    except ValueError:  # of a template, or of JSON in which a letter stands for a part of an escape
        return False
    found = loaded(text)
    if found is None or doubtful(text) or not inert(parse_template(template), text, wanted):
        return False
    there = [one for one in found if one is not None]
    return not there if data is None else len(there) == 1 and same(there[0], data)


__all__ = ["proved"]
