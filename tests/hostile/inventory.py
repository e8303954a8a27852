"""Every verb over every kind of hostile file in every place where svc reads one: `python -m hostile.inventory 0 1` in `tests` for all,
3 40 for each fortieth from the third on. Each run is a forked process with little memory, time, few files to open and small files to write.

It works in a folder of its own and prints what is wrong, a line each, and how many runs there were.
"""

from __future__ import annotations

import errno
import io
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hostile.read_places import PLACES, SPEC, Place
from svc.cli.main import main

SECRET = "canary-of-a-file-outside"


def _text(data: bytes) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        file.write_bytes(data)

    return make


def _socket(file: Path) -> None:
    here = Path.cwd()
    os.chdir(file.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(file.name)
    os.chdir(here)


def _huge(file: Path) -> None:
    with file.open("wb") as stream:
        stream.write(b"# \n" * 3_000_000)
        stream.truncate(100_000_000)


def _closed(file: Path) -> None:
    file.write_text(SPEC)
    file.chmod(0)


def _closed_folder(file: Path) -> None:
    file.mkdir()
    file.chmod(0)


BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{level}: &a{level} [{','.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)
KINDS: Mapping[str, Callable[[Path], None]] = {
    "bomb": _text(BOMB.encode()),
    "nested": _text(b"a: " + b"[" * 100_000),
    "nested-json": _text(b'{"a":' * 100_000),
    "huge": _huge,
    "bytes": _text(b"a: \xff\xfe\x80\n"),
    "nul": _text(b"a: b\0c\n"),
    "utf16": _text("a: b\n".encode("utf-16")),
    "cycle": _text(b"a: &a {b: *a}\n"),
    "twice": _text(b"a: 1\na: 2\n"),
    "merge": _text(b"a: &a {<<: *a}\n<<: [*a, *a]\n"),
    "number": _text(b"a: " + b"9" * 1_000_000 + b"\n"),
    "list": _text(b"[1, [2, null], {a: [~]}]\n"),
    "scalar": _text(b"~\n"),
    "empty": _text(b""),
    "documents": _text(b"--- {}\n" * 300),
    "keys": _text(b"? [a, {b: c}]\n: d\n1: 2\nnull: 3\n1.5: 4\ntrue: 5\n"),
    "controls": _text('a: "\\e[2J\\u202e\\u0085"\n\u2028b: \u2029\n'.encode()),
    "outside": lambda file: file.symlink_to(Path("outside/secret.yaml").absolute()),
    "dangling": lambda file: file.symlink_to("/nonexistent/file"),
    "loop": lambda file: file.symlink_to(file.name),
    "device": lambda file: file.symlink_to("/dev/zero"),
    "pipe": lambda file: os.mkfifo(file),
    "socket": _socket,
    "folder": lambda file: file.mkdir(),
    "closed": _closed,
    "closed-folder": _closed_folder,
    "vanishes": _text(SPEC.encode()),
    "changes": _text(SPEC.encode()),
    "becomes-pipe": _text(SPEC.encode()),
}
MEMORY, SECONDS, FILES, SIZE = 1_500_000_000, 30, 48, 30_000_000
SHOWN = 100_000
"""Characters that a run says at most: the difference of a whole chart is 60,000."""
LONGEST = 131_072
"""A spec that is printed may hold a variable as long as a process gets one."""


def combinations() -> list[tuple[Place, str, str]]:
    return [(place, command, kind) for place in PLACES for command in place.commands for kind in KINDS]


def trial(place: Place, command: str, kind: str, root: Path) -> Iterator[str]:
    """What is wrong with a run."""
    _clean(root)
    for name, text in place.beside.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    file = root / place.file
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        file.unlink()
    KINDS[kind](file)
    code, said = _run(command.split(), kind, file)
    which = f"{command}: {kind} in {place.file}: exit code {code}"
    if code not in (0, 1, 2):
        yield f"{which}: {said[-1500:]}"
    for word in ("Traceback", "internal error", "MemoryError", "RecursionError", SECRET):
        if word in said and not (word == SECRET and _may_follow(place)):
            yield f"{which}: {word}: {said[-1500:]}"
    if len(said) > SHOWN + (LONGEST if command.startswith("import ") else 0):
        yield f"{which}: {len(said)} characters were said"
    if any(ord(char) < 32 and char not in "\n\t" for char in said):
        yield f"{which}: control characters were said"
    if code == 2 and not said.strip() and "r.json" not in command:
        yield f"{which}: nothing was said"


def _may_follow(place: Place) -> bool:
    """A file that a user names may be a link; svc reads it as its own."""
    return place.named


def _clean(root: Path) -> None:
    for one in [root, *root.rglob("*")] if root.exists() else []:
        if one.is_dir() and not one.is_symlink():
            one.chmod(0o755)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    root.chmod(0o777)


def _run(arguments: list[str], kind: str, file: Path) -> tuple[int, str]:
    with tempfile.TemporaryFile() as heard:
        child = os.fork()
        if not child:
            os.dup2(heard.fileno(), 1)
            os.dup2(heard.fileno(), 2)
            os._exit(_limited(arguments, kind, file))
        _, status = os.waitpid(child, 0)
        heard.seek(0)
        return os.waitstatus_to_exitcode(status), heard.read(10 * SHOWN).decode("utf-8", "replace")


def _limited(arguments: list[str], kind: str, file: Path) -> int:
    os.chdir(file.parents[len(file.relative_to(Path("root").absolute()).parts) - 1])
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_FSIZE, SIZE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(120)
    if kind.startswith("closed"):
        sys.addaudithook(_closer(file))
    if kind in ("vanishes", "changes", "becomes-pipe"):
        sys.addaudithook(_changer(kind, file))
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(errors="backslashreplace")
    code = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code)


def _is(name: Any, file: Path) -> bool:
    return os.path.normpath(Path(os.fsdecode(name)).absolute()) == str(file)


def _closer(file: Path) -> Callable[[str, tuple[Any, ...]], None]:
    """Who runs the tests may be allowed to read everything; here nobody may."""

    def heard(event: str, given: tuple[Any, ...]) -> None:
        known = event in ("open", "os.scandir", "os.listdir") and isinstance(given[0], str | bytes | os.PathLike)
        if known and _is(given[0], file):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))

    return heard


