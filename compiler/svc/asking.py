"""Questions to programs whose answers are kept: the same program, arguments and files give the same answer.

An answer is kept when the program ended as it should have and said what its caller understands. One that crashed, hung,
printed too much or something else, or could not start has not answered, and is asked again the next time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from svc import tools
from svc.digests import sha256
from svc.tools import DEFAULT_TIMEOUT, Completed, Located

_NO_ANSWER = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading something of an unexpected shape raises."""
_T = TypeVar("_T")
_PLACE = "\0place\0"
"""Stands in a kept answer for the folder, which has another name in every run."""


class Answers:
    """Where answers are kept. `salt`: what all of them depend on besides; `secret`: whether what was said, about those
    texts, may not be kept."""

    def __init__(
        self,
        get: Callable[[str], Any],
        put: Callable[[str, Any], None],
        salt: str = "",
        secret: Callable[[str, Sequence[str]], bool] = lambda _said, _asked: False,
    ) -> None:
        self._get, self._put, self._salt, self._secret = get, put, salt, secret

    def find(self, question: str) -> tuple[int, str, str] | None:
        found = self._get(self._key(question))
        known = isinstance(found, tuple) and len(found) == 3 and isinstance(found[0], int)
        return found if known and all(isinstance(one, str) for one in found[1:]) else None

    def keep(self, question: str, answer: tuple[int, str, str], asked: Callable[[], Sequence[str]] = tuple) -> None:
        said = answer[1] + answer[2]
        if not said.strip() or not self._secret(said, asked()):
            self._put(self._key(question), answer)

    def _key(self, question: str) -> str:
        return sha256(f"answer\0{self._salt}\0{question}".encode()).hexdigest()


def ask(
    located: Located,
    args: Sequence[str],
    codes: Collection[int] = (0,),
    *,
    read: Callable[[Completed], _T],
    place: Path,
    files: Iterable[Path] | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    env: Mapping[str, str] | None = None,
    also: str = "",
    begin: Callable[[], object] | None = None,
) -> _T:
    """What `read` makes of what a program says; an earlier answer to the same question is as good as a new one.

    As `tools.run` and `tools.expect`. `read` is told all that was printed, and whatever it cannot make sense of is
    ToolCrashed: it raises ValueError, or what the shape of data raises by itself.
    `place` is the folder that the question is about and that the program runs in, `files` all that it reads there; None:
    everything. `also`: what else the answer depends on. `begin` is called before it has to run.
    """

    def run() -> Completed:
        if begin is not None:
            begin()
        return tools.expect(tools.run(located, args, cwd=place, timeout=timeout, env=env), codes)

    answers = located.answers
    if not isinstance(answers, Answers):
        return _read(run(), read)
    every = sorted(place.rglob("*") if files is None else files)
    question = _question(located, (*args, also), place, every, env or {})
    known = answers.find(question)
    if known is not None and known[0] in codes:
        texts = (one.replace(_PLACE, str(place)) for one in known[1:])
        return _read(Completed(located.tool, tuple(args), known[0], *texts), read)
    done = run()
    found = _read(done, read)
    out, err = (one.replace(str(place), _PLACE) for one in (done.stdout, done.stderr))
    answers.keep(question, (done.returncode, out, err), lambda: list(_texts(every)))
    return found


def _read(done: Completed, read: Callable[[Completed], _T]) -> _T:
    try:
        return read(done)
    except _NO_ANSWER as error:
        raise tools.garbled(done, str(error) or type(error).__name__) from error


def signature(path: Path) -> str:
    """A file or a folder by names, sizes and times."""
    made = sha256()
    for one in sorted((path, *path.rglob("*")) if path.is_dir() else (path,)):
        state = one.stat()
        size = "" if one.is_dir() else f" {state.st_size} {state.st_mtime_ns}"
        made.update(f"{one}{size}\n".encode())
    return made.hexdigest()


def version_of(located: Located) -> str:
    """As `tools.version_of`, asked once of a program that has not changed."""
    answers = located.answers
    if not isinstance(answers, Answers):
        return tools.version_of(located)
    question = "\0".join(("version", *_program(located)))
    known = answers.find(question)
    version = known[1] if known is not None else tools.version_of(located)
    if known is None:
        answers.keep(question, (0, version, ""))
    return version


def _question(
    located: Located,
    args: Sequence[str],
    place: Path,
    files: Iterable[Path],
    env: Mapping[str, str],
) -> str:
    said = [*args, *(f"{key}={value}" for key, value in sorted(env.items()))]
    parts = [*_program(located), *(one.replace(str(place), _PLACE) for one in said)]
    for path in files:
        parts += _content(path, path.relative_to(place).as_posix())
    made = sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        made.update(b"%d:%s" % (len(data), data))
    return made.hexdigest()


def _program(located: Located) -> Iterator[str]:
    """The program, by its file: one that was replaced has another time or size."""
    path = os.path.realpath(located.path)
    state = os.stat(path)  # noqa: PTH116
    yield from (located.tool.name, located.tool.version, path, str(state.st_size), str(state.st_mtime_ns))
    yield from (f"{key}={value}" for key, value in located.tool.env)


def _texts(files: Iterable[Path]) -> Iterator[str]:
    for path in files:
        if path.is_dir():
            yield from _texts(sorted(path.rglob("*")))
        elif path.is_file():
            yield path.read_bytes().decode("utf-8", "replace")


def _content(path: Path, name: str) -> Iterator[str]:
    if path.is_dir():
        for below in sorted(path.rglob("*")):
            if not below.is_dir():
                yield from _content(below, f"{name}/{below.relative_to(path).as_posix()}")
    elif path.is_file():
        yield name
        yield sha256(path.read_bytes()).hexdigest()
    else:
        yield f"{name} is no file"
