"""What a YAML parser's complaint means to the person who wrote the file, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable

from svc.diagnostics import Diagnostic, Place, Related, Severity, Span
from svc.libyaml import ScalarToken, yaml
from svc.patterns import regex
from svc.records import dataclass

BREAK = regex(r"\r\n|\n|\r")
_ENTRY = regex(r"(?P<indent>[\s-]*)(?P<key>[^\s#:][^:]*):\s+(?P<value>[^\s#].*)$")
_LOOKALIKE = regex(r"[\s-]*(?P<key>[\w.-]+):(?P<value>[^\s/].*)$")

_ODD_SPACE = regex(r"[\s-]*(?P<key>[\w.-]+):(?P<space>[\u00a0\u2000-\u200b\u202f\u3000])")

_SCANNED = 200_000
"""So much of a file is read once more, character by character, to explain a complaint."""

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Case:
    """One complaint: the parser's words, where it noticed, what it was reading, and the lines of the file."""

    problem: str
    at: Position
    context: str
    since: Position | None
    lines: list[str]

    @property
    def line(self) -> str:
        return self.lines[self.at[0] - 1] if self.at[0] <= len(self.lines) else ""

    @property
    def char(self) -> str:
        return self.line[self.at[1] - 1 : self.at[1]]

    @property
    def indent(self) -> int:
        return len(self.line) - len(self.line.lstrip(" "))

    def above(self) -> tuple[int, str]:
        """The nearest line above that says something, with its number; (0, "") when there is none."""
        for number in range(min(self.at[0] - 1, len(self.lines)), 0, -1):
            text = self.lines[number - 1].strip()
            if text and not text.startswith("#"):
                return number, self.lines[number - 1]
        return 0, ""


@dataclass(frozen=True, slots=True)
class _Said:
    message: str
    help: str
    at: Position | None = None
    related: tuple[tuple[str, Position], ...] = ()


def explained(name: str, text: str, error: yaml.MarkedYAMLError, position: Callable[[object], Position]) -> Diagnostic:
    """The diagnostic for a scanner's or parser's error; `position` turns its marks into line and column."""
    lines = BREAK.split(text)
    since = position(error.context_mark) if error.context_mark else None
    at = position(error.problem_mark) if error.problem_mark else since or (1, 1)
    case = _Case(error.problem or "", _inside(at, lines), error.context or "", since, lines)
    said = next((said for rule in _RULES if (said := rule(case))), None)
    if said is None:
        said = _Said(f"not valid YAML: {case.context} {case.problem}".replace("  ", " "), "")
    related = tuple(Related(note, Place(name, _word(where, lines))) for note, where in said.related)
    place = Place(name, _word(said.at or case.at, lines))
    if "maximum nesting depth" in case.problem:
        return Diagnostic(
            "yaml-too-deep", Severity.ERROR, "nested too deep to be read", place, "split the value or flatten it"
        )
    return Diagnostic("yaml-syntax", Severity.ERROR, said.message, place, said.help, related)


def quoted_rest(line: str, start: int) -> str:
    """The rest of a line from an index on, without its comment, in the quotes that fit."""
    rest = re.split(r"\s#", line[start:], maxsplit=1)[0].strip()
    return f"'{rest}'" if '"' in rest and "'" not in rest else '"' + rest.replace('"', '\\"') + '"'


def _inside(at: Position, lines: list[str]) -> Position:
    """The same position, or the end of the last line with text when it lies beyond that."""
    line, column = at
    if line >= len(lines) and not "".join(lines[line - 1 :]).strip():
        line = max((number for number, text in enumerate(lines, 1) if text.strip()), default=1)
        column = len(lines[line - 1].rstrip()) + 1
    return line, min(column, len(lines[line - 1]) + 1)


def _word(at: Position, lines: list[str]) -> Span:
    line, column = at
    text = lines[line - 1] if line <= len(lines) else ""
    column = max(1, min(column, len(text)))
    word = re.match(r"\S[^\s:,\]}]*", text[column - 1 :])
    return Span(line, column, line, min(column + max(1, len(word.group()) if word else 1), len(text) + 1))


def _conflict(case: _Case) -> _Said | None:
    number = next((at for at, line in enumerate(case.lines[: case.at[0]], 1) if line.startswith("<<<<<<< ")), 0)
    advice = "keep one of them, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`"
    return _Said("git left two versions here that it could not merge", advice, (number, 1)) if number else None


