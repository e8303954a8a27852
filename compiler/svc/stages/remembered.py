"""What earlier runs know of services: an outline or a part stands as long as all that it depends on does.

The key of both is the spec's text and place, the workspace's, the code, the policies and what was asked for. What a
part looked at besides, such as files, folders and neighbours, it brings along.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from svc import assets
from svc.beside import readers
from svc.cache import Store, key
from svc.installed import code
from svc.policy.load import load as load_policies
from svc.policy.types import SHELLCHECK
from svc.resolve.context import Neighbour
from svc.source import Source, Unreadable
from svc.specs import Located, from_disk
from svc.stages.looked import Seen as Seen
from svc.stages.looked import looked
from svc.stages.packed import Kept, Packed
from svc.stages.traced import holds, of_text
from svc.stages.types import Looked, Outline, Request, stops


class Memory:
    """Asked before a service is worked on, told afterwards. `store` None: it knows nothing and keeps nothing."""

    def __init__(self, located: Located, request: Request, store: Store | None) -> None:
        self._located, self._request = located, request
        plain = not request.whole and not request.overrides and request.load_text is from_disk
        self._store = store if plain and not located.workspace.workspace.policy.plugins else None
        self._found: dict[Path, tuple[Kept, bytes]] = {}
        self._digests: dict[Path, str] = {}
        self._secrets: dict[Path, bool] = {}

    def outline(self, file: Path) -> Outline | None:
        if self._store is None or file in self._located.cue:
            return None
        found = self._store.find(self._key(file))
        if found is None or not isinstance(found[0], Kept):
            return None
        if found[0].part is not None:
            self._found[file] = found
        return found[0].outline

    def part(self, file: Path, neighbours: Mapping[str, Neighbour]) -> Packed | None:
        kept, texts = self._found.pop(file, (None, b""))
        if kept is None or kept.part is None:
            return None
        text = kept.outline.sources[kept.outline.source].text
        read, names = readers(file, text, self._request.shown, {})
        still = holds(kept.part.trace, read, names, neighbours, self._located.root)
        return Packed(kept.part, kept.rows, texts) if still else None

    @property
    def keeps(self) -> bool:
        """Whether anything is kept at all: then texts are made small."""
        return self._store is not None

    def keep_outline(self, file: Path, made: Outline) -> None:
        """Of a neighbour that nobody asked for."""
        if self._store is not None and self._may_keep(file, made):
            self._store.put(self._key(file), Kept(made))

    def keep(self, file: Path, outline: Outline, made: Packed) -> None:
        if self._store is None or not self._may_keep(file, outline):
            return
        part = made.part
        whole = part.trace.complete and not part.trace.secret
        whole = whole and not part.refused and not stops((*part.resolved, *part.lowered))
        if whole and self._parts:
            self._store.put(self._key(file), Kept(outline, part, made.rows), made.texts)
        else:
            self._store.put(self._key(file), Kept(outline))

    def _may_keep(self, file: Path, outline: Outline) -> bool:
        return file not in self._located.cue and not stops(outline.diagnostics) and not self._secret(file)

    def looked(self, seen: Seen) -> Looked | None:
        """All that the run depended on; None where that is not known, and where nothing is kept."""
        specs = (*seen.located.wanted, *seen.located.others)
        if self._store is None or not self._parts or any(file.suffix == ".cue" for file in specs):
            return None
        if any(part.kept or not part.trace.complete for part in seen.parts):
            return None
        return looked(seen, self._request)

    def settle(self) -> None:
        if self._store is not None:
            self._store.trim()

    @cached_property
    def _code(self) -> str:
        return code(self._store, assets.schemas(), assets.policies())

    @cached_property
    def _base(self) -> str:
        document = self._located.workspace.document
        given = (document.source.name, document.source.text) if document is not None else None
        return key(self._code, str(self._located.root.absolute()), str(Path.cwd()), given)

    @cached_property
    def _parts(self) -> bool:
        """Whether parts are kept: not those that programs outside of svc judge, which change by themselves."""
        demand, chosen = self._request.demand, self._located.workspace.workspace.policy
        if demand.deep:
            return False
        loaded = load_policies([self._located.root / pack for pack in chosen.packs])
        return not any(policy.check in ("cue", SHELLCHECK) or ":" in policy.check for policy in loaded.policies)

    @cached_property
    def _asked(self) -> str:
        request, demand = self._request, self._request.demand
        packs = [self._located.root / pack for pack in self._located.workspace.workspace.policy.packs]
        files = [file for pack in packs for kind in ("*.yaml", "*.cue") for file in sorted(pack.glob(kind))]
        texts = [(str(file), _text(file)) for file in files]
        judged = (demand.profile, demand.select, demand.ignore, demand.kubernetes, demand.gate, demand.inline)
        return key(self._base, request.environments, request.targets, request.files, judged, texts)

    def _key(self, file: Path) -> str:
        return key("service", self._asked if self._parts else self._base, self._digest(file))

    def _secret(self, file: Path) -> bool:
        """Whether a spec's text, or its workspace's, holds something like a secret: what is made of it is not kept."""
        from svc.report.mask import shows_secret

        if file not in self._secrets:
            found = from_disk(file, str(file))
            text = found.text if isinstance(found, Source) else ""
            self._secrets[file] = shows_secret(text)
        return self._shared or self._secrets[file]

    @cached_property
    def _shared(self) -> bool:
        """Whether the workspace holds one: it reaches every service."""
        from svc.report.mask import shows_secret

        document = self._located.workspace.document
        return document is not None and shows_secret(document.source.text)

    def _digest(self, file: Path) -> str:
        if file not in self._digests:
            name = self._request.shown(file)
            self._digests[file] = f"{file.absolute()} {name} {_text(file)}"
        return self._digests[file]


def _text(file: Path) -> str:
    found: Source | Unreadable = from_disk(file, str(file))
    return of_text(found)
