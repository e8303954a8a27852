"""Near matches for names that are wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable

COMPARED = 12_000
"""Names that one check compares in a module: about a second."""


def close(name: str, allowed: Iterable[str], least: float = 0.6) -> str:
    """The most similar allowed name, or an empty string. `least`: how alike it is at least, of 1 for the same."""
    import difflib

    found = difflib.get_close_matches(name.lower(), {item.lower() for item in allowed}, n=1, cutoff=least)
    return next((item for item in sorted(allowed) if found and item.lower() == found[0]), "")


def instead(name: str, allowed: Collection[str], otherwise: str = "") -> str:
    """What to write: the most similar allowed name; where none is like it, `otherwise`, or any of them."""
    near = close(name, allowed)
    return f"write `{near}`" if near else otherwise or f"write {' or '.join(f'`{one}`' for one in sorted(allowed))}"


def alike(one: str, other: str) -> bool:
    """Whether two names differ by a slip of the finger at most."""
    import difflib

    return difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio() >= 0.8


class Sparing:
    """Suggestions for as many names as are compared in about a second: where hundreds are wrong, one for each helps nobody."""

    def __init__(self, left: int = COMPARED) -> None:
        self._left = left

    @property
    def spent(self) -> bool:
        return self._left <= 0

    def may(self, compared: int) -> bool:
        """Whether a name may be compared with that many others; they count from then on."""
        self._left -= compared
        return self._left >= 0

    def nearest(self, name: str, allowed: Collection[str]) -> str:
        """As `nearest`; an empty string when too many were compared."""
        return nearest(name, allowed) if self.may(len(allowed)) else ""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """`; did you mean x?`, or an empty string."""
    found = close(name, list(allowed))
    return f"; did you mean `{found}`?" if found and found != name else ""
