"""A reader of Helm templates: the part of Go's text/template and of Sprig that our charts use, and nothing of the writer's.

It proves without Helm that the templates give the judged objects; the real Helm proves it again where it is there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from svc.patterns import regex
from svc.records import dataclass, field
from svc.targets.helm.sprig import FUNCTIONS as SPRIG
from svc.targets.helm.sprig import TemplateError

_ACTION = regex(r"\{\{(-\s)?((?:\"(?:\\.|[^\"\\])*\"|/\*.*?\*/|[^}\"]|\}(?!\}))*?)(\s-)?\}\}", re.S)
_NUMBER = regex(r"-?\d+(\.\d+)?")
_BLANKS = " \t\r\n"
"""What Go trims."""
_TOKEN = regex(r"\"(?:\\.|[^\"\\])*\"|\(|\)|\||[^\s()|\"]+")
_DECLARED = regex(r"((?:\$[A-Za-z_]\w*(?:, )?)+) := ")


_KEPT = 1024
"""Templates and expressions that are remembered: every environment has the same ones."""


NO_VALUE = "<no value>"
NOTHING: Mapping[str, Any] = {}
_VERB = regex(r"%[sv]")


class _Whole(int):
    """A number that is an integer for Go as well."""


@dataclass(slots=True)
class Node:
    """Text (`word` empty), an expression ("expr"), or a block ("if", "with", "range", "define") with its branches.

    `names`: the variables that an expression or a range gives values to.
    """

    word: str
    text: str
    body: list[Node] = field(default_factory=list)
    otherwise: list[Node] = field(default_factory=list)
    names: tuple[str, ...] = ()


@lru_cache(maxsize=_KEPT)
def parse_template(text: str) -> list[Node]:
    """Not to be changed: every environment renders the same nodes."""
    root: list[Node] = []
    stack: list[_Open] = [(None, root, set())]
    position, trim = 0, False
    for match in _ACTION.finditer(text):
        piece = text[position : match.start()]
        piece = piece.lstrip(_BLANKS) if trim else piece
        piece = piece.rstrip(_BLANKS) if match[1] else piece
        if piece:
            stack[-1][1].append(Node("", piece))
        position, trim = match.end(), bool(match[3])
        _action(match[2].strip(), stack)
    rest = text[position:].lstrip(_BLANKS) if trim else text[position:]
    if rest:
        root.append(Node("", rest))
    if len(stack) != 1:
        raise TemplateError("a block is not closed")
    return root


_Open = tuple[Node | None, list[Node], set[str]]
"""A block that is open, its branch, and the variables that are declared in it."""


def _action(action: str, stack: list[_Open]) -> None:
    word, _, rest = action.partition(" ")
    if action.startswith("/*"):
        return
    if word in {"if", "with", "range", "define"}:
        node = Node(word, rest.strip())
        if word != "define":
            _declaring(node, stack, 2 if word == "range" else 0)
        stack[-1][1].append(node)
        stack.append((node, node.body, set(node.names)))
    elif word == "else":
        owner, branch, _ = stack.pop()
        if owner is None or rest or branch is owner.otherwise or owner.word == "define":
            raise TemplateError(f"unexpected {action}")
        stack.append((owner, owner.otherwise, set()))
    elif word == "end":
        if len(stack) == 1:
            raise TemplateError("`end` without a block")
        stack.pop()
    else:
        node = Node("expr", action)
        _declaring(node, stack, 1)
        stack[-1][1].append(node)
        stack[-1][2].update(node.names)


def _declaring(node: Node, stack: list[_Open], most: int) -> None:
    """Reads what an action declares and says, also where no values lead: Helm reads the whole file first."""
    found = _DECLARED.match(node.text)
    if found:
        node.names = tuple(name.lstrip("$") for name in found[1].split(", "))
        node.text = node.text[found.end() :]
        if len(node.names) > most:
            raise TemplateError(f"{node.word} declares {found[1]}")
    _compiled(node.text)
    if "$" in node.text:
        known = {"", *(name for _, _, names in stack for name in names)}
        for token in _TOKEN.findall(node.text):
            if token.startswith("$") and token[1:].partition(".")[0] not in known:
                raise TemplateError(f"nothing declares {token}")


class Engine:
    """Renders templates with the values of a release."""

    def __init__(self, root: Mapping[str, Any], to_yaml: Callable[[Any], str]) -> None:
        self.root, self.to_yaml = root, to_yaml
        self.scope: Mapping[str, Any] = {"": root}
        """The variables that an action sees; `$` is the one without a name."""
        self.defined: dict[str, list[Node]] = {}
        self.included: dict[str, str] = {}
        """What helpers print of the root: the same wherever they are included."""

    def define(self, text: str) -> None:
        """Keeps the named templates of a helpers file."""
        for node in parse_template(text):
            if node.word == "define":
                self.defined[_constant_text(node.text)] = node.body

    def render(self, text: str) -> str:
        """Helm takes away whatever looks like a value that is not there."""
        try:
            self.scope = {"": self.root}
            return self.nodes(parse_template(text), self.root).replace(NO_VALUE, "")
        except TemplateError:
            raise
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            raise TemplateError(f"cannot be evaluated: {error}") from None

    def nodes(self, nodes: Sequence[Node], dot: Any) -> str:
        return "".join([self.node(node, dot) for node in nodes])

    def node(self, node: Node, dot: Any) -> str:
        if not node.word:
            return node.text
        if node.word == "define":
            return ""
        value = _compiled(node.text)(self, dot)
        if node.word == "expr":
            if node.names:
                self.scope = {**self.scope, node.names[0]: value}
                return ""
            return _shown(value)
        if node.word == "range":
            return self.range(node, value)
        if _true(value):
            return self.block(node.body, value if node.word == "with" else dot)
        return self.block(node.otherwise, dot)

    def block(self, nodes: Sequence[Node], dot: Any, more: Mapping[str, Any] = NOTHING) -> str:
        """Nodes with variables of their own."""
        outside = self.scope
        if more:
            self.scope = {**outside, **more}
        made = self.nodes(nodes, dot)
        self.scope = outside
        return made

    def range(self, node: Node, value: Any) -> str:
        pairs = sorted(value.items()) if isinstance(value, Mapping) else enumerate(value or ())
        if len(node.names) == 2:
            return "".join(
                [self.block(node.body, item, dict(zip(node.names, (key, item), strict=True))) for key, item in pairs]
            )
        return "".join([self.block(node.body, item, dict.fromkeys(node.names, item)) for _, item in pairs])


# --- expressions -----------------------------------------------------------------------------------------------------

Evaluate = Callable[[Engine, Any], Any]
"""What an expression is with an engine's root and a dot."""


