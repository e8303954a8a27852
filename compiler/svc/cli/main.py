"""The command line: verbs, and the last line of defence against tracebacks."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from svc import __version__
from svc.cli.exits import Exit

if TYPE_CHECKING:
    from svc.cache import Store
    from svc.report.mask import Words

_OF_THE_MACHINE = frozenset(
    getattr(errno, name, None)
    for name in [
        "EACCES",
        "EBUSY",
        "EDQUOT",
        "EEXIST",
        "EFBIG",
        "EINTR",
        "EIO",
        "EISDIR",
        "ELOOP",
        "EMFILE",
        "ENAMETOOLONG",
        "ENFILE",
        "ENODEV",
        "ENOENT",
        "ENOLCK",
        "ENOSPC",
        "ENOTDIR",
        "ENXIO",
        "EPERM",
        "EROFS",
        "ESTALE",
        "ETIMEDOUT",
    ]
)
"""What a disk answers that is full, broken, read-only or somebody else's."""
_UNTOUCHED = "no file was changed"
_AGAIN = "mend that and run again"
_WHOLE = "files that were written are whole, and the next run completes the others"


def main(arguments: Sequence[str]) -> int:
    """Runs a command line; the exit code is one of `Exit`."""
    try:
        if list(arguments) == ["--version"]:
            sys.stdout.write(f"svc {__version__}\n")
            return Exit.CLEAN
        return _run(arguments)
    except KeyboardInterrupt:
        _tell("svc: interrupted\n")
        return Exit.INTERRUPTED
    except Exception as error:
        return _crashed(error)


def _run(arguments: Sequence[str]) -> int:
    before, kept = None, cache(_store)
    if list(arguments[:1]) in (["compile"], ["lint"]):
        from svc.cli import unchanged

        known = unchanged.answered(arguments, kept)
        if isinstance(known, int):
            return known
        before = known
    from svc.cli.verbs import OPTIONS, VERBS, parser

    if not arguments:
        sys.stderr.write(parser().format_help())
        return Exit.INVALID
    if arguments[0] not in VERBS and not _begins_an_option(arguments[0], OPTIONS):
        return _unknown(arguments[0], VERBS, OPTIONS)
    try:
        options = parser(*(one for one in arguments[:1] if one in VERBS)).parse_args(arguments)
    except SystemExit as stop:
        return Exit.INVALID if stop.code else Exit.CLEAN
    options.arguments, options.before, options.store = tuple(arguments), before, kept
    try:
        return int(options.run(options))
    except OSError as error:
        if options.writes(options):
            error.add_note(_WHOLE)
        raise


def _begins_an_option(word: str, options: Sequence[str]) -> bool:
    return len(word.partition("=")[0].strip("-")) > 0 and any(one.startswith(word.partition("=")[0]) for one in options)


def _unknown(word: str, verbs: Iterable[str], options: Sequence[str]) -> int:
    """What stands where the verb belongs is neither a verb nor an option."""
    from svc.cli.console import warn
    from svc.suggest import nearest

    if word == "--":
        warn("svc: no verb stands before `--`\n")
        warn("svc: `svc --help` says what there is\n")
    elif word.startswith("-") and word != "-":
        name = word.partition("=")[0]
        warn(f"svc: there is no option {name}{nearest(name, options)}\n")
        warn("svc: `svc --help` says what there is\n")
    else:
        warn(f"svc: there is no verb `{word}`; verbs are {', '.join(verbs)}{nearest(word, verbs)}\n")
    return Exit.INVALID


def _store() -> Store | None:
    """The cache of this user; None where there is no place for one."""
    from svc.cache import Store, place

    folder = place(os.environ)
    return Store(folder) if folder is not None else None


def _known() -> Words:
    """The secrets of all files that are in memory still: an error may hold a piece of any of them."""
    from svc.report.mask import Words
    from svc.source import Source

    found = [one for one in gc.get_objects() if type(one) is Source]
    return Words.of({str(number): one.text for number, one in enumerate(found)})


