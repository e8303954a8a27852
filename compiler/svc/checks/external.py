"""Checks of other packages, by entry point of the group `svc.checks`; nothing is imported that no policy names.

    [project.entry-points."svc.checks"]
    registry = "acme_checks.registry"

The module has `SURFACE`, a frozen dataclass `Params` whose fields all have defaults, and `check(artifact, params)`.
"""

from __future__ import annotations

import functools
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

GROUP = "svc.checks"


class NoSuchCheck(KeyError):
    """The name means no check; the message says why."""

    def __str__(self) -> str:
        return str(self.args[0])


@functools.cache
def load(name: str) -> Any:
    """The module of `distribution:check`. Raises NoSuchCheck."""
    package, _, check = name.partition(":")
    try:
        found = [one for one in distribution(package).entry_points if one.group == GROUP]
    except (PackageNotFoundError, ValueError):
        raise NoSuchCheck(f"no package `{package}` is installed beside svc") from None
    point = next((one for one in found if one.name == check), None)
    if point is None:
        names = ", ".join(sorted(one.name for one in found)) or "none"
        raise NoSuchCheck(f"package `{package}` has no check `{check}`; it has {names}")
    module = point.load()
    lacking = [part for part in ("SURFACE", "Params", "check") if not hasattr(module, part)]
    if lacking:
        raise NoSuchCheck(f"check `{name}` lacks {', '.join(lacking)}")
    return module
