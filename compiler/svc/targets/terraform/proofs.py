"""Blocks read back a piece at a time: what a piece of text says, and whether it may, is worked out once for all files.

A piece is what stands from the beginning of a block to the next line that is nothing but `}`, and counts only when it
can be read as whole blocks by itself. Then it means in any file what it means alone: the reader goes from left to
right, and is back at the top of the file where the piece ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import is_

from svc.patterns import regex
from svc.records import dataclass, field
from svc.targets.terraform.arguments import check_arguments
from svc.targets.terraform.read import read_attributes, read_blocks
from svc.targets.terraform.tables import tables
from svc.targets.terraform.types import Attribute, Block

NAMESPACES = frozenset({"each", "count", "self", "path", "terraform", "statement", "option", "record"})
"""What starts a name without being declared."""
LOOKED_UP = ("data", "ephemeral")
Names = frozenset[tuple[str, ...]]
_KEPT = 2048
"""Pieces; a module has some fifty, of which most are those of every other."""
_FILES = 512
_BETWEEN = regex(r"(?:[ \t\n]+|#[^\n]*)*")
_END = "\n}\n"


@dataclass(slots=True)
class Piece:
    """`faultless`: every argument is one that the provider has, and so is every attribute that is referred to.

    `equal`: the blocks, of those that were judged, that it was last found equal to.
    """

    blocks: tuple[Block, ...]
    faultless: bool
    needs: Names
    declares: Names
    equal: tuple[Block, ...] = field(default=(), compare=False)

    def says(self, meant: tuple[Block, ...]) -> bool:
        """Whether it is the text of these blocks."""
        known = self.equal
        if known is meant or (len(known) == len(meant) > 0 and all(map(is_, known, meant))):
            return True
        if self.blocks != meant:
            return False
        self.equal = meant
        return True


def of_file(text: str) -> Piece:
    """A file as one piece, whatever comment it begins with. Raises TerraformError as `pieces`."""
    return _together(text[_skipped(text, 0) :])


@lru_cache(_FILES)
def _together(text: str) -> Piece:
    """The pieces as one: files of many services are alike but for the comment above."""
    parts = tuple(pieces(text))
    blocks = tuple(block for one in parts for block in one.blocks)
    needs = frozenset[tuple[str, ...]]().union(*(one.needs for one in parts))
    declares = frozenset[tuple[str, ...]]().union(*(one.declares for one in parts))
    return Piece(blocks, all(one.faultless for one in parts), needs, declares)


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a file in their order. Raises TerraformError where that is none, or has a piece that is none."""
    position = _skipped(text, 0)
    while position < len(text):
        end = text.find(_END, position)
        end = len(text) if end < 0 else end + len(_END) - 1
        yield piece(text[position:end])
        position = _skipped(text, end)


def _skipped(text: str, position: int) -> int:
    found = _BETWEEN.match(text, position)
    return found.end() if found is not None else position


def of_values(text: str) -> tuple[Attribute, ...]:
    """The values of a `.tfvars` file, whatever comment it begins with. Raises TerraformError."""
    return _attributes(text[_skipped(text, 0) :])


_attributes = lru_cache(_FILES)(read_attributes)


@lru_cache(_KEPT)
def piece(text: str) -> Piece:
    blocks = read_blocks(text)
    referred = frozenset(one for block in blocks if block.type != "terraform" for one in block.references)
    needed = (name_of(one) for one in referred if one[0] not in NAMESPACES)
    faultless = all(_faultless(block) for block in blocks) and all(exported(one) for one in referred)
    return Piece(blocks, faultless, frozenset(needed), declared(blocks))


def name_of(reference: tuple[str, str, str]) -> tuple[str, ...]:
    """What has to be declared for a reference."""
    return reference if reference[0] in LOOKED_UP else reference[:2]


def exported(reference: tuple[str, str, str]) -> bool:
    """Whether a resource has the attribute that is referred to."""
    first, _, attribute = reference
    if not attribute or first in NAMESPACES or first in ("var", "local", *LOOKED_UP):
        return True
    return tables().exports("resource", first, attribute)


def declared(blocks: tuple[Block, ...]) -> Names:
    found: set[tuple[str, ...]] = set()
    for block in blocks:
        match block.type:
            case "variable":
                found.add(("var", block.labels[0]))
            case "locals":
                found |= {("local", name) for name in block.attributes}
            case "resource":
                found.add(block.labels)
            case "data" | "ephemeral":
                found.add((block.type, *block.labels))
    return frozenset(found)


def _faultless(block: Block) -> bool:
    if block.type not in ("resource", *LOOKED_UP):
        return True
    schema = tables().schema(block.type, block.labels[0])
    return schema is not None and not any(True for _ in check_arguments(block, schema))
