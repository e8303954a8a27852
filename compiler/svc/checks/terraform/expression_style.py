"""An expression is written in a way that a pattern describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from svc.checks._terraform import Found
from svc.patterns import Pattern
from svc.records import dataclass
from svc.targets.terraform.types import Module

APART = True


@dataclass(frozen=True, slots=True)
class Params:
    """`code`: only what stands outside of quotes is looked at."""

    pattern: Pattern = ""
    message: str = "is written in an old way"
    code: bool = False


def check(module: Module, params: Params) -> Iterator[Found]:
    seen = set()
    for _, route, text in module.expressions:
        if _matches(params.pattern, text, params.code) and route not in seen:
            seen.add(route)
            yield route, f"`{text if len(text) <= 60 else text[:57] + '...'}` {params.message}"


@lru_cache(maxsize=8192)
def _matches(pattern: str, text: str, code: bool) -> bool:
    return re.search(pattern, _outside(text) if code else text) is not None


def _outside(text: str) -> str:
    """What is code: not the letters of strings, but what `${ }` holds."""
    parts = re.findall(r"\$\{([^}]*)\}", text)
    return " ".join([re.sub(r'"(?:[^"\\]|\\.)*"|<<.*', " ", text, flags=re.DOTALL), *parts])
