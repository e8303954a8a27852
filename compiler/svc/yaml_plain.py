"""The data of simple YAML texts, quicker than `parse`: without marks, for texts that we have written ourselves.

`loaded` gives what `parse` gives for a text that has no problem; None for any text with an anchor, alias, tag, merge key,
repeated key or mistake: then `parse` is asked, which knows all of YAML and says what is wrong where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from svc.libyaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    yaml,
)
from svc.patterns import regex
from svc.scalars import plain, resolve
from svc.tree import Data
from svc.yaml_nodes import Parser, printable

_DEPTH = 50
"""Deeper texts are left to `parse`, which knows the limit."""
_ODD = regex("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Characters that `parse` refuses or treats in a way of its own, carriage returns among them."""
_PLACES = regex(r"(?:\n[ ]*|:[ ]+|-[ ]+)(?=[-+0-9yYnNoO=<~])")
"""Where a scalar of the next kind can begin, in a text with a line's end before it: found ten times as fast by itself."""
_SUSPECT = regex(
    r"""(y|n|yes|no|on|off|=|<<|~
      |[-+]?0[0-9xXoObB_][0-9a-fA-F_]*|[-+]?[0-9][0-9_]*(?:_|:[0-9])[0-9_:.]*|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)
    (?=:?[ ]*$|:[ ]|[ ]+\#)""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
"""What may be a scalar that readers of YAML 1.1 take for something else; most texts have none."""


_NOTHING = object()


class _OddError(Exception):
    """Something that is left to `parse`."""


def loaded(text: str) -> list[Data] | None:
    """The documents that say something."""
    if "\r" in text or (not printable(text) and _ODD.search(text)):
        return None
    documents: list[Data] = []
    following = Parser(text).get_event
    try:
        while (event := following()) is not None:
            if type(event) is DocumentStartEvent:
                data = _value(following(), following, 0)
                if data is not _NOTHING:
                    documents.append(data)
    except (_OddError, yaml.YAMLError):
        return None
    return documents


def doubtful(text: str, known: Collection[str] = ()) -> str:
    """The first scalar without quotes that readers of YAML 1.1 take for something else; empty when there is none.

    `known`: words that may stand there, as `on` in workflows.
    """
    whole = f"\n{text}"
    found = [one for place in _PLACES.finditer(whole) if (one := _SUSPECT.match(whole, place.end())) is not None]
    if all(one[1] in known for one in found):
        return ""
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if type(event) is ScalarEvent and event.implicit[0] and not event.style and event.value not in known:
                value = resolve(event.value)
                if (
                    not plain(value)
                    if isinstance(value, str)
                    else event.value[:1] == "0" and event.value[1:2].isalnum()
                ):
                    return str(event.value)
    except yaml.YAMLError:
        return ""
    return ""


def _value(event: Any, following: Callable[[], Any], depth: int) -> Data:
    """The value that begins with an event."""
    kind = type(event)
    if kind is AliasEvent or event.anchor is not None or event.tag is not None or depth > _DEPTH:
        raise _OddError
    if kind is ScalarEvent:
        text: str = event.value
        if event.style or not event.implicit[0]:
            return text
        return _NOTHING if not text and not depth else resolve(text)
    if kind is SequenceStartEvent:
        items = []
        while type(event := following()) is not SequenceEndEvent:
            items.append(_value(event, following, depth + 1))
        return items
    made: dict[str, Data] = {}
    while type(event := following()) is not MappingEndEvent:
        key = event.value if type(event) is ScalarEvent else None
        if key is None or key in made or key == "<<" or event.anchor is not None or event.tag is not None:
            raise _OddError
        value = following()
        if type(value) is ScalarEvent and value.anchor is None and value.tag is None:  # most are: no call for them
            made[key] = value.value if value.style or not value.implicit[0] else resolve(value.value)
        else:
            made[key] = _value(value, following, depth + 1)
    return made


__all__ = ["doubtful", "loaded"]
