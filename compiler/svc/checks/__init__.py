"""The table of checks: name -> what it judges. Check `x` of surface `s` is the module `svc.checks.s.x`.

A check is mechanism: a pure function `check(artifact, params)` that yields (route, message), beside its frozen
`Params`; of a part of a text, it says which by a third member. An across check gets all subjects and yields
(subject, route, message); where what it saw beside the subject forbids to edit it, why by a fourth member. It knows no id, severity or advice.
Modules are imported when a policy needs them, so that a Dockerfile costs no Kubernetes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from importlib import import_module
from typing import Any

from svc.checks.table import CHECKS
from svc.diagnostics import Route, Within
from svc.records import dataclass
from svc.targets.protocol import Subject

__all__ = ["CHECKS", "Bound", "Said", "bound", "surface_of", "within"]

Said = tuple[Route, str] | tuple[Route, str, Within]
Single = Callable[[Any, Any], Iterator[Said]]
SaidAcross = tuple[Subject, Route, str] | tuple[Subject, Route, str, str]
Across = Callable[[Sequence[Subject], Any], Iterator[SaidAcross]]


def within(said: Said) -> Within | None:
    """The part of a text that is meant."""
    return said[2] if len(said) == 3 else None


@dataclass(frozen=True, slots=True)
class Bound:
    """A check's function, under the type that its surface gives it, and its `Params`."""

    params: type[Any]
    function: Callable[..., Any]
    wrong: Callable[[Any], Iterator[tuple[str, str]]] | None = None
    """Parameters of the right form that would judge nothing, each with a message; None: a check that has no such."""
    apart: bool = False
    """What it says of a part of the artifact depends on that part alone (`svc.policy.apart`)."""
    about: Callable[[Any], Iterable[str]] | None = None
    """The kinds of parts that it may say anything of; None: all."""

    kinds: Set[str] | None = None
    """The sorts of artifacts (`sorts` of each) that it may say anything of; None: all."""

    @property
    def single(self) -> Single:
        return self.function

    @property
    def across(self) -> Across:
        return self.function


@functools.cache
def bound(name: str) -> Bound:
    """The check of a name in `CHECKS`, or of another package: `distribution:check`."""
    if ":" in name:
        from svc.checks.external import load

        module = load(name)
    else:
        module = import_module(f"svc.checks.{CHECKS[name]}.{name}")
    rest = (getattr(module, "wrong", None), getattr(module, "APART", False), getattr(module, "about", None))
    return Bound(module.Params, module.check, *rest, getattr(module, "KINDS", None))


def surface_of(name: str) -> str:
    """What a check judges. Raises KeyError for a name that means none."""
    if ":" in name:
        from svc.checks.external import load

        return str(load(name).SURFACE)
    return CHECKS[name]
