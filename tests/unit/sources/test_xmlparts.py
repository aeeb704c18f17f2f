from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from academichub.sources.xmlparts import (
    broken,
    date_of,
    full_name,
    iso_date,
    reading_order,
    two_letters,
    with_subtitle,
    written_date,
)


@pytest.mark.parametrize(
    ("xml", "date"),
    [
        ("<d><Year>2026</Year><Month>Jun</Month><Day>8</Day></d>", "2026-06-08"),
        ("<d><month>06</month><year>2026</year></d>", "2026-06"),
        ("<d><year>2026</year><month>31</month></d>", "2026"),
        ("<d><Year>2026</Year><Season>Winter</Season></d>", "2026"),
        ("<d><year>2026</year><month>2</month><day>31</day></d>", "2026-02"),
        ("<d><MedlineDate>2019 Nov-Dec</MedlineDate></d>", "2019-11"),
        ("<d><MedlineDate>Spring 2000</MedlineDate></d>", "2000"),
        ("<d><string-date>18 June 2026</string-date></d>", "2026-06-18"),
        ("<d iso-8601-date='2026-02-03'/>", "2026-02-03"),
        ("<d iso-8601-date='nonsense'/>", ""),
        ("<d><year>c2026</year></d>", "2026"),
        ("<d/>", ""),
    ],
)
def test_a_date_is_as_precise_as_its_parts(xml: str, date: str) -> None:
    assert date_of(etree.fromstring(xml)) == date


def test_no_date_is_no_date() -> None:
    assert date_of(None) == ""


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-06-18", "2026-06-18"),
        ("2026-06-18 10:30", "2026-06-18"),
        ("2026/6/18", "2026-06-18"),
        ("2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z"),
        ("4 Mar 2021", "2021-03-04"),
        ("Jan 2019", "2019-01"),
        ("2019 Jan 14", "2019-01-14"),
        ("1998 Dec-1999 Jan", "1998-12"),
        ("[c1962]", "1962"),
        ("2019-", "2019"),
        ("0000-00-00", ""),
        ("undated", ""),
        ("", ""),
    ],
)
def test_a_written_date_becomes_iso(text: str, date: str) -> None:
    assert written_date(text) == date


@given(st.text(max_size=60), st.text(max_size=8), st.text(max_size=8))
def test_no_text_breaks_a_date(year: str, month: str, day: str) -> None:
    assert isinstance(iso_date(year, month, day), str)


@pytest.mark.parametrize(
    ("language", "two"),
    [("fra", "fr"), ("fr-FR", "fr"), ("ger", "de"), ("deu-CH", "de"), ("EN", "en"), ("eng", "en"), ("", "")],
)
def test_languages_are_compared_by_two_letters(language: str, two: str) -> None:
    assert two_letters(language) == two


def test_names_are_written_in_reading_order() -> None:
    assert full_name("Ada", "Lovelace", "Jr.") == "Ada Lovelace Jr."
    assert full_name("明", "李") == "李明"
    assert full_name("Ming", "Li", is_eastern=True) == "Li Ming"
    assert full_name("", "Plato") == "Plato"
    assert reading_order("van  Beethoven, Ludwig") == "Ludwig van Beethoven"
    assert reading_order("Ludwig van Beethoven") == "Ludwig van Beethoven"
    assert reading_order(",") == ","


@pytest.mark.parametrize(
    ("title", "subtitle", "whole"),
    [
        ("A", "b", "A: b"),
        ("A?", "b", "A? b"),
        ("A: b", "B", "A: b"),
        ("", "b", "b"),
        ("A", "", "A"),
    ],
)
def test_a_subtitle_stands_behind_a_colon(title: str, subtitle: str, whole: str) -> None:
    assert with_subtitle(title, subtitle) == whole


def test_a_broken_entry_tells_its_line() -> None:
    error = broken(etree.fromstring("<a>\n<b/></a>")[0], "no  word")

    assert error.facts == {"reason": "no word", "line": 2}
