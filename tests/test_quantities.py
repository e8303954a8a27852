"""Quantities of Kubernetes are compared exactly."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc.kubernetes.syntax import quantity
from svc.quantities import amount, exceeds, nanos, times_ten, total

FACTORS = {"": Fraction(1), "n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000)} | {
    one: Fraction(1000) ** power for power, one in enumerate("kMGTPE", 1)
}
BINARY = {f"{one}i": Fraction(1024) ** power for power, one in enumerate("KMGTPE", 1)}
numbers = st.from_regex(r"[+-]?([0-9]{1,12}(\.[0-9]{0,12})?|\.[0-9]{1,12})", fullmatch=True).map(
    lambda text: text.translate({ord(one): str(int(one)) for one in text if one.isdigit()})
)


@given(numbers, st.sampled_from(sorted({**FACTORS, **BINARY})))
def test_a_quantity_is_its_number_times_its_suffix(number: str, suffix: str) -> None:
    exact = Fraction(number) * {**FACTORS, **BINARY}[suffix] * 10**9
    assert nanos(number + suffix) == (math.ceil(exact) if exact >= 0 else math.floor(exact))
    if exact.denominator == 1:
        assert amount(number + suffix) == exact / 10**9


@given(numbers, st.integers(-12, 12), st.sampled_from("eE"))
def test_exponents_are_of_ten(number: str, power: int, mark: str) -> None:
    exact = Fraction(number) * Fraction(10) ** power * 10**9
    assert nanos(f"{number}{mark}{power}") == (math.ceil(exact) if exact >= 0 else math.floor(exact))


@pytest.mark.parametrize(
    "text", ["", "m", "Gi", "1 Gi", "x", "1_000", "1e", "1e3Ki", "1e3k", "\u0661", "1.2.3", "0x1", "--1"]
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        nanos(text)


def test_an_exponent_may_be_any() -> None:
    assert nanos("1e999999999") > nanos("1e500") > nanos("9e400")
    assert nanos("-1e500") < nanos("-9e400")
    assert nanos("1e-500") == nanos("1e-999999999") == 1
    assert nanos("-1e-500") == -1
    assert nanos("0e999999999") == 0
    assert nanos(f"0.{'0' * 3000}1") == 1


@given(st.floats() | st.from_regex(r"[+-]?[0-9.]{1,6}([eE][+-]?[0-9]{1,5}|[a-zA-Z]{0,2})", fullmatch=True))
def test_whatever_the_api_takes_is_counted(given_: float | str) -> None:
    if quantity(given_):
        assert isinstance(nanos(str(given_)), int)


@pytest.mark.parametrize(
    ("text", "ten"), [("100m", "1"), ("250m", "2500m"), ("1", "10"), ("0.5", "5"), ("1500u", "15m"), ("2k", "20000")]
)
def test_ten_times_an_amount_is_as_people_write_it(text: str, ten: str) -> None:
    assert times_ten(text) == ten


def test_totals_are_whole_or_rounded_up() -> None:
    assert total("512Mi", "512Mi") == "1Gi"
    assert total("1Gi", "1") == "1025Mi"
    assert total("128M") == "123Mi"
    assert exceeds("1Gi", "1G")
    assert not exceeds("1000m", "1")
