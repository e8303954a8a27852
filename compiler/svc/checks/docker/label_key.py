"""A label's key that is not of Docker's form, or in a namespace that is reserved."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every, word
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile

_FORM = regex(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "LABEL"):
        for key, _value in one.pairs:
            if "$" in key:
                continue
            if not _FORM.fullmatch(key):
                message = (
                    f"label `{key}` is not lower-case letters and digits, a letter first, joined by single `.` or `-`"
                )
                yield route, message, word(one, key)
            elif key.startswith(_RESERVED):
                yield route, f"label `{key}` is in a namespace that belongs to Docker", word(one, key)
