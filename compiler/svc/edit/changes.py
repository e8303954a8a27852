"""What can be changed in YAML data."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.records import dataclass
from svc.tree import Data


@dataclass(frozen=True, slots=True)
class Set:
    """The value at a route; missing mappings on the way are made. A new entry stands `after` the one of that key, or last."""

    route: Route
    value: Data
    after: str = ""


@dataclass(frozen=True, slots=True)
class Append:
    """One more item for the list at a route."""

    route: Route
    value: Data


@dataclass(frozen=True, slots=True)
class Delete:
    route: Route


@dataclass(frozen=True, slots=True)
class Rename:
    """Another key for the entry at a route."""

    route: Route
    key: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Every match of a regular expression in the text at a route gets another text: as many as there are matches."""

    route: Route
    pattern: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keyed:
    """The list of names at a route becomes a mapping: the names are its keys."""

    route: Route
    values: tuple[Data, ...]


Change = Set | Append | Delete | Rename | Rewrite | Keyed
