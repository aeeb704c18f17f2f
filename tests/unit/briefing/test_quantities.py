"""Numbers, units and what they measure."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing.chinesenumbers import chinese_value
from academichub.briefing.levelling import level
from academichub.briefing.quantities import amounts, quantities, unit_signs


def said(text: str) -> list[str]:
    return [one.said for one in quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("95% , 95 %, 95 percent and 95 percentage points", ["95 %"] * 4),
        ("1,000 and 1 000 and 1000", ["1000", "1", "0", "1000"]),
        ("10⁻³ $10^{-3}$ 1e-3 1 \\times 10^{-3}", ["0.001"] * 4),
        ("2.5 million and 250万", ["2500000", "2500000"]),
        ("2^10 points", ["2^10"]),
        ("between 5 and 10 GeV", ["5 GeV", "10 GeV"]),
        ("70 km s^-1 and 70 km/s", ["70 km/s", "70 km/s"]),
        ("5 m^2 of it", ["5 m^2"]),
        ("twofold, tenfold, twice and 2×", ["2 times", "10 times", "2 times", "2 times"]),
        ("hundredfold", ["100 times"]),
        ("three datasets and twenty-one runs, fifty-five hundred years", ["3", "21", "5500 yr"]),
        ("百分之九十五，两百五十万个，三倍", ["95 %", "2500000", "3 times"]),
        ("the 1990s and the 20th century", ["1990 th", "20 th"]),
        ("GPT-4, H2O, 5abc, two-stage", ["2"]),
        ("two K", ["2"]),
        ("-0.5 and 12345678901234567890", ["-0.5"]),
        ("3e-40", ["3E-40"]),
        ("no number at all", []),
    ],
)
def test_a_number_is_the_same_in_every_spelling(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_a_number_measures_the_word_behind_it_or_else_before_it() -> None:
    found = quantities("We train 40 models. Accuracy: 91 in all; in 7 of them: 8")

    assert [one.noun for one in found] == ["model", "accuracy", "", ""]


def test_small_numbers_in_words_are_no_amounts() -> None:
    assert amounts("three runs of 20 %") == ("20 %",)


def test_a_unit_is_lent_only_along_a_list() -> None:
    lent = [one.is_lent for one in quantities("5, 6 and 7 ms but 8 in 9 ms")]

    assert lent == [True, True, False, False, False]


def test_every_unit_has_a_sign() -> None:
    signs = unit_signs()

    assert (signs["km"], signs["μm"], signs["%"], signs["milliseconds"]) == ("km", "um", "%", "ms")


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("12.5", "12.5"), ("三百二十", "320"), ("两万五千", "25000"), ("九十五点二", "95.2"),
     ("二〇二六", "2026"), ("十",
    "10"), ("万", "10000"), ("一亿", "100000000"), ("三百x", "300")],
)  # fmt: skip
def test_chinese_numerals_are_read(numeral: str, value: str) -> None:
    assert chinese_value(numeral) == Decimal(value)


def test_two_spellings_of_a_text_are_level() -> None:
    assert level("a\u2013b  “c” $x \\times 10^{-3}$\\, 1,234,567") == level('a-b "c" x × 10⁻³ 1234567')
    assert level("\\mathrm{GeV}") == "mathrm GeV"


@given(st.text(max_size=80))
def test_any_text_has_its_numbers_inside_it(text: str) -> None:
    found = quantities(text)

    flat = level(text)
    assert all(0 <= one.start < one.end <= len(flat) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
