"""Placeholders of Score: `${metadata.x}` and `${resources.x.y}` as references of the spec, `$$` as one dollar."""

from __future__ import annotations

import re
from collections.abc import Callable

from svc.importers.ledger import View
from svc.patterns import regex
from svc.records import dataclass
from svc.resolve import dollars
from svc.resolve.references import ROOTS

_PLACEHOLDER = regex(r"\$(?:(\$?)\{([^}]*)\}|\$)")
"""As score-go's framework/substitution.go."""
_OURS = regex(rf"\$\{{(?=(?:{'|'.join(ROOTS)})\.)")
_ADDRESS = regex(r"\$\{services\.([^.}]+)\.host\}:\$\{services\.\1\.([^.}]+)\.port\}")


@dataclass(frozen=True, slots=True)
class Value:
    """What a placeholder stands for. `text` is the spec's: a reference, or the value itself. `plain` is the value
    where no reference can stand, None if only the pod knows it. `wrong` says why there is no value; `needless` that
    a variable with nothing else is better left out."""

    text: str = ""
    plain: str | None = None
    wrong: str = ""
    needless: bool = False

    @property
    def reference(self) -> bool:
        return self.text.startswith("${")


Outputs = Callable[[str], Value]
"""A resource's output by its name, such as `host`."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its placeholders filled in. `wrong` are those without a value, with the reason; they are empty."""

    text: str
    wrong: tuple[tuple[str, str], ...] = ()
    references: bool = False
    needless: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What placeholders of a workload refer to."""

    metadata: View
    resources: dict[str, Outputs]

    def value(self, name: str, before: str) -> Value:
        root, *rest = [part.replace("\0", ".") for part in name.replace("\\.", "\0").split(".")]
        if root == "metadata" and rest:
            found = self.metadata.at(*rest)
            text = found.text if found.there else ""
            return Value(text, text) if found.there else Value(wrong="there is no such key under metadata")
        if root != "resources" or not rest:
            return Value(wrong="a placeholder begins with metadata or resources; a literal one is written $${")
        outputs = self.resources.get(rest[0])
        if outputs is None:
            return Value(wrong=f"there is no resource `{rest[0]}`")
        found_value = outputs(".".join(rest[1:]))
        if found_value.text == "/" and "://" in before:  # the virtual host of an address
            return Value("%2F", "%2F")
        return found_value

    def variable(self, text: str) -> Text:
        """For `env`: literal parts so that nothing in them is read as a reference."""
        return self._filled(text, lambda one: one.text if one.reference else dollars.literally(one.text))

    def plain(self, text: str) -> Text:
        """For files and parameters, in which no reference can stand."""
        return self._filled(text, lambda one: one.plain, literal=str)

    def _filled(
        self, text: str, put: Callable[[Value], str | None], literal: Callable[[str], str] = dollars.literally
    ) -> Text:
        pieces: list[str] = []
        wrong: dict[str, str] = {}
        references, needless, position = False, False, 0
        for match in _PLACEHOLDER.finditer(text):
            pieces.append(literal(text[position : match.start()]))
            position = match.end()
            if match[2] is None or match[1]:
                pieces.append(literal(match[0][1:]))
                continue
            value = self.value(match[2], text[: match.start()])
            made = None if value.wrong else put(value)
            references, needless = references or value.reference, needless or value.needless
            if made is None:
                wrong[match[0]] = value.wrong or "only the pod knows it, so it can stand in a variable alone"
            pieces.append(made or "")
        pieces.append(literal(text[position:]))
        made_of = _ADDRESS.sub(r"${services.\1.\2}", "".join(pieces))
        if wrong and not re.search(r"\w", made_of):
            made_of = ""
        return Text(made_of, tuple(wrong.items()), references, needless and not made_of)


def word(text: str) -> str:
    """A word of a command. Score fills nothing in there; its programs pass `$${NAME}` on as the shell's `${NAME}`."""
    return _OURS.sub("$${", dollars.word(text.replace("$${", "${")))


def said(wrong: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in wrong)
