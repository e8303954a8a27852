"""What an earlier run of the same command knows of single files: it stands while a file's text and name do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from svc.lint import readers
from svc.lint.ahead import Entry, Part
from svc.records import replace


class Known:
    """`get` and `put` reach all parts together; whoever gives them knows what all of these depend on besides.

    `secret`: whether a text holds one; what is made of it is not kept.
    """

    def __init__(self, get: Callable[[], Any], put: Callable[[Any], None], secret: Callable[[str], bool]) -> None:
        self._get, self._put, self._secret = get, put, secret
        self._parts: dict[str, Part] | None = None

    def part(self, entry: Entry) -> Part | None:
        return self._had.get(_name(entry))

    def keep(self, entries: Sequence[Entry], parts: Sequence[Part]) -> None:
        """Keeps all but those that other files decide about."""
        found: dict[str, Part] = {}
        for entry, part in zip(entries, parts, strict=True):
            name = _name(entry)
            if part.plain and not part.open:
                found[name] = part
        if found.keys() != self._had.keys():
            self._put(found)

    def told(self, entry: Entry, part: Part) -> Part:
        """A new part, which knows now whether it may be kept."""
        return replace(part, plain=not any(self._secret(one.text) for one in entry.sources))

    @property
    def _had(self) -> dict[str, Part]:
        if self._parts is None:
            found = self._get()
            self._parts = found if isinstance(found, dict) else {}
        return self._parts


def _name(entry: Entry) -> str:
    """What a part depends on: names and texts, how it is read, and whether a Dockerfile's context is narrowed."""
    made = sha256(f"{entry.reader}\0{entry.file}\0{entry.named}\0{entry.folder}".encode())
    if entry.reader == "dockerfile":
        made.update(repr(readers.narrowed(entry.file)).encode())
    for source in entry.sources:
        text = source.text.encode("utf-8", "surrogatepass")
        made.update(f"\0{source.name}\0{len(text)}\0".encode())
        made.update(text)
    return made.hexdigest()
