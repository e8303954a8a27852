"""Compose files that Compose is told to lay over others, whose services name what the others declare."""

from __future__ import annotations

from pathlib import Path

from svc.patterns import regex

_NAME = regex(r"(?:docker-)?compose[.-].+\.ya?ml")
_ALONE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""Names of files that stand alone; every other compose file may be laid over one of them."""
_BASES = tuple(
    f"{stem}{sign}{word}.{ending}"
    for stem in ("compose", "docker-compose")
    for sign in ".-"
    for word in ("base", "common")
    for ending in ("yaml", "yml")
)
"""Names of files that others are laid over where none stands alone."""


def may_be(name: str) -> bool:
    """Whether a file's name says that it may be laid over another."""
    last = name.rpartition("/")[2]
    return _NAME.fullmatch(last) is not None and last not in _ALONE


def by_name(name: str) -> bool:
    """Whether Compose does so without being told."""
    return name.endswith((".override.yaml", ".override.yml"))


def below(file: Path) -> list[Path]:
    """The files that a file may be laid over."""
    return [file.parent / name for name in (*_ALONE, *_BASES) if name != file.name]
