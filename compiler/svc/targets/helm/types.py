"""A chart: the judged objects of every environment, and the templates and values that produce them.

A template is a typed tree with holes, never text. `values` and `overrides` are what Helm merges; `manifests` is what
`helm template` must give for each environment, object by object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.records import dataclass, field
from svc.targets.helm.lengths import room

Path = tuple[str, ...]
"""A key of values.yaml: `("image", "tag")` is `.Values.image.tag`."""

Form = Literal["string", "flag", "integer", "scalar", "block", "json"]
"""How a value is printed: quoted, as true or false, as a whole number, as whatever scalar it is, as indented YAML, as JSON.

Helm takes every number of a values file for a float, and prints large ones as `1e+06` unless it is told the type.
"""


@dataclass(frozen=True, slots=True)
class Const:
    """What stands in the template as it is, be it a mapping or a list with all that is in it."""

    value: Any


@dataclass(frozen=True, slots=True)
class Hole:
    """A value of values.yaml."""

    path: Path
    form: Form


@dataclass(frozen=True, slots=True)
class Helper:
    """`include "<chart>.<name>"`, with a literal suffix of letters, digits, dots and dashes. Always text: `on` is a name too."""

    name: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Builtin:
    """A text that Helm gives: `Release.Name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Checksum:
    """A digest of the ConfigMap `name` with the data of a value: pods restart when it changes."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Current:
    """The item that the enclosing `Each` is at."""


@dataclass(frozen=True, slots=True)
class When:
    """A condition on a value: it is true (`if`), not true (`unless`), or there at all (`has`).

    There may be a second value: one of both is true, or neither (`unless`).
    """

    path: Path
    kind: Literal["if", "unless", "has"]
    also: Path = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping, or (key "") an item of a list."""

    key: str
    node: Node
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """The entries of a helper's mapping, put in place: the common labels."""

    helper: str


@dataclass(frozen=True, slots=True)
class Extra:
    """A key that is there only when its value is not empty: `{{- with .Values.tolerations }}`."""

    key: str
    path: Path


@dataclass(frozen=True, slots=True)
class Added:
    """The entries or items of a value, possibly none, after those that the template has itself."""

    path: Path


@dataclass(frozen=True, slots=True)
class Fields:
    entries: tuple[Entry | Spread | Extra | Added, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """`instead`: a value that replaces all items when it is not empty."""

    entries: tuple[Entry | Added, ...]
    instead: Path = ()


@dataclass(frozen=True, slots=True)
class Each:
    """A list with one item for every item of a value."""

    path: Path
    node: Node


Node = Const | Hole | Helper | Builtin | Checksum | Current | Fields | Items | Each


@dataclass(frozen=True, slots=True)
class Template:
    """One object. `file` is relative to `templates/`; `key` is (kind, name) of the object it renders, with `names` of the
    environments where they call it otherwise."""

    file: str
    key: tuple[str, str]
    body: Fields
    when: When | None = None
    names: tuple[str, ...] = ()

    def key_in(self, environment: int) -> tuple[str, str]:
        return (self.key[0], self.names[environment]) if self.names else self.key


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in an object of the API, whose type says what may stand there; `without` keys that the template has."""

    api_version: str
    kind: str
    route: Route
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One documented value; `schema` is what values.schema.json says about it, and what the API takes at `spot`."""

    path: Path
    doc: str
    schema: Mapping[str, Any]
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class AtMost:
    """A number is smaller than another by `gap` or more while all of `whens` hold; with a gap also a share, `50%`, rounded up."""

    low: Path
    high: Path
    gap: int = 0
    whens: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """Two numbers have to differ."""

    one: Path
    other: Path


@dataclass(frozen=True, slots=True)
class PortOf:
    """A port of a Service: its number is a value, or `number`; or the value is the port as a whole, or a list of whole ones."""

    path: Path
    form: Literal["number", "whole", "list"]
    name: str = ""
    protocol: str = "TCP"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Distinct:
    """No two of these ports have one name, or one number of one protocol."""

    ports: tuple[PortOf, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A key that no Service of type ClusterIP has. `each`: it stands in the items of a list."""

    type: Path
    path: Path
    key: str
    each: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """No request of these resources may be above its limit."""

    path: Path


@dataclass(frozen=True, slots=True)
class Devices:
    """What these resources request of devices and huge pages has to be their limit."""

    path: Path


@dataclass(frozen=True, slots=True)
class Upward:
    """No range of ports in the rules of a network policy may end before it begins."""

    path: Path


@dataclass(frozen=True, slots=True)
class Inside:
    """No range of addresses that is excepted in the rules of a network policy may lie outside of its own."""

    path: Path
    peers: Literal["from", "to"]


@dataclass(frozen=True, slots=True)
class Once:
    """No two items of a list may have the same name."""

    path: Path


Check = AtMost | Apart | Distinct | Opened | Within | Devices | Upward | Inside | Once
"""What values have to be to each other, which `values.schema.json` cannot say: it sees one at a time."""


@dataclass(frozen=True, slots=True)
class Environment:
    """`overrides` is values-<name>.yaml: what differs from values.yaml. None removes a key, as in Helm."""

    name: str
    namespace: str
    manifests: tuple[Manifest, ...]
    overrides: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    name: str
    description: str
    version: str
    app_version: str
    team: str
    directory: str
    spec: str
    built: bool
    """The image is built by CI, so its digest is set by the deploy."""
    part_of: Node
    templates: tuple[Template, ...]
    values: Mapping[str, Any]
    slots: tuple[Slot, ...]
    environments: tuple[Environment, ...]
    version_label: Node = field(default_factory=lambda: Builtin("Chart.AppVersion"))
    checks: tuple[Check, ...] = ()
    port: str = ""
    """Of the Service, for the notes: `http` or empty."""
    at: Route = field(default=(), compare=False)

    @property
    def room(self) -> int:
        """Characters that the name of the service may have, so that all names that are made of it fit."""
        made = (one.key for one in self.templates if not one.file.startswith("manifests/"))  # own ones have fixed names
        return room(self.name, made)

    def path(self, relative: str) -> str:
        return f"{self.directory}/chart/{relative}" if self.directory else f"chart/{relative}"

    def origin(self, route: Route) -> Route:  # noqa: ARG002 - a chart's own facts come from the whole spec
        return self.at
