"""A text of one form: what the model checks and what the published schemas say of it come from the same patterns.

Patterns mean the same in Python, in JSON Schema (ECMA 262) and in CUE (RE2): no lookaround, no \\d, \\s or \\w.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from svc.model.spelled import Spelled, kind_of, quoted, refuse, text_of
from svc.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Matching:
    """`pattern` is the whole text; `has` must be found in it and `never` must not. `bare`: the JSON Schema of the
    scalars that may stand there without quotes, such as numbers; without it only strings are taken."""

    pattern: str
    what: str
    example: str
    limit: int = 0
    fix: Callable[[str], str] | None = None
    has: str = ""
    never: str = ""
    bare: Mapping[str, Any] | None = field(default=None, hash=False)

    def fits(self, text: str) -> bool:
        if self.limit and len(text) > self.limit:
            return False
        if (self.has and not re.search(self.has, text)) or (self.never and re.search(self.never, text)):
            return False
        return re.fullmatch(self.pattern, text) is not None

    def check(self, value: Any) -> str:
        text = text_of(value)
        if self.fits(text):
            if isinstance(value, Spelled) and not self._bare(value):
                raise refuse(f'{quoted(value)} is {kind_of(value)}, not {self.what}; write "{text}" if it is meant')
            return text
        proposal = self.fix(text) if self.fix else ""
        hint = f"; write {proposal}" if proposal and self.fits(proposal) else ""
        length = f" of at most {self.limit} characters" if self.limit and len(text) > self.limit else ""
        raise refuse(f"{quoted(value)} is not {self.what}{length}, such as {self.example}{hint}")

    def _bare(self, value: Spelled) -> bool:
        """Whether a number, or true and false, may stand without quotes."""
        return self.bare is not None and (not isinstance(value.value, bool) or "boolean" in self.bare["type"])

    def json_schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "string", "pattern": f"^(?:{self.pattern})$"}
        if self.has:
            made["allOf"] = [{"pattern": self.has}]
        if self.never:
            made["not"] = {"pattern": self.never}
        if self.limit:
            made["maxLength"] = self.limit
        if self.bare:
            others = self.bare["type"]
            made |= {**self.bare, "type": ["string", *([others] if isinstance(others, str) else others)]}
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A form that is no pattern alone: a function, and what a JSON Schema says of it."""

    check: Callable[[Any], Any]
    schema: Mapping[str, Any]

    def json_schema(self) -> dict[str, Any]:
        return dict(self.schema)
