"""Templates that give what is wanted of them, proved once for all services that have them.

Templates of two services seldom differ by more than names and texts. So a template is evaluated and read back with a
letter in place of each of them: one that stands nowhere else, and that nothing looks into (`svc.targets.helm.standing`).
What is so for the letter is so for whatever it stands for. The proof hangs on the text of the template, on all that the
template can ask for, and on what is wanted of it: that is the key under which it is remembered. What is not proved this
way is left to who compares the whole chart, and has the words for what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from svc.targets.helm.asked import Asked, asked
from svc.targets.helm.read import to_yaml
from svc.targets.helm.standing import LETTERS, Quoted, Standing, free, inert, lettered, named, names_in
from svc.targets.helm.template import Engine, Facts, TemplateError, looked_up, parse_template
from svc.tree import same
from svc.yaml_plain import doubtful, loaded

_KEPT = 1024
_encoded = json.JSONEncoder(ensure_ascii=False).encode


def proved(texts: Sequence[str], engine: Engine, wanted: Sequence[Any], own: Sequence[str]) -> bool:
    """Whether every template gives the object that is wanted of it, or nothing where None is; `own`: names of the release."""
    return all(_proved(_unsigned(text), engine, one, own) for text, one in zip(texts, wanted, strict=True))


def _proved(text: str, engine: Engine, wanted: Any, own: Sequence[str]) -> bool:
    data = _encoded(wanted)
    if free(text) and free(data):
        names = names_in(data, own)
        if _with(text, engine, data, names, True) or _with(text, engine, data, names, False):
            return True
    return _with(text, engine, data, (), False)


def _with(text: str, engine: Engine, data: str, names: Standing, quotes: bool) -> bool:
    """With letters for names, and with `quotes` for texts that are quoted."""
    template = lettered(text, names)
    asks = asked(template)
    if asks is None or asks.applied:
        return False
    texts = Quoted(quotes, names)
    facts = _facts(asks, engine, names, texts)
    if (names or quotes) and len(LETTERS.findall(facts)) != texts.used:
        return False
    return _gives(template, lettered(facts, names), lettered(texts.put(data), names))


def _unsigned(text: str) -> str:
    """Without what the comment of the first line says, which names the file of the spec."""
    first, line, rest = text.partition("\n")
    return f"#{line}{rest}" if first[:1] == "#" and "{{" not in first and first.isprintable() else text


def _facts(asks: Asked, engine: Engine, names: Standing, texts: Quoted) -> str:
    """What the template can ask for, with nothing in place of what cannot be had."""
    values = []
    for path, quoted in asks.paths:
        plain = "".join(path).isascii()
        found = looked_up(engine, path if plain else tuple([named(part, names) for part in path]))
        values.append([texts.of(found[0])] if quoted and found else found)
    helpers = [_included(engine, named(name, names)) for name, _ in asks.helpers]
    for at, (_, quoted) in enumerate(asks.helpers):
        own = helpers[at]
        if quoted and own and not any(own in other for index, other in enumerate(helpers) if other and index != at):
            helpers[at] = texts.of(own)
    return _encoded([values, helpers])


def _included(engine: Engine, name: str) -> str | None:
    try:
        return engine.include(name, engine.root)
    except TemplateError:
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
