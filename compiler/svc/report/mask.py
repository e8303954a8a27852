"""No secret leaves in a report: where a value looks like one, the line is shown with stars of its length in its place.

Positions and names stay. What is masked in a file is masked in every message as well, whatever form the report has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from svc.checks.secrets import KNOWN
from svc.diagnostics import Diagnostic, Fix, Place, Related, Waived
from svc.model.spelled import Spelled
from svc.patterns import regex
from svc.records import replace
from svc.report.drawn import drawn
from svc.report.form import Run
from svc.report.spots import spots
from svc.report.values import Spot
from svc.source import Source

_OPTION = "--"
"""A value of the command line is named by its option, `--set a.b=c`, in the place of a file."""
_LEAST = 6
"""Characters from which on a value is looked for in messages: shorter ones are words of any text."""
_SAID = frozenset(("secret", "secrets", "password", "passwords", "default", "example"))
"""Words of the messages themselves: where a file has one of them for a secret, they hide nothing."""
_PIECE = 8
"""Characters of a secret in a row that are masked, where it is not whole."""
TO_BE_REPLACED = "REPLACE_ME"
_FEW = 100
"""Files of a run that are searched all."""
_GIVES_VALUES = regex(r"\.tfvars$|(?:^|/)(?:values|svc-workspace)[^/]*\.ya?ml$")
_MOST = 1000
"""Secrets that are looked for once more in every file, and ten times as many in pieces; more of them are a list."""
_ORDINARY = regex(r"[a-z]*(?:[-_./: ][a-z0-9]*)*|[A-Z_]+|[\d.:-]+")
"""A secret like that may be a word as well, such as the name of an image: its pieces tell nothing."""
_SENTENCE = regex(r"`?[A-Za-z][a-z'-]*`?,? +\S")
"""What follows a name in a message: `compose-secret: A service holds ...`."""
_SPLIT = regex(r"[\s;&,]+")


def masked(run: Run) -> Run:
    """The run as it may be shown."""
    texts = {name: run.sources[name].text for name in sorted(_spoken_of(run))}
    found = {name: list(spots(text)) if name not in run.plain else [] for name, text in texts.items()}
    words = Words.of(texts, found)
    sources = dict(run.sources)
    lines: dict[str, set[int]] = {name: set() for name in texts}
    for place in _places(run):
        if place.file in lines and place.span is not None:
            lines[place.file].add(place.span.line)
    for name, text in texts.items():
        sources.pop(name)
        spans = [(one.start, one.end) for one in (*found[name], *words.strong_in(text))]
        sources[shown_name(name)] = Source(shown_name(name), _starred(text, [*spans, *_drawn(text, lines[name])]))
    return replace(run, sources=sources, diagnostics=[_shown(one, words) for one in run.diagnostics])


def _places(run: Run) -> Iterator[Place]:
    for one in run.diagnostics:
        yield one.place
        yield from (item.place for item in one.related)


def _drawn(text: str, lines: set[int]) -> Iterator[tuple[int, int]]:
    """What looks drawn at random in the lines that are shown."""
    at = 0
    for number, line in enumerate(re.split(r"(?<=\n)|(?<=\r)(?!\n)", text), 1) if lines else ():
        if number in lines:
            yield from ((at + start, at + end) for start, end in drawn(line))
        at += len(line)


def _spoken_of(run: Run) -> set[str]:
    """The files whose lines or values may be in a report: of many, those that are named, and those that give values."""
    every = set(run.sources)
    if len(every) <= _FEW:
        return every
    named = {place.file for place in _places(run)}
    return {name for name in every if name in named or name.startswith(_OPTION) or _GIVES_VALUES.search(name)}


class Words:
    """What is known to be secret. A text in which none of them begins is not searched for each."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        every = sorted({one for one in known if len(one) >= _LEAST and one.lower() not in _SAID}, key=_longest)
        self._strong = [one for one in every if len(one) >= _PIECE and not _ORDINARY.fullmatch(one)]
        self._starting: dict[str, list[str]] = {}
        for one in every:
            self._starting.setdefault(one[:_LEAST], []).append(one)
        cases = (str, str.lower, str.upper)  # as in a name that is proposed in its place
        spelled = {case(one) for one in self._strong[: _MOST * 10] for case in cases}
        pieces = {one[at : at + _PIECE] for one in spelled for at in range(len(one) - _PIECE + 1)}
        self._pieces = frozenset(one for one in pieces if not _ORDINARY.fullmatch(one))
        self.texts: dict[str, str] = {}
        """Texts that were asked for: a help is the same for all findings of its policy."""

    @classmethod
    def of(cls, texts: dict[str, str], found: dict[str, list[Spot]] | None = None) -> Words:
        """Those of files. A plain word that stands in its file elsewhere, too, can be read there, and is none."""
        known: set[str] = set()
        for name, text in texts.items():
            here = found[name] if found is not None else list(spots(text))
            rest = _starred(text, [(one.start, one.end) for one in here]) if here else ""
            for one in here:
                for word in _parts(one.word):
                    if len(here) > _MOST or not (_ORDINARY.fullmatch(word) and word in rest):
                        known.add(word)
        return cls(known)

    def strong_in(self, text: str) -> list[Spot]:
        """Where a file says them once more, under no name."""
        return [
            Spot(match.start(), match.end(), word)
            for word in self._strong[:_MOST]
            if word in text
            for match in re.finditer(re.escape(word), text)
        ]

    def starred(self, text: str) -> str:
        if self._starting:
            starts = {text[at : at + _LEAST] for at in range(len(text) - _LEAST + 1)} & self._starting.keys()
            for word in sorted((one for start in starts for one in self._starting[start]), key=_longest):
                text = text.replace(word, "***")
        if self._pieces:
            text = self._without_pieces(text)
        return text

    def _without_pieces(self, text: str) -> str:
        marks = [at for at in range(len(text) - _PIECE + 1) if text[at : at + _PIECE] in self._pieces]
        if not marks:
            return text
        made: list[str] = []
        end = 0
        for at in marks:
            if at > end or not made:
                made += [text[end:at], "***"]
            end = at + _PIECE
        return "".join([*made, text[end:]])


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


