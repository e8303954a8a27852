"""What BuildKit refuses of an instruction by itself: flags that it does not know, too few arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from svc.diagnostics import Problem, Route
from svc.patterns import regex
from svc.suggest import nearest
from svc.targets.docker import expanded, values
from svc.targets.docker.mount_values import mounted
from svc.targets.docker.types import Instruction, unquoted

_FLAGS = {
    "ADD": ("checksum", "chmod", "chown", "exclude", "keep-git-dir", "link", "unpack"),
    "COPY": ("chmod", "chown", "exclude", "from", "link", "parents"),
    "FROM": ("platform",),
    "HEALTHCHECK": ("interval", "retries", "start-interval", "start-period", "timeout"),
    "RUN": ("device", "mount", "network", "security"),
}
_SWITCHES = frozenset(("keep-git-dir", "link", "parents", "unpack"))
_NEVER_EMPTY = _SWITCHES | {"device", "mount", "network", "security"}
_ARRAYS = frozenset(("ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL", "VOLUME"))
_SOME = frozenset(("ARG", "ENV", "EXPOSE", "LABEL", "MAINTAINER", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"))

_FORMS = {
    "ADD": "write ADD SOURCE... TARGET",
    "ARG": "write ARG NAME, or ARG NAME=DEFAULT",
    "COPY": "write COPY SOURCE... TARGET",
    "ENV": 'write ENV NAME=VALUE, a value with spaces in quotes: NAME="a b"',
    "EXPOSE": "write EXPOSE PORT, such as 8080 or 53/udp",
    "FROM": "write FROM IMAGE, or FROM IMAGE AS NAME",
    "HEALTHCHECK": "write HEALTHCHECK CMD COMMAND, or HEALTHCHECK NONE",
    "LABEL": 'write LABEL NAME=VALUE, a value with spaces in quotes: NAME="a b"',
    "ONBUILD": "write ONBUILD and another instruction, such as COPY",
    "SHELL": 'write SHELL ["/bin/bash", "-c"]',
    "STOPSIGNAL": "write the name of a signal, such as SIGTERM",
    "USER": "write USER ID, such as 1000:1000",
    "VOLUME": "write VOLUME PATH, such as /data",
    "WORKDIR": "write WORKDIR PATH, such as /app",
}
"""How each instruction is written."""
_TAKES = regex(r"(?i)[-/][a-z]*c|-command")
"""The flag by which a shell takes a command."""


def faults(found: Sequence[Instruction], escape: str) -> Iterator[Problem]:
    for number, one in enumerate(found):
        route = ("instructions", number)
        yield from _flags(one, route)
        message = _arguments(one) or values.arguments(one, _FLAGS.get(one.keyword, ()))
        if message:
            yield Problem("dockerfile-arguments", route, message, _FORMS.get(one.keyword, ""))
        elif (said := expanded.wrong(one, escape)) is not None:
            yield Problem("dockerfile-arguments", route, *said)
    for number, message in values.images(each for each in enumerate(found) if each[1].keyword == "FROM"):
        yield Problem("dockerfile-arguments", ("instructions", number), message, "write it in small letters")
    for number, said in mounted(found):
        yield Problem("dockerfile-flag-value", ("instructions", number), *said)


def _flags(one: Instruction, route: Route) -> Iterator[Problem]:
    known = _FLAGS.get(one.keyword, ())
    ignored = one.keyword == "HEALTHCHECK" and one.args[:1] == ("NONE",)
    for name, written in () if ignored else one.flags:
        value = None if written is None else unquoted(written)
        if name not in known:
            flags = ", ".join(f"--{flag}" for flag in known) or "none"
            message = f"{one.keyword} has no flag `--{name}`{nearest(f'--{name}', [f'--{flag}' for flag in known])}"
            yield Problem("dockerfile-unknown-flag", route, message, f"it has {flags}")
        elif (value is None and name not in _SWITCHES) or (value == "" and name in _NEVER_EMPTY):
            yield Problem("dockerfile-flag-value", route, f"the flag `--{name}` has no value", f"write --{name}=...")
        elif value and (said := values.flag(one, name, value)) is not None:
            yield Problem("dockerfile-flag-value", route, *said)


def _mixed(one: Instruction) -> bool:
    """Whether what should be an array of texts is JSON, but of other things as well."""
    text = " ".join(one.args[1:] if one.keyword == "HEALTHCHECK" else one.args).lstrip()
    if one.exec or one.keyword not in _ARRAYS or not text.startswith("["):
        return False
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _arguments(one: Instruction) -> str:
    words = one.args
    if _mixed(one):
        return f"the array of {one.keyword} holds something that is not text in double quotes"
    if one.keyword == "FROM" and not (len(words) == 1 or (len(words) == 3 and words[1].lower() == "as")):
        remark = "; a remark stands on a line of its own" if any(word.startswith("#") for word in words) else ""
        return f"FROM takes an image, or `IMAGE AS NAME`, not `{' '.join(words)}`{remark}"
    if one.keyword in ("ADD", "COPY") and len(words) < 2:
        return f"{one.keyword} needs a source and a destination"
    if one.keyword in _SOME and not words:
        return f"{one.keyword} needs an argument"
    if one.keyword in ("ENV", "LABEL") and len(words) == 1 and "=" not in words[0]:
        return f"{one.keyword} `{words[0]}` has no value"
    if one.keyword in ("ENV", "LABEL") and "=" in words[0]:
        bare = [word for word in words if "=" not in word]
        return f"{one.keyword} `{bare[0]}` has no `=`" if bare else ""
    if one.keyword == "SHELL" and not one.exec:
        shown = ("/bin/bash", "-c") if words[:1] and words[0].startswith("[") else _shell(words)
        return f"SHELL takes an array in JSON, such as `{json.dumps(shown)}`"
    if one.keyword == "SHELL" and not words:
        return "SHELL needs an argument"
    return ""


def _shell(words: Sequence[str]) -> Sequence[str]:
    """A shell with the flag by which it takes a command."""
    return words if words[-1:] and _TAKES.fullmatch(words[-1]) else [*words, "-c"]
