"""Any Dockerfile's text to data with spans: never raises, what is wrong is a problem.

The grammar is BuildKit's (frontend/dockerfile/parser): directives only at the top, comments and blank lines inside
continuations, here-documents after RUN, COPY and ADD, JSON arrays with a fall back to shell form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache

from svc.diagnostics import Problem, Route, Span
from svc.patterns import regex
from svc.records import dataclass, replace
from svc.source import Source
from svc.suggest import close, nearest
from svc.targets.docker.grammar import faults
from svc.targets.docker.heredocs import Ends, begun, glued, joined, untabbed
from svc.targets.docker.types import Dockerfile, Heredoc, Instruction
from svc.targets.docker.words import words

_KEYWORDS = (
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME"
    " WORKDIR"
)
KEYWORDS = frozenset(_KEYWORDS.split())
_DIRECTIVES = ("syntax", "escape", "check")
_DIRECTIVE = regex(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$")
_FLAG = regex(r"""--([^\s=]+)(?:=((?:[^\s"'\\]|\\.|"[^"]*"|'[^']*')*(?=\s|$)|\S*))?(?:\s+|$)""")
_ARRAYS = frozenset(("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"))
_WHOLE = frozenset(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"))
_QUOTED = frozenset(("ARG", "ENV", "LABEL"))
_TEXTS = frozenset(("CMD", "ENTRYPOINT", "ONBUILD", "RUN"))
_NEXT = regex(rf"(?:{'|'.join(KEYWORDS)})[ \t]+\S")
"""What begins an instruction, and hardly a line of a script."""
_MARK = regex(r"[<=>]{7}|\{[{%]")
"""What merges and templates leave in a text."""
_UNTRIGGERED = frozenset(("FROM", "MAINTAINER", "ONBUILD"))


@dataclass(frozen=True, slots=True)
class Read:
    dockerfile: Dockerfile
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Logical:
    """An instruction's text without its continuations; `next` is the index of the line after it."""

    text: str
    next: int


def read_dockerfile(source: Source) -> Read:
    lines = lines_of(source.text)
    directives, index = _directives(lines)
    escape = "`" if ("escape", "`") in directives else "\\"
    header: list[str] = []
    comments: list[str] = []
    found: list[Instruction] = []
    problems: list[Problem] = []
    ends = Ends(lines)
    while index < len(lines):
        line = lines[index].strip()
        if line.startswith("#"):
            comments.append(line[1:].removeprefix(" ").rstrip())
        elif not line and not found and comments and not header:
            header, comments = comments, []
        elif line:
            read = logical(lines, index, escape)
            one, after = _instruction(read, ends, escape, problems, len(found))
            last = max(after - 1, index)
            span = Span(index + 1, len(lines[index]) - len(lines[index].lstrip()) + 1, last + 1, len(lines[last]) + 1)
            found.append(replace(one, comment=tuple(comments), span=span))
            comments, index = [], after
            continue
        index += 1
    problems += [*faults(found, escape), *_shape(found)]
    return Read(Dockerfile(tuple(found), directives, tuple(header)), tuple(problems))


def lines_of(text: str) -> list[str]:
    """The lines that BuildKit counts."""
    return text.replace("\r\n", "\n").split("\n")


def _directives(lines: list[str]) -> tuple[tuple[tuple[str, str], ...], int]:
    directives: list[tuple[str, str]] = []
    for index, line in enumerate(lines):
        match = _DIRECTIVE.match(line.strip())
        name = match.group(1).lower() if match else ""
        if match is None or name not in _DIRECTIVES or name in dict(directives):
            return tuple(directives), index
        if name == "syntax" and line[:1].isspace():
            continue  # BuildKit looks for it before it trims lines
        directives.append((name, match.group(2)))
    return tuple(directives), len(lines)


def logical(lines: Sequence[str], index: int, escape: str, steps: list[tuple[int, int, int]] | None = None) -> _Logical:
    """Joins continued lines: a break with white space on a side stays as a newline, one within a word vanishes.

    `steps` gets where each line's text begins: offset in the whole, row, column.
    """
    text = ""
    glue = False
    while index < len(lines):
        line = lines[index]
        stripped = line.strip()
        index += 1
        if text and (not stripped or stripped.startswith("#")):
            continue
        body = line.rstrip()
        more = body.endswith(escape) and not body.endswith(escape * 2)
        body = body[: -len(escape)] if more else body
        spaced = bool(text) and (glue or body[:1].isspace())
        glue = body[-1:].isspace()
        escaped = glue and body.rstrip().endswith(escape)
        text += "\n" if spaced else ""
        if steps is not None:
            steps.append((len(text), index - 1, len(body) - len(body.lstrip())))
        text += body.strip() + (" " if escaped else "")
        if not more:
            break
    return _Logical(text, index)


def _instruction(
    read: _Logical, ends: Ends, escape: str, problems: list[Problem], number: int
) -> tuple[Instruction, int]:
    word, rest = head(read.text)
    keyword = word.upper()
    if keyword not in KEYWORDS:
        problems.append(_unknown(word, number, escape))
    one = _plain(keyword, rest, escape)
    if "<<" not in rest:
        return one, read.next
    bearer = one.trigger or one
    words = "" if bearer.exec else " ".join(bearer.args)  # BuildKit looks for none in an array
    heredocs, after = _heredocs(bearer.keyword, words, ends, read.next, problems, number)
    if bearer.keyword == "RUN" and not heredocs:
        after = _joined(words, ends, after, problems, number)
    trigger = replace(one.trigger, heredocs=heredocs) if one.trigger else None
    return replace(one, heredocs=heredocs, trigger=trigger), after


def _unknown(word: str, number: int, escape: str) -> Problem:
    """What begins no instruction, and may be the rest of the one above, which is whole in that case neither."""
    route: Route = ("instructions", number)
    message = f"`{word}` is not a Dockerfile instruction"
    lower = word != word.upper() and not close(word, KEYWORDS, 0.8)
    if number and (lower or not word[:1].isalpha()) and not _MARK.match(word):
        advice = f"to go on with the instruction above, end the line above with `{escape}`"
        above: Route = ("instructions", number - 1)
        return Problem("dockerfile-unknown-instruction", route, message, advice, related=(("goes on here", above),))
    advice = f"the instructions are {', '.join(sorted(KEYWORDS))}"
    return Problem("dockerfile-unknown-instruction", route, f"{message}{nearest(word.upper(), KEYWORDS)}", advice)


@lru_cache(maxsize=4096)
def _plain(keyword: str, rest: str, escape: str) -> Instruction:
    """An instruction without its here-documents."""
    given, rest = flags(rest.strip())
    args, is_exec = _args(keyword, rest, escape)
    trigger = None
    if keyword == "ONBUILD" and rest:
        inner, after = head(rest)
        trigger = _plain(inner.upper(), after, escape) if inner.upper() in KEYWORDS - _UNTRIGGERED else None
    return Instruction(keyword, args, given, is_exec, trigger=trigger)


def head(text: str) -> tuple[str, str]:
    match = re.match(r"\S+", text)
    word = match.group() if match else ""
    return word, text[len(word) :]


def flags(rest: str) -> tuple[tuple[tuple[str, str | None], ...], str]:
    """The flags that a text begins with, and what follows them."""
    found: list[tuple[str, str | None]] = []
    while match := _FLAG.match(rest):
        found.append((match.group(1), match.group(2)))
        rest = rest[match.end() :]
    return tuple(found), rest


def _heredocs(
    keyword: str, rest: str, ends: Ends, index: int, problems: list[Problem], number: int
) -> tuple[tuple[Heredoc, ...], int]:
    if keyword not in ("ADD", "COPY", "RUN"):
        return (), index
    found: list[Heredoc] = []
    for one in begun(rest):
        cut = untabbed if one.strip else str
        end = ends.find(one.name, index, cut)
        if end is not None:
            body: Sequence[str] = [cut(line) for line in ends.lines[index:end]]
        else:
            end, body, advice = _meant_end(ends.lines, index, one.name)
            message = f"the here-document `{one.name}` does not end"
            problems.append(Problem("dockerfile-open-heredoc", ("instructions", number), message, advice))
        index = end + 1
        found.append(Heredoc(one.name, "\n".join(body), one.quoted, one.strip))
    return tuple(found), min(index, len(ends.lines))


def _joined(command: str, ends: Ends, index: int, problems: list[Problem], number: int) -> int:
    """Where reading goes on behind `cat<<EOF`, whose lines would be instructions."""
    written, spaced, name = joined(command)
    if not name or index >= len(ends.lines) or head(ends.lines[index].strip())[0].upper() in KEYWORDS:
        return index
    end = ends.find(name, index, str.strip)
    if end is None:
        return index
    message = f"`{written}` begins no here-document, so that what follows is taken for instructions"
    problems.append(Problem("dockerfile-open-heredoc", ("instructions", number), message, f"write `{spaced}`"))
    return end + 1


def _meant_end(lines: Sequence[str], start: int, name: str) -> tuple[int, Sequence[str], str]:
    """Where a here-document without an end was meant to have it, so that the rest can be read, and what to write there."""
    for index in range(start, len(lines)):
        line = lines[index]
        if line.strip().lower() == name.lower():
            said = "in the same letters" if line.strip() != name else "with nothing before or behind it"
            return index, lines[start:index], f"line {index + 1} has to be `{name}`, {said}"
        if advice := glued(name, line):
            return index, lines[start:index], advice
        if _NEXT.match(line):
            return index - 1, lines[start:index], f"write `{name}` on a line of its own, before line {index + 1}"
    return len(lines), lines[start:], f"write `{name}` on a line of its own where it ends"


def _args(keyword: str, rest: str, escape: str) -> tuple[tuple[str, ...], bool]:
    if keyword == "HEALTHCHECK":
        kind, command = head(rest.replace("\n", " "))
        array = _array(command)
        if array is not None:
            return (kind.upper(), *array), True
        return (kind.upper(), command.strip()) if command.strip() else (kind.upper(),), False
    array = _array(rest) if keyword in _ARRAYS else None
    if array is not None:
        return array, True
    if keyword in _TEXTS:
        return (rest,) if rest else (), False
    if keyword in _WHOLE:
        return (" ".join(rest.split("\n")),) if rest else (), False
    return (words(rest, escape) if keyword in _QUOTED else tuple(rest.split())), False


def _array(text: str) -> tuple[str, ...] | None:
    """A JSON array of strings; anything else is a shell form, as BuildKit reads it."""
    if not text.lstrip().startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None


def meant(keyword: str) -> str:
    """The instruction that a keyword is, or a misspelling of; "" for none."""
    return keyword if keyword in KEYWORDS else close(keyword, KEYWORDS)


def _shape(found: list[Instruction]) -> list[Problem]:
    """What makes the whole not a Dockerfile: no FROM, or something but ARG before the first one."""
    for number, one in enumerate(found):
        if meant(one.keyword) == "FROM":
            return []
        if one.keyword != "ARG" and one.keyword in KEYWORDS:
            message = f"`{one.keyword}` stands before the first FROM, where only ARG may"
            return [
                Problem("dockerfile-before-from", ("instructions", number), message, "move it below the first FROM")
            ]
    return [Problem("dockerfile-no-from", (), "there is no FROM instruction", "begin with FROM IMAGE, or FROM scratch")]
