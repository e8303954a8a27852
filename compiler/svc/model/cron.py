"""Cron lines as Kubernetes reads them: five fields (robfig/cron v3, standard parser) or a descriptor."""

from __future__ import annotations

from svc.patterns import regex
from svc.scalars import digits

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 6))
_NAMES = {
    "month": {
        n: i
        for i, n in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
    },
    "day of week": {n: i for i, n in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))},
}
_DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_NUMBERS = {
    (0, 59): "[1-5]?[0-9]",
    (0, 23): "1?[0-9]|2[0-3]",
    (1, 31): "[1-9]|[12][0-9]|3[01]",
    (1, 12): "[1-9]|1[0-2]",
    (0, 6): "[0-6]",
}
"""The numbers of a range, as a pattern."""
_PART = regex(r"(\*|\?|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:/([0-9]+))?")


def cron_problem(line: str) -> str:
    """What is wrong with a cron line, or an empty string."""
    if line.startswith("@"):
        return "" if line in _DESCRIPTORS else f"allowed descriptors are {', '.join(sorted(_DESCRIPTORS))}"
    if line.startswith(("TZ=", "CRON_TZ=")):
        return "a time zone belongs in `timezone`"
    fields = line.split()
    if len(fields) != len(_FIELDS):
        return f"it has {len(fields)} field{'s' if len(fields) != 1 else ''} and needs five"
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
    if step is not None and len(step) > 18:
        return f"the step of the {name} is too large"
    if step is not None and not step.strip("0"):
        return f"the step of the {name} is 0"
    if span in "*?":
        return ""
    ends = [_number(end, name) for end in span.split("-")]
    if name == "day of week" and 7 in ends:
        return f"the {name} {span} is outside {low} to {high}: Sunday is 0"
    if any(end is None or not low <= end <= high for end in ends):
        return f"the {name} {span} is outside {low} to {high}"
    first, last = ends[0], ends[-1]
    return f"the {name} range {span} runs backwards" if first is not None and last is not None and first > last else ""


def _number(text: str, name: str) -> int | None:
    return int(text) if digits(text) and len(text) < 10 else _NAMES.get(name, {}).get(text.lower())


def _pattern() -> str:
    """The form of a cron line as a regular expression; that a range does not run backwards is not in it."""
    lines = []
    for name, low, high in _FIELDS:
        words = ["".join(f"[{c.upper()}{c}]" for c in word) for word in _NAMES.get(name, ())]
        number = f"(0*({_NUMBERS[low, high]}){''.join('|' + word for word in words)})"
        part = rf"(\*|\?|{number}(-{number})?)(/0*[1-9][0-9]*)?"
        lines.append(f"{part}(,{part})*")
    space = r"[ \t\n]"
    return "|".join((*sorted(_DESCRIPTORS), f"{space}*{f'{space}+'.join(lines)}{space}*"))


CRON_PATTERN = _pattern()
