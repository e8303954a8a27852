"""What commands of the spec start in an image: programs by name or path, also those of a text for a shell."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from svc.patterns import regex
from svc.records import dataclass
from svc.shell import SHELLS, of_words

_SYSTEM = """
    [ apt-get arch awk b2sum base32 base64 basename cat chgrp chmod chown chroot cksum clear cmp comm cp csplit cut date dd
    df diff dir dirname dmesg dpkg du echo egrep env expand expr factor false fgrep find flock fmt fold getconf getent getopt
    grep groups gunzip gzip head hostid hostname iconv id install ionice join kill last ldconfig ldd link ln locale logger
    login logname ls lsblk mawk md5sum mkdir mkfifo mknod mktemp more mount mountpoint mv namei nice nl nohup nproc nsenter
    numfmt od paste pathchk perl pidof pinky pr printenv printf prlimit ptx pwd readlink realpath renice rev rm rmdir
    run-parts runuser script sdiff sed seq setarch setpriv setsid sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf
    sleep sort split start-stop-daemon stat stdbuf stty su sum sync tac tail tar taskset tee test timeout touch tput tr true
    truncate tsort tty umount uname uncompress unexpand uniq unlink unshare users vdir wc whereis which who whoami
    xargs yes zcat zcmp zdiff zgrep zless zmore sh bash dash ash
"""
SYSTEM = frozenset(_SYSTEM.split())
"""Programs of every image that is not bare."""
_BUILTINS = """
    . : [[ alias bg bind break builtin caller cd command compgen complete continue coproc declare dirs disown enable eval exec
    exit export fc fg function getopts hash help history jobs let local logout mapfile popd pushd read readarray readonly
    return select set shift shopt source suspend times trap type typeset ulimit umask unalias unset wait
"""
BUILTINS = frozenset(_BUILTINS.split())
"""What a shell does itself, and no image has as a program."""
_WORDS = BUILTINS | {"time"}
"""Within a text for a shell."""
_ASKING = frozenset(("which", "type", "hash", "test", "[", "[["))
_FOLDERS = regex(r"/(?:usr/)?(?:local/)?s?bin/", needs=("bin/",))


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its words. `text`: it stands in a text for a shell; `moved`: in one that goes to another folder."""

    words: tuple[str, ...]
    text: bool = False
    moved: bool = False

    @property
    def name(self) -> str:
        """Of a program in a folder of the system, without the folder."""
        first = self.words[0]
        return posixpath.basename(first) if _FOLDERS.match(first) else first


def calls(words: tuple[str, ...]) -> list[Call]:
    """The commands that a command is made of: itself, what it hands over to, and those of a text for a shell; without what
    the shell does itself, and programs that the text asks for before it starts them."""
    found: list[Call] = []
    text = moved = False
    asked: set[str] = set()
    for one in of_words(words):
        if one.name in _ASKING or (one.name == "command" and one.has("-v", "-V")):
            asked |= set(one.words[1:])
        moved |= one.name in ("cd", "pushd")
        if one.name and one.name not in (_WORDS if text else BUILTINS):
            found.append(Call(one.words, text, moved))
        text |= posixpath.basename(one.name) in SHELLS
    return [one for one in found if one.words[0] not in asked]


def programs(words: tuple[str, ...]) -> Iterator[str]:
    """Those that a command starts, by name where they are in a folder of the system."""
    yield from (one.name for one in calls(words))
