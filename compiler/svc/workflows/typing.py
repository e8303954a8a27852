"""What kind of value an expression has, as far as the file says it, and what is wrong on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from svc.patterns import regex
from svc.records import dataclass, field
from svc.suggest import instead, nearest
from svc.workflows.kinds import ANY, NULL, NUMBER, TEXT, TRUTH, Kind, array, of_data
from svc.workflows.nodes import Binary, Call, Index, Literal, Name, Node, Not, Property, begin
from svc.workflows.places import CONTEXTS, HASH, STATUS, Room

FUNCTIONS: dict[str, tuple[str, int, int, Kind]] = {
    "always": ("always", 0, 0, TRUTH),
    "cancelled": ("cancelled", 0, 0, TRUTH),
    "case": ("case", 3, 255, ANY),
    "contains": ("contains", 2, 2, TRUTH),
    "endswith": ("endsWith", 2, 2, TRUTH),
    "failure": ("failure", 0, 0, TRUTH),
    "format": ("format", 1, 255, TEXT),
    "fromjson": ("fromJSON", 1, 1, ANY),
    "hashfiles": ("hashFiles", 1, 255, TEXT),
    "join": ("join", 1, 2, TEXT),
    "startswith": ("startsWith", 2, 2, TRUTH),
    "success": ("success", 0, 0, TRUTH),
    "tojson": ("toJSON", 1, 1, TEXT),
}
"""Name in lower case -> as written, fewest and most arguments, what it gives."""
_PLAIN = ("endswith", "format", "fromjson", "hashfiles", "startswith")
"""Functions that make nothing of an object or an array."""
_OF_JOBS = ("failure", "success")
"""Functions that are given names of jobs in the condition of one."""
_KEYLESS = ("array", "boolean", "null", "number", "object")
_KEYED = frozenset((("job", "number"), *((root, kind) for root in ("", "matrix") for kind in _KEYLESS)))
"""Contexts whose properties may be named by a value of a kind: `job.services.db.ports[5432]`."""
_PLACEHOLDER = regex(r"(?:\{\{|\}\})|\{(\d{1,9})\}")


@dataclass(slots=True)
class Reading:
    """One expression read with what its contexts are known to hold; `faults` collects what is wrong, where it
    begins, and what to write."""

    room: Room
    contexts: Mapping[str, Kind]
    faults: dict[str, tuple[int, str]] = field(default_factory=dict)

    def fault(self, message: str, at: int, advice: str) -> None:
        self.faults.setdefault(message, (at, advice))

    def kind(self, node: Node) -> Kind:
        if isinstance(node, Literal):
            return _literal(node.value)
        if isinstance(node, Name):
            return self._context(node.name, node.at)
        if isinstance(node, Property):
            return self._property(self.kind(node.of), node)
        if isinstance(node, Index):
            return self._index(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Not):
            self.kind(node.of)
            return TRUTH
        return self._binary(node)

    def _context(self, name: str, at: int) -> Kind:
        if name not in CONTEXTS:
            message = f"there is no context `{name}`; known are {_listed(CONTEXTS)}{nearest(name, CONTEXTS)}"
            self.fault(message, at, instead(name, CONTEXTS, f"a text stands in single quotes: '{name}'"))
            return ANY
        if name not in self.room.contexts:
            these = f"these are: {_listed(self.room.contexts)}" if self.room.contexts else "none is"
            self.fault(f"context `{name}` is not available here; {these}", at, _where_else(name))
            return ANY
        return self.contexts.get(name, ANY)

    def _property(self, of: Kind, node: Property) -> Kind:
        if node.name == "*":
            if of.name in ("string", "number", "boolean", "null"):
                self.fault(f"`.*` of {an(of.name)} is nothing", begin(node), "remove `.*`")
            return array(of.rest or ANY)
        if of.name == "array" and _is_filter(node.of):
            return array(self._of_object(of.rest or ANY, node))
        return self._of_object(of, node)

    def _of_object(self, of: Kind, node: Property) -> Kind:
        if of.name == "any":
            return ANY
        if of.name != "object":
            message = f"`{shown(node.of)}` is {an(of.name)} and has no property `{node.name}`"
            self.fault(message, begin(node), f"write `{shown(node.of)}` alone")
            return ANY
        if node.name in of.properties:
            return of.properties[node.name]
        if of.rest is None:
            known = sorted(of.properties)
            has = f"it has {_listed(known)}" if known else "it has none"
            message = f"`{shown(node.of)}` has no property `{node.name}`; {has}{nearest(node.name, known)}"
            self.fault(message, begin(node), _for_property(shown(node.of), node.name, known))
            return ANY
        return of.rest

    def _index(self, node: Index) -> Kind:
        of, index = self.kind(node.of), self.kind(node.index)
        if of.name in ("string", "number", "boolean", "null"):
            message = f"`{shown(node.of)}` is {an(of.name)} and has no elements"
            self.fault(message, begin(node), f"write `{shown(node.of)}` alone")
        elif of.name == "array" and index.name in ("string", "boolean", "object", "array", "null"):
            self.fault(
                f"an array has elements by number, not by {index.name}", begin(node), "write a number, such as [0]"
            )
        elif of.name == "object" and index.name in _KEYLESS and (_root(node.of), index.name) not in _KEYED:
            message = f"`{shown(node.of)}` has properties by name, not by {index.name}"
            self.fault(message, begin(node), "name one, such as ['name']")
        return of.rest or ANY

    def _call(self, node: Call) -> Kind:
        kinds = [self.kind(one) for one in node.args]
        found = FUNCTIONS.get(node.name)
        if found is None:
            names = sorted(one[0] for one in FUNCTIONS.values())
            near = nearest(node.written, names)
            message = f"there is no function `{node.written}`; known are {_listed(names)}{near}"
            self.fault(message, begin(node), instead(node.written, names, "use one of these"))
            return ANY
        written, low, high, gives = found
        if node.name in (*STATUS, *HASH) and node.name not in self.room.functions:
            where = "`if`" if node.name in STATUS else "keys of steps"
            message = f"function `{written}` is not available here, but in {where}"
            self.fault(message, begin(node), f"move it to {where}")
        count = len(node.args)
        if node.name in _OF_JOBS and "steps" not in self.room.contexts:
            high = max(high, count)
        if not low <= count <= high or (node.name == "case" and count % 2 == 0):
            wanted = "an odd number of" if node.name == "case" else str(low) if low == high else f"{low} or more"
            wanted = "1 or 2" if node.name == "join" else wanted
            message = f"`{written}` takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"
            self.fault(message, begin(node), f"give it {wanted}")
            return gives
        if node.name in ("contains", "join") and kinds[0].name == "object":
            message = f"`{written}` cannot look into an object: write an array"
            self.fault(message, begin(node), "`.*` makes an array of its values")
        for kind in kinds if node.name in _PLAIN else kinds[1:] if node.name in ("contains", "join") else ():
            if kind.name in ("object", "array"):
                message = f"`{written}` cannot use {an(kind.name)}: write a text"
                self.fault(message, begin(node), "toJSON(...) makes a text of it")
        for fault in _format(node) if node.name == "format" else ():
            self.fault(fault, begin(node), "give a value for each of {0}, {1} and so on; {{ is a brace")
        for fault in _json(node) if node.name == "fromjson" else ():
            self.fault(fault, begin(node), """write JSON in single quotes: '["a", "b"]'""")
        return _parsed(node) if node.name == "fromjson" else gives

    def _binary(self, node: Binary) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        if node.sign in ("&&", "||"):
            return left if left == right else ANY
        if not _comparable(node.sign, left, right):
            message = f"`{node.sign}` cannot compare {an(left.name)} and {an(right.name)}"
            self.fault(message, begin(node), "compare a property of it, or toJSON(...) of both")
        return TRUTH


def _where_else(context: str) -> str:
    if context == "secrets":
        return "put it into a variable in `env`, and ask for `env.NAME` in a step"
    return "say it where the context is there, such as in a step"


def _for_property(of: str, name: str, known: Sequence[str]) -> str:
    """What to write for a property that is not there."""
    declared = {
        "steps": f"give a step above this one `id: {name}`",
        "needs": f"add `{name}` to `needs` of the job",
        "matrix": f"add `{name}` to the matrix",
        "inputs": f"declare `{name}` in `inputs`",
        "outputs": f"declare `{name}` in the `outputs` that are read here",
    }
    return instead(name, known, declared.get(of.rpartition(".")[2], "name one of these" if known else "remove it"))


def _comparable(sign: str, left: Kind, right: Kind) -> bool:
    """Whether a comparison can be other than always false: of objects and arrays, and of what has no order, it cannot."""
    names = {left.name, right.name}
    if sign not in ("==", "!="):
        return names <= {"any", "number", "string"}
    if names == {"array"}:
        return _comparable(sign, left.rest or ANY, right.rest or ANY)
    return len(names) == 1 or not names & {"object", "array"} or bool(names & {"any", "null"})


def shown(node: Node) -> str:
    """A short form of an expression for a message."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Property):
        return f"{shown(node.of)}.{node.name}"
    if isinstance(node, Index):
        return f"{shown(node.of)}[...]"
    if isinstance(node, Call):
        return f"{node.written}(...)"
    if isinstance(node, Literal):
        return f"'{node.value}'" if isinstance(node.value, str) else str(node.value).lower()
    return f"!{shown(node.of)}" if isinstance(node, Not) else f"({shown(node.left)} {node.sign} {shown(node.right)})"


