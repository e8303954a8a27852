"""What earlier runs know of services: nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svc.resolve.context import Neighbour
from svc.specs import Located
from svc.stages.types import Outline, Part, Request


class Memory:
    def __init__(self, located: Located, request: Request) -> None:
        self._located, self._request = located, request

    def outline(self, file: Path) -> Outline | None:
        return None

    def part(self, file: Path, neighbours: Mapping[str, Neighbour]) -> Part | None:
        return None

    def keep_outline(self, file: Path, made: Outline) -> None: ...

    def keep_part(self, file: Path, made: Part) -> None: ...

    def lighter(self, part: Part) -> Part:
        return part

    def settle(self) -> None: ...
