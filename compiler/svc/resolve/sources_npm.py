"""Settings of npm, which pnpm and Yarn 1 read too: whether they hold what no build context may."""

from __future__ import annotations

from collections.abc import Iterator

from svc.patterns import regex
from svc.resolve.build_tree import Tree
from svc.source import lines_of

NPMRC = ".npmrc"
_SECRET = regex(r"(?:token|_auth|password|passwd|passphrase|secret)$|^(?:key|cert|otp)$")
_VARIABLES = regex(r"(?:\$\{\w+(?:\?|:?-)?\}:?)*")
"""What a build secret of that name fills in, empty without one."""
_USER = regex(r"([\w+.-]*:)?//([^/\s@]+)@")
_KNOWN = regex(r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:npm_|gh[pousr]_|github_pat_|glpat-)[\w-]{20}")
_REMARK = regex(r"\s[#;].*$")


def credential(tree: Tree) -> tuple[int, str] | None:
    """Number and key of the first line with a value that is one, and no variable in place of it."""
    for number, key, value, line in _settings(tree.text(NPMRC)):
        if (_SECRET.search(key.lower()) and not _VARIABLES.fullmatch(value)) or _KNOWN.search(line) or _user(line):
            return number, key
    return None


def readable(tree: Tree) -> bool:
    """Whether there are settings that could be looked through; those that say nothing are not missed."""
    return bool(tree.text(NPMRC).strip())


def _settings(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Number, last part of the key, value and the whole of each line that sets something."""
    for number, written in enumerate(lines_of(text.removeprefix("\ufeff")), 1):
        line = _REMARK.sub("", f" {written}").strip()
        key, _, value = line.partition("=")
        key = key.strip().strip("\"'").removesuffix("[]").rpartition(":")[2]
        if line:
            yield number, key, value.strip().strip("\"'").strip(), line


def _user(line: str) -> bool:
    """Whether an address has a user in it who is no variable: services take tokens for the name as well."""
    for scheme, user in _USER.findall(line):
        name, colon, password = user.partition(":")
        named = name == "git" or scheme.endswith("ssh:")
        if not _VARIABLES.fullmatch(password if colon else "" if named else name):
            return True
    return False