def _template(case: _Case) -> _Said | None:
    start = re.search(r"(?:^|[\s:])(\{\{)", case.line[: case.at[1]])
    if not start or (case.since is None and "mapping values" not in case.problem):
        return None
    advice = "put quotes around the whole value: " + quoted_rest(case.line, start.start(1))
    return _Said("`{{` begins a mapping in YAML, not a template", advice, (case.at[0], start.start(1) + 1))


def _tab(case: _Case) -> _Said | None:
    before = case.line[: case.at[1]]
    if "\t" not in before or before.strip() or not ("token" in case.problem or "tab" in case.problem):
        return None
    return _Said("a tab is used for indentation", "YAML is indented with spaces: replace the tab", case.at)


def _reserved(case: _Case) -> _Said | None:
    if "cannot start any token" not in case.problem:
        return None
    advice = "quote the text: " + quoted_rest(case.line, case.at[1] - 1)
    return _Said(f"unquoted text cannot begin with `{case.char}`", advice)


def _second_colon(case: _Case) -> _Said | None:
    """`key: a: b`, `key:value` above another key, or a mapping indented under a value."""
    if "mapping values are not allowed" not in case.problem:
        return None
    before = case.line[: case.at[1] - 1]
    same = re.match(r"[\s-]*(?:[^:]|:\S)*:\s+", before)
    if same and same.end() <= len(before):
        advice = f"quote the value: {quoted_rest(case.line, same.end())}"
        return _Said("`: ` within unquoted text starts another key", advice)
    number, above = case.above()
    start = (case.at[0], case.indent + 1)
    key = before.strip().removeprefix("- ")
    if entry := _ENTRY.match(above):
        parent, value = entry["key"].strip(), entry["value"].strip()
        message = f"`{key}` is indented under `{parent}`, which already has the value `{value}`"
        advice = f"align `{key}` with `{parent}`, or remove the value after `{parent}:`"
        return _Said(message, advice, start, ((f"the value of `{parent}`", (number, entry.start("value") + 1)),))
    if glued := _LOOKALIKE.match(above):
        message = f"`{glued['key']}:{glued['value']}` has no space after the colon"
        advice = f"write `{glued['key']}: {glued['value']}`"
        return _Said(message, advice, (number, glued.start("key") + 1))
    if above:
        text = above.strip()
        message = f"`{key}` is a key, but the line above it, `{text}`, is none"
        return _Said(message, f"write `{text}:` if it is a key, or align `{key}` with its neighbours", start)
    return None


def _dash_after_key(case: _Case) -> _Said | None:
    if "block sequence entries are not allowed" not in case.problem:
        return None
    return _Said("a list cannot begin on the line of its key", "put each `- item` on a line of its own, indented")


def _unclosed_quote(case: _Case) -> _Said | None:
    if "quoted scalar" not in case.context or case.since is None:
        return None
    quote = case.lines[case.since[0] - 1][case.since[1] - 1 : case.since[1]]
    if "stream" in case.problem or "document indicator" in case.problem:
        return _Said(f"the quote `{quote}` is never closed", f"close it with `{quote}`", case.since)
    if "escape" in case.problem:
        if "Unicode character" in case.problem:  # of four digits, when libyaml has read them
            half = case.line[case.at[1] - 3 : case.at[1] + 3]
            return _Said(f"`{half}` is no character, or half of one", "write the character itself", case.at)
        sequence = case.line[case.at[1] - 1 : case.at[1] + 1]
        return _Said(f"`{sequence}` is not an escape", "write `\\\\` for a backslash, or use single quotes", case.at)
    if "hex" in case.problem:
        advice = "write \\xHH, \\uHHHH or \\UHHHHHHHH, or use single quotes"
        return _Said("an escape lacks hexadecimal digits", advice, case.at)
    return None


def _unclosed_bracket(case: _Case) -> _Said | None:
    if "flow" not in case.context or case.since is None:
        return None
    if case.since[0] > len(case.lines):  # the text ends right after the bracket: libyaml marks the end instead
        return _Said("a bracket is never closed", "close it with `]` or `}`")
    opening = case.lines[case.since[0] - 1][case.since[1] - 1 : case.since[1]]
    closing = {"[": "]", "{": "}"}.get(opening)
    if closing is None:
        return None
    if case.at[0] == case.since[0]:
        advice = (
            f"separate items with `,` and close with `{closing}`; quote text that contains brackets, braces or commas"
        )
        return _Said(f"`,` or `{closing}` expected here", advice, None, ((f"`{opening}` opened here", case.since),))
    return _Said(f"`{opening}` is never closed", f"close it with `{closing}`", case.since)


