"""Hostile text in every place of the language where text may stand: refused, or it arrives as exactly that text.

The places come from the model (the cases of `test_every_field`): each string and each key that a field's sample holds.
A place is first tried with harmless text. Then the same spec with hostile text must give the same outputs, as the
formats' own parsers read them, with the one text in the place of the other.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from model.arrival import Arrived, Outputs, arrived, outputs, read_by_their_parsers
from model.test_every_field import CASES, FILES, Spec

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

HOSTILE = {
    "quotes": "a'b\"c`d",
    "newline": "a\nb: c\n  d",
    "helm": "{{ .Values.image }}",
    "helm-end": "}}{{- fail `x` -}}",
    "github": "${{ github.token }}",
    "dollar": "$HOME $1 $A",
    "dollars": "a$$b$$$c",
    "command": "$(id) `id` ; id | id & id > a",
    "comment": "# a #b *d",
    "documents": "---\na: b\n...\n",
    "carriage": "a\rb\r\nc",
    "nul": "a\0b",
    "mark": "\ufeffa\ufeff",
    "right-to-left": "a\u202eb\u2066c\u200f",
    "line-separators": "a\u0085b\u2028c\u2029d",
    "hcl": "%{ if true }a%{ endif }",
    "backslash": "\\ a\\nb\\\\ \\",
    "long": "x" * 65_536,
    "yaml": "&a *b !c [d, {e: f}] | > % @",
    "spaces": "  a\tb  ",
    "heredoc": "<<EOT\na\nEOT\n",
    "escape": "a\x1b[31mb\x07",
    "controls": "a\x7fb\x9bc",
    "xml": '<a href="b">&amp;',
    "number": "0o17",
    "yes": "on",
}
"""As it is read; `_written` is how a spec says it. No slashes: they part paths, and a path's parts have meanings."""

DERIVED = {
    "Need.host": "an address that cannot be a Service's name is one outside the cluster",
    "Build.main": "several words are a command line, one word stands behind the language's interpreter",
}
"""Fields whose text decides what else is there, so that nothing can be compared."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text in a spec: a value, or a mapping's key when `key` is true."""

    name: str
    spec: Spec
    at: tuple[str | int, ...]
    key: bool


def _leaves() -> Iterator[Leaf]:
    seen: set[str] = set()
    for case in CASES:
        before, after = dict(_texts(case.before)), dict(_texts(case.after))
        for (at, key), text in after.items():
            if before.get((at, key)) == text or at[0] in ("apiVersion", "name"):
                continue
            name = f"{case.name.split('/')[0]}:{'.'.join(map(str, at))}{' (key)' if key else ''}"
            if name not in seen:
                seen.add(name)
                yield Leaf(name, case.after, at, key)


def _texts(node: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[tuple[str | int, ...], bool], str]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield ((*at, name), True), name
            yield from _texts(value, (*at, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, (*at, index))
    elif isinstance(node, str):
        yield (at, False), node


LEAVES = list(_leaves())


def _with(leaf: Leaf, text: str) -> str:
    """The spec with a text at a place, as JSON, which says any text in ASCII."""
    spec = copy.deepcopy(leaf.spec)
    node: Any = spec
    for part in leaf.at[:-1]:
        node = node[part]
    if leaf.key:
        items = [(text if name == leaf.at[-1] else name, value) for name, value in node.items()]
        node.clear()
        node.update(items)
    else:
        node[leaf.at[-1]] = text
    return json.dumps(spec)


def _written(text: str, refers: bool) -> str:
    """How a spec says a text: where references may stand, `$${` is a literal `${`."""
    return text.replace("${", "$${") if refers else text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("spec")
    for name, text in FILES.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(text, "utf-8")
    return made


@dataclass(frozen=True, slots=True)
class Harmless:
    """What the place takes: a text, what comes of it, and whether references may stand there."""

    form: str
    made: Outputs
    refers: bool


def _harmless(leaf: Leaf, folder: Path) -> Harmless | None:
    for form in FORMS:
        made = outputs(folder, _with(leaf, form))
        if made.files:
            asked = outputs(folder, _with(leaf, form.replace(TOKEN, "${nothing.of.this}")))
            return Harmless(form, made, any(one.id.startswith("reference-") for one in asked.said))
    return None


def _asked(refused: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """All texts; the printable ones at once where a place takes them so."""
    printable = {name: text for name, text in HOSTILE.items() if text.isprintable() and len(text) < 1000}
    together = "z".join(printable.values())
    if refused(together):
        yield from HOSTILE.items()
    else:
        yield from {
            "printable": together,
            **{name: text for name, text in HOSTILE.items() if name not in printable},
        }.items()


def _refused(leaf: Leaf, form: str, refers: bool, text: str, folder: Path) -> bool:
    return not outputs(folder, _with(leaf, form.replace(TOKEN, _written(text, refers)))).files


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.name)
def test_hostile_text_is_refused_or_arrives_exactly(leaf: Leaf, folder: Path, tmp_path: Path) -> None:
    harmless = _harmless(leaf, folder)
    form, refers = (harmless.form, harmless.refers) if harmless else (TOKEN, False)
    taken = []
    for name, text in _asked(lambda text: _refused(leaf, form, refers, text, folder)):
        hostile = outputs(folder, _with(leaf, form.replace(TOKEN, _written(text, refers))))
        assert hostile.files or hostile.said, f"{name}: neither refused nor compiled"
        assert not hostile.faults, f"{name}: what was rendered is not what was judged: {hostile.faults}"
        if hostile.files:
            assert harmless, f"{name}: taken, where harmless text is refused"
            taken.append((text, hostile))
    if harmless and taken and leaf.name.partition(":")[0] not in DERIVED:
        _arrive(harmless, taken, leaf, folder, tmp_path)


def _arrive(harmless: Harmless, taken: list[tuple[str, Outputs]], leaf: Leaf, folder: Path, tmp_path: Path) -> None:
    """All texts that the place takes, at once if it takes them so, else one by one."""
    every = "z".join(text for text, _ in taken if len(text) < 1000)
    together = outputs(folder, _with(leaf, harmless.form.replace(TOKEN, _written(every, harmless.refers))))
    pairs = [(every, together)] if together.files else taken
    expected = read_by_their_parsers(harmless.made, tmp_path / "plain")
    for number, (text, made) in enumerate(pairs):
        got = read_by_their_parsers(made, tmp_path / str(number))
        difference = arrived(expected, got, Arrived(TOKEN, text))
        assert not difference, f"{text[:40]!r}...: {difference}"


@pytest.mark.parametrize(
    ("plain", "hostile"),
    [
        ({"a": TOKEN}, {"a": "x y"}),
        ({"a": TOKEN}, {"b": "x"}),
        ({TOKEN: "a"}, {"x": "b"}),
        ([TOKEN, "a"], ["x"]),
        ([TOKEN, "a"], ["x", "b"]),
        (f"echo '{TOKEN}'", "echo x; id"),
        ({"a": f"{TOKEN}:/b"}, {"a": "x:/c"}),
    ],
)
def test_what_does_not_arrive_is_seen(plain: object, hostile: object) -> None:
    assert arrived(plain, hostile, Arrived(TOKEN, "x"))


def test_every_field_with_text_is_tried() -> None:
    assert len(LEAVES) > 250
    assert all(re.match(r"\w+\.\w+:", leaf.name) for leaf in LEAVES)
