"""Which specs `--changed-since` judges again: those that a change touches, and those that speak of a service that it
touches. What a spec says is looked at as text, since most of them need no more."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from svc.folders import WORKSPACE_FILES, home_of
from svc.patterns import regex
from svc.records import dataclass
from svc.source import Source, load
from svc.specs import members, workspace_above
from svc.suggest import close

if TYPE_CHECKING:
    from svc.cli.changed import Changes

_NAME = regex(r"""^["']?name["']?:[ \t]*["']?([a-z0-9-]+)""", re.MULTILINE)
_MENTIONED = regex(r"\$\{\s*services\.([^\s.{}]+)")
_ACCESS = regex(r"""^([ \t]*)["']?access["']?:.*(?:\n(?:\1[ \t].*|[ \t]*))*""", re.MULTILINE)
_CONTEXT = regex(r"""\bcontext["']?:[ \t]*["']?(\.\.(?:/[^\s"',}]*)?)""")
"""Of a build above the spec's folder."""
_WORD = regex(r"[a-z0-9-]+")
_SUFFIXES = (".yaml", ".yml", ".cue")
"""Of specs."""
_ALIKE = 0.8
"""As `resolve.access` asks whether another service is meant."""


def specs_touched(specs: Iterable[Path], changes: Changes) -> list[Path]:
    """The specs to judge again: theirs, their folder's or their build's files changed, the workspace or one of its packs did, or a
    service of the workspace that they name; or they name one that nobody has."""
    known: dict[Path, Path | None] = {}
    bases = {spec: home_of(spec, known) for spec in specs}
    shared: dict[Path | None, list[Path]] = {}
    for spec, base in bases.items():
        shared.setdefault(base, []).append(spec)
    homes = {base: _home(base, some, changes) for base, some in shared.items()}
    return [spec for spec, base in bases.items() if homes[base].concerns(spec)]


@dataclass(frozen=True, slots=True)
class _Home:
    """The services of a workspace, or those of a run that have none."""

    touched: Set[Path]
    """Specs beside which something changed, or in whose workspace."""
    texts: Mapping[Path, str]
    names: Mapping[Path, str]
    """By spec; "" where the text does not say it."""
    known: Set[str]
    changed: Set[str]
    """The names of all, and of those that were touched."""
    said: str
    """What the workspace puts into each of them."""
    gone: bool
    """Whether one may be gone."""

    def concerns(self, spec: Path) -> bool:
        """Whether a spec, or what it speaks of, has changed."""
        changed, known = self.changed, self.known
        if spec in self.touched or (self.names[spec] and self.names[spec] in changed):
            return True
        text = f"{self.texts[spec]}\n{self.said}"
        named = set(_MENTIONED.findall(text))
        if named - known or named & changed or (named and "" in changed):
            return True
        if not changed and not self.gone:
            return False
        peers = {word for found in _ACCESS.finditer(text) for word in _WORD.findall(found[0])}
        near = (known if self.gone else changed) - {""}
        return bool(peers & changed) or any(close(one, near, _ALIKE) for one in peers - known)


def _home(base: Path | None, specs: Sequence[Path], changes: Changes) -> _Home:
    ours = {os.path.realpath(spec) for spec in specs}
    everyone, changed = list(specs), False
    if base is not None:
        loaded, root, _ = workspace_above(base.parent, str)
        everyone += [one for one in members(root, loaded) if os.path.realpath(one) not in ours]
        changed = any(changes.touches(root / pack) for pack in loaded.workspace.policy.packs)
    above = cache(lambda folder: _workspace_changed(folder, changes))
    texts = {one: _text(one) for one in everyone}
    said = _text(base) if base is not None else ""
    below = cache(changes.touches)
    touched = {
        one
        for one, text in texts.items()
        if changed
        or any(below(each) or above(each) for each in (_real(one.parent), _real(one).parent))
        or any(below(_real(one.parent / each)) for each in _CONTEXT.findall(f"{text}\n{said}"))
    }
    names = {one: found[1] if (found := _NAME.search(text)) else "" for one, text in texts.items()}
    gone = any(file.suffix in _SUFFIXES and not os.path.lexists(file) for file in changes.files)
    of_touched = {names[one] for one in touched}
    return _Home(touched, texts, names, set(names.values()), of_touched, said, gone)


def _workspace_changed(folder: Path, changes: Changes) -> bool:
    """Whether a workspace file above a folder changed, or is gone."""
    return any(one / name in changes.files for one in (folder, *folder.parents) for name in WORKSPACE_FILES)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _text(file: Path) -> str:
    found = load(file)
    return found.text if isinstance(found, Source) else ""
