"""Spans of time, in seconds."""

from __future__ import annotations

import re
from typing import Any

from svc.model.spelled import plain, quoted, refuse, text_of
from svc.patterns import regex

DURATION_PATTERN = "([0-9]+h)?([0-9]+m)?([0-9]+s)?"
"""As JSON Schema and CUE write it."""
_DURATION = r"(?:([0-9]{1,15})h)?(?:([0-9]{1,15})m)?(?:([0-9]{1,15})s)?"
_SPOKEN = regex(r"([0-9]+)\s*(s|m|h)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?)?", re.IGNORECASE)
_LESS = regex(r"[0-9]{1,3}\s*ms")
"""Kubernetes counts whole seconds."""


def duration(value: Any) -> int:
    number = plain(value)
    if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
        return number
    text = text_of(value)
    match = re.fullmatch(_DURATION, text)
    if not text or match is None:
        meant = _SPOKEN.fullmatch(text)
        hint = f"; write {meant[1]}{meant[2].lower()}" if meant else "; write 1s" if _LESS.fullmatch(text) else ""
        raise refuse(f"{quoted(value)} is not a duration, such as 30s, 5m or 1h30m{hint}")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
