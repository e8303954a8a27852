"""Commands that are given a secret: words of a line, of a list in brackets, or items of a list below each other."""

from __future__ import annotations

import re

from svc.patterns import regex

_GAP = r"""(?:["']?[ \t]*,[ \t]*["']?|[ \t]+["']?|["']?[ \t]*\n[ \t]*-[ \t]+["']?)"""
"""What stands between two words."""
_ON = r"""(?:[^\n;|&\]]|&(?!&)|\n[ \t]*-[ \t]){0,300}?(?<=[ \t"',\[])"""
"""The words between a program and its option."""
_WORD = r"""(?P<plain>[^\s"',\]$-](?:[^\s"',\]]|[,\]](?![\s\]},]|$)){2,})"""
OPTION = regex(
    rf"""(?<![\w-])--?(?P<name>[A-Za-z][\w-]*){_GAP}(?P<plain>[^\s"',\]\[=-][^\s"',\]=]*)(?![\w=])""",
)
"""An option by whose name its word is known."""
_AUTHORIZED = regex(r"\b(?i:bearer|basic)[ \t]+(?P<plain>(?=[^\s\"']*[0-9A-Z=])[A-Za-z0-9+/=._~-]{12,})")
_ATTACHED = regex(
    rf"\b(?:mysql|mariadb|xtrabackup|mydumper|myloader)[\w-]*{_GAP}{_ON}-p[ \t]?[\"']?(?!\d+:\d)"
    r"(?P<plain>[^\s\"'$,\]-][^\s\"']{2,}[^\s\"',\]])",
    re.MULTILINE,
)
_SSHPASS = regex(rf"\bsshpass{_GAP}{_ON}-p(?:{_GAP}|[\"']?){_WORD}", re.MULTILINE)
_REDIS = regex(rf"\b(?:redis|valkey)-cli\b{_ON}-a{_GAP}{_WORD}", re.MULTILINE)
_USER = regex(
    rf"""\bcurl\b{_ON}(?:-[a-zA-Z]*u|--user|--proxy-user)(?:{_GAP}|[ \t=]*["']?)[^\s:"'$,\[\]]+"""
    r""":(?P<plain>(?:[^\s"',\]]|[,\]](?![\s\]},]|$))+)""",
    re.MULTILINE,
)
TELLING = {
    "bearer": _AUTHORIZED,
    "basic": _AUTHORIZED,
    "curl": _USER,
    "login": regex(r"\blogin\b[^\n]{0,300}?[ \t]-p[ \t=]*[\"']?(?P<plain>[^\s\"'$-][^\s\"']+)"),
    "mysql": _ATTACHED,
    "mariadb": _ATTACHED,
    "xtrabackup": _ATTACHED,
    "mydumper": _ATTACHED,
    "myloader": _ATTACHED,
    "sshpass": _SSHPASS,
    "redis-cli": _REDIS,
    "valkey-cli": _REDIS,
    "-pw": regex(rf"(?<![\w-])--?pw(?:{_GAP}|=[\"']?){_WORD}", re.MULTILINE),
    "machine": regex(r"\bmachine\s+\S+(?:\s+(?:login|account)\s+\S+)?\s+password\s+(?P<plain>[^\s$]\S*)"),
    "://": regex(r"[a-z0-9+.-]://[^\s/:@\"']*:(?P<plain>[^\s\"'/]+)@", re.IGNORECASE),
}
"""Commands and addresses in which a secret has no name, by a word that is in each of them."""
