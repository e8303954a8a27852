"""COPY of an archive that a RUN of the same stage unpacks: two layers, where ADD needs one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, script
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.shell import parse
from svc.targets.docker.types import Dockerfile, Instruction, Stage, unquoted

ARCHIVE = regex(r".\.(tar|tgz|tbz2|txz|tzst|tar\.(gz|bz2|xz|zst|lzma|Z)|tlz|tz|tZ|tb2|gz|bz2|lzma|xz|Z)$")
_UNPACKERS = frozenset(("bunzip2", "gunzip", "gzcat", "uncompress", "unlzma", "unxz", "unzip", "zcat", "zgz"))


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for stage in dockerfile.stages:
        for offset, one in enumerate(stage.instructions):
            copy = one.trigger or one
            if copy.keyword != "COPY" or copy.flag("from") is not None or copy.heredocs:
                continue
            unpacked = _unpacked(stage, offset)
            for name in _names(copy):
                if name in unpacked:
                    yield ("instructions", stage.first + offset), f"`{name}` is copied, and unpacked by a later RUN"
                    break


def _names(copy: Instruction) -> list[str]:
    """The base names that archives have in the image: those of the sources, or of a target that is a file."""
    words = [unquoted(word) for word in copy.args]
    names = [re.split(r"[/\\]", word)[-1] for word in words]
    if len(words) == 2 and ARCHIVE.search(names[1]) and ARCHIVE.search(names[0]):
        return names[1:]
    return [name for name in names[:-1] if ARCHIVE.search(name)]


def _unpacked(stage: Stage, offset: int) -> set[str]:
    found: set[str] = set()
    for one in stage.instructions[offset + 1 :]:
        run = one.trigger or one
        for command in parse(script(run)) if run.keyword == "RUN" else ():
            if _unpacks(command.words):
                found.update(re.split(r"[/\\=]", word)[-1] for word in command.words[1:])
    return found


def _unpacks(words: tuple[str, ...]) -> bool:
    name = words[0].rpartition("/")[2] if words else ""
    if name in ("tar", "bsdtar"):
        options = [word for word in words[1:] if word.startswith("-")] + [f"-{words[1]}" if len(words) > 1 else ""]
        return any(word in ("--extract", "--get") or re.match(r"-[^-]*x", word) for word in options)
    return name in _UNPACKERS or (name in ("gzip", "bzip2", "xz", "zstd") and _decompresses(words))


def _decompresses(words: tuple[str, ...]) -> bool:
    return any(re.match(r"-[^-]*d|--(decompress|uncompress)$", word) for word in words[1:])
