"""Fixes of Dockerfiles: edits of one instruction. Whoever applies them proves that the others stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from svc.edit.types import Edit, RefusedError
from svc.targets.docker.types import Instruction

Fix = Callable[[str, int, int, Instruction, Mapping[str, Any]], Edit]
"""Text, the instruction's offsets in it, the instruction, the policy's parameters."""

_COMMAND = r"(?P<lead>(?:^|&&|\|\||;|\n)\s*(?:[A-Z_]+=\S+\s+|sudo\s+)*)"


def _inside(text: str, start: int, end: int, pattern: str, into: str) -> Edit:
    """Every place in an instruction at which a pattern matches, rewritten; comments within it are not looked at."""
    old = text[start:end]
    if re.search(r"(?m)^\s*#", old) or "<<" in old:
        raise RefusedError("the command has comments or a here-document in it")
    new = re.sub(pattern, into, old)
    if new == old:
        raise RefusedError("the command is written in a way that is not edited")
    return Edit(start, end, new)


def copy(_text: str, start: int, _end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    return Edit(start, start + 3, "COPY")


def folder(text: str, start: int, end: int, one: Instruction, _params: Mapping[str, Any]) -> Edit:
    last = text[start:end].rstrip()
    if one.exec or last[-1] in "\"'\\":
        raise RefusedError("the target is quoted or in an array")
    return Edit(start + len(last), start + len(last), "/")


def apt_get(text: str, start: int, end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    return _inside(
        text, start, end, r"(?P<lead>(?:RUN(?:\s+--\S+)*|&&|\|\||;)\s+(?:\\\n\s*)*)apt(?=\s)", r"\g<lead>apt-get"
    )


def option(word: str, into: str) -> Fix:
    """`into` after the subcommand `word` of the program."""

    def fix(text: str, start: int, end: int, _one: Instruction, params: Mapping[str, Any]) -> Edit:
        old = text[start:end]
        if re.search(r"(?m)^\s*#", old) or "<<" in old or re.search("['\"]", old):
            raise RefusedError("the command has comments, quotes or a here-document in it")
        wanted, fine = re.compile(params["pattern"]), re.compile(params["unless"])
        parts = re.split(r"(&&|\|\||;|\|)", old)
        changed = False
        for index, part in enumerate(parts):
            bare = re.sub(r"^RUN(\s+--\S+)*\s+", "", part)
            words = " ".join(bare.replace("\\\n", " ").split())
            words = re.sub(r"^(?:[A-Za-z_]\w*=\S*\s+)+", "", words)
            if wanted.search(words) and not fine.search(words):
                parts[index] = re.sub(rf"(?<=\s)({word})(?=\s|$)", rf"\1 {into}", part, count=1)
                changed = changed or parts[index] != part
        if not changed:
            raise RefusedError("the command is written in a way that is not edited")
        return Edit(start, end, "".join(parts))

    return fix


def after(command: str) -> Fix:
    """One more command at the end of a RUN."""

    def fix(text: str, start: int, end: int, one: Instruction, _params: Mapping[str, Any]) -> Edit:
        if one.exec or one.heredocs:
            raise RefusedError("the command is an array or a here-document")
        stop = start + len(text[start:end].rstrip())
        return Edit(stop, stop, f" && {command}")

    return fix


def lists_removed(text: str, start: int, end: int, one: Instruction, params: Mapping[str, Any]) -> Edit:
    if re.search(r"\|\||;|#", text[start:end]):
        raise RefusedError("the command does not simply go on with `&&`")
    return after("rm -rf /var/lib/apt/lists/*")(text, start, end, one, params)


def label(text: str, start: int, end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    name = text[start:end].strip()[len("MAINTAINER") :].strip().strip("\"'")
    if "\n" in name:
        raise RefusedError("the instruction goes over several lines")
    return Edit(start, end, f"LABEL org.opencontainers.image.authors={json.dumps(name, ensure_ascii=False)}")


def gone(text: str, start: int, end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    line = text.rfind("\n", 0, start) + 1
    return Edit(line, min(end + 1, len(text)), "")


def array(_text: str, start: int, end: int, one: Instruction, _params: Mapping[str, Any]) -> Edit:
    command = " ".join(one.args)
    if re.search(r"[^\w\s./:=@,+-]", command) or "\n" in command or re.match(r"\w+=", command):
        raise RefusedError("the command needs its shell")
    return Edit(start, end, f"{one.keyword} {json.dumps(command.split())}")
