"""Which major version of a provider a module is for, by its lock file and its version constraints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.patterns import regex
from svc.targets.terraform.read import TerraformError, read_blocks
from svc.targets.terraform.types import Module, Object, Value

_PART = regex(r"\s*(~>|[<>!]?=|[<>])?\s*(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+][\w.+-]+)?\s*")

Version = tuple[int, int, int]


def demands(module: Module, provider: str) -> Version:
    """The oldest release that a module is planned with where the latest is: by lock files or, without any, constraints."""
    return max((max(_range(0, one)[1], default=(0, 0, 0)) for one in plans(module, provider)), default=(0, 0, 0))


def plans(module: Module, provider: str) -> list[Sequence[str]]:
    """What is demanded of the provider's version, by each that plans the module: its lock file has the version, or its
    constraints and the module's own leave some. None where nobody says anything."""
    every = (module, *module.callers)
    locks: list[Sequence[str]] = [(one.locked[provider],) for one in every if provider in one.locked]
    if locks:
        return locks
    own = _parts(module, provider)
    called = [[*own, *parts] for one in module.callers if (parts := _parts(one, provider))]
    return [*called] or ([own] if own else [])


def leaves(parts: Sequence[str], major: int) -> bool:
    """Whether demands leave releases of this major version, and none of an older one. Without any, they do."""
    least, lows, high = _range(major, parts)
    return least <= max(lows, default=least) < high


def locked(text: str) -> dict[str, str]:
    """The versions that the text of a lock file has of HashiCorp's providers; none where it cannot be read."""
    try:
        blocks = read_blocks(text)
    except TerraformError:
        return {}
    found = [(block.labels[0].split("/"), block.get("version")) for block in blocks if block.labels]
    return {at[-1]: version for at, version in found if at[-2:-1] == ["hashicorp"] and isinstance(version, str)}


def _constraints(module: Module, provider: str) -> Iterator[str]:
    """In all the places where Terraform reads them: `required_providers`, in both forms, and the provider's block of old."""
    found: list[Value] = []
    for block in module.blocks("terraform"):
        for one in block.blocks("required_providers"):
            for name, value in one.attributes.items():
                source = value.get("source") if isinstance(value, Object) else None
                if name == provider or (isinstance(source, str) and source.rpartition("/")[2] == provider):
                    found.append(value.get("version") if isinstance(value, Object) else value)
    found += [block.get("version") for block in module.blocks("provider") if block.labels == (provider,)]
    return (one for one in found if isinstance(one, str))


def _parts(module: Module, provider: str) -> list[str]:
    """The parts of its constraints that can be read; Terraform refuses the others."""
    return [part for one in _constraints(module, provider) for part in one.split(",") if _PART.fullmatch(part)]


def _range(major: int, parts: Sequence[str]) -> tuple[Version, list[Version], Version]:
    """The first release of a major version, the oldest ones that parts of a constraint allow, and what is too new for
    them. A part that cannot be read, which Terraform refuses, takes nothing away. Where an older major version is allowed
    too, the module may be for what that had."""
    least, high = (major, 0, 0), (major + 1, 0, 0)
    lows: list[Version] = []
    for part in parts:
        read = _PART.fullmatch(part)
        if read is None:
            continue
        sign, version = read[1] or "=", (int(read[2]), int(read[3] or 0), int(read[4] or 0))
        after = (version[0], version[1], version[2] + 1)
        if sign in ("=", ">=", "~>"):
            lows.append(version)
        elif sign == ">":
            lows.append(after)
        if sign in ("=", "<="):
            high = min(high, after)
        elif sign == "<":
            high = min(high, version)
        elif sign == "~>":
            high = min(high, (version[0], version[1] + 1, 0) if read[4] else (version[0] + 1, 0, 0))
    return least, lows, high
