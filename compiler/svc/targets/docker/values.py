"""Values of flags and arguments that BuildKit refuses, of instructions that are well otherwise.

After frontend/dockerfile/instructions, and moby/sys/signal for the names of signals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from svc.patterns import regex
from svc.suggest import nearest
from svc.targets.docker.mount_values import wrong as wrong_mount
from svc.targets.docker.types import Instruction, unquoted

Said = tuple[str, str]
"""What is wrong, and what to write."""

_WORDS = {"network": ("default", "host", "none"), "security": ("insecure", "sandbox")}
_SWITCHES = frozenset(("keep-git-dir", "link", "parents", "unpack"))
_TIMES = frozenset(("interval", "start-interval", "start-period", "timeout"))
_TIME = regex(r"[+-]?0|\+?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|[\u00b5\u03bc]s|ms|s|m|h))+")
_NUMBER = regex(r"\+?[0-9]{1,9}")
_MODE = regex(r"0*[0-7]{1,4}|[ugoa]*(?:[-+=][rwxXstugo]*)+(?:,[ugoa]*(?:[-+=][rwxXstugo]*)+)*")
_NAMES = (
    "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP"
    " TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ"
)
_SIGNALS = tuple(_NAMES.split())
_REAL_TIME = regex(r"RTMIN(?:\+(?:[1-9]|1[0-5]))?|RTMAX(?:-(?:[1-9]|1[0-4]))?")
_WHOLE = regex(r"[+-]?[0-9]{1,9}")
_UNTRIGGERED = frozenset(("FROM", "MAINTAINER", "ONBUILD"))
_DASH = regex(r"[\u2010-\u2015\u2212]+([a-z][a-z-]*)")
_STAGE = regex(r"[a-z][a-z0-9_.-]*")
_REMOTE = regex(r"(?:https?|git|ssh)://|github\.com/|[^/]*@[^/]*:|[^$]*\$")


def flag(one: Instruction, name: str, value: str) -> Said | None:
    """What is wrong with the value of a flag that the instruction has."""
    if name == "mount":
        return wrong_mount(value)
    if name in _TIMES:
        refused = (
            not _TIME.fullmatch(value) and "a number with its unit, such as 30s or 1m30s; no variable is filled in"
        )
        return (f"`{value}` is no length of time for `--{name}`", f"write {refused}") if refused else None
    if name == "retries":
        said = (f"`{value}` is no number of retries", "write a number, such as 3; no variable is filled in")
        return None if _NUMBER.fullmatch(value) else said
    if "$" in value:
        return None
    if name in _WORDS and value not in _WORDS[name]:
        known = _WORDS[name]
        return f"`--{name}` cannot be `{value}`{nearest(value, known)}", f"write {' or '.join(known)}"
    if name in _SWITCHES and value.lower() not in ("true", "false"):
        return f"`--{name}` is true or false, not `{value}`", f"write --{name}, or --{name}=false"
    if name == "chmod" and not _MODE.fullmatch(value):
        return f"`{value}` is no mode of a file", "write it as chmod takes it, such as 0755 or u+x"
    if name == "checksum" and not any(_REMOTE.match(unquoted(source)) for source in one.args[:-1]):
        return "`--checksum` is for what is fetched from an address, and the source is a file", "remove the flag"
    return None


def arguments(one: Instruction, flags: Sequence[str]) -> str:
    """What is wrong with the arguments of an instruction that has enough of them. `flags`: those that it knows."""
    if one.args and not one.exec and (dash := _DASH.match(one.args[0])) and dash[1] in flags:
        return f"`{dash[0]}` begins with a dash of print: a flag begins with `--`, so write `--{dash[1]}`"
    if one.keyword == "HEALTHCHECK":
        return _healthcheck(one.args)
    if one.keyword == "STOPSIGNAL" and one.args and "$" not in one.args[0]:
        return _signal(unquoted(one.args[0]))
    if one.keyword in ("ARG", "ENV", "LABEL") and any(word.startswith("=") for word in one.args) and _paired(one):
        return f"{one.keyword} has a value without a name"
    if one.keyword == "ONBUILD" and one.args and one.args[0].split(maxsplit=1)[0].upper() in _UNTRIGGERED:
        return f"ONBUILD cannot trigger {one.args[0].split(maxsplit=1)[0].upper()}"
    if one.keyword == "VOLUME" and not all(unquoted(word).strip() for word in one.args):
        return "a path of VOLUME is empty"
    if one.keyword == "FROM" and len(one.args) == 3 and not _STAGE.fullmatch(one.args[2].lower()):
        return f"`{one.args[2]}` cannot be the name of a stage: a letter, then letters, digits, `-`, `_` and `.`"
    return ""


def _paired(one: Instruction) -> bool:
    """Whether every word is a name with its value; in the old form of ENV and LABEL the first is the name."""
    return one.keyword == "ARG" or "=" in one.args[0]


def _healthcheck(args: tuple[str, ...]) -> str:
    kind = args[0] if args else ""
    if kind not in ("CMD", "NONE"):
        return f"HEALTHCHECK takes `CMD` and a command, or `NONE`{f', not `{kind.lower()}`' if kind else ''}"
    if kind == "NONE" and len(args) > 1:
        return "HEALTHCHECK NONE takes no arguments"
    return "HEALTHCHECK CMD has no command" if kind == "CMD" and len(args) < 2 else ""


def _signal(name: str) -> str:
    short = name.upper().removeprefix("SIG")
    if (_WHOLE.fullmatch(name) and int(name)) or short in _SIGNALS or _REAL_TIME.fullmatch(short):
        return ""
    return f"there is no signal `{name}`{nearest(f'SIG{short}', [f'SIG{one}' for one in _SIGNALS])}"


def images(found: Iterable[tuple[int, Instruction]]) -> Iterator[tuple[int, str]]:
    """Bases that are neither a stage nor a reference to an image: both are written in small letters."""
    stages: set[str] = set()
    for number, one in found:
        base = unquoted(one.args[0]) if one.args else ""
        repository = _repository(base)
        if "$" not in base and base not in stages and repository != repository.lower():
            message = f"the repository of `{base}` has capital letters, which no image has"
            called = f"there is no stage `{base}`: BuildKit knows it as `{base.lower()}`, however `AS` writes it"
            yield number, called if base.lower() in stages else message
        stages.update(word.lower() for word in one.args[2:3])


def _repository(base: str) -> str:
    """Without registry, tag and digest, as distribution/reference parts them."""
    name = base.partition("@")[0]
    registry, slash, path = name.partition("/")
    hosted = slash and (registry == "localhost" or "." in registry or ":" in registry or registry != registry.lower())
    return (path if hosted else name).partition(":")[0]
