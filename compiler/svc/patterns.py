"""`re.compile` when the pattern is first used: three hundred of them would take a fifth of a short run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, overload

Pattern = Annotated[str, "a regular expression"]
"""A parameter of a check, or what one holds: whether it is one at all is found out before the check runs."""

if TYPE_CHECKING:

    @overload
    def regex(text: str, flags: int = 0, *, needs: tuple[str, ...] = ()) -> re.Pattern[str]: ...
    @overload
    def regex(text: bytes, flags: int = 0) -> re.Pattern[bytes]: ...
    def regex(text: Any, flags: int = 0, *, needs: tuple[str, ...] = ()) -> Any: ...

else:

    class Waiting:
        """A pattern whose methods are those of the compiled one; it cannot be given to functions of `re`."""

        def __init__(self, text: str, flags: int) -> None:
            self._given = text, flags

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            compiled = self.__dict__.setdefault("_compiled", None) or re.compile(*self._given)
            self._compiled = compiled
            found = getattr(compiled, name)
            self.__dict__[name] = found
            return found

    class Needing(Waiting):
        """One that is not even compiled for texts in which nothing stands that it needs."""

        def __init__(self, text: str, flags: int, needs: tuple[str, ...]) -> None:
            super().__init__(text, flags)
            self._caseless = bool(flags & re.IGNORECASE) or text.startswith("(?i)")
            self.needs = tuple(one.lower() for one in needs) if self._caseless else needs

        def may(self, text: str) -> bool:
            """Whether a text may match. Beyond ASCII other letters are the same where case does not matter."""
            if self._caseless:
                if not text.isascii():
                    return True
                text = text.lower()
            return any(one in text for one in self.needs)

        def search(self, text: str, *rest: int) -> re.Match[str] | None:
            return self.__getattr__("search")(text, *rest) if self.may(text) else None

        def match(self, text: str, *rest: int) -> re.Match[str] | None:
            return self.__getattr__("match")(text, *rest) if self.may(text) else None

        def fullmatch(self, text: str, *rest: int) -> re.Match[str] | None:
            return self.__getattr__("fullmatch")(text, *rest) if self.may(text) else None

        def findall(self, text: str, *rest: int) -> list[Any]:
            return self.__getattr__("findall")(text, *rest) if self.may(text) else []

        def finditer(self, text: str, *rest: int) -> Iterator[re.Match[str]]:
            return self.__getattr__("finditer")(text, *rest) if self.may(text) else iter(())

        def sub(self, new: Any, text: str, count: int = 0) -> str:
            return self.__getattr__("sub")(new, text, count) if self.may(text) else text

    def regex(text: Any, flags: int = 0, *, needs: tuple[str, ...] = ()) -> Any:
        """`re.compile(text, flags)`; `needs`: texts of which one stands in every text that matches."""
        return Needing(text, flags, needs) if needs else Waiting(text, flags)


_LEAD = regex(r"(\^)?(?:\\b)?(?:\(([\w|/-]+)\)(?![?*{])|([\w/-]+)([?*{])?)")


def in_command(pattern: str, text: str) -> re.Match[str] | None:
    """`re.search`, which is not asked where the pattern wants words that are not there, or other first ones.

    Patterns of policies are many, and most are for one program: `^(apt|apt-get)\\b.*install|^apk add`.
    """
    wanted = _words(pattern)
    if wanted is not None and not text.startswith(wanted[0]) and not any(one in text for one in wanted[1]):
        return None
    return re.search(pattern, text)


@lru_cache(maxsize=1024)
def _words(pattern: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """With which words a text has to begin that matches, or which has to stand in it; None where that is not plain."""
    first: list[str] = []
    anywhere: list[str] = []
    for alternative in _alternatives(pattern):
        lead = _LEAD.match(alternative)
        if lead is None:
            return None
        words = lead[2].split("|") if lead[2] else [lead[3][: -1 if lead[4] else None]]
        (first if lead[1] else anywhere).extend(words)
    return tuple(first), tuple(anywhere)


def _alternatives(pattern: str) -> Iterator[str]:
    """The parts of a pattern between `|` that no parenthesis or class encloses."""
    depth, start, at, within = 0, 0, 0, False
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 1
        elif within:
            within = sign != "]"
        elif sign == "[":
            within = True
            at += pattern[at + 1 : at + 2] == "]" or 2 * (pattern[at + 1 : at + 3] == "^]")
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
        at += 1
    yield pattern[start:]


def like(name: str, glob: str) -> bool:
    """`fnmatch.fnmatchcase`, which is not asked where the glob is a name, or the beginning of one and `*`."""
    begun = glob.removesuffix("*")
    if not any(one in begun for one in "*?["):
        return name == begun if begun == glob else name.startswith(begun)
    return fnmatchcase(name, glob)


__all__ = ["in_command", "like", "regex"]
