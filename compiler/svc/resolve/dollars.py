"""`$(NAME)` and `$$` in variables, command and args: what the kubelet does with them, for targets that have none.

As in k8s.io/kubernetes/third_party/forked/golang/expansion: from left to right, `$$` is one `$`, `$(NAME)` is the
variable if it is known and stays otherwise; NAME is all up to the next parenthesis, and nothing in it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from svc.patterns import regex

_TOKEN = regex(r"\$\$|\$\(([^)]*)\)", needs=("$$", "$("))
_PAIR = regex(r"(?<!\$)\$\$(?![\w$({?!#@*-])")
_READ = regex(r"\$(?=[${(])")
_READ_IN_WORDS = regex(r"\$(?=\$|\([A-Z_][A-Z0-9_]*\))")
_OPENING = regex(r"\$\$|\$\{")


def expanded(text: str, known: Mapping[str, str], plain: Callable[[str], str] = str) -> str:
    """What a container sees. `plain` is applied to what is no variable's value."""
    parts: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        name = match[1]
        parts.append(plain(text[end : match.start()]))
        parts.append(plain("$") if name is None else known[name] if name in known else plain(match[0]))
        end = match.end()
    return "".join([*parts, plain(text[end:])])


def names(text: str) -> tuple[str, ...]:
    """The names that `$(NAME)` asks for, in order, each once."""
    return tuple(dict.fromkeys(name for name in _TOKEN.findall(text) if name))


def halved(text: str) -> bool:
    """Whether two dollars stand alone, which a shell would read as its process id if Kubernetes left them."""
    return _PAIR.search(text) is not None


def literally(text: str) -> str:
    """A spec's text whose value is exactly this one."""
    return _READ.sub("$$", text)


def word(text: str) -> str:
    """The same for a word of a command, where `$(date)` is the shell's and stays as people know it."""
    return _READ_IN_WORDS.sub("$$", text)


def unreferring(text: str) -> str:
    """A text that Kubernetes reads, as a spec's text: `${` means nothing there."""
    return _OPENING.sub(lambda match: match[0] if match[0] == "$$" else "$${", text)
