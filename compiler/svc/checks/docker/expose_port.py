"""EXPOSE of something that is not a port, or of one that should stay closed."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.patterns import regex
from svc.records import dataclass
from svc.suggest import nearest
from svc.targets.docker.types import Dockerfile, unquoted

_PROTOCOLS = ("tcp", "udp", "sctp")
_PORT = regex(r"[0-9]+(-[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Params:
    closed: tuple[str, ...] = ()


def check(dockerfile: Dockerfile, params: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "EXPOSE"):
        for word in one.args:
            if not params.closed:
                yield from ((route, message) for message in _refused(unquoted(word)))
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


def _refused(word: str) -> Iterator[str]:
    """What BuildKit cannot read; a variable may be anything."""
    port, _, protocol = word.partition("/")
    if "$" in word:
        return
    if protocol and protocol.lower() not in _PROTOCOLS:
        yield f"`{protocol}` is none of `tcp`, `udp`, `sctp`{nearest(protocol, _PROTOCOLS)}"
    if _PORT.fullmatch(port.rpartition(":")[2]) is None:
        yield f"`{word}` is not a port; write its number"
    elif "-" in port and int(port.partition("-")[0][-9:]) > int(port.partition("-")[2][-9:]):
        yield f"`{word}` ends before it begins"
