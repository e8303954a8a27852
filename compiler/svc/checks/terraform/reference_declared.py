"""A reference to a variable, local value, module, resource or data source that the module does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._providers import undeclared
from svc.checks._terraform import Found
from svc.suggest import Sparing, close
from svc.targets.terraform.override import is_override
from svc.targets.terraform.references import ELSEWHERE, NAMING, bound, looped, within
from svc.targets.terraform.types import Block, Module

_ASIDE = ELSEWHERE | {"check", "terraform"}
"""Also those with data sources of their own."""
_SHOWN = 3
"""Resources of a type that are named where none of them looks meant."""
_LOOPS = {"each": "for_each", "count": "count"}
_MEANT = {
    **dict.fromkeys(("locals", "locale"), "local"),
    **dict.fromkeys(("variable", "variables", "vars"), "var"),
    "modules": "module",
}
"""Words that are written for others."""
_HELD = {
    "each": ("key", "value"),
    "count": ("index",),
    "path": ("module", "root", "cwd"),
    "terraform": ("workspace", "applying"),
}
"""What names of the language have."""
_ROOTS = frozenset({"data", "ephemeral", "resource", "self", "tofu", "action", "provider", *_LOOPS, *_HELD})
_ROOTS |= {"var", "local", "module"}
"""What a name may begin with that is no resource."""
_ITSELF = frozenset({"provisioner", "connection", "postcondition"})
"""Blocks in which `self` means something."""
_LOOPED = frozenset({"data", "ephemeral", "locals", "module", "output", "resource"})
"""Blocks in which they mean something only beside the argument, or never."""
Names = dict[str, set[str]]


def check(module: Module, _: Params) -> Iterator[Found]:
    if not module.whole:
        return
    declared = _declared(module)
    providers = {one.partition(".")[0].partition("_")[0] for one in declared["resource"] | declared["data"]}
    said: set[str] = set()
    meant = _Meant(declared)
    above = {id(block): block for file, blocks in module.files.items() if is_override(file) for block in blocks}
    laid = {(block.address, name) for block in above.values() for name in _arguments(block)}
    yield from undeclared(module)
    for block in module.blocks():
        if block.type in _ASIDE:
            continue
        dynamic = bound(block)
        loops = _loops(block, id(block) in above) | {one for one in _LOOPS if (block.address, one) in laid}
        for route, text in block.expressions:
            if route[-1] in NAMING:
                continue
            names = dynamic | looped(text)
            for kind, name, shown in _referred(text, names, providers):
                if kind in ("held", "word"):
                    if shown not in said and not (name == "self" and _ITSELF.intersection(route)):
                        said.add(shown)
                        yield (*route, shown), _never(name, shown)
                    continue
                if kind == "loop":
                    if name not in loops and (key := f"{block.address} {shown}") not in said:
                        said.add(key)
                        yield (*route, shown), f"`{shown}` stands in a block without `{_LOOPS[name]}`"
                    continue
                if name in declared[kind] or shown in said:
                    continue
                said.add(shown)
                instead = meant.instead(kind, name, shown) or _root(name, names)
                yield (*route, shown), f"`{shown}` is not declared in this module{instead}"


def _root(name: str, given: frozenset[str]) -> str:
    """What a name without `_` was meant to begin with, such as what a `dynamic` block gives."""
    first, _, rest = name.partition(".")
    found = close(first, sorted(given | _ROOTS)) if rest and "_" not in first else None
    return f"; did you mean `{found}.{rest}`?" if found else ""


def _never(name: str, shown: str) -> str:
    """Of names that no module can declare."""
    if name == "self":
        return f"`{shown}` means something in provisioners, connections and postconditions alone; write the resource's name"
    if name in _MEANT:
        return f"there is no `{shown}`; write `{_MEANT[name]}.{shown.partition('.')[2]}`"
    return f"there is no `{shown}`; `{name}` has {', '.join(f'`{name}.{one}`' for one in _HELD[name])}"


def _loops(block: Block, overriding: bool) -> frozenset[str]:
    """Which of `each` and `count` mean something in a block; the block that one overrides may say so."""
    if overriding or block.type not in _LOOPED:
        return frozenset(_LOOPS)
    return _arguments(block)


def _arguments(block: Block) -> frozenset[str]:
    return frozenset(name for name, argument in _LOOPS.items() if argument in block.attributes)


def _declared(module: Module) -> Names:
    found: Names = {"var": set(module.variables), "local": set(module.local_values), "module": set()}
    found |= {"data": set(), "resource": set()}
    for block in module.blocks():
        if block.type in ("data", "resource"):
            found[block.type].add(".".join(block.labels))
        elif block.type == "module":
            found["module"].update(block.labels)
    return found


def _referred(text: str, given: frozenset[str], providers: set[str]) -> Iterator[tuple[str, str, str]]:
    """The kind of what is referred to, its name among its kind, and how it is written."""
    for first, second, third in within(text):
        if first in given:
            continue
        if first in _LOOPS and second in ("index", "key", "value"):
            yield "loop", first, f"{first}.{second}"
        elif first in _HELD:
            if second not in _HELD[first]:
                yield "held", first, f"{first}.{second}"
        elif first in _MEANT or first == "self":
            yield "word", first, f"{first}.{second}"
        elif first in ("var", "local", "module"):
            yield first, second, f"{first}.{second}"
        elif first == "data" and third:
            yield "data", f"{second}.{third}", f"data.{second}.{third}"
        elif first == "resource" and third:
            yield "resource", f"{second}.{third}", f"resource.{second}.{third}"
        elif first not in _ROOTS and ("_" not in first or first.partition("_")[0] in providers):
            yield "resource", f"{first}.{second}", f"{first}.{second}"


class _Meant:
    """What may have been meant, for as many findings as are compared in about a second."""

    def __init__(self, declared: Names) -> None:
        self._sparing = Sparing()
        self._declared = {kind: sorted(names) for kind, names in declared.items()}

    def instead(self, kind: str, name: str, shown: str) -> str:
        """`; did you mean x?`, of the same kind, or which resources of the same type there are; or an empty string."""
        if self._sparing.spent:
            return ""
        type_, dot, label = name.partition(".")
        known = self._declared[kind]
        labels = [one.partition(".")[2] for one in known if one.startswith(f"{type_}.")] if dot else known
        types = [one.partition(".")[0] for one in known if one.endswith(f".{label}")] if dot else []
        if not self._sparing.may(len(labels) + len(types)):
            return ""
        before = shown[: -len(name)]
        meant = close(label or name, labels)
        if meant:
            return f"; did you mean `{before}{type_ + dot if dot else ''}{meant}`?"
        if other := close(type_, types):
            return f"; did you mean `{before}{other}.{label}`?"
        there = ", ".join(f"`{before}{type_}.{one}`" for one in labels)
        return f", which has {there} of that type" if dot and 0 < len(labels) <= _SHOWN else ""
