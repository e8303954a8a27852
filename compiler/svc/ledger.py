"""The record of outputs as text: entries are looked up and replaced where they stand, the others are not read.

It is sorted JSON with an entry for each file. At a thousand services that is 8 MB, of which a run that changes one
service needs forty entries.
"""

from __future__ import annotations

import io
import json
from bisect import bisect_left
from collections.abc import Collection, Mapping
from json.encoder import encode_basestring_ascii
from typing import Any

_HEAD, _TAIL, _BETWEEN = b'{\n "files": {\n  "', b'\n },\n "version": 1\n}\n', b',\n  "'
_AT_A_TIME = 10_000
"""Entries that are printed at once."""
_EMPTY = '{\n "files": {},\n "version": 1\n}\n'


class Ledger:
    """A record as `printed` makes it. ValueError: it is no such text."""

    def __init__(self, text: bytes) -> None:
        if not text.startswith(_HEAD) or not text.endswith(_TAIL):
            raise ValueError("not a record")
        self.text = text
        self._entries = text[len(_HEAD) : -len(_TAIL)].split(_BETWEEN)

    def get(self, path: str) -> dict[str, Any] | None:
        at = self._place(path)
        if at == len(self._entries) or _path(self._entries[at]) != path:
            return None
        entry = self._entries[at]
        found: dict[str, Any] = json.loads(entry[len(_quoted_path(entry)) + 3 :])
        return found

    def changed(self, entries: Mapping[str, Mapping[str, Any]], gone: Collection[str]) -> bytes:
        """The text with these entries and without those."""
        made = self._entries.copy()
        for path in sorted({*entries, *gone}, reverse=True):
            at = self._place(path)
            there = at < len(made) and _path(self._entries[at]) == path if at < len(self._entries) else False
            new = [_entry(path, entries[path]).encode()[3:]] if path in entries else []
            made[at : at + there] = new
        return _HEAD + _BETWEEN.join(made) + _TAIL if made else _EMPTY.encode()

    def _place(self, path: str) -> int:
        return bisect_left(self._entries, path, key=_path)


def _path(entry: bytes) -> str:
    quoted = _quoted_path(entry)
    return json.loads(b'"%s"' % quoted) if b"\\" in quoted else quoted.decode()


def _quoted_path(entry: bytes) -> bytes:
    line = entry.partition(b"\n")[0]
    return line[: line.rindex(b'": {')]


def printed(files: Mapping[str, Mapping[str, Any]]) -> bytes:
    """As `json.dumps(..., indent=1, sort_keys=True)` prints it; with an indent that is written in Python, and slow.

    Made in pieces, since at ten thousand services it is 80 MB."""
    if not files:
        return _EMPTY.encode()
    paths = sorted(files)
    made = io.BytesIO()
    for first in range(0, len(paths), _AT_A_TIME):
        some = [_entry(path, files[path]) for path in paths[first : first + _AT_A_TIME]]
        made.write(b",\n" if first else b'{\n "files": {\n')
        made.write(",\n".join(some).encode())
    made.write(_TAIL)
    return made.getvalue()


def _entry(path: str, entry: Mapping[str, Any]) -> str:
    if len(entry) == 2 and type(entry.get("owner")) is type(entry.get("sha256")) is str:  # nearly all
        owner, digest = encode_basestring_ascii(entry["owner"]), encode_basestring_ascii(entry["sha256"])
        return f'  {encode_basestring_ascii(path)}: {{\n   "owner": {owner},\n   "sha256": {digest}\n  }}'
    pairs = ",\n".join(f"   {_quoted(key)}: {_quoted(value)}" for key, value in sorted(entry.items()))
    return f"  {_quoted(path)}: {{\n{pairs}\n  }}" if pairs else f"  {_quoted(path)}: {{}}"


def _quoted(value: Any) -> str:
    return encode_basestring_ascii(value) if type(value) is str else json.dumps(value)