def _format(node: Call) -> Iterator[str]:
    first = node.args[0]
    if not isinstance(first, Literal) or not isinstance(first.value, str):
        return
    asked = {int(match.group(1)) for match in _PLACEHOLDER.finditer(first.value) if match.group(1)}
    given = len(node.args) - 1
    for number in sorted(asked):
        if number >= given:
            yield f"`format` has `{{{number}}}`, and {given} value{'' if given == 1 else 's'} for its placeholders"
    for number in range(given):
        if number not in asked:
            yield f"`format` never uses value {number}: `{{{number}}}` is not in its text"


def _json(node: Call) -> Iterator[str]:
    import json

    text = node.args[0].value if isinstance(node.args[0], Literal) else None
    if isinstance(text, str):
        try:
            json.loads(text)
        except ValueError as error:
            yield f"`fromJSON` is given no JSON: {error}"


def _is_filter(node: Node) -> bool:
    """Whether a chain of properties has a `.*`: what follows is of each element."""
    return isinstance(node, Property) and (node.name == "*" or _is_filter(node.of))


def _root(node: Node) -> str:
    """The context that a chain of properties begins with; "" for what a function gives."""
    while isinstance(node, Property | Index):
        node = node.of
    return node.name if isinstance(node, Name) else ""


def _parsed(node: Call) -> Kind:
    """What `fromJSON` makes of a literal."""
    import json

    first = node.args[0]
    try:
        return of_data(json.loads(first.value)) if isinstance(first, Literal) and isinstance(first.value, str) else ANY
    except ValueError:
        return ANY


def _literal(value: object) -> Kind:
    if isinstance(value, bool):
        return TRUTH
    if value is None:
        return NULL
    return NUMBER if isinstance(value, float) else TEXT


def an(word: str) -> str:
    return word if word == "null" else f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in sorted(names))
