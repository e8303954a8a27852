"""A reader of Helm templates: the part of Go's text/template and of Sprig that our charts use, and nothing of the writer's.

It proves without Helm that the templates give the judged objects; the real Helm proves it again where it is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from svc.letters import NAME, NAMES, Standing, free, lettered, named
from svc.patterns import regex
from svc.records import dataclass, field
from svc.targets.helm.expressions import Facts, compiled, helper_name, tokens
from svc.targets.helm.functions import NO_VALUE, shown
from svc.targets.helm.sprig import TemplateError

_ACTION = regex(r"\{\{(-\s)?((?:\"(?:\\.|[^\"\\])*\"|/\*.*?\*/|[^}\"]|\}(?!\}))*?)(\s-)?\}\}", re.S)
_BLANKS = " \t\r\n"
"""What Go trims."""
_DECLARED = regex(r"((?:\$[A-Za-z_]\w*(?:, )?)+) := ")


_KEPT = 1024
"""Templates that are remembered: every environment has the same ones."""


NOTHING: Mapping[str, Any] = {}
WRONG = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)
"""What actions raise that fit no value, and helpers that include themselves."""


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


@lru_cache(maxsize=16)
def _defined(text: str, name: str) -> Mapping[str, list[Node]]:
    """The named templates of a text; not to be changed. Charts have the same ones but for the `name` in them."""
    standing = ((name, chr(NAMES)),) if NAME.fullmatch(name) and free(text) else ()
    try:
        nodes = _renamed(parse_template(lettered(text, standing)), standing)
    except TemplateError:  # the name is a word of the template language: `with`
        nodes = parse_template(text)
    return {helper_name(node.text): node.body for node in nodes if node.word == "define"}


def _renamed(nodes: list[Node], standing: Standing) -> list[Node]:
    return [
        Node(
            one.word,
            named(one.text, standing),
            _renamed(one.body, standing),
            _renamed(one.otherwise, standing),
            tuple([named(name, standing) for name in one.names]),
        )
        for one in nodes
    ]


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
    compiled(node.text)
    if "$" in node.text:
        known = {"", *(name for _, _, names in stack for name in names)}
        for token in tokens(node.text):
            if token.startswith("$") and token[1:].partition(".")[0] not in known:
                raise TemplateError(f"nothing declares {token}")


class Engine:
    """Renders templates with the values of a release. `opaque` finds letters that stand for any text."""

    def __init__(
        self,
        root: Mapping[str, Any] | Facts,
        to_yaml: Callable[[Any], str],
        opaque: re.Pattern[str] | None = None,
    ) -> None:
        self.root, self.to_yaml, self.opaque = root, to_yaml, opaque
        self.scope: Mapping[str, Any] = {"": root}
        """The variables that an action sees; `$` is the one without a name."""
        self.defined: dict[str, list[Node]] = {}
        self.included: dict[str, str] = {}
        """What helpers print of the root: the same wherever they are included."""

    def define(self, text: str, name: str = "") -> None:
        """Keeps the named templates of a helpers file, which belongs to the chart of that name."""
        self.defined.update(_defined(text, name))

    def render(self, text: str) -> str:
        """Helm takes away whatever looks like a value that is not there."""
        try:
            self.scope = {"": self.root}
            return self.nodes(parse_template(text), self.root).replace(NO_VALUE, "")
        except TemplateError:
            raise
        except WRONG as error:
            raise TemplateError(f"cannot be evaluated: {error}") from None

    def include(self, name: str, dot: Any) -> str:
        if dot is self.root and name in self.included:
            return self.included[name]
        if name not in self.defined:
            raise TemplateError(f"there is no helper {name}")
        made = self.block(self.defined[name], dot, {"": dot})
        if dot is self.root:
            self.included[name] = made
        return made

    def nodes(self, nodes: Sequence[Node], dot: Any) -> str:
        return "".join([self.node(node, dot) for node in nodes])

    def node(self, node: Node, dot: Any) -> str:
        if not node.word:
            return node.text
        if node.word == "define":
            return ""
        value = compiled(node.text)(self, dot)
        if node.word == "expr":
            if node.names:
                self.scope = {**self.scope, node.names[0]: value}
                return ""
            return shown(value)
        if node.word == "range":
            return self.range(node, value)
        if value:
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
        if isinstance(value, str):
            raise TemplateError(f"{value!r} is no list")
        if isinstance(value, Mapping) and self.opaque is not None and self.opaque.search("".join(value)):
            raise TemplateError("keys stand for any others, in any order")
        pairs = sorted(value.items()) if isinstance(value, Mapping) else enumerate(value or ())
        if len(node.names) == 2:
            return "".join(
                [self.block(node.body, item, dict(zip(node.names, (key, item), strict=True))) for key, item in pairs]
            )
        return "".join([self.block(node.body, item, dict.fromkeys(node.names, item)) for _, item in pairs])
