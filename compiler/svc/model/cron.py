"""Cron lines as Kubernetes reads them: five fields (robfig/cron v3, standard parser) or a descriptor."""

from __future__ import annotations

import re

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 6))
_NAMES = {
    "month": {
        n: i
        for i, n in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
    },
    "day of week": {n: i for i, n in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))},
}
_DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_PART = re.compile(r"(\*|\?|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:/([0-9]+))?")


def cron_problem(line: str) -> str:
    """What is wrong with a cron line, or an empty string."""
    if line.startswith("@"):
        return "" if line in _DESCRIPTORS else f"allowed descriptors are {', '.join(sorted(_DESCRIPTORS))}"
    if line.startswith(("TZ=", "CRON_TZ=")):
        return "a time zone belongs in `timezone`"
    fields = line.split()
    if len(fields) != len(_FIELDS):
        return f"it has {len(fields)} fields and needs five"
    for text, (name, low, high) in zip(fields, _FIELDS, strict=True):
        for part in text.split(","):
            wrong = _part_problem(part, name, low, high)
            if wrong:
                return wrong
    return ""


def _part_problem(part: str, name: str, low: int, high: int) -> str:
    match = _PART.fullmatch(part)
    if match is None:
        return f"the {name} {part!r} cannot be read"
    span, step = match.groups()
    if step is not None and int(step) == 0:
        return f"the step of the {name} is 0"
    if span in "*?":
        return ""
    ends = [_number(end, name) for end in span.split("-")]
    if any(end is None or not low <= end <= high for end in ends):
        return f"the {name} {span} is outside {low} to {high}"
    first, last = ends[0], ends[-1]
    return f"the {name} range {span} runs backwards" if first is not None and last is not None and first > last else ""


def _number(text: str, name: str) -> int | None:
    return int(text) if text.isdigit() else _NAMES.get(name, {}).get(text.lower())