def _after_quote(case: _Case) -> _Said | None:
    """`key: 'a' b`: text goes on after a closing quote or bracket."""
    if "did not find expected key" not in case.problem and "expected <block end>" not in case.problem:
        return None
    before = case.line[: case.at[1] - 1].rstrip()
    if before.strip() in ("", "-") or before[-1] not in "'\"]}":
        return None
    advice = "quote the value as a whole; within single quotes write a single quote twice: ''"
    if before[-1] in "]}":
        advice = "remove what follows the bracket, or quote the value as a whole"
    begun = _begun(case) if before[-1] not in "]}" else None
    if begun is not None:
        message = f"the text in quotes that begins here ends in line {case.at[0]} only: its own closing `{before[-1]}` is missing"
        return _Said(message, f"close it with `{before[-1]}`", begun)
    return _Said(f"text goes on after the closing `{before[-1]}`", advice)


def _begun(case: _Case) -> Position | None:
    """Where the text began, on a line above, that ends before the place of the complaint."""
    text = "\n".join([*case.lines[: case.at[0] - 1], case.line[: case.at[1] - 1]])
    last = None
    try:
        for token in yaml.scan(text) if len(text) < _SCANNED else ():
            last = token if isinstance(token, ScalarToken) else last
    except yaml.MarkedYAMLError:
        return None
    if last is None or last.plain or last.start_mark.line == last.end_mark.line:
        return None
    return last.start_mark.line + 1, last.start_mark.column + 1


def _misaligned(case: _Case) -> _Said | None:
    wanted = "did not find expected key" in case.problem or "'-' indicator" in case.problem
    if not (wanted or "expected <block end>" in case.problem) or case.since is None:
        return None
    in_list = "collection" in case.context or "sequence" in case.context
    first = (f"the {'list' if in_list else 'mapping'} begins here", case.since)
    column = case.since[1]
    if case.char == "-" and not in_list:
        message = "a list item stands among the keys of a mapping"
        return _Said(message, "indent the list under its key, or remove the `-`", None, (first,))
    if in_list and case.at[1] == column:
        return _Said("a key stands among the items of a list", "begin the line with `- `, or indent it", None, (first,))
    thing = "list" if in_list else "mapping"
    message = f"this line is indented by {case.at[1] - 1} spaces, which fits nothing above it"
    return _Said(message, f"the {thing} it follows is indented by {column - 1}; align it", None, (first,))


def _no_colon(case: _Case) -> _Said | None:
    if "could not find expected ':'" not in case.problem or case.since is None:
        return None
    text = case.lines[case.since[0] - 1].strip()
    if odd := _ODD_SPACE.match(text):
        code = f"U+{ord(odd['space']):04X}"
        return _Said(
            f"after `{odd['key']}:` stands {code}, which looks like a space and is none",
            "write a plain space",
            case.since,
        )
    if glued := _LOOKALIKE.match(text):
        return _Said(f"`{text}` has no space after the colon", f"write `{glued['key']}: {glued['value']}`", case.since)
    advice = "write `key: value`; text that goes on over several lines is indented under its key"
    return _Said(f"`{text}` is not a key: it has no colon", advice, case.since)


def _other(case: _Case) -> _Said | None:
    for words, message, advice in _SIMPLE:
        if words in case.problem or words in case.context:
            return _Said(message, advice, case.since if words.startswith("while") else None)
    return None


_SIMPLE = (
    ("while scanning an alias", "`*` begins an alias here", "quote text that begins with `*`"),
    ("while scanning an anchor", "`&` begins an anchor here", "quote text that begins with `&`"),
    ("while scanning a block scalar", "`|` and `>` begin a text block on the next line", "quote the text otherwise"),
    ("while scanning a directive", "a line that begins with `%` is a directive", "quote the text, or indent it"),
    ("undefined tag handle", "`!` begins a tag here", "quote text that begins with `!`"),
    ("scanning a tag", "`!` begins a tag here", "quote text that begins with `!`"),
    ("expected <document start>", "the document ended above", "begin another document with a line `---`"),
    ("node content", "a value cannot begin like this", "quote the text"),
    ("mapping keys are not allowed", "`?` begins a key here", "quote text that begins with `? `"),
)

_RULES = (
    _conflict,
    _tab,
    _template,
    _reserved,
    _second_colon,
    _dash_after_key,
    _unclosed_quote,
    _unclosed_bracket,
    _after_quote,
    _misaligned,
    _no_colon,
    _other,
)
