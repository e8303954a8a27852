"""What svc owns below an output root, and what stands there: the record of the last run, and the digests of files."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from svc.digests import sha256
from svc.ledger import Ledger
from svc.outputs import File, Overtaken, Rest
from svc.source import Unreadable, contents
from svc.standing import Mark, mark

STATE = ".svc-outputs.json"
RECORD = 512 * 1024 * 1024
"""Bytes of a record that is read; two million files have a place in it."""
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_AT_ONCE = NO_LINK | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_BINARY", "O_CLOEXEC"))
"""Opens without waiting for who writes to a pipe, and no link."""
_PIECE = 1024 * 1024


def recorded(root: Path) -> dict[str, dict[str, str]]:
    try:
        data = contents(root / STATE, STATE, RECORD)
        files = {} if isinstance(data, Unreadable) else json.loads(data)["files"]
        return {str(path): dict(entry) for path, entry in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def entries(
    root: Path, outputs: Collection[File], rest: Rest | None, record: Mark
) -> tuple[Ledger | None, dict[str, dict[str, str]]]:
    """What the record says of outputs, by path; the ledger as well where `rest` knows of other services.

    Raises Overtaken where another run has written the record meanwhile.
    """
    if rest is None:
        return None, recorded(root)
    data = contents(root / STATE, STATE, RECORD)
    if record != rest.record or isinstance(data, Unreadable):
        raise Overtaken
    try:
        ledger = Ledger(data)
    except ValueError:
        raise Overtaken from None
    paths = {*rest.mine, *(one.path for one in outputs)}
    return ledger, {path: entry for path in paths if (entry := ledger.get(path)) is not None}


def overtaken(root: Path, rest: Rest | None) -> None:
    """Raises Overtaken as `entries` would."""
    if rest is not None and mark(os.path.join(root, STATE)) != rest.record:  # noqa: PTH118
        raise Overtaken


def ours(entry: Mapping[str, Any], disk: str) -> bool:
    return bool(disk) and disk in (entry.get("sha256"), entry.get("before"))


def digest(path: str | Path) -> str | None:
    """sha256 of a regular file; None when there is none, "" for something that cannot be compared. A link is none."""
    try:
        handle = os.open(path, _AT_ONCE)
    except FileNotFoundError:
        return None
    except OSError as error:
        return None if error.errno in (errno.ENOTDIR, errno.ELOOP) else ""
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            return ""
        made, rest = sha256(), found.st_size
        while data := os.read(handle, min(rest, _PIECE) + 1 if rest >= 0 else _PIECE):
            made.update(data)
            rest -= len(data)
            if rest == 0:  # there was room for more
                break
        return made.hexdigest()
    except OSError:
        return ""
    finally:
        os.close(handle)
