"""`re.compile` when the pattern is first used: three hundred of them would take a fifth of a short run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as regex
else:

    class regex:
        """A pattern whose methods are those of the compiled one; it cannot be given to functions of `re`."""

        def __init__(self, text: str, flags: int = 0) -> None:
            self._given = text, flags

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            compiled = self.__dict__.setdefault("_compiled", None) or re.compile(*self._given)
            self._compiled = compiled
            found = getattr(compiled, name)
            self.__dict__[name] = found
            return found


__all__ = ["regex"]
