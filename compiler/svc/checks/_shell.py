"""Shell text as simple commands: enough to see what is called, quotes respected; not a shell."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"""\s+|'[^']*'|"(?:\\.|[^"\\])*"|\\.|&&|\|\||[;|&\n()]|[^\s'"\\;|&()]+""", re.DOTALL)
_SEPARATORS = frozenset(("&&", "||", ";", "|", "&", "\n", "(", ")"))
_PREFIX = re.compile(r"^(?:[A-Za-z_]\w*=\S*\s+|(?:if|then|else|elif|while|until|do|!|\{|exec|time|env)\s+)+")
PIPE_TO_SHELL = re.compile(
    r"\b(?:curl|wget)\b[^|;&\n]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:/(?:usr/)?bin/)?(?:ba|z|da|k)?sh\b"
    r"|\b(?:ba|z|da)?sh\s+(?:-\w+\s+)?[\"']?(?:<\(|\$\()\s*(?:curl|wget)\b"
)
"""A script from the network that is run unread: `curl ... | sh`, `bash <(curl ...)`, `sh -c "$(curl ...)"`."""


def commands(script: str) -> Iterator[str]:
    """The simple commands of a script on one line each, without leading assignments and keywords."""
    for command in _split(script.replace("\\\n", " ")):
        text = _PREFIX.sub("", " ".join(command.split()))
        if text:
            yield text


def has_pipe(script: str) -> bool:
    tokens = [match.group() for match in _TOKEN.finditer(script)]
    return "|" in tokens


def _split(script: str) -> Iterator[str]:
    current = ""
    for match in _TOKEN.finditer(script):
        token = match.group()
        if token in _SEPARATORS or (token.isspace() and "\n" in token):
            yield current
            current = ""
        else:
            current += token
    yield current
