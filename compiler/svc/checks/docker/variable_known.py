"""A variable that nothing in the file gives a value, so that an empty text takes its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, script
from svc.checks._params import NoParams as Params
from svc.checks.images import reference
from svc.patterns import regex
from svc.suggest import close
from svc.targets.docker.types import Dockerfile, Instruction, unquoted

_EXPANDED = frozenset(("ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"))
_PLATFORM = frozenset(
    f"{whose}{what}" for whose in ("BUILD", "TARGET") for what in ("ARCH", "OS", "OSVERSION", "PLATFORM", "VARIANT")
) | {"TARGETSTAGE"}
"""Global arguments that BuildKit sets."""
_GIVEN = frozenset(
    name for one in ("ALL_PROXY", "FTP_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY") for name in (one, one.lower())
) | {"HOME", "PATH", "PWD", "HOSTNAME", "SOURCE_DATE_EPOCH"}
_VARIABLE = regex(r"(?<!\\)\$(?:\{(\w+)(?:\}|(?=[#%]))|([A-Za-z_]\w*))")
"""A variable without a default."""
_OF_IMAGES = frozenset(("JAVA_VERSION", "PG_MAJOR", "PG_VERSION"))
_SETTING = ("for", "read", "getopts", "export", "local", "declare")
"""Commands of a shell that give the variables a value which they name."""


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    if not dockerfile.read("ARG", "ENV", "FROM"):
        return
    globals_ = _globals(dockerfile)
    ended: dict[str, tuple[set[str], str]] = {}
    for stage in dockerfile.stages:
        base = unquoted(stage.base)
        for name in _used(base):
            if name not in globals_ | _PLATFORM:
                yield ("instructions", stage.first), f"`${name}` is no ARG above the first FROM{_near(name, globals_)}"
        inherited, root = ended.get(base.lower(), (set(), base))
        known = set(inherited)
        for offset, one in enumerate(stage.instructions[1:], 1):
            for name in _unknown(one, known):
                why = _why(name, known, globals_, root)
                if why:
                    yield ("instructions", stage.first + offset), f"`${name}` is empty here: {why}"
            if one.keyword in ("ARG", "ENV"):
                known.update(name for name, _value in one.pairs)
        ended[(stage.name or str(stage.index)).lower()] = (known, root)


def _globals(dockerfile: Dockerfile) -> set[str]:
    first = next((stage.first for stage in dockerfile.stages), 0)
    return {name for one in dockerfile.instructions[:first] if one.keyword == "ARG" for name, _ in one.pairs}


def _used(text: str) -> list[str]:
    return list(dict.fromkeys(match[1] or match[2] for match in _VARIABLE.finditer(text)))


def _unknown(one: Instruction, known: set[str]) -> list[str]:
    if one.keyword == "RUN":
        text = script(one)
        names = [name for name in _used(re.sub(r"'[^']*'", "", text)) if not _set_in(name, text)]
    else:
        names = (
            _used(" ".join(word for word in one.args if not word.startswith("'"))) if one.keyword in _EXPANDED else []
        )
    return [name for name in names if name not in known | _GIVEN]


def _set_in(name: str, text: str) -> bool:
    """Whether a script itself gives a variable a value."""
    if f"{name}=" not in text and not any(one in text for one in _SETTING):
        return False
    named = re.escape(name)
    return re.search(rf"\b{named}=|\b(?:{'|'.join(_SETTING)})\b[^;\n]*\b{named}\b", text) is not None


def _why(name: str, known: set[str], globals_: set[str], root: str) -> str:
    if name in globals_ and not _from_image(name, root):
        return f"`ARG {name}` stands above FROM, and is unknown in a stage that does not repeat it"
    if name in _PLATFORM:
        return f"a stage knows it after `ARG {name}`"
    near = close(name, sorted(known))
    if near and len(name) > 3:
        return f"nothing sets it; did you mean `${near}`?"
    return "nothing sets it" if root == "scratch" else ""


def _from_image(name: str, base: str) -> bool:
    """Whether the base image is likely to set a variable: official ones say what they are of."""
    return name in _OF_IMAGES or name.partition("_")[0].lower()[:4] in reference(base).repository.lower()


def _near(name: str, names: set[str]) -> str:
    near = close(name, sorted(names))
    return f"; did you mean `${near}`?" if near else ""
