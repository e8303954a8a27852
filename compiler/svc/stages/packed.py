"""A part on its way between processes and runs: its texts in one compressed piece, made once for all of them."""

from __future__ import annotations

import zlib

from svc.records import dataclass, replace
from svc.spool import Spool, Spooled
from svc.stages.types import Outline, Part

_QUICK = 1
"""Of the levels of zlib: others take several times as long, and save a fifth."""

Row = tuple[str, str, str, int]
"""Path, owner, sha256 and bytes of a text."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A part without `outputs`; `rows` say what stands in `texts`, one after the other."""

    part: Part
    rows: tuple[Row, ...]
    texts: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a service from an earlier run: its outline, and what came of it where that may be kept."""

    outline: Outline
    part: Part | None = None
    rows: tuple[Row, ...] = ()


def packed(part: Part, *, small: bool) -> Packed:
    """`small`: it goes to the disk, where its size counts."""
    texts = [one.text.encode() for one in part.outputs]
    rows = tuple((one.path, one.owner, one.sha256, len(text)) for one, text in zip(part.outputs, texts, strict=True))
    light = replace(part, outputs=(), unit=None, pieces=())
    return Packed(light, rows, zlib.compress(b"".join(texts), _QUICK if small else 0))


def opened(one: Packed, spool: Spool) -> Part:
    """The part again, with its texts in the spool."""
    if not one.rows:
        return one.part
    pack = (spool.put(one.texts), len(one.texts))
    outputs = []
    start = 0
    for path, owner, digest, length in one.rows:
        outputs.append(Spooled(path, owner, digest, start, length, pack, spool))
        start += length
    return replace(one.part, outputs=tuple(outputs))
