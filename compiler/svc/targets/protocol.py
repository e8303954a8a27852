"""What a target is: a package whose module-level functions satisfy `Target`. No base class.

lower -> (patches) -> policies judge `subjects` -> render -> verify -> write. `lower`, `subjects`, `render` and
`verify` are pure; only `judge` starts programs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from svc.diagnostics import Problem, Route
from svc.judgement import Fault as Fault
from svc.judgement import Judgement as Judgement
from svc.records import dataclass, field

if TYPE_CHECKING:  # a run that only judges artifacts never needs it
    from svc.resolve.unit import Unit
from svc.tools import Toolbox

Surface = Literal["service", "docker", "kubernetes", "helm", "compose", "github", "terraform", "across"]

Files = Mapping[str, str]
"""Path relative to the output root, POSIX -> whole text."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that policies judge. `key` is unique within the target; `artifact` is of the type its surface has
    (`Dockerfile`, `Manifest`, `Workflow`, `Module`, `ComposeFile`, `Chart`), and has `origin(route) -> Route`.
    `doubtful`: routes at which its text says two things, so that nothing counts that is found there."""

    surface: Surface
    key: str
    name: str
    artifact: Any
    environment: str = ""
    doubtful: frozenset[Route] = frozenset()


@dataclass(frozen=True, slots=True)
class Lowered:
    """`problems` are at routes of the merged spec: what the target cannot express is said, never dropped."""

    artifact: Any
    problems: tuple[Problem, ...] = ()


class Portion(Protocol):
    """A part of an artifact that some checks judge apart. Portions with one key are the same objects."""

    @property
    def key(self) -> tuple[int, ...]: ...

    @property
    def kind(self) -> str: ...


class Divided(Protocol):
    """An artifact that consists of portions: what a finding is about begins with the address of one."""

    @property
    def portions(self) -> Mapping[Route, Portion]: ...

    def only(self, addresses: Collection[Route], /) -> Any:
        """The same artifact with those portions alone."""
        ...


Lines = Mapping[tuple[str, Route], tuple[str, int]]
"""(subject key, artifact route) -> (path, line) of the generated text."""


@dataclass(frozen=True)
class Rendered:
    """`line_table` makes `lines`, which only findings need."""

    files: dict[str, str]
    line_table: Callable[[], Lines] = field(default=dict, repr=False, compare=False)

    @cached_property
    def lines(self) -> Lines:
        return self.line_table()

    def line(self, key: str, route: Route) -> tuple[str, int] | None:
        """The generated line of a route: its own or its nearest ancestor's."""
        for length in range(len(route), -1, -1):
            found = self.lines.get((key, route[:length]))
            if found is not None:
                return found
        return None


class Target(Protocol):
    NAME: str

    def lower(self, unit: Unit, /) -> Lowered: ...

    def homes(self, unit: Unit, /) -> tuple[str, ...]:
        """Files and folders, relative to the output root, that hold what this target writes for a service."""
        ...

    def subjects(self, artifact: Any, /) -> Sequence[Subject]:
        """What policies judge, one per object and environment."""
        ...

    def render(self, artifact: Any, /) -> Rendered: ...

    def verify(self, artifact: Any, files: Files, /) -> tuple[Fault, ...]:
        """Embedded proof: the text read back by code that did not write it equals the artifact, and fits its schema."""
        ...

    def judge(self, artifacts: Sequence[Any], root: Path, /, box: Toolbox | None = None) -> tuple[Judgement, ...]:
        """External proof: the real tools over the files in a folder that holds exactly the rendered output.

        A program that reads many files is started once for all artifacts. Without a toolbox only the checkout's own
        programs are looked for.
        """
        ...
