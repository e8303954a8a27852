"""Kubernetes quantities, exactly (apimachinery resource.Quantity)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

NANO = 10**9
"""What Kubernetes counts in: there is no less than a billionth, and less of one is one."""
SMALL = r"[+]?0*([0-9]{0,6}([.][0-9]*)?m|[0-9]{0,9}([.][0-9]*)?u|[0-9]{0,12}([.][0-9]*)?n)"
"""Fractions of one that make less than a thousand: of bytes, nobody means that."""
_TENS = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}
_LONGEST = 5000
"""Digits before or after the point that an exponent may ask for; with more, an amount is as large or as small as with these."""


@lru_cache(maxsize=1024)
def nanos(text: str) -> int:
    """Billionths, rounded away from zero: `100m` -> 10**8, `1Gi` -> 2**30 * 10**9. ValueError for anything else."""
    factor = _BINARY.get(text[-2:], 1)
    digits = text if factor == 1 else text[:-2]
    exponent = 9
    if factor == 1 and text[-1:] in _TENS:
        exponent += _TENS[text[-1:]]
        digits = text[:-1]
    elif factor == 1:
        digits, mark, tens = text.replace("E", "e").partition("e")
        exponent += min(max(int(tens), -_LONGEST), _LONGEST) if mark else 0
    whole, _, part = digits.partition(".")
    exponent -= len(part)
    if "_" in text or text.split() != [text] or not text.isascii():
        raise ValueError(text)
    number = int(whole + part) * factor
    if exponent >= 0:
        return int(number * 10**exponent)
    rounded = -(-abs(number) // int(10**-exponent))
    return rounded if number >= 0 else -rounded


@lru_cache(maxsize=1024)
def amount(text: str) -> Fraction:
    """`100m` -> 1/10, `1Gi` -> 2**30. ValueError for anything else."""
    from fractions import Fraction  # two milliseconds, which most runs do not need

    return Fraction(nanos(text), NANO)


def exceeds(one: str, other: str) -> bool:
    return nanos(one) > nanos(other)


def total(*sizes: str) -> str:
    """Amounts of memory or disk together, in whole `Gi` if they are, else in `Mi` and rounded up."""
    found = sum(map(nanos, sizes))
    gibi, mebi = NANO * 2**30, NANO * 2**20
    return f"{found // gibi}Gi" if found % gibi == 0 else f"{-(-found // mebi)}Mi"


def times_ten(cpu: str) -> str:
    """Ten times an amount of CPU, as people write it: `100m` -> `1`, `250m` -> `2500m`."""
    thousandths = nanos(cpu) * 10 // 10**6
    return str(thousandths // 1000) if thousandths % 1000 == 0 else f"{thousandths}m"