def _here() -> bool:
    """Whether the current folder is there still."""
    try:
        return bool(os.getcwd())  # noqa: PTH109
    except OSError:
        return False


def _tell(text: str) -> None:
    """Last words, where there is somebody to hear them: who cannot be told is told by the exit code."""
    with suppress(OSError, ValueError):
        sys.stderr.write(text)


def _crashed(error: Exception) -> int:
    """A bug of ours, or the machine: said in one line, the traceback only where it is asked for."""
    import traceback

    from svc import visible
    from svc.pool import WorkerDied, WorkerFailed
    from svc.report.mask import hidden
    from svc.tools import ToolError, ToolMissing

    known = _known()
    if isinstance(error, WorkerDied):
        _tell(f"svc: {visible.lines(str(error))}\nsvc: {_WHOLE if error.wrote else _UNTOUCHED}\n")
        return Exit.INTERNAL
    if isinstance(error, ToolError):
        after = "files were fixed before that" if error.wrote else _UNTOUCHED
        _tell(f"svc: {visible.lines(hidden(str(error), known))}\nsvc: {after}\n")
        return Exit.INVALID if isinstance(error, ToolMissing) else Exit.INTERNAL
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        if error.filename is None and error.errno == errno.ENOENT and not _here():
            _tell("svc: the current folder is not there any more; change to one that is\n")
            return Exit.INVALID
        where = f"{visible.one_line(os.fsdecode(error.filename))}: " if error.filename is not None else ""
        after = "; ".join([_AGAIN, *getattr(error, "__notes__", ())])
        _tell(f"svc: {where}{(error.strerror or str(error)).lower()}\nsvc: {after}\n")
        return Exit.INVALID
    frame = traceback.extract_tb(error.__traceback__)[-1]
    kind, where = type(error).__name__, f"{frame.name}, {frame.filename.rsplit('/svc/', 1)[-1]}:{frame.lineno}"
    if isinstance(error, WorkerFailed):
        kind, where = error.kind, error.where
    _tell(f"svc: internal error: {kind}: {visible.one_line(hidden(str(error), known))}\n")
    if os.environ.get("SVC_DEBUG"):
        trace = error.trace if isinstance(error, WorkerFailed) else traceback.format_exc()
        _tell(visible.lines(hidden(trace, known)))
    else:
        _tell(f"svc: in {where}; SVC_DEBUG=1 shows all. Please report it; no file is half written.\n")
    return Exit.INTERNAL


def _again_in_utf8() -> None:
    """The same command with names of files in UTF-8, whatever the locale says: a spec's names mean the same everywhere.

    The arguments are taken as they were given, where that can be known: not every encoding writes what it has read.
    """
    try:
        with open("/proc/self/cmdline", "rb") as told:  # noqa: PTH123 - a start imports no more than it needs
            given = told.read().split(b"\0")[:-1]
    except OSError:
        given = [os.fsencode(one) for one in sys.orig_argv]
    os.execv(sys.executable, [os.fsencode(sys.executable), b"-X", b"utf8", *given[1:]])  # noqa: S606 - this program


def run() -> None:
    """The entry point of the `svc` command.

    What is loaded lives as long as the process, so it is not looked through for cycles, and not taken apart at the
    end: both together are a twelfth of a lint of one file.
    """
    if sys.getfilesystemencoding() != "utf-8" and sys.executable and not sys.flags.utf8_mode:
        _again_in_utf8()
    gc.disable()
    if sys.argv[1:] != ["--version"]:
        from svc import modules

        modules.find()
    from svc.cli import ending, streams

    streams.prepare()
    ending.prepare()
    try:
        code = main(sys.argv[1:])
    except ending.Terminated as told:
        ending.leave(told.number)
    os._exit(streams.flushed(code))
