"""USER is a name, so that Kubernetes cannot verify that it is not root."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, lineage
from svc.checks._params import NoParams as Params
from svc.targets.docker.types import Dockerfile, unquoted


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for stage in lineage(dockerfile)[:1] if dockerfile.read("USER") else ():
        for route, one in list(stage.find("USER"))[-1:]:
            user = unquoted(one.args[0]).partition(":")[0] if one.args else ""
            if user and not user.isdigit() and not user.startswith("$") and user != "root":
                yield route, f"USER `{user}` is a name; runAsNonRoot can only verify a number"
