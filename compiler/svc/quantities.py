"""Kubernetes quantities, exactly (apimachinery resource.Quantity)."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

_SUFFIXES: dict[str, Fraction | int] = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "k": 10**3,
    "M": 10**6,
    "G": 10**9,
    "T": 10**12,
    "P": 10**15,
    "E": 10**18,
}
_BINARY: dict[str, Fraction | int] = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}


@lru_cache(maxsize=1024)
def amount(text: str) -> Fraction:
    """`100m` -> 1/10, `1Gi` -> 2**30. ValueError for anything else."""
    for table in (_BINARY, _SUFFIXES):
        for suffix, factor in table.items():
            if text.endswith(suffix):
                return Fraction(text[: -len(suffix)]) * factor
    return Fraction(text)


def exceeds(one: str, other: str) -> bool:
    return amount(one) > amount(other)


def total(*sizes: str) -> str:
    """Amounts of memory or disk together, in whole `Gi` if they are, else in `Mi` and rounded up."""
    found = sum(map(amount, sizes), Fraction(0))
    gibi, mebi = found / 2**30, found / 2**20
    return f"{gibi}Gi" if gibi.denominator == 1 else f"{math.ceil(mebi)}Mi"


def times_ten(cpu: str) -> str:
    """Ten times an amount of CPU, as people write it: `100m` -> `1`, `250m` -> `2500m`."""
    thousandths = int(amount(cpu) * 10_000)
    return str(thousandths // 1000) if thousandths % 1000 == 0 else f"{thousandths}m"
