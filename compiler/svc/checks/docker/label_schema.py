"""The labels that the final image must have or may have, each with the form of its value.

`labels`: key -> text, url, time (RFC 3339), spdx, hash (of git), semver, email, or a regular expression between slashes. `optional`: the same
for labels that may be missing. `closed`: no other label may be there. Values that hold variables are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from svc.checks._docker import Found, lineage, word
from svc.patterns import Pattern
from svc.records import dataclass, field
from svc.targets.docker.types import Dockerfile

_NUMBER = r"(0|[1-9]\d*)"
_PART = r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
FORMS = {
    "text": (r"(?s).*\S.*", "text"),
    "url": (r"https?://[^\s/]+\S*", "an address such as https://example.com"),
    "time": (
        r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)",
        "a time such as 2027-03-31T12:00:00Z",
    ),
    "spdx": (
        r"\(?[A-Za-z0-9.+:-]+\)?( (AND|OR|WITH) \(?[A-Za-z0-9.+:-]+\)?)*",
        "an SPDX expression such as Apache-2.0",
    ),
    "hash": (r"[0-9a-f]{40}|[0-9a-f]{7}|[0-9a-f]{64}", "a commit of git"),
    "semver": (rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_PART})?(\+{_PART})?", "a version such as 1.2.3"),
    "email": (r"[^@\s]+@[^@\s]+\.[^@\s.]+", "an address such as team@example.com"),
}


@dataclass(frozen=True, slots=True)
class Params:
    labels: Mapping[str, Pattern] = field(default_factory=dict)
    optional: Mapping[str, Pattern] = field(default_factory=dict)
    closed: bool = False


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    line = lineage(dockerfile)
    if not line:
        return
    wanted = {**params.optional, **params.labels}
    said: set[str] = set()
    for stage in line:
        for route, one in stage.find("LABEL"):
            for key, value in one.pairs:
                said.add(key)
                if key in wanted:
                    wrong = _wrong(wanted[key], value)
                    if wrong:
                        yield route, f"label `{key}` is `{value}`, which is not {wrong}", word(one, key)
                elif params.closed:
                    listed = ", ".join(sorted(wanted)) or "no labels"
                    yield route, f"label `{key}` is none of {listed}", word(one, key)
    for key in sorted(set(params.labels) - said) if dockerfile.read("LABEL") else ():
        yield ("instructions", line[0].first), f"the image has no label `{key}`"


def _wrong(form: str, value: str) -> str:
    """What a value should be and is not, "" when it is."""
    if "$" in value:
        return ""
    if len(form) > 1 and form.startswith("/") and form.endswith("/"):
        return "" if re.fullmatch(form[1:-1], value) else f"of the form {form}"
    pattern, words = FORMS.get(form, FORMS["text"])
    return "" if re.fullmatch(pattern, value) else words