def _parts(word: str) -> set[str]:
    """A secret, and those of its parts that may stand alone in a message: lines, and what separators leave."""
    parts = {word, word.strip().rstrip(".;")}
    parts |= {line.strip() for line in word.split("\n")}
    return parts | {part for part in _SPLIT.split(word) if len(part) >= _PIECE and not _ORDINARY.fullmatch(part)}


def words_of(sources: Mapping[str, Source]) -> Words:
    """All that files hold of secrets."""
    return Words.of({name: source.text for name, source in sources.items()})


def hidden_text(text: str) -> str:
    """The text of a file, line by line as it was, with stars in the place of secrets."""
    found = list(spots(text))
    words = Words.of({"": text}, {"": found})
    return _starred(text, [(one.start, one.end) for one in (*found, *words.strong_in(text))])


def without_secrets(text: str) -> tuple[str, tuple[int, ...]]:
    """A file that is going to be written, with words to be replaced where secrets would stand, and their lines."""
    found, at = [], 0
    for start, end in sorted((one.start, one.end) for one in spots(text) if one.start < one.end):
        if start >= at:
            found += [text[at:start], TO_BE_REPLACED]
        at = max(at, end)
    made = "".join([*found, text[at:]])
    numbers = [number for number, line in enumerate(made.split("\n"), 1) if TO_BE_REPLACED in line] if found else []
    return made, tuple(numbers)


