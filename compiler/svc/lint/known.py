"""What an earlier run of the same command knows of single files: it stands while a file's text and name do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from svc.digests import sha256
from svc.lint import kustomized, readers
from svc.lint.ahead import Entry, Part
from svc.lint.container_action import of_action
from svc.lint.cut import Cut, cut, whole
from svc.records import replace
from svc.standing import ABSENT, mark

LATER = 64
"""Parts that are written beside the others; more of them are put together with these."""


class Known:
    """`get` and `put` reach the parts in two pieces, 0 and 1: most of them, and those that came later, which are few to
    write. Whoever gives them knows what all of these depend on besides.

    `secret`: whether a text holds one. No digest of such a text is kept: its file is known by what the disk says of it
    and, where that has not changed since `since` (nanoseconds), what is known of it holds. 0: nothing is known so.
    """

    def __init__(
        self, get: Callable[[int], Any], put: Callable[[int, Any], None], secret: Callable[[str], bool], since: int = 0
    ) -> None:
        self._get, self._put, self._secret, self._since = get, put, secret, since
        self._parts: Mapping[str, Part | Cut] | None = None
        self._most: Mapping[str, Part | Cut] = {}
        self._names: dict[int, str] = {}
        self._cuts = False
        self._narrowed: dict[str, bool] = {}

    def part(self, entry: Entry, files: Mapping[str, Path]) -> Part | None:
        """`files`: where the sources of a name are on disk."""
        found = self._had.get(self._name(entry))
        if isinstance(found, Part):
            return found
        kept = self._had.get(self._marked(entry, files)) if self._cuts else None
        return whole(kept, entry.sources) if isinstance(kept, Cut) else None

    def keep(self, entries: Sequence[Entry], parts: Sequence[Part], files: Mapping[str, Path]) -> None:
        """Keeps all but those that other files decide about."""
        found: dict[str, Part | Cut] = {}
        for entry, part in zip(entries, parts, strict=True):
            if part.open or part.plain is None:
                continue
            if part.plain:
                found[self._name(entry)] = part
                continue
            name = self._marked(entry, files)
            kept = (self._had.get(name) or cut(part, entry.sources)) if name else None
            if kept is not None:
                found[name] = kept
        later = {name: one for name, one in found.items() if name not in self._most}
        if self._most and len(later) < LATER and len(self._most) < 2 * len(found):
            if later.keys() - self._had.keys():
                self._put(1, later)
        elif found.keys() != self._most.keys():
            self._put(0, found)

    def told(self, entry: Entry, part: Part) -> Part:
        """A new part, which knows now whether it holds a secret."""
        return replace(part, plain=not any(self._secret(one.text) for one in entry.sources))

    @property
    def _had(self) -> Mapping[str, Part | Cut]:
        if self._parts is None:
            most = self._get(0)
            later = self._get(1) if isinstance(most, dict) else None
            self._most = most if isinstance(most, dict) else {}
            self._parts = {**self._most, **later} if isinstance(later, dict) else self._most
            self._cuts = any(isinstance(one, Cut) for one in self._parts.values())
        return self._parts

    def _name(self, entry: Entry) -> str:
        """What a part depends on: names and texts, how it is read, whether a Dockerfile's context is narrowed, and what a kustomization lacks."""
        name = self._names.get(id(entry), "")
        if not name:
            made = self._begun(entry)
            for source in entry.sources:
                text = source.text.encode("utf-8", "surrogatepass")
                made.update(f"\0{source.name}\0{len(text)}\0".encode())
                made.update(text)
            name = self._names[id(entry)] = str(made.hexdigest())
        return name

    def _marked(self, entry: Entry, files: Mapping[str, Path]) -> str:
        """As above, with what the disk says of the files in the place of their texts; "" where that tells nothing.

        Asked after the texts were read: what has not changed for some time now holds what was read."""
        made = self._begun(entry)
        for source in entry.sources:
            seen = mark(str(files[source.name])) if source.name in files else ABSENT
            if not 0 < seen[2] < self._since:
                return ""
            made.update(f"\0{source.name}\0{seen}".encode())
        return str(made.hexdigest())

    def _begun(self, entry: Entry) -> Any:
        made = sha256(f"{entry.reader}\0{entry.file}\0{entry.named}\0{entry.folder}\0{entry.whole}".encode())
        if entry.callers or entry.called:
            made.update(repr((entry.callers, entry.called)).encode("utf-8", "surrogatepass"))
        if entry.reader == "dockerfile":
            around = (readers.narrowed(entry.file, self._narrowed), of_action(entry.file))
            made.update(repr(around).encode())
        if entry.reader == "yaml":
            made.update(repr(kustomized.lacks(entry.sources[0], entry.file)).encode())
        return made
