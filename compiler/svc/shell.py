"""Shell text as the simple commands that it runs, wherever they stand: lists, pipes, groups, loops, substitutions.

Commands that another one starts (`sudo`, `env`, `xargs`, `sh -c '...'`) are found as well.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from svc.diagnostics import Within
from svc.patterns import regex
from svc.records import dataclass, field, replace
from svc.shell_words import Token, tokens

_KEYWORDS = frozenset(("if", "then", "else", "elif", "fi", "while", "until", "do", "done", "!", "{", "}", "esac"))
_ENDS = frozenset((";", "&", "|", "|&", "&&", "||", "\n", "(", ")", ";;", ";&", ";;&"))
_ASSIGNMENT = regex(r"[A-Za-z_]\w*(\[[^]]*\])?\+?=")
_WRAPPERS = {
    "sudo": "CDghpRrTtUu",
    "doas": "Cu",
    "env": "CSu",
    "exec": "a",
    "command": "",
    "builtin": "",
    "nice": "n",
    "nohup": "",
    "time": "fo",
    "timeout": "ks",
    "xargs": "adEILnPs",
    "eatmydata": "",
    "ionice": "cnp",
    "gosu": "",
    "stdbuf": "ieo",
    "tini": "ep",
    "dumb-init": "r",
}
"""Programs that start the command in their arguments, each with its short options that take a value."""
SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh", "ksh"))
_DEEP = 5
_GROUP_PIPED = regex(r"(?:\)|[;\s](?:\}|done|fi|esac))\s*\|(?!\|)\s*\w", needs=("|",))
PIPE_TO_SHELL = regex(
    r"\b(?:curl|wget)\b[^|;&\n]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:/(?:usr/)?bin/)?"
    r"(?:(?:ba|z|da|k)?sh\b|(?:python[\d.]*|perl|ruby|node|php)(?=\s*$|\s*[;&|)\n]|\s+--?(?:\s|$)))"
    r"|\b(?:ba|z|da)?sh\s+(?:-\w+\s+)?[\"']?(?:<\(|\$\()\s*(?:curl|wget)\b",
    needs=("curl", "wget"),
)
"""A script from the network that is run unread: `curl ... | sh`, `bash <(curl ...)`, `sh -c "$(curl ...)"`. Other
interpreters run what they read where they are given no program of their own: `curl ... | python3 -`."""


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. Words are without quotes, expansions as written; `variables` are the assignments before it.

    `piped`: its output goes into another command. `started`: another command (`sudo`, `xargs`, `sh -c`) starts it.
    `spots`: where each word stands in the script; `assigned`: where the variables do.
    """

    words: tuple[str, ...]
    variables: tuple[str, ...] = ()
    piped: bool = False
    started: bool = False
    spots: tuple[Within, ...] = field(default=(), compare=False)
    assigned: Within = field(default=(0, 0), compare=False)

    @property
    def at(self) -> Within:
        """Where its words stand in the script; its variables, when it has no word."""
        return (self.spots[0][0], self.spots[-1][1]) if self.spots else self.assigned

    @property
    def name(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words after the name that are no options."""
        return tuple(word for word in self.words[1:] if not word.startswith("-"))

    def has(self, *options: str) -> bool:
        """Whether one of the options is there: `--yes` also as `--yes=...`, `-y` also within `-qy`."""
        return any(_is_option(word, option) for word in self.words[1:] for option in options)


@functools.lru_cache(maxsize=512)
def parse(script: str) -> tuple[Command, ...]:
    """Every simple command of a script in its written order, those that others start included."""
    return tuple(_all(script, 0))


def of_words(words: tuple[str, ...]) -> Iterator[Command]:
    """A command whose words are given one by one, without the variables before it, and those that it starts."""
    first = next((at for at, one in enumerate(words) if not _ASSIGNMENT.match(one)), len(words))
    if words[first:]:
        command = Command(words[first:], words[:first], spots=((0, 0),) * len(words[first:]))
        yield command
        yield from _started(command, 0, "")


def has_pipe(script: str) -> bool:
    """Whether the output of a command, or of a group of them, goes into another one."""
    return any(command.piped for command in parse(script)) or bool(_GROUP_PIPED.search(script))


def first_pipe(script: str) -> Within:
    """Where the first of these stands."""
    group = _GROUP_PIPED.search(script)
    return next((command.at for command in parse(script) if command.piped), group.span() if group else (0, len(script)))


def _all(script: str, depth: int) -> Iterator[Command]:
    read = tokens(script)
    for command in _simple(read):
        yield command
        if depth < _DEEP:
            yield from _started(command, depth, script)
    if depth < _DEEP:
        for one in read:
            for inner, start in one.inner:
                yield from (_moved(command, start) for command in _all(inner, depth + 1))


def _moved(command: Command, start: int) -> Command:
    first, last = command.assigned
    spots = tuple((one + start, end + start) for one, end in command.spots)
    return replace(command, spots=spots, assigned=(first + start, last + start))


def _simple(read: list[Token]) -> Iterator[Command]:
    index = 0
    cases: list[bool] = []
    while index < len(read):
        token = read[index]
        if token.operator:
            if token.text in (";;", ";&", ";;&") and cases:
                index = _after_pattern(read, index + 1, cases)
            else:
                index += 1
        elif token.plain and token.text in ("for", "select"):
            index = _end(read, index)
        elif token.plain and token.text == "case":
            cases.append(True)
            index = _after_pattern(read, _past(read, index, "in"), cases)
        elif token.plain and token.text == "function":
            index += 2
        elif token.plain and token.text in _KEYWORDS:
            if token.text == "esac" and cases:
                cases.pop()
            index += 1
        else:
            command, index = _command(read, index)
            if command is not None:
                yield command


def _command(read: list[Token], index: int) -> tuple[Command | None, int]:
    end = _past(read, index, "]]") if read[index].text == "[[" else _end(read, index)
    words = [one for one in read[index:end] if not one.operator]
    stop = read[end] if end < len(read) else None
    if len(words) == 1 and stop and stop.text == "(" and not stop.spaced:
        if words[0].text.endswith("="):
            return None, _past(read, end, ")")
        if end + 1 < len(read) and read[end + 1].text == ")":
            return None, end + 2
    first = next((at for at, one in enumerate(words) if not _ASSIGNMENT.match(one.text)), len(words))
    variables = tuple(one.text for one in words[:first])
    texts = tuple(one.text for one in words[first:])
    spots = tuple((one.start, one.end) for one in words[first:])
    assigned = (words[0].start, words[first - 1].end) if first else (0, 0)
    return Command(texts, variables, bool(stop and stop.text in ("|", "|&")), False, spots, assigned), end


def _end(read: list[Token], index: int) -> int:
    while index < len(read) and not (read[index].operator and read[index].text in _ENDS):
        index += 1
    return index


def _past(read: list[Token], index: int, text: str) -> int:
    while index < len(read) and read[index].text != text:
        index += 1
    return index + 1


def _after_pattern(read: list[Token], index: int, cases: list[bool]) -> int:
    """The index after the pattern of a case's branch, or of the `esac` that stands there instead."""
    while index < len(read) and read[index].operator and read[index].text == "\n":
        index += 1
    if index < len(read) and read[index].text == "esac":
        cases.pop()
        return index + 1
    return _past(read, index, ")")


def _started(command: Command, depth: int, script: str) -> Iterator[Command]:
    """What a command starts by its arguments."""
    name = command.name.rpartition("/")[2]
    if name in SHELLS:
        yield from _in_argument(command, depth, script)
        return
    if name not in _WRAPPERS or (name == "command" and command.has("-v", "-V")):
        return
    index = 1
    while index < len(command.words):
        word = command.words[index]
        if word.startswith("-") and len(word) > 1:
            index += 2 if word[-1] in _WRAPPERS[name] and not word.startswith("--") and len(word) == 2 else 1
        elif _ASSIGNMENT.match(word) or (name == "timeout" and index == 1) or (name == "gosu" and index == 1):
            index += 1
        else:
            break
    if command.words[index:]:
        inner = Command(command.words[index:], command.variables, command.piped, True, command.spots[index:])
        yield inner
        yield from _started(inner, depth + 1, script) if depth < _DEEP else ()


def _in_argument(command: Command, depth: int, script: str) -> Iterator[Command]:
    """The commands of `sh -c '...'`; those whose text is not there as it is read stand at the argument."""
    index = _shell_argument(command.words)
    if not index:
        return
    text, (start, end) = command.words[index], command.spots[index]
    at = script.find(text, start, end)
    for one in _all(text, depth + 1):
        found = _moved(one, at) if at >= 0 else replace(one, spots=((start, end),) * len(one.spots))
        yield replace(found, started=True)


def _shell_argument(words: tuple[str, ...]) -> int:
    """Which word is the script; 0: none."""
    for index, word in enumerate(words[1:], 1):
        if re.fullmatch(r"-[a-z]*c", word):
            return index + 1 if index + 1 < len(words) and words[index + 1] else 0
    return 0


def _is_option(word: str, option: str) -> bool:
    if option.startswith("--") or len(option) > 2:
        return word == option or word.startswith(f"{option}=")
    return word.startswith("-") and not word.startswith("--") and option[1] in word[1:].partition("=")[0]