def hidden_lines(made: str, known: Words, *files: str) -> str:
    """A difference between files, whose lines are shown as the files would be, and without what is known besides."""
    table: dict[str, str] = {}
    for text in files:
        shown = hidden_text(text)
        if shown != text:
            pairs = zip(text.split("\n"), shown.split("\n"), strict=True)
            table.update(
                {f"{sign}{line}": f"{sign}{stars}" for line, stars in pairs if line != stars for sign in " +-"}
            )
    return "\n".join(known.starred(table.get(line, line)) for line in made.split("\n"))


def shows_secret(text: str) -> bool:
    """Whether anything in a text looks like a secret."""
    return next(spots(text), None) is not None


def tells_secret(said: str, asked: Sequence[str]) -> bool:
    """Whether a text that was made of others holds a secret: one that it shows, or one of theirs."""
    if shows_secret(said):
        return True
    return any(words.starred(said) != said for words in (Words.of({"": text}) for text in asked))


def hidden(text: str, words: Words | None = None) -> str:
    """A message without what looks like a secret, and without these."""
    words = words or Words()
    if text not in words.texts:
        plain = words.starred(text)
        spans = [(one.start, one.end) for one in spots(plain) if not _SENTENCE.match(one.word)]
        words.texts[text] = _starred(plain, spans) if spans else plain
    return words.texts[text]


def hidden_data(value: Any, words: Words, name: str = "") -> Any:
    """Plain data without secrets: what a text says under its name, and an entry's `value` beside its `name`."""
    if isinstance(value, dict):
        called = value.get("name", value.get("key"))
        return {
            hidden(key, words) if isinstance(key, str) else key: hidden_data(
                item, words, called if key in ("value", "text") and isinstance(called, str) else str(key)
            )
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [hidden_data(item, words, name) for item in value]
    if isinstance(value, Spelled):
        return "***" if name and shows_secret(f"{name}: {value.text}") else value
    if isinstance(value, str) and value:
        if name and shows_secret(f"{name}: '" + value.replace("'", "''").replace("\n", " ") + "'"):
            return "***"
        return hidden(value, words)
    return value


def shown_name(name: str) -> str:
    """A file's name, or the option that stands in its place; a name is a secret only by its form."""
    if name.startswith(_OPTION) or KNOWN.search(name):
        return hidden(name)
    return name


def _shown(one: Diagnostic, words: Words) -> Diagnostic:
    message, help_ = (_starred(text, [*drawn(text)]) for text in (hidden(one.message, words), hidden(one.help, words)))
    related = tuple(Related(hidden(item.note, words), _place(item.place, words)) for item in one.related)
    waived, place, fix = _waived(one.waived, words), _place(one.place, words), _fix(one.fix, words)
    environment = hidden(one.environment, words)
    if (message, help_, related, place, fix, waived, environment) == (
        *(one.message, one.help, one.related),
        *(one.place, one.fix, one.waived, one.environment),
    ):
        return one
    shown = replace(one, message=message, help=help_, related=related, place=place, fix=fix, waived=waived)
    return replace(shown, environment=environment)


def _waived(waived: Waived | None, words: Words) -> Waived | None:
    if waived is None:
        return None
    reason, until, owner = (hidden(text, words) for text in (waived.reason, waived.until, waived.owner))
    return replace(waived, reason=reason, until=until, owner=owner)


def _fix(fix: Fix | None, words: Words) -> Fix | None:
    """None where an edit holds a secret: with stars in it, it would be no edit."""
    if fix is None or any(hidden(edit.text, words) != edit.text for edit in fix.edits):
        return None
    return replace(fix, description=hidden(fix.description, words))


def _place(place: Place, words: Words) -> Place:
    name = shown_name(place.file)
    route = tuple(hidden(part, words) if isinstance(part, str) else part for part in place.route)
    return place if (name, route) == (place.file, place.route) else replace(place, file=name, route=route)


def _starred(text: str, spans: Sequence[tuple[int, int]]) -> str:
    found, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        if end > start:
            found += [text[at:start], re.sub(r"[^\r\n]", "*", text[start:end])]
            at = end
    return "".join([*found, text[at:]])
