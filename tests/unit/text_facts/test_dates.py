"""Dates: read as written, in the writer's own zone, and never more exactly than they say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.papers import Moment, Precision
from academichub.text.dates import read_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)

days = st.dates(min_value=date(1600, 1, 1), max_value=date(2027, 12, 31))
zones = st.integers(min_value=-23 * 60, max_value=23 * 60).map(lambda east: timezone(timedelta(minutes=east)))
instants = st.builds(
    lambda on, clock, zone: datetime.combine(on, clock.replace(microsecond=0), zone),
    st.dates(min_value=date(1970, 1, 2), max_value=date(2027, 12, 31)),
    st.times(),
    zones,
)


def day(year: int, month: int, number: int) -> Moment:
    return Moment(datetime(year, month, number, tzinfo=UTC), date(year, month, number), Precision.DAY)


def month(year: int, number: int) -> Moment:
    return Moment(datetime(year, number, 1, tzinfo=UTC), date(year, number, 1), Precision.MONTH)


def year(number: int) -> Moment:
    return Moment(datetime(number, 1, 1, tzinfo=UTC), date(number, 1, 1), Precision.YEAR)


def instant(at: str, on: str) -> Moment:
    return Moment(datetime.fromisoformat(at).astimezone(UTC), date.fromisoformat(on), Precision.INSTANT)


# -- instants -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "at", "on"),
    [
        ("2026-06-18T10:30:00Z", "2026-06-18T10:30Z", "2026-06-18"),
        ("2026-06-18t10:30:00z", "2026-06-18T10:30Z", "2026-06-18"),
        ("2026-06-18T10:30Z", "2026-06-18T10:30Z", "2026-06-18"),
        ("2026-06-18T10:30:00", "2026-06-18T10:30Z", "2026-06-18"),
        ("2026-06-18 10:30:00", "2026-06-18T10:30Z", "2026-06-18"),
        ("2026-06-18 10:30:00 +0000", "2026-06-18T10:30Z", "2026-06-18"),
        ("2026-06-18 10:30:00 UTC", "2026-06-18T10:30Z", "2026-06-18"),
        ("2026-06-18T10:30:00.1234567Z", "2026-06-18T10:30:00.123456Z", "2026-06-18"),
        ("2026-06-18T00:30:00+08:00", "2026-06-17T16:30Z", "2026-06-18"),
        ("2026-06-18T22:00:00-0400", "2026-06-19T02:00Z", "2026-06-18"),
        ("20260618T103000Z", "2026-06-18T10:30Z", "2026-06-18"),
        ("2026-06-18T24:00:00Z", "2026-06-19T00:00Z", "2026-06-18"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00Z", "2016-12-31"),
        ("6/18/2026 3:04 PM", "2026-06-18T15:04Z", "2026-06-18"),
        ("18.06.2026 15:04", "2026-06-18T15:04Z", "2026-06-18"),
        ("2026年6月18日 星期四 10:30", "2026-06-18T10:30Z", "2026-06-18"),
    ],
)
def test_a_machine_readable_instant_keeps_its_zones_day(written: str, at: str, on: str) -> None:
    assert read_date(written, now=NOW) == instant(at, on)


@pytest.mark.parametrize(
    ("written", "at", "on"),
    [
        ("Thu, 18 Jun 2026 00:00:00 -0400", "2026-06-18T04:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 21:00:00 PDT", "2026-06-19T04:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 21:00:00 EST", "2026-06-19T02:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 10:00:00 GMT", "2026-06-18T10:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 10:00:00 UT", "2026-06-18T10:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 10:00:00 GMT+0800", "2026-06-18T02:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 10:00:00 +0000 (UTC)", "2026-06-18T10:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 10:00:00 -0030", "2026-06-18T10:30Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 10:00:00", "2026-06-18T10:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 10:00 Z", "2026-06-18T10:00Z", "2026-06-18"),
        ("Thu, 18 Jun 2026 10:00:00 XYZ", "2026-06-18T10:00Z", "2026-06-18"),
        ("18 Jun 2026 10:00:00 GMT", "2026-06-18T10:00Z", "2026-06-18"),
        ("Mon, 18 Jun 2026 10:00:00 GMT", "2026-06-18T10:00Z", "2026-06-18"),
        ("Thursday, 18-Jun-26 10:00:00 GMT", "2026-06-18T10:00Z", "2026-06-18"),
        ("Fri, 18 Jun 99 10:00:00 GMT", "1999-06-18T10:00Z", "1999-06-18"),
        ("Do, 18 Jun 2026 10:00:00 +0200", "2026-06-18T08:00Z", "2026-06-18"),
        ("Don, 18 Juni 2026 10:00:00 CEST", "2026-06-18T08:00Z", "2026-06-18"),
    ],
)
def test_a_dates_zone_is_honoured_and_its_weekday_is_not(written: str, at: str, on: str) -> None:
    assert read_date(written, now=NOW) == instant(at, on)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("Sat Jul  6 00:00:00 2024", "2024-07-06T00:00Z"),
        ("Sat Jul 6 12:00:00 PDT 2024", "2024-07-06T19:00Z"),
        ("Sat Jul 06 2024 12:00:00 GMT+0800 (China Standard Time)", "2024-07-06T04:00Z"),
        ("July 6, 2024 at 10:30 p.m.", "2024-07-06T22:30Z"),
        ("July 6, 2024 12:30 AM UTC", "2024-07-06T00:30Z"),
    ],
)
def test_an_instant_in_words_is_read(written: str, at: str) -> None:
    assert read_date(written, now=NOW) == instant(at, "2024-07-06")


# -- days, months, years --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2026-06-18",
        " 2026-06-18\n",
        "20260618",
        "2026-6-18",
        "2026/6/18",
        "2026.06.18",
        "18.06.2026",
        "18/06/2026",
        "6/18/2026",
        "2026-06-18Z",
        "2026-06-18-08:00",
        "2026-06-18+08:00",
        "18 June 2026",
        "18 Jun. 2026",
        "18-Jun-2026",
        "18-Jun-26",
        "18th of June, 2026",
        "June 18, 2026",
        "Thursday, June 18th, 2026",
        "Thu, 18 Jun 2026",
        "2026 Jun 18",
        "2026 Jun 18-24",
        "18–24 June 2026",
        "June 18-24, 2026",
        "Available online 18 June 2026",
        "18 juin 2026",
        "jeudi 18 juin 2026",
        "18. Juni 2026",
        "Donnerstag, 18. Juni 2026",
        "18 de junio de 2026",
        "18 giugno 2026",
        "18 de junho de 2026",
        "2026年6月18日",
        "2026 年 06 月 18 日",
        "２０２６年６月１８日",
        "2026年6月18日（星期四）",
        "2026년 6월 18일",
    ],
)
def test_a_day_is_a_day_however_it_is_written(written: str) -> None:
    assert read_date(written, now=NOW) == day(2026, 6, 18)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("janvier", 1),
        ("février", 2),
        ("März", 3),
        ("março", 3),
        ("abril", 4),
        ("maggio", 5),
        ("Mai", 5),
        ("giugno", 6),
        ("juillet", 7),
        ("août", 8),
        ("ago", 8),
        ("Sept.", 9),
        ("set", 9),
        ("outubro", 10),
        ("Okt.", 10),
        ("novembre", 11),
        ("dicembre", 12),
        ("Dez.", 12),
    ],
)
def test_months_are_known_in_six_languages(written: str, number: int) -> None:
    assert read_date(f"1 {written} 2025", now=NOW) == day(2025, number, 1)


def test_the_first_of_a_month_may_be_an_ordinal() -> None:
    assert read_date("1er août 2025", now=NOW) == day(2025, 8, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2026-06",
        "2026/6",
        "2026-06-00",
        "2026-06-00T00:00:00",
        "June 2026",
        "Jun. 2026",
        "June, 2026",
        "2026 Jun",
        "Jun-Jul 2026",
        "June/July 2026",
        "June and July 2026",
        "2026 Jun-Jul",
        "juin 2026",
        "2026年6月",
        "Publication date: June 2026",
    ],
)
def test_no_day_is_made_up_for_a_month(written: str) -> None:
    assert read_date(written, now=NOW) == month(2026, 6)


def test_an_issue_over_new_year_is_dated_by_its_first_month() -> None:
    assert read_date("Dec 2025-Jan 2026", now=NOW) == month(2025, 12)
    assert read_date("2025 Dec-2026 Jan", now=NOW) == month(2025, 12)


@pytest.mark.parametrize(
    "written",
    [
        "2026",
        "2026-00-00",
        "2026年",
        "Summer 2026",
        "2026 Summer",
        "Spring-Summer 2026",
        "2026 Fall-Winter",
        "Winter 2026-2027",
        "06/07/2026",
        "6-7-2026",
    ],
)
def test_no_month_is_made_up_for_a_year(written: str) -> None:
    assert read_date(written, now=NOW) == year(2026)


def test_a_day_that_equals_its_month_is_not_ambiguous() -> None:
    assert read_date("06/06/2026", now=NOW) == day(2026, 6, 6)


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "today",
        "in press",
        "Spring-Summer",
        "18 June",
        "18",
        "10:30",
        "June",
        "2026-02-30",
        "31 June 2026",
        "Tue, 31 Jun 2026 10:00:00 GMT",
        "Thu, 18 Foo 2026 10:00:00 GMT",
        "2026-13",
        "2026-06-18T25:00:00Z",
        "2026-06-18T10:61:00Z",
        "18 June 2026 10:75",
        "2026-W25",
        "2026-W25-4",
        "202606",
        "2026-2027",
        "Issue 3, March 2026",
        "12 (3) June 2026 pp 4",
        "18 June 2026 §",
        "2026年13月",
        "第18期",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
        "1599-12-31",
        "June 2026 " + "x" * 200,
    ],
)
def test_what_cannot_be_read_is_not_guessed(written: str) -> None:
    assert read_date(written, now=NOW) is None


def test_a_date_may_lie_two_years_ahead_and_no_more() -> None:
    assert read_date("2028-06", now=NOW) == month(2028, 6)
    assert read_date("2028-07", now=NOW) is None
    assert read_date("1600", now=NOW) == year(1600)


# -- for any date ---------------------------------------------------------------------------------


@given(instants)
def test_an_instant_comes_back_from_iso_and_from_rfc_822(at: datetime) -> None:
    wanted = Moment(at.astimezone(UTC), at.date(), Precision.INSTANT)

    assert read_date(at.isoformat(), now=NOW) == wanted
    assert read_date(format_datetime(at), now=NOW) == wanted


@given(days)
def test_a_day_comes_back_from_every_form(on: date) -> None:
    wanted = day(on.year, on.month, on.day)
    name = on.strftime("%B")

    for written in (
        on.isoformat(),
        f"{on.year}/{on.month}/{on.day}",
        f"{on.day}.{on.month}.{on.year}",
        f"{on.day} {name} {on.year}",
        f"{name} {on.day}, {on.year}",
        f"{on.year} {name[:3]} {on.day}",
        f"{on.year}年{on.month}月{on.day}日",
        f"{on.isoformat()}+08:00",
    ):
        assert read_date(written, now=NOW) == wanted, written


pieces = st.lists(
    st.sampled_from(
        [
            *("2026", "18", "0", "6", "June", "Jul", "Summer", "Thu", "de", "at", "10:30", "99:99", "24:00"),
            *(
                "-",
                "/",
                ".",
                " ",
                ", ",
                "T",
                "Z",
                "PDT",
                "+0800",
                "-99:99",
                "年",
                "月",
                "日",
                "(x)",
                "٣",
                "²",
            ),
            *("12:00 AM", "0000", "9999"),
        ]
    ),
    max_size=9,
).map("".join)


@given(st.one_of(st.text(max_size=40), pieces))
def test_no_text_breaks_the_reader_or_gives_a_day_it_does_not_hold(text: str) -> None:
    moment = read_date(text, now=NOW)

    if moment:
        assert moment.at.tzinfo is UTC
        assert 1600 <= moment.on.year <= 2028
        assert abs(moment.at.date() - moment.on) <= timedelta(days=5)
        assert moment.precision in (Precision.DAY, Precision.INSTANT) or moment.on.day == 1
        assert moment.precision is not Precision.YEAR or moment.on.month == 1


@pytest.mark.parametrize("folder", ["captures/journal_rss", "captures/arxiv_rss", "cjk/chinese-econ-rss"])
def test_every_date_of_real_journal_feeds_is_read(data: Callable[[str], Path], folder: str) -> None:
    element = re.compile(r"<(?:pubDate|dc:date|published|updated|prism:publicationDate)>([^<]+)<")
    texts = [path.read_text(encoding="utf-8") for path in data(folder).rglob("*.[xr][ms][ls]")]
    dates = {written for text in texts for written in element.findall(text)}

    unread = [
        written for written in dates if read_date(written, now=datetime(2026, 12, 1, tzinfo=UTC)) is None
    ]

    assert dates
    assert unread == []
