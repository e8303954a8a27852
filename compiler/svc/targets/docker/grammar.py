"""What BuildKit refuses of an instruction by itself: flags that it does not know, too few arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.diagnostics import Problem
from svc.targets.docker.types import Instruction

_FLAGS = {
    "ADD": ("checksum", "chmod", "chown", "exclude", "keep-git-dir", "link", "unpack"),
    "COPY": ("chmod", "chown", "exclude", "from", "link", "parents"),
    "FROM": ("platform",),
    "HEALTHCHECK": ("interval", "retries", "start-interval", "start-period", "timeout"),
    "RUN": ("device", "mount", "network", "security"),
}
_SOME = frozenset(("ARG", "ENV", "EXPOSE", "LABEL", "MAINTAINER", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"))


def faults(found: Sequence[Instruction]) -> Iterator[Problem]:
    for number, one in enumerate(found):
        route = ("instructions", number)
        for name, _value in one.flags:
            known = _FLAGS.get(one.keyword, ())
            if name not in known:
                flags = ", ".join(f"--{flag}" for flag in known)
                yield Problem(
                    "dockerfile-unknown-flag", route, f"{one.keyword} has no flag `--{name}`", f"it has {flags}"
                )
        message = _arguments(one)
        if message:
            yield Problem("dockerfile-arguments", route, message)


def _arguments(one: Instruction) -> str:
    words = one.args
    if one.keyword == "FROM" and not (len(words) == 1 or (len(words) == 3 and words[1].lower() == "as")):
        return f"FROM takes an image, or `IMAGE AS NAME`, not `{' '.join(words)}`"
    if one.keyword in ("ADD", "COPY") and len(words) < 2:
        return f"{one.keyword} needs a source and a destination"
    if one.keyword in _SOME and not words:
        return f"{one.keyword} needs an argument"
    if one.keyword in ("ENV", "LABEL") and len(words) == 1 and "=" not in words[0]:
        return f"{one.keyword} `{words[0]}` has no value"
    if one.keyword in ("ENV", "LABEL") and "=" in words[0]:
        bare = [word for word in words if "=" not in word]
        return f"{one.keyword} `{bare[0]}` has no `=`" if bare else ""
    return ""
