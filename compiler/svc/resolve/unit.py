"""A service as the targets see it: all its environments at once, and the way back to the source."""

from __future__ import annotations

from collections.abc import Mapping

from svc.diagnostics import Anchor, Place, Route
from svc.parse import Document
from svc.records import dataclass, field
from svc.resolve.types.whole import Resolved
from svc.source import Source

LOCAL = "local"
"""The environment of a developer's machine: needs are containers, secrets come from an env file. Compose lowers it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What set a value: the layer's name in words ("environment production", "default") and where it stands."""

    layer: str
    place: Place


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file of the user's own that became part of the output, as it was read."""

    source: Source
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One service: `environments` in the user's order, `local` beside them, never among them.

    `directory` is the spec's folder relative to the output root, POSIX, "" for the root itself; a target puts a file
    at `path("chart/Chart.yaml")`. `spec` is the spec's path relative to the same root, for headers and workflows.
    `context_files` are the names found in the build context that decide the build (lock files, wrappers), sorted.
    """

    name: str
    directory: str
    spec: str
    local: Resolved
    environments: tuple[Resolved, ...]
    origins: Mapping[str, Mapping[Route, Origin]] = field(compare=False, repr=False)
    """Per environment (and "local"): merged route -> origin."""
    files: Mapping[str, ForeignFile] = field(default_factory=dict, compare=False, repr=False)
    """Files of the user's own that became part of the output, by the name in reports."""
    key_places: Mapping[str, Mapping[Route, Place]] = field(default_factory=dict, compare=False, repr=False)
    inputs: tuple[str, ...] = ()
    """What else than the spec decides all this, as globs from the output root: see `svc.resolve.inputs`."""

    def path(self, relative: str) -> str:
        return f"{self.directory}/{relative}" if self.directory else relative

    @property
    def first(self) -> Resolved:
        """Any environment, for the facts that are the same in all of them (name, build, ports of the image)."""
        return self.environments[0]

    def origin(self, environment: str, route: Route, anchor: Anchor = "value") -> Origin:
        """Where the value at a merged route was set; nearest ancestor for values that only a default explains."""
        name = environment or self.first.environment
        known = self.origins[name]
        for length in range(len(route), -1, -1):
            found = known.get(route[:length])
            if found is None:
                continue
            if anchor == "key" or length < len(route):
                place = self.key_places.get(name, {}).get(route[:length], found.place)
                return Origin(found.layer, place)
            return found
        raise AssertionError(f"no origin for the root of {self.name}")
