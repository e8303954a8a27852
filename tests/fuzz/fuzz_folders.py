"""Several files in one input, each after a line with its name: `-- chart/Chart.yaml --`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_HEAD = re.compile(rb"(?m)^-- ([\w.][\w./-]{0,99}) --\r?\n")
MOST = 12
"""Files of a folder."""


def files(data: bytes, first: str) -> dict[str, bytes]:
    """The files by name; what stands before the first line with a name is the file `first`."""
    parts = _HEAD.split(data)
    found = {first: parts[0]} if parts[0] else {}
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        path = name.decode("ascii", "replace")
        if not {"", ".", ".."} & set(path.split("/")) and path.isascii() and len(found) < MOST:
            found[path] = text
    return found


def bundle(texts: Mapping[str, bytes]) -> bytes:
    """The input that gives these files, each of which ends with a line's end."""
    return b"".join(
        b"-- %s --\n%s" % (name.encode(), text if text.endswith(b"\n") or not text else text + b"\n")
        for name, text in sorted(texts.items())
    )


@contextmanager
def laid(texts: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder with these files; one that lies where another one has its folder is left out."""
    with TemporaryDirectory(prefix="svc-fuzz-") as folder:
        root = Path(folder)
        for name, text in texts.items():
            try:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(text)
            except OSError:
                continue
        yield root
