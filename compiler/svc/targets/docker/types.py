"""A Dockerfile as data: directives and instructions in their written order, each with what caused it.

Words are kept as they are written, quotes included; a shell text keeps its line breaks as newlines. That makes
`read(render(x)) == x` an equality of data and keeps the meaning of quoting with BuildKit.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from svc.diagnostics import Route, Span
from svc.records import dataclass, field

KEY = "Dockerfile"
"""The subject that stands for the whole artifact."""

FINAL = "final"
DEV = "dev"
TEST = "test"


@dataclass(frozen=True, slots=True)
class Heredoc:
    """`<<NAME` and its lines. `quoted`: variables in it are not expanded; `strip`: `<<-`, leading tabs are dropped."""

    name: str
    text: str
    quoted: bool = False
    strip: bool = False


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `args` by form: the array of an exec form; one shell text for RUN, CMD, ENTRYPOINT and
    ONBUILD in shell form; the one argument of MAINTAINER, STOPSIGNAL, USER and WORKDIR; words elsewhere, which quotes
    hold together in ARG, ENV and LABEL alone. HEALTHCHECK's first argument is `CMD` or `NONE`. `trigger`: what an
    ONBUILD that was read from a text holds."""

    keyword: str
    args: tuple[str, ...] = ()
    flags: tuple[tuple[str, str | None], ...] = ()
    exec: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    comment: tuple[str, ...] = ()
    at: Route = field(default=(), compare=False)
    span: Span | None = field(default=None, compare=False)
    trigger: Instruction | None = field(default=None, compare=False)

    def flag(self, name: str) -> str | None:
        """The value of a flag: "" for a flag without one, None when it is not there."""
        for key, value in self.flags:
            if key == name:
                return unquoted(value or "")
        return None

    def flag_values(self, name: str) -> tuple[str, ...]:
        return tuple(unquoted(value or "") for key, value in self.flags if key == name)

    @property
    def shell(self) -> str:
        """The command of a shell form on one line, here-documents included."""
        return " ".join([*" ".join(self.args).split("\n"), *(one.text for one in self.heredocs)])

    @property
    def text(self) -> str:
        """What findings count in: the arguments, and each here-document with its name below it."""
        return "".join([" ".join(self.args), *(f"\n{one.text}\n{one.name}" for one in self.heredocs)])

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names and plain values of ENV, LABEL and ARG; an ARG without default has "". Both spellings of ENV."""
        return _pairs(self.keyword, self.args)


@dataclass(frozen=True, slots=True)
class Stage:
    """A FROM and what follows it. `first` is the index of its FROM among the file's instructions."""

    index: int
    name: str
    base: str
    first: int
    instructions: tuple[Instruction, ...]

    def find(self, keyword: str) -> Iterator[tuple[Route, Instruction]]:
        """The stage's instructions of a keyword, with their routes."""
        for offset, one in enumerate(self.instructions):
            if one.keyword == keyword:
                yield ("instructions", self.first + offset), one

    def last(self, keyword: str) -> Instruction | None:
        return next((one for one in reversed(self.instructions) if one.keyword == keyword), None)


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """Routes are `("instructions", index)` and `("directives", name)`; `at` explains what no instruction does.

    `ignored`: whether a .dockerignore narrows the build context; None where that is not known. `action`: a GitHub action
    is made of it. `unread`: keywords of which one instruction or more may be missing here, since it could not be read.
    """

    instructions: tuple[Instruction, ...]
    directives: tuple[tuple[str, str], ...] = ()
    header: tuple[str, ...] = ()
    at: Route = field(default=(), compare=False)
    ignored: bool | None = field(default=None, compare=False)
    action: bool = field(default=False, compare=False)
    unread: frozenset[str] = field(default=frozenset(), compare=False)
    _stages: list[tuple[Stage, ...]] = field(default_factory=list, init=False, compare=False, repr=False)

    @property
    def stages(self) -> tuple[Stage, ...]:
        if not self._stages:
            self._stages.append(self._parted())
        return self._stages[0]

    def _parted(self) -> tuple[Stage, ...]:
        starts = [index for index, one in enumerate(self.instructions) if one.keyword == "FROM"]
        ends = [*starts[1:], len(self.instructions)][: len(starts)]
        return tuple(
            _stage(number, start, self.instructions[start:end])
            for number, (start, end) in enumerate(zip(starts, ends, strict=True))
        )

    def read(self, *keywords: str) -> bool:
        """Whether all instructions of the keywords are here: only then does it mean something that one is not."""
        return self.unread.isdisjoint(keywords)

    def stage(self, name: str) -> Stage | None:
        return next((one for one in self.stages if one.name == name), None)

    def origin(self, route: Route) -> Route:
        """The spec route that caused the part at a route."""
        index = route[1] if len(route) > 1 and route[0] == "instructions" else None
        return (isinstance(index, int) and self.instructions[index].at) or self.at

    def span(self, route: Route) -> Span | None:
        """Where an instruction stands in the text it was read from."""
        if len(route) > 1 and route[0] == "instructions" and isinstance(route[1], int):
            return self.instructions[route[1]].span
        return None


@dataclass(frozen=True, slots=True)
class Ignore:
    """A .dockerignore: comments and patterns, line by line."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DockerArtifact:
    """What is written: paths relative to the output root. `dockerfile` None: the user's own, nothing is generated."""

    dockerfile: Dockerfile | None = None
    ignore: Ignore | None = None
    path: str = "Dockerfile"
    ignore_path: str = ".dockerignore"


@lru_cache(maxsize=2048)
def _pairs(keyword: str, args: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    words = [unquoted(word) for word in args]
    if keyword in ("ENV", "LABEL") and len(args) > 1 and "=" not in args[0]:
        return ((words[0], " ".join(words[1:])),)
    return tuple((name, value) for name, _, value in (word.partition("=") for word in words))


def unquoted(word: str) -> str:
    """A word without its quotes and backslashes, variables left as they are."""
    if '"' not in word and "\\" not in word and "'" not in word:
        return word
    found: list[str] = []
    quote, index = "", 0
    while index < len(word):
        char = word[index]
        if char == "\\" and quote != "'" and index + 1 < len(word):
            index += 1
            found.append(word[index])
        elif char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        else:
            found.append(char)
        index += 1
    return "".join(found)


def _stage(number: int, start: int, instructions: tuple[Instruction, ...]) -> Stage:
    words = instructions[0].args
    named = len(words) == 3 and words[1].lower() == "as"
    return Stage(number, words[2] if named else "", words[0] if words else "", start, instructions)
