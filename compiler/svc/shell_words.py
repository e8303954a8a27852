"""Shell text as words and operators: quotes removed, expansions kept as written, comments and redirections dropped."""

from __future__ import annotations

from svc.patterns import regex
from svc.records import dataclass, field

_OPERATOR = regex(r";;&|;;|;&|&&|\|\||\|&|[;|&()\n]")
_REDIRECTION = regex(r"(?:\d+|\{\w+\})?(?:&>>|&>|<<<|<<-|<<|<>|<&|>&|>>|>\||<(?!\()|>(?!\())", needs=("<", ">"))
_SPACE = regex(r"(?:[ \t\r]|\\\n)+")
_STOPS = frozenset(" \t\r\n;|&()<>")


@dataclass(frozen=True, slots=True)
class Token:
    """`plain`: written without quotes, so that it may be a keyword. `spaced`: white space stands before it.

    `inner`: the scripts of the command and process substitutions in a word, and where each begins. `start` and `end`:
    where the token stands.
    """

    text: str
    operator: bool = False
    plain: bool = False
    spaced: bool = True
    inner: tuple[tuple[str, int], ...] = ()
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(slots=True)
class _Word:
    text: str = ""
    plain: bool = True
    inner: list[tuple[str, int]] | None = None

    def substitutes(self, script: str, start: int, end: int) -> None:
        self.inner = [*(self.inner or []), (script[start:end], start)]


def tokens(script: str) -> list[Token]:
    """Never fails: what does not end is taken to the end."""
    found: list[Token] = []
    documents: list[tuple[str, bool]] = []
    index, dropped = 0, False
    while index < len(script):
        space = _SPACE.match(script, index)
        spaced = space is not None or index == 0
        index = space.end() if space else index
        if index >= len(script):
            break
        if script[index] == "#":
            index = _find(script, "\n", index)
            continue
        redirection = _REDIRECTION.match(script, index)
        if redirection:
            index, dropped = redirection.end(), True
            if redirection[0].endswith(("<<", "<<-")):
                index = _document(script, index, redirection[0].endswith("-"), documents)
                dropped = False
            continue
        operator = _OPERATOR.match(script, index)
        if operator:
            found.append(Token(operator[0], True, spaced=spaced, start=index, end=operator.end()))
            index, dropped = operator.end(), False
            if operator[0] == "\n" and documents:
                index = _bodies(script, index, documents)
            continue
        start = index
        word, index = _word(script, start)
        if not dropped:
            found.append(Token(word.text, False, word.plain, spaced, tuple(word.inner or ()), start, index))
        elif word.inner:
            found.append(Token("", True, inner=tuple(word.inner), start=start, end=index))
        dropped = False
    return found


def _find(script: str, text: str, index: int) -> int:
    at = script.find(text, index)
    return len(script) if at < 0 else at


def _document(script: str, index: int, strip: bool, documents: list[tuple[str, bool]]) -> int:
    space = _SPACE.match(script, index)
    word, index = _word(script, space.end() if space else index)
    documents.append((word.text, strip))
    return index


def _bodies(script: str, index: int, documents: list[tuple[str, bool]]) -> int:
    for name, strip in documents:
        while index < len(script):
            end = _find(script, "\n", index)
            line, index = script[index:end], end + 1
            if (line.lstrip("\t") if strip else line) == name:
                break
    documents.clear()
    return min(index, len(script))


def _word(script: str, index: int) -> tuple[_Word, int]:
    word, start = _Word(), index
    while index < len(script):
        char = script[index]
        if char in "<>" and script[index + 1 : index + 2] == "(":
            index = _substitution(script, index + 1, word, char)
        elif char in _STOPS:
            break
        elif char == "\\":
            word.text += script[index + 1 : index + 2].replace("\n", "")
            word.plain = False
            index += 2
        elif char == "'":
            end = _find(script, "'", index + 1)
            word.text, word.plain = word.text + script[index + 1 : end], False
            index = end + 1
        elif char == '"':
            word.plain = False
            index = _double(script, index + 1, word)
        else:
            index = _expansion(script, index, word)
    return word, max(index, start + 1)


def _double(script: str, index: int, word: _Word) -> int:
    while index < len(script) and script[index] != '"':
        if script[index] == "\\" and script[index + 1 : index + 2] in ("$", "`", '"', "\\", "\n"):
            word.text += script[index + 1].replace("\n", "")
            index += 2
        else:
            index = _expansion(script, index, word)
    return index + 1


def _expansion(script: str, index: int, word: _Word) -> int:
    """One expansion, or one character that is none."""
    if script.startswith("$((", index):
        end = _find(script, "))", index) + 2
        word.text += script[index:end]
        return end
    if script.startswith("$(", index):
        return _substitution(script, index + 1, word, "$")
    if script.startswith("${", index):
        end = _closing(script, index + 1, "{", "}")
        word.text += script[index:end]
        return end
    if script[index] == "`":
        end = _find(script, "`", index + 1)
        word.substitutes(script, index + 1, end)
        word.text += script[index : end + 1]
        return end + 1
    word.text += script[index]
    return index + 1


def _substitution(script: str, index: int, word: _Word, before: str) -> int:
    end = _closing(script, index, "(", ")")
    word.substitutes(script, index + 1, end - 1)
    word.text += before + script[index:end]
    return end


def _closing(script: str, index: int, opening: str, closing: str) -> int:
    """The index after the bracket that closes the one at `index`; quotes respected."""
    depth = 0
    while index < len(script):
        char = script[index]
        if char == "\\":
            index += 1
        elif char == "'":
            index = _find(script, "'", index + 1)
        elif char == '"':
            index = _double(script, index + 1, _Word()) - 1
        elif char == opening:
            depth += 1
        elif char == closing:
            depth -= 1
            if not depth:
                return index + 1
        index += 1
    return len(script)
