"""Texts as YAML scalars, plain where a person would leave them so."""

from __future__ import annotations

import json
import re

from svc.patterns import regex

_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


_UNWRITABLE = regex(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs of control and halves of others, which JSON and YAML escape: no spec may hold them."""


def quoted(text: str) -> str:
    """A word, a path or a file plain; all else in quotes: JSON's strings are YAML's."""
    text = _UNWRITABLE.sub("\ufffd", text)
    plain = re.fullmatch(r"(\./)?[A-Za-z][\w./-]*", text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text)


def text(text: str) -> str:
    """Quoted only where YAML would read something else: `${needs.db.url}` stays as it is."""
    text = _UNWRITABLE.sub("\ufffd", text)
    return json.dumps(text) if re.search(r"[:#=]\s|^\W(?!\{)|[=;,]", text) else text
