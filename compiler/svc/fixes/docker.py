"""Fixes of Dockerfiles: edits of one instruction. Whoever applies them proves that the others stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from svc.edit.types import Edit, RefusedError
from svc.patterns import regex
from svc.targets.docker.types import Instruction

Fix = Callable[[str, int, int, Instruction, Mapping[str, Any]], Edit]
"""Text, the instruction's offsets in it, the instruction, the policy's parameters."""


def _inside(text: str, start: int, end: int, pattern: str, into: str | Callable[[re.Match[str]], str]) -> Edit:
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
    """A slash at the end of a target, which makes it a folder. Raises RefusedError where that is not its last character."""
    last = text[start:end].rstrip()
    if one.exec or last[-1] in "\"'\\":
        raise RefusedError("the target is quoted or in an array")
    return Edit(start + len(last), start + len(last), "/")


_GAP = r"(?:\s|\\\n)+"
_OPTIONS = rf"(?:{_GAP}(?:-[otc]{_GAP}[^\s-]\S*|-\S+))*"
_APT = regex(rf"(?:^|[\s;&|(])apt{_OPTIONS}\s+([a-z][a-z-]*)")
_BOTH = regex(
    r"(?:re)?install|update|(?:full-|dist-)?upgrade|remove|purge|auto(?:remove|purge|clean)|clean|build-dep|source"
    r"|download|satisfy|changelog"
)
"""What apt and apt-get do under the same word; but an upgrade of apt brings packages that are new, too."""
_NEW_ONES = "--with-new-pkgs"
_SAID = regex(r"\s--(?:with|without|no)-new-pkgs(?=[\s=]|$)|(?i:\bupgrade-allow-new\b)")
"""What somebody has said about new packages holds for apt-get as it does for apt."""


def apt_get(text: str, start: int, end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    for word in _APT.findall(text[start:end].replace("\\\n", " ")):
        if not _BOTH.fullmatch(word):
            raise RefusedError(f"apt-get has no `{word}`")
    lead = r"(?P<lead>(?:RUN(?:\s+--\S+)*|&&|\|\||;)\s+(?:\\\n\s*)*)"
    return _inside(text, start, end, rf"{lead}apt(?P<upgrade>{_OPTIONS}{_GAP}upgrade)?(?=[\s;&|]|$)", _as_apt_get)


def _as_apt_get(found: re.Match[str]) -> str:
    upgrade = found["upgrade"]
    rest = re.split(r"[;|]|(?<![<>])&(?!>)", found.string[found.end() :])[0]
    if re.search(r"\supgrade(?=\s|$)", rest):
        raise RefusedError(f"it is not seen where `{_NEW_ONES}` goes, which makes apt-get upgrade as apt does")
    said = upgrade is None or _SAID.search(f"{upgrade}{rest}") is not None
    return f"{found['lead']}apt-get{upgrade or ''}{'' if said else f' {_NEW_ONES}'}"


_QUOTED = regex(r"""\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*\"""")


def _masked(command: str) -> str:
    """A command with what stands in quotes made unreadable, every other character at its place."""
    if re.search(r"(?m)^\s*#", command) or "<<" in command:
        raise RefusedError("the command has comments or a here-document in it")

    def hidden(match: re.Match[str]) -> str:
        return match.group() if match.group() == "\\\n" else "Q" * len(match.group())

    masked = _QUOTED.sub(hidden, command)
    if "'" in masked or '"' in masked or "\n" in masked.replace("\\\n", ""):
        raise RefusedError("the quotes of the command do not end")
    return masked


def option(word: str, into: str) -> Fix:
    """`into` after the subcommand `word` of the program."""

    def fix(text: str, start: int, end: int, _one: Instruction, params: Mapping[str, Any]) -> Edit:
        old = text[start:end]
        masked = _masked(old)
        wanted, fine = re.compile(params["pattern"]), re.compile(params["unless"])
        edits: list[int] = []
        position = 0
        for part in re.split(r"(&&|\|\||;|\|)", masked):
            bare = re.sub(r"^RUN(\s+--\S+)*\s+", "", part)
            words = " ".join(bare.replace("\\\n", " ").split())
            words = re.sub(r"^(?:[A-Za-z_]\w*=\S*\s+)+", "", words)
            if wanted.search(words) and not fine.search(words):
                found = re.search(rf"(?<=\s)({word})(?=\s|$)", part)
                edits += [position + found.end()] if found else []
            position += len(part)
        if not edits:
            raise RefusedError("the command is written in a way that is not edited")
        for place in reversed(edits):
            old = f"{old[:place]} {into}{old[place:]}"
        return Edit(start, end, old)

    return fix


_GOES_ON_ELSEWHERE = regex(r"(?<![&>\\])&(?![&>\d])|(?:^|&&|RUN)\s*(?:\\\n\s*)*exec\s")
"""A command in the background, and a program in the place of the shell."""


def after(command: str) -> Fix:
    """One more command at the end of a RUN."""

    def fix(text: str, start: int, end: int, one: Instruction, _params: Mapping[str, Any]) -> Edit:
        if one.exec or one.heredocs:
            raise RefusedError("the command is an array or a here-document")
        if _GOES_ON_ELSEWHERE.search(text[start:end]):
            raise RefusedError("the command does not simply go on with `&&`")
        stop = start + len(text[start:end].rstrip())
        return Edit(stop, stop, f" && {command}")

    return fix


_INSTALLS = regex(
    r"\b(?:apt|apt-get|aptitude)\b[^;&|]*\s(?:install|build-dep|satisfy|upgrade|dist-upgrade|full-upgrade)\b"
)
_READS_LISTS = regex(
    r"\b(?:apt|apt-get|aptitude)\b[^;&|]*\s(?:(?:re)?install|build-dep|satisfy|(?:dist-|full-|safe-)?upgrade|download"
    r"|source|search|show|policy|list|changelog|depends|rdepends|versions)\b|\bapt-(?:cache|file)\b"
)
_UPDATES = regex(r"\b(?:apt|apt-get|aptitude)\b[^;&|]*\supdate\b")


def lists_removed(text: str, start: int, end: int, one: Instruction, params: Mapping[str, Any]) -> Edit:
    if not _INSTALLS.search(text[start:end].replace("\\\n", " ")):
        raise RefusedError("it installs nothing itself: join it with the RUN that needs the lists")
    for later in re.split(r"(?m)^(?=[ \t]*[A-Za-z]+[ \t])", text[end:].replace("\\\n", " ")):
        found = _READS_LISTS.search(later)
        if found and not _UPDATES.search(later, 0, found.start()):
            raise RefusedError("a later RUN installs packages from these lists, or reads them")
    if re.search(r"\|\||;|#", text[start:end]):
        raise RefusedError("the command does not simply go on with `&&`")
    return after("rm -rf /var/lib/apt/lists/*")(text, start, end, one, params)


def yarn_cache_removed(text: str, start: int, end: int, one: Instruction, params: Mapping[str, Any]) -> Edit:
    if re.search(r"\|\||;|#", text[start:end]):
        raise RefusedError("the command does not simply go on with `&&`")
    return after("yarn cache clean")(text, start, end, one, params)


_CLEAN = {"zypper": "zypper clean --all"}


def rpm_cache_removed(text: str, start: int, end: int, one: Instruction, params: Mapping[str, Any]) -> Edit:
    if re.search(r"\|\||;|#", text[start:end]):
        raise RefusedError("the command does not simply go on with `&&`")
    found = re.search(r"\b(microdnf|dnf|yum|zypper)\b", text[start:end])
    if found is None:
        raise RefusedError("the package manager is not seen")
    return after(_CLEAN.get(found[1], f"{found[1]} clean all"))(text, start, end, one, params)


def stage_renamed(text: str, start: int, end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    """Another name, where nothing else in the file speaks of the stage."""
    found = re.compile(r"\sAS\s+(\w+)\s*$", re.IGNORECASE).search(text[start:end].rstrip())
    if found is None:
        raise RefusedError("the name is not at the end of the instruction")
    name = found[1]
    if re.search(rf"(?im)--from={name}\b|^\s*FROM\s+{name}\b", text[end:]) or re.search(r"(?i)\bAS\s+image\b", text):
        raise RefusedError("other instructions speak of the stage")
    return Edit(start + found.start(1), start + found.end(1), "image")


def label(text: str, start: int, end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    name = text[start:end].strip()[len("MAINTAINER") :].strip()
    if "\n" in name:
        raise RefusedError("the instruction goes over several lines")
    if re.fullmatch(r"""(["'])(?:(?!\1).)*\1""", name):
        name = name[1:-1]
    quoted = json.dumps(name, ensure_ascii=False).replace("$", "\\$")  # a label's variables are replaced
    return Edit(start, end, f"LABEL org.opencontainers.image.authors={quoted}")


def gone(text: str, start: int, end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    line = text.rfind("\n", 0, start) + 1
    return Edit(line, min(end + 1, len(text)), "")


_PRINTED = r"[\u201c-\u201e\u00ab][^\u201c-\u201e\u00ab\u00bb\\$]*[\u201c-\u201e\u00bb]|[\u2018-\u201a][^\u2018-\u201a\\$]*[\u2018-\u201a]"
_ITEM = rf"""(?:"[^"\\$]*"|'[^'\\$]*'|{_PRINTED})"""
_BROKEN_ARRAY = regex(rf"\[\s*{_ITEM}(?:\s*,\s*{_ITEM})*\s*\]?")
"""An array that is no JSON, for its quotes are single or of print, or it does not end."""


_OF_THE_SHELL = regex(
    r"\.|:|alias|break|case|cd|command|continue|eval|exit|export|[fb]g|for|getopts|hash|if|jobs|read|readonly|return|set"
    r"|shift|source|times?|trap|type|ulimit|umask|un(?:alias|set)|until|wait|while"
)


def array(text: str, start: int, end: int, one: Instruction, _params: Mapping[str, Any]) -> Edit:
    command = " ".join(one.args)
    if one.keyword == "ENTRYPOINT" and re.search(r"(?mi)^[ \t]*CMD\s", text):
        raise RefusedError("CMD, which counts for nothing beside it, would become its arguments")
    if _BROKEN_ARRAY.fullmatch(command):
        words = [found[1:-1] for found in re.findall(_ITEM, command)]
        return Edit(start, end, f"{one.keyword} {json.dumps(words)}")
    odd = re.search(r"[^\w\s./:=@,+-]", command) or "\n" in command or re.match(r"\w+=", command)
    if odd or _OF_THE_SHELL.fullmatch(command.split(" ")[0]):
        raise RefusedError("the command needs its shell")
    return Edit(start, end, f"{one.keyword} {json.dumps(command.split())}")


def rooted(text: str, start: int, end: int, one: Instruction, _params: Mapping[str, Any]) -> Edit:
    """The folder of a relative WORKDIR below `/`, where it is when the base image says nothing else."""
    path = " ".join(one.args)
    at = text.find(path, start + len("WORKDIR"), end)
    if at < 0 or not re.fullmatch(r"(\./)?[\w][\w./-]*", path):
        raise RefusedError("the path is quoted, or leads upwards")
    return Edit(at, at + (2 if path.startswith("./") else 0), "/")


def any_platform(text: str, start: int, end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    found = re.compile(r"--platform=\S+[ \t]+").search(text, start, end)
    if found is None:
        raise RefusedError("the flag is written in a way that is not edited")
    return Edit(found.start(), found.end(), "")


_ASH = regex(r"(?:^|/)alpine(?:[:@]|$)|:[\w.${}-]*alpine[\w.${}-]*(?:@|$)")
_BASH = regex(
    r"(?:^|/)(?:debian|ubuntu|fedora|rockylinux|almalinux|amazonlinux|python|node|golang|ruby|rust|php|openjdk|eclipse-temurin|maven|gradle)(?:[:@]|$)"
)

_ANY_TAG = regex(r"\$\{?\w+\}?(?:@|$)")
"""A tag that ends as somebody says at the build: with `-alpine`, perhaps."""


def pipefail(text: str, start: int, _end: int, _one: Instruction, _params: Mapping[str, Any]) -> Edit:
    """A SHELL before the RUN: the one that the base image is known to have."""
    base = _base(text[:start])
    shell = "/bin/ash" if _ASH.search(base) else "/bin/bash" if _BASH.search(base) and not _ANY_TAG.search(base) else ""
    if not shell:
        raise RefusedError("it is not known which shell the base image has")
    return Edit(start, start, f'SHELL ["{shell}", "-o", "pipefail", "-c"]\n')


def _base(before: str) -> str:
    """The image that the stage at the end of a text begins with, through stages of the file."""
    stages: dict[str, str] = {}
    base = ""
    for words in re.findall(r"(?mi)^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?", before):
        base = stages.get(words[0].lower(), words[0])
        stages[words[1].lower()] = base
    return base