def _changer(kind: str, file: Path) -> Callable[[str, tuple[Any, ...]], None]:
    """Whenever the file is about to be opened, it is gone or another one."""
    done: list[bool] = []

    def heard(event: str, given: tuple[Any, ...]) -> None:
        if event != "open" or done or not isinstance(given[0], str | bytes | os.PathLike):
            return
        if _is(given[0], file):
            done.append(True)
            file.unlink(missing_ok=True)
            if kind == "changes":
                file.write_bytes(b"\xff[[[" * 100)
            elif kind == "becomes-pipe":
                os.mkfifo(file)

    return heard


def run(first: int, step: int) -> int:
    """In the current folder; the number of runs that went wrong."""
    os.environ["SVC_CACHE_DIR"] = str(Path("cache").absolute())
    os.environ["HOME"] = str(Path("home").absolute())
    for name in ("home", "outside"):
        Path(name).mkdir()
        Path(name).chmod(0o755)
    Path("outside/secret.yaml").write_text(f"{SECRET}: [{SECRET}\n")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    chosen = combinations()[first::step]
    wrong = 0
    for place, command, kind in chosen:
        for line in trial(place, command, kind, Path("root").absolute()):
            wrong += 1
            sys.stdout.write(f"{line}\n\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(chosen)} runs, {wrong} went wrong\n")
    return wrong


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="svc-inventory-") as made:
        Path(made).chmod(0o755)
        os.chdir(made)
        ended = run(int(sys.argv[1]), int(sys.argv[2]))
        _clean(Path("root").absolute())
        os.chdir("/")
    sys.exit(1 if ended else 0)
