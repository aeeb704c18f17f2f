from __future__ import annotations

import pytest

from academichub.references.dates import finest, iso, iso_date, year_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2021", "2021"),
        ("2021-05", "2021-05"),
        ("2021-5-7", "2021-05-07"),
        ("2021-05/2021-06", "2021-05"),
        ("2021-05-06T12:00:00Z", "2021-05-06"),
        ("1964~", "1964"),
        ("2021-21", "2021"),
        ("2021-02-30", "2021-02"),
        ("1948/07//", "1948-07"),
        ("2014//", "2014"),
        ("2019/07/02/Summer", "2019-07-02"),
        ("January 7, 2013", "2013-01-07"),
        ("May 2022", "2022-05"),
        ("Summer 2013", "2013"),
        ("2014-2015", "2014"),
        ("1999–2000", "1999"),
        ("2014-12-31 to 2015-01-01", "2014-12-31"),
        ("c. 1564, reprinted", "1564"),
        ("2026年6月18日", "2026-06-18"),
        ("9265", "9265"),
        ("100", "0100"),
        ("in press", ""),
        ("0000", ""),
        ("", ""),
        ("2" * 300, ""),
    ],
)
def test_a_date_is_as_precise_as_it_was_written(written: str, read: str) -> None:
    assert iso_date(written) == read


def test_the_calendar_bounds_what_a_date_may_be() -> None:
    assert iso(0) == iso(10_000) == ""
    assert iso(2021, 13, 1) == "2021"
    assert year_of("0100") == 100
    assert year_of("") is None


def test_of_several_dates_the_most_precise_of_the_first_year_counts() -> None:
    assert finest(["2001", "2001/05/06/", "2003-01-01"]) == "2001-05-06"
    assert finest(["never"]) == ""
