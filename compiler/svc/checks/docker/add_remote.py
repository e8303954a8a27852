"""ADD of what a server sends, with nothing that says what it has to be."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, unquoted

_REMOTE = regex(r"(?:https?|git|ssh)://|git@")
_COMMIT = regex(r"#[0-9a-f]{40}(?:[0-9a-f]{24})?(?::|$)|#[^?&]*\$|/[0-9a-f]{40}/|[?&](?:checksum|commit)=[0-9a-f]{7,}")


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "ADD"):
        if one.flag("checksum"):
            continue
        remote = (text for text in map(unquoted, one.args[:-1]) if _REMOTE.match(text) and not _COMMIT.search(text))
        first = next(remote, "")
        if first:
            yield route, f"`{first}` is added without a checksum"