@lru_cache(maxsize=_KEPT)
def _compiled(text: str) -> Evaluate:
    made, rest = _piped(_TOKEN.findall(text))
    if rest:
        raise TemplateError(f"cannot read {text!r}")
    return made


def _piped(tokens: list[str]) -> tuple[Evaluate, list[str]]:
    """What commands between pipes say, each given the one before as its last argument; and the tokens after them."""
    made: Evaluate | None = None
    while tokens:
        words: list[str | Evaluate] = []
        while tokens and tokens[0] not in {"|", ")"}:
            word, *tokens = tokens
            if word == "(":
                inner, tokens = _piped(tokens)
                if not tokens or tokens[0] != ")":
                    raise TemplateError("a bracket is not closed")
                words.append(inner)
                tokens = tokens[1:]
            else:
                words.append(word)
        made = _command(words if made is None else [*words, made])
        if tokens[:1] != ["|"]:
            break
        tokens = tokens[1:]
        if not tokens:
            raise TemplateError("a pipe leads nowhere")
    if made is None:
        raise TemplateError("an expression is empty")
    return made, tokens


def _command(words: list[str | Evaluate]) -> Evaluate:
    if not words:
        raise TemplateError("an expression is empty")
    head, *arguments = words
    if isinstance(head, str) and head in _FUNCTIONS:
        function, operands = _FUNCTIONS[head], [_operand(word) for word in arguments]
        return lambda engine, dot: function(engine, [operand(engine, dot) for operand in operands])
    if arguments:
        raise TemplateError(f"{head} is no function that is known here")
    return _operand(head)


def _operand(word: str | Evaluate) -> Evaluate:
    if not isinstance(word, str):
        return word
    if word.startswith('"'):
        return _constant(json.loads(word))
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


def _constant(value: Any) -> Evaluate:
    return lambda _, __: value


