"""Which architectures an image is made for, and whether the runner has to emulate one of them."""

from __future__ import annotations

from svc.patterns import regex
from svc.resolve.architecture import USUAL, architecture
from svc.resolve.types.images import Build
from svc.resolve.unit import Unit

_CROSS_COMPILED = ("go", "dotnet", "static")
"""Languages whose Dockerfile compiles on the builder's own architecture for any other."""
_ARM = regex(r"(?i)(?:^|[-_.])(?:arm|arm64|aarch64|graviton)(?:$|[-_.])", needs=("arm", "aarch64", "graviton"))


def platforms(unit: Unit, build: Build) -> tuple[str, ...]:
    """Those of the nodes that the pods ask for; amd64 where they ask for none, and arm64 too where that costs nothing."""
    wanted = {
        architecture(dict(workload.placement.node_selector))
        for one in unit.environments
        for workload in one.workloads
        if workload.main.image.built
    }
    if not build.dockerfile and build.language in _CROSS_COMPILED:
        wanted |= {USUAL, "arm64"}
    return tuple(f"linux/{one}" for one in sorted(wanted or {USUAL}))


def emulated(unit: Unit, build: Build) -> bool:
    """Whether programs of another architecture than the runner's are run while the image is made."""
    own = f"linux/{'arm64' if _ARM.search(unit.first.ci.runner) else USUAL}"
    return any(one != own for one in platforms(unit, build)) and _runs_commands(unit, build)


def _runs_commands(unit: Unit, build: Build) -> bool:
    """Whether a stage of the image's architecture runs something: the whole build, or to install packages, or a shell."""
    if build.dockerfile or build.language not in _CROSS_COMPILED or build.packages:
        return True
    return any(workload.main.command for workload in unit.first.workloads)
