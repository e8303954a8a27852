"""Texts as YAML scalars, plain where a person would leave them so."""

from __future__ import annotations

import json
import re

_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


def quoted(text: str) -> str:
    """A word, a path or a file plain; all else in quotes: JSON's strings are YAML's."""
    plain = re.fullmatch(r"(\./)?[A-Za-z][\w./-]*", text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text)


def text(text: str) -> str:
    """Quoted only where YAML would read something else: `${needs.db.url}` stays as it is."""
    return json.dumps(text) if re.search(r"[:#=]\s|^\W(?!\{)|[=;,]", text) else text
