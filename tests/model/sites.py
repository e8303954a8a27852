"""Tries hostile texts at one place where text may stand: each is refused with a diagnostic, or arrives exactly.

The place is first tried with harmless text. Then the same input with hostile text must give the same outputs, as the
formats' own parsers read them, with the one text in the place of the other. Texts that a place takes together are tried
together: SVC_HOSTILE=all tries each alone as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hostile.hostile_texts import HALF, TEXTS, WORDS
from model.arrival import Arrived, Outputs, arrived, read_by_their_parsers

ALL = os.environ.get("SVC_HOSTILE") == "all"
TOKEN = "zqtokenz"
FORMS = (
    TOKEN,
    f"/{TOKEN}",
    f"a/{TOKEN}",
    f"{TOKEN}.example.com",
    f"{TOKEN}:1",
    f"{TOKEN}=1",
    f"https://{TOKEN}.example.com/a",
)
"""Harmless texts: most places take one of them."""

Made = Callable[[str], Outputs]
"""Compiles with a text at the place."""


@dataclass(frozen=True, slots=True)
class Site:
    """`compared` False: what the text is decides what else is there, so that nothing can be compared."""

    name: str
    made: Made
    forms: Sequence[str] = FORMS
    compared: bool = True


@dataclass(frozen=True, slots=True)
class _Harmless:
    """What the place takes: a form, what comes of it, and whether references may stand there."""

    form: str
    made: Outputs
    refers: bool

    def written(self, text: str) -> str:
        """How a spec says a text: where references may stand, `$${` is a literal `${`."""
        return self.form.replace(TOKEN, text.replace("${", "$${") if self.refers else text)


def judge(site: Site, folder: Path, number: int = 0) -> str:
    """What is wrong at the place, "" for nothing. `number` chooses the words that are tried where not all are."""
    harmless = _harmless(site)
    form = harmless.written if harmless else str
    taken: list[tuple[str, Outputs]] = []
    for text, made in _tried(site.made, form):
        if not made.files and not made.said:
            return f"{text!r}: neither refused nor compiled"
        if faults := made.faults():
            return f"{text!r}: what was rendered is not what was judged: {faults}"
        if made.files:
            taken.append((text, made))
    if site.made(form(HALF)).files:
        return f"{HALF!r}: no text at all is taken"
    if taken and harmless is None:
        return f"{taken[0][0]!r}: taken, where harmless text is refused"
    if harmless is None or not taken or not site.compared:
        return ""
    return _together(site, harmless, taken, folder) or _words(site, harmless, folder, number)


def _harmless(site: Site) -> _Harmless | None:
    for form in site.forms:
        made = site.made(form)
        if made.files:
            asked = site.made(form.replace(TOKEN, "${nothing.of.this}"))
            return _Harmless(form, made, any(one.id.startswith("reference-") for one in asked.said))
    return None


def _tried(made: Made, form: Callable[[str], str]) -> Iterator[tuple[str, Outputs]]:
    """All texts, as many at once as the place takes; the printable ones apart, which many places take."""
    short = [text for text in TEXTS.values() if len(text) < 1000]
    groups = [[one for one in short if one.isprintable()], [one for one in short if not one.isprintable()]]
    if ALL:
        groups += [[one] for one in short]
    groups += [[one] for one in TEXTS.values() if len(one) >= 1000]
    while groups:
        group = groups.pop(0)
        joined = "z".join(group)
        got = made(form(joined))
        if got.files or len(group) == 1:
            yield joined, got
        else:
            groups = [group[: len(group) // 2], group[len(group) // 2 :], *groups]


def _together(site: Site, harmless: _Harmless, taken: list[tuple[str, Outputs]], folder: Path) -> str:
    every = "z".join(text for text, _ in taken if len(text) < 5000)
    together = site.made(harmless.written(every))
    pairs = [(every, together)] if together.files else taken
    if all(made.files == harmless.made.files for _, made in pairs):  # the place is in no output
        return ""
    expected = read_by_their_parsers(harmless.made, folder / "plain")
    for number, (text, made) in enumerate(pairs):
        got = read_by_their_parsers(made, folder / str(number))
        difference = arrived(expected, got, Arrived(TOKEN, text))
        if difference:
            return f"{text[:40]!r}...: {difference}"
    return ""


def _words(site: Site, harmless: _Harmless, folder: Path, number: int) -> str:
    """Texts that are something else as a whole. The files are read by a loader of YAML 1.1, charts are not rendered."""
    chosen = WORDS if ALL else [WORDS[(number * 3 + step) % len(WORDS)] for step in range(3)]
    expected = read_by_their_parsers(harmless.made, folder, render=False)
    for word in chosen:
        made = site.made(harmless.written(word))
        if made.files == harmless.made.files:
            continue
        if faults := made.faults():
            return f"{word!r}: what was rendered is not what was judged: {faults}"
        if not made.files:
            if not made.said:
                return f"{word!r}: neither refused nor compiled"
            continue
        got = read_by_their_parsers(made, folder, render=False)
        difference = arrived(expected, got, Arrived(TOKEN, word))
        if difference:
            return f"{word!r}: {difference}"
    return ""
