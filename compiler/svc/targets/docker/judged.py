"""What can be judged of a Dockerfile in which an instruction or two cannot be read."""

from __future__ import annotations

from svc.records import replace
from svc.targets.docker.read import KEYWORDS, Read, meant
from svc.targets.docker.types import Dockerfile, Instruction

_UNKNOWN = "$"
"""The base of a stage whose FROM cannot be read, as if a variable named it."""


def judged(read: Read) -> Dockerfile | None:
    """The file without what its problems are about, so that nothing is said of that twice; None when no stage begins."""
    told = [route for one in read.problems for route in (one.route, *(other for _, other in one.related))]
    wrong = {int(route[1]) for route in told if len(route) > 1}
    if not wrong:
        return None if read.problems else read.dockerfile
    found = read.dockerfile.instructions
    left = tuple(_emptied(one) if number in wrong else one for number, one in enumerate(found))
    unread = frozenset(name for number in wrong for name in _may_be(found[int(number)], found[-1]))
    made = replace(read.dockerfile, instructions=left, unread=unread)
    return made if made.stages else None


def _emptied(one: Instruction) -> Instruction:
    """An instruction of no kind; a FROM still begins its stage."""
    if meant(one.keyword) != "FROM":
        return Instruction("", comment=one.comment, at=one.at, span=one.span)
    named = one.args[-2:] if len(one.args) > 2 and one.args[-2].lower() == "as" else ()
    return Instruction("FROM", (_UNKNOWN, *named), comment=one.comment, at=one.at, span=one.span)


def _may_be(one: Instruction, last: Instruction) -> frozenset[str]:
    """The keywords that something unread may have had."""
    swallows = one is last and bool(one.heredocs)  # to the end of the file
    return frozenset({meant(one.keyword)}) if meant(one.keyword) not in ("", "ONBUILD") and not swallows else KEYWORDS