def _at(value: Any, parts: tuple[str, ...], text: str) -> Any:
    for part in parts:
        if not isinstance(value, dict):
            raise TemplateError(f"{text}: there is nothing that has `{part}`")
        value = value.get(part)
    return value


def _true(value: Any) -> bool:
    return bool(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if isinstance(value, _Whole) else _number(value)
    if value is not None and not isinstance(value, str):
        raise TemplateError(f"a {type(value).__name__} is no text")
    return NO_VALUE if value is None else value


def _number(value: float) -> str:
    """Helm's numbers are floats, which Go prints with an exponent from a million on."""
    _, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    power = len(digits) + int(exponent) - 1
    if not value or -4 <= power < 6:
        return str(int(value)) if float(value).is_integer() else format(Decimal(repr(float(value))), "f")
    mantissa = "".join(map(str, digits[1:]))
    return f"{'-' if value < 0 else ''}{digits[0]}{'.' if mantissa else ''}{mantissa}e{power:+03d}"


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TemplateError(f"{value!r} is no number")
    return int(value)


def _constant_text(text: str) -> str:
    if not _TOKEN.fullmatch(text) or not text.startswith('"'):
        raise TemplateError(f"{text!r} is no name of a helper")
    return str(json.loads(text))


def _quote(text: str) -> str:
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    made = ""
    for char in text:
        if char in '"\\':
            made += "\\" + char
        elif char.isprintable():
            made += char
        else:
            made += {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char) or (
                f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
            )
    return f'"{made}"'


def _nindent(width: int, text: str) -> str:
    pad = " " * width
    return "\n" + "\n".join(pad + line for line in text.split("\n"))


def _include(engine: Engine, arguments: list[Any]) -> str:
    name, dot = arguments
    if name not in engine.defined:
        raise TemplateError(f"there is no helper {name}")
    if dot is not engine.root:
        return engine.block(engine.defined[name], dot, {"": dot})
    if name not in engine.included:
        engine.included[name] = engine.block(engine.defined[name], dot, {"": dot})
    return engine.included[name]


def _printf(text: str, *values: Any) -> str:
    """Of Go's verbs `%s` for texts and `%v` for anything."""
    pieces = _VERB.split(text)
    verbs = _VERB.findall(text)
    if len(verbs) != len(values) or "%" in "".join(pieces):
        raise TemplateError(f"{text!r} does not ask for {len(values)} values")
    for verb, value in zip(verbs, values, strict=True):
        if verb == "%s" and not isinstance(value, str):
            raise TemplateError(f"{value!r} is no text")
    return "".join(part for pair in zip(pieces, (*map(_shown, values), ""), strict=True) for part in pair)


def _index(arguments: list[Any]) -> Any:
    value = arguments[0]
    for key in arguments[1:]:
        value = value[key]
    return value


_FUNCTIONS: dict[str, Callable[[Engine, list[Any]], Any]] = {
    "include": _include,
    "toYaml": lambda engine, args: engine.to_yaml(args[0]).removesuffix("\n"),
    "nindent": lambda _, args: _nindent(args[0], args[1]),
    "quote": lambda _, args: "" if args[0] is None else _quote(_shown(args[0])),
    "int64": lambda _, args: _Whole(_whole(args[0])),
    "default": lambda _, args: args[1] if _true(args[1]) else args[0],
    "trunc": lambda _, args: args[1][: args[0]],
    "trimSuffix": lambda _, args: args[1].removesuffix(args[0]),
    "hasSuffix": lambda _, args: args[1].endswith(args[0]),
    "replace": lambda _, args: args[2].replace(args[0], args[1]),
    "printf": lambda _, args: _printf(*args),
    "toString": lambda _, args: _shown(args[0]),
    **SPRIG,
    "hasKey": lambda _, args: args[1] in args[0],
    "or": lambda _, args: next((one for one in args if _true(one)), args[-1]),
    "not": lambda _, args: not _true(args[0]),
    "index": lambda _, args: _index(args),
    "dict": lambda _, args: dict(zip(args[::2], args[1::2], strict=True)),
    "toJson": lambda _, args: json.dumps(args[0], sort_keys=True),
    "toRawJson": lambda _, args: json.dumps(args[0], sort_keys=True, ensure_ascii=False, separators=(",", ":")),
    "sha256sum": lambda _, args: hashlib.sha256(args[0].encode()).hexdigest(),
}

__all__ = ["Engine", "TemplateError", "parse_template"]
