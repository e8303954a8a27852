"""Expressions of Go's text/template: what stands between the braces, made into functions of an engine and a dot."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from svc.patterns import regex
from svc.targets.helm.functions import FUNCTIONS
from svc.targets.helm.sprig import TemplateError

if TYPE_CHECKING:
    from svc.targets.helm.template import Engine

_NUMBER = regex(r"-?\d+(\.\d+)?")
_TOKEN = regex(r"\"(?:\\.|[^\"\\])*\"|\(|\)|\||[^\s()|\"]+")
_KEPT = 1024
"""Expressions that are remembered: every environment has the same ones."""
Evaluate = Callable[["Engine", Any], Any]
"""What an expression is with an engine's root and a dot."""


class Facts:
    """A root of which some paths are known, and nothing else."""

    __slots__ = ("known",)

    def __init__(self, known: Mapping[tuple[str, ...], Any]) -> None:
        self.known = known


@lru_cache(maxsize=_KEPT)
def compiled(text: str) -> Evaluate:
    made, rest = _piped(tokens(text))
    if rest:
        raise TemplateError(f"cannot read {text!r}")
    return made


def tokens(text: str) -> list[str]:
    """The words, texts, brackets and pipes of an expression."""
    return _TOKEN.findall(text)


def _piped(left: list[str]) -> tuple[Evaluate, list[str]]:
    """What commands between pipes say, each given the one before as its last argument; and the tokens after them."""
    made: Evaluate | None = None
    while left:
        words: list[str | Evaluate] = []
        while left and left[0] not in {"|", ")"}:
            word, *left = left
            if word == "(":
                inner, left = _piped(left)
                if not left or left[0] != ")":
                    raise TemplateError("a bracket is not closed")
                words.append(inner)
                left = left[1:]
            else:
                words.append(word)
        made = _command(words if made is None else [*words, made])
        if left[:1] != ["|"]:
            break
        left = left[1:]
        if not left:
            raise TemplateError("a pipe leads nowhere")
    if made is None:
        raise TemplateError("an expression is empty")
    return made, left


def _command(words: list[str | Evaluate]) -> Evaluate:
    if not words:
        raise TemplateError("an expression is empty")
    head, *arguments = words
    if isinstance(head, str) and head in FUNCTIONS:
        function, operands = FUNCTIONS[head], [_operand(word) for word in arguments]
        return lambda engine, dot: function(engine, [operand(engine, dot) for operand in operands])
    if arguments:
        raise TemplateError(f"{head} is no function that is known here")
    return _operand(head)


def _operand(word: str | Evaluate) -> Evaluate:
    if not isinstance(word, str):
        return word
    if word.startswith('"'):
        return _constant(_quoted(word))
    if word in {"true", "false"}:
        return _constant(word == "true")
    if _NUMBER.fullmatch(word):
        return _constant(float(word) if "." in word else int(word))
    if word.startswith("$"):
        name, _, rest = word[1:].partition(".")
        inside = tuple(part for part in rest.split(".") if part)
        return lambda engine, _: _at(engine.scope[name], inside, rest)
    if word.startswith("."):
        parts = tuple(part for part in word.split(".") if part)
        return lambda _, dot: _at(dot, parts, word)
    raise TemplateError(f"cannot read {word!r}")


def _quoted(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        raise TemplateError(f"cannot read {word}") from None


def _constant(value: Any) -> Evaluate:
    return lambda _, __: value


def looked_up(engine: Engine, path: tuple[str, ...]) -> list[Any]:
    """What the root has at a path, in a list; an empty one where asking is an error."""
    try:
        return [_at(engine.root, path, "")]
    except TemplateError:
        return []


def _at(value: Any, parts: tuple[str, ...], text: str) -> Any:
    if type(value) is Facts:
        return value.known[parts] if parts else value
    for part in parts:
        if not isinstance(value, dict):
            raise TemplateError(f"{text}: there is nothing that has `{part}`")
        value = value.get(part)
    return value


def helper_name(text: str) -> str:
    """The name in quotes after `define`."""
    if not _TOKEN.fullmatch(text) or not text.startswith('"'):
        raise TemplateError(f"{text!r} is no name of a helper")
    return str(json.loads(text))
