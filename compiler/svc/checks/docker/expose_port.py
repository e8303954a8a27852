"""EXPOSE of something that is not a port, or of one that should stay closed."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.records import dataclass
from svc.targets.docker.types import Dockerfile, unquoted


@dataclass(frozen=True, slots=True)
class Params:
    closed: tuple[str, ...] = ()


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "EXPOSE"):
        for word in one.args:
            numbers = unquoted(word).partition("/")[0].split("-", 1)
            if not params.closed and any(
                part.isdecimal() and not (len(part) < 10 and 0 < int(part) <= 65535) for part in numbers
            ):
                yield route, f"`{word}` is not a port; ports go from 1 to 65535"
            if not params.closed and ":" in word and "$" not in word:
                yield (
                    route,
                    f"`{word}` publishes a port, which is for whoever runs the image; EXPOSE takes the port alone",
                )
            for number in params.closed:
                if number in numbers:
                    yield route, f"port {number} is exposed"
