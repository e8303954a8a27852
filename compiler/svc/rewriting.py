"""Files that people wrote, with another text in the place of the one that was read."""

from __future__ import annotations

import os
from pathlib import Path

from svc.owned import recorded
from svc.source import Unreadable, contents
from svc.write import place


def replace_text(path: Path, old: str, new: str) -> str:
    """Puts `new` in the place of a hand-written file's text. Why that was not done, or an empty string; OSError when
    the disk refuses.

    The file is left alone when it is a symbolic link or read-only, no longer holds `old`, or is one that svc writes itself.
    """
    if path.is_symlink():
        return "it is a symbolic link; edit what it leads to"
    if _generated(path):
        return "svc writes this file; change the spec instead"
    data = contents(path, str(path))
    if isinstance(data, Unreadable):
        return f"it cannot be read: {data.message.removeprefix('cannot be read: ')}"
    mode = path.stat().st_mode & 0o7777
    if not mode & 0o222 or not os.access(path, os.W_OK):  # a new file in its place would not ask
        return "it is read-only"
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    if data != (mark + old).encode():
        return "it changed since it was read; run again"
    place(path, mark + new, mode)
    return ""


def _generated(path: Path) -> bool:
    whole = path.absolute()
    return any(whole.relative_to(root).as_posix() in recorded(root) for root in whole.parents)
