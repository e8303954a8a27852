"""What a recipe gets. Not in `types.py`, which every lint of a Dockerfile imports: that needs nothing of a spec."""

from __future__ import annotations

from svc.records import dataclass
from svc.resolve.types.images import Build
from svc.resolve.types.process import Port, Probe


@dataclass(frozen=True, slots=True)
class Facts:
    """What a recipe may use. `command` is the spec's own and wins over the language's convention; `shell`: something
    that runs in the image needs one, or OS packages, so that a distroless base will not do."""

    name: str
    build: Build
    command: tuple[str, ...]
    args: tuple[str, ...]
    user: int
    group: int
    workdir: str
    ports: tuple[Port, ...]
    probe: Probe | None
    starting: int
    shell: bool
    labels: tuple[tuple[str, str], ...]
    data: tuple[str, ...] = ()
    """Where persistent volumes are mounted."""
    programs: tuple[str, ...] = ()
    """What commands of the spec start in the image, by name or path."""

    @property
    def port(self) -> int:
        return self.ports[0].number if self.ports else 8080

    def has(self, name: str) -> bool:
        """Whether a file or folder is in the context; yes where there are no sources to see."""
        folder, _, last = name.rpartition("/")
        there = self.build.inside if folder and folder == self.build.module else self.build.present
        return not self.build.present or (last if folder else name) in there

    @property
    def owner(self) -> str:
        return f"{self.user}:{self.group}"
