"""No secret leaves in a report: where a value looks like one, the line is shown with stars of its length in its place.

Positions and names stay. What is masked in a file is masked in every message as well, whatever form the report has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from svc.checks._secrets import KNOWN, URL_PASSWORD, is_secret
from svc.diagnostics import Diagnostic, Fix, Place, Related
from svc.patterns import regex
from svc.records import replace
from svc.report.form import Run
from svc.source import Source

_OPTION = "--"
"""A value of the command line is named by its option, `--set a.b=c`, in the place of a file."""
_LEAST = 6
"""Characters from which on a value is looked for in messages: shorter ones are words of any text."""
_PAIR = regex(
    r"""(?<![\w.-])-{0,2}(?P<name>[A-Za-z_][\w.-]{0,100})["']?[ \t]*[:=][ \t]*(?:![\w!-]*[ \t]+)?
    (?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<plain>[^\s"'{\[|>&*#,!][^\s,}\]"']*))""",
    re.VERBOSE,
)
_ENTRY = regex(
    r"""\bname:[ \t]*["']?(?P<name>[\w.-]{1,100})["']?[ \t]*(?:,|\n)\s*value:[ \t]*
    (?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<plain>[^\s"'{\[|>&*#,}][^\n,}]*))""",
    re.VERBOSE,
)
_REST = regex(r"[\w.=/+-]*")
_SPACED = regex(r"(?m)^[ \t]*(?:ENV|ARG|LABEL)[ \t]+(?P<name>[A-Za-z_][\w.-]{0,100})[ \t]+(?P<plain>\S[^\n]*)")
_VARIABLE = regex(r'variable[ \t]+"(?P<name>[\w.-]{1,100})"[ \t]*\{[^{}]*?\bdefault[ \t]*=[ \t]*"(?P<double>[^"\n]*)"')
_NAMED = (
    (_PAIR, (":", "=")),
    (_ENTRY, ("value:",)),
    (_SPACED, ("ENV", "ARG", "LABEL")),
    (_VARIABLE, ("variable",)),
)
"""Forms in which a name has a value, each with what a text holds that may have one."""
_BLOCK = regex(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<plain>[^-]*)")
_SECRET = regex(r"(?m)^[ \t]*[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?Secret\b")
_DATA = regex(r"(?m)^([ \t]*)(?:data|stringData):[ \t]*\n((?:\1[ \t]+[^\n]*\n?|[ \t]*\n)+)")
_VALUE = regex(r"(?m)^[ \t]*(?:[\w.-]+[ \t]*:)?[ \t]*[\"']?(?P<plain>[^\s|>\"'][^\n\"']*)")
_SPEC = regex(r"(?m)^apiVersion:[ \t]*[\"']?svc/")
_CONSTANT = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def masked(run: Run) -> Run:
    """The run as it may be shown."""
    named = {one.place.file for one in run.diagnostics}
    sources = dict(run.sources)
    known: set[str] = set()
    for name in named & set(sources):
        text = sources[name].text
        spans = list(_spans(text))
        known.update(text[start:end] for start, end in spans)
        sources[name] = Source(name, _starred(text, spans))
        if name.startswith(_OPTION):
            sources[hidden(name)] = sources.pop(name)
    words = Words(known)
    return replace(run, sources=sources, diagnostics=[_shown(one, words) for one in run.diagnostics])


class Words:
    """What a run knows to be secret. A text that begins none of them anywhere is not searched for each."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._words = sorted((one for one in known if len(one) >= _LEAST), key=lambda one: (-len(one), one))
        self._starts = frozenset(one[:_LEAST] for one in self._words)
        self.texts: dict[str, str] = {}
        """Texts that were asked for: a help is the same for all findings of its policy."""

    def starred(self, text: str) -> str:
        starts = self._starts
        if starts and any(text[at : at + _LEAST] in starts for at in range(len(text) - _LEAST + 1)):
            for word in self._words:
                text = text.replace(word, "***")
        return text


def shows_secret(text: str) -> bool:
    """Whether anything in a text looks like a secret."""
    return next(_spans(text), None) is not None


def hidden(text: str, words: Words | None = None) -> str:
    """A message without what looks like a secret, and without these."""
    words = words or Words()
    if text not in words.texts:
        plain = words.starred(text)
        spans = list(_spans(plain))
        words.texts[text] = _starred(plain, spans) if spans else plain
    return words.texts[text]


def _shown(one: Diagnostic, words: Words) -> Diagnostic:
    message, help_ = hidden(one.message, words), hidden(one.help, words)
    related = tuple(Related(hidden(item.note, words), _place(item.place)) for item in one.related)
    place = _place(one.place)
    fix = None if one.fix is not None and _tells(one.fix, words) else one.fix
    if (message, help_, related, place, fix) == (one.message, one.help, one.related, one.place, one.fix):
        return one
    return replace(one, message=message, help=help_, related=related, place=place, fix=fix)


def _place(place: Place) -> Place:
    return replace(place, file=hidden(place.file)) if place.file.startswith(_OPTION) else place


def _tells(fix: Fix, words: Words) -> bool:
    """Whether an edit holds a secret: with stars in it, it would be no edit."""
    return any(hidden(edit.text, words) != edit.text for edit in fix.edits)


def _starred(text: str, spans: list[tuple[int, int]]) -> str:
    found, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        if end > start:
            found += [text[at:start], re.sub(r"[^\r\n]", "*", text[start:end])]
            at = end
    return "".join([*found, text[at:]])


def _refers(name: str, value: str) -> bool:
    """Whether a spec names a Secret or a variable there."""
    return (name.lower() == "secret" or _CONSTANT.fullmatch(value) is not None) and not KNOWN.search(value)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where something stands that looks like a secret."""
    for match in KNOWN.finditer(text):
        end = _REST.match(text, match.end())
        yield match.start() + (not text[match.start()].isalnum()), end.end() if end else match.end()
    if "://" in text:
        for match in URL_PASSWORD.finditer(text):
            yield match.span(1)
    if "-----BEGIN " in text:
        for match in _BLOCK.finditer(text):
            yield match.span("plain")
    spec = "svc/" in text and _SPEC.search(text) is not None
    for pattern, parts in _NAMED:
        for match in pattern.finditer(text) if any(one in text for one in parts) else ():
            name, group = match["name"], match.lastgroup or "plain"
            value = match[group].strip().rstrip(".;")
            if is_secret(name, value) and not (spec and _refers(name, value)):
                yield match.span(group)
    if "Secret" in text and _SECRET.search(text):
        for part in _DATA.finditer(text):
            for match in _VALUE.finditer(text, part.start(2), part.end(2)):
                yield match.span("plain")
