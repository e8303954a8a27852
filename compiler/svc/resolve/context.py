"""What the parts of resolve share: the typed service, the facts around it, and where problems go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from svc.diagnostics import Anchor, Diagnostic, Place, Problem, Route, Severity
from svc.model.service import Service
from svc.model.workspace import Environment, Workspace
from svc.records import dataclass, field
from svc.resolve.types.images import Image
from svc.resolve.types.needs import Need
from svc.resolve.types.process import Port
from svc.resolve.unit import ForeignFile, Origin
from svc.source import Source, Unreadable


@dataclass(frozen=True, slots=True)
class Facts:
    """A service in one environment, as references of others need it."""

    namespace: str = ""
    ports: tuple[Port, ...] = ()
    """Those of its main process, and those of sidecars that its Service has for others."""
    closed: frozenset[str] = frozenset()
    """The ports that its Service does not have."""
    served: bool = True
    """Whether it has a Service: False only where that is certain without looking at its volumes."""
    broken: Literal["", "said", "unsaid"] = ""
    """As of a neighbour: its spec is wrong in this environment."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another service as far as references need it. `there`: by environment in order of delivery, and `local`."""

    name: str
    there: Mapping[str, Facts] = field(default_factory=dict)
    broken: Literal["", "said", "unsaid", "apart"] = ""
    """Its spec is wrong, so that nothing else of it is known; whether this run says what is wrong there. `apart`: it is
    no member of the workspace, and a run that does not name it would know nothing of it."""
    made_of: tuple[str, ...] = ()
    """The files of which all this is known, as globs from the output root."""

    def at(self, environment: str) -> Facts:
        """What it is there; in an environment that it is not made for, what it is in its first one."""
        found = self.there.get(environment)
        return found if found is not None else next(iter(self.there.values()), _NOTHING)


_NOTHING = Facts()


@dataclass(frozen=True, slots=True)
class Others(Mapping[str, Neighbour]):
    """The neighbours of the service `own`, which is none of its own neighbours. `asked`: those that were looked at."""

    every: Mapping[str, Neighbour]
    own: str
    asked: dict[str, Neighbour] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Neighbour:
        if name == self.own:
            raise KeyError(name)
        found = self.asked[name] = self.every[name]
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.every if name != self.own)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class Context:
    """`problems`, `diagnostics` and `files` are filled while resolving, and so are `origins` and `keys` for routes
    that lead into other files than the spec; everything else is read-only."""

    service: Service
    workspace: Workspace
    environment: str
    settings: Environment
    local: bool
    namespace: str
    directory: str
    neighbours: Mapping[str, Neighbour]
    read: Callable[[str], Source | Unreadable]
    names: Callable[[str], frozenset[str]]
    image: Image
    glance: Callable[[str], Source | Unreadable]
    """Reads like `read`, but for a file that decides nothing unless it speaks of this service."""
    problems: list[Problem] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: list[ForeignFile] = field(default_factory=list)
    origins: dict[Route, Origin] = field(default_factory=dict)
    keys: dict[Route, Place] = field(default_factory=dict)
    referenced: dict[tuple[str, int], Route] = field(default_factory=dict)
    calls: dict[tuple[str, bool], Route] = field(default_factory=dict)
    """(service, whether it has to be there first) -> the first place that says so."""
    own: Neighbour | None = None
    """The service itself, as its own parts may refer to it."""
    needs: dict[str, Need] = field(default_factory=dict)

    def report(
        self,
        id: str,  # noqa: A002
        route: Route,
        message: str,
        *,
        help: str = "",  # noqa: A002
        anchor: Anchor = "value",
        severity: Severity = Severity.ERROR,
        related: tuple[tuple[str, Route], ...] = (),
        words: str = "",
    ) -> None:
        self.problems.append(Problem(id, route, message, help, anchor, severity, related, words=words))
