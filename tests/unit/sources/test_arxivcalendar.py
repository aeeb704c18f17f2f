"""On which days arXiv announces papers, and what a day without papers means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.sources.arxivcalendar import (
    LISTED,
    DayOff,
    Holiday,
    Mailing,
    Missed,
    NotYet,
    Occasion,
    Quiet,
    Stale,
    There,
    Weekend,
    announced_at,
    announcement_day,
    closes_at,
    feed_day,
    holiday_on,
    judge_day,
    mailing_day,
    mailing_days,
    next_mailing,
    previous_mailing,
    ready_at,
)

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
days = st.dates(date(1995, 1, 1), date(2060, 1, 1))
moments = st.datetimes(datetime(1995, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # st adds it


def at(text: str) -> datetime:
    """Read a moment on New York's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def day(text: str) -> date:
    return date.fromisoformat(text)


# -- feed days ---------------------------------------------------------------------------------------


def test_the_holidays_of_2026_are_those_arxiv_published() -> None:
    year = [date(2026, 1, 1) + DAY * number for number in range(365)]

    found = {f"{one:%m-%d}": holiday for one in year if (holiday := holiday_on(one))}

    assert " ".join(found) == "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31"
    assert not any(holiday.is_by_rule for holiday in found.values())


@pytest.mark.parametrize(
    ("on", "is_mailing"),
    [
        ("2026-01-16", True),
        ("2026-01-19", True),  # Monday, a holiday: its feed holds what was closed on Friday
        ("2026-01-20", False),
        ("2026-01-21", True),
        ("2026-06-19", True),  # Friday, a holiday: its feed holds Thursday's list
        ("2026-06-22", False),  # no announcement on the Sunday evening after
        ("2026-06-23", True),
        ("2026-12-25", True),
        ("2026-12-28", False),
        ("2026-12-29", True),
        ("2026-12-30", False),
        ("2026-12-31", True),
        ("2025-07-04", True),
        ("2025-07-07", False),
        ("2025-12-31", False),  # seen empty
        ("2026-06-20", False),
        ("2026-06-21", False),
    ],
)
def test_a_holiday_empties_the_feed_of_the_next_weekday(on: str, is_mailing: bool) -> None:  # noqa: FBT001  # a table
    assert mailing_day(day(on)).is_mailing is is_mailing


def test_a_day_without_a_mailing_says_why() -> None:
    assert mailing_day(day("2026-06-20")) == Mailing(day("2026-06-20"), is_mailing=False, is_weekend=True)
    assert mailing_day(day("2026-06-22")) == Mailing(
        day("2026-06-22"),
        is_mailing=False,
        holiday=Holiday(day("2026-06-19"), Occasion.JUNETEENTH, is_by_rule=False),
    )


def test_every_holiday_has_a_name_in_both_languages() -> None:
    assert Occasion.JUNETEENTH.english == "Juneteenth"
    assert Occasion.THANKSGIVING.chinese == "感恩节"
    assert all(occasion.english and occasion.chinese for occasion in Occasion)
    assert len({occasion.chinese for occasion in Occasion}) == len(Occasion)


def test_neighbouring_mailings_pass_over_weekends_and_holidays() -> None:
    assert next_mailing(day("2026-06-19")) == day("2026-06-23")
    assert previous_mailing(day("2026-06-23")) == day("2026-06-19")
    assert next_mailing(day("2026-06-20")) == previous_mailing(day("2026-06-24")) == day("2026-06-23")


def test_the_mailings_of_a_stretch_of_days_include_both_its_ends() -> None:
    found = mailing_days(day("2026-12-24"), day("2027-01-05"))

    assert [f"{one:%m-%d}" for one in found] == ["12-24", "12-25", "12-29", "12-31", "01-05"]
    assert mailing_days(day("2026-12-24"), day("2026-12-23")) == ()


@given(on=days)
def test_mailings_lie_on_weekdays_and_never_more_than_five_days_apart(on: date) -> None:
    after = next_mailing(on)

    assert after.weekday() < 5
    assert on < after <= on + 5 * DAY
    assert previous_mailing(after) <= on
    assert (mailing_day(on).is_mailing, mailing_day(on).is_weekend) != (True, True)


def test_the_ends_of_time_are_days_too() -> None:
    assert isinstance(judge("9999-12-30", "2026-06-17 00:20"), DayOff | NotYet)
    assert isinstance(judge("9999-12-31", "2026-06-17 00:20"), DayOff | NotYet)
    assert isinstance(judge("0001-01-01", "2026-06-17 00:20"), DayOff | Missed)


# -- years that arXiv has not listed -----------------------------------------------------------------


def test_other_years_are_told_by_rule_and_say_so() -> None:
    year = [date(2027, 1, 1) + DAY * number for number in range(365)]

    found = {f"{one:%m-%d}": holiday for one in year if (holiday := holiday_on(one))}

    assert {on: holiday.occasion.value for on, holiday in found.items()} == {
        "01-01": "new_year",
        "01-18": "king",
        "06-18": "juneteenth",  # the 19th is a Saturday
        "07-05": "independence",  # the 4th is a Sunday
        "09-06": "labor",
        "11-25": "thanksgiving",
        "12-24": "christmas",  # as in 2021, the last listed year with Christmas on a Saturday
        "12-28": "year_end",
        "12-30": "year_end",
    }
    assert all(holiday.is_by_rule for holiday in found.values())


def test_a_day_behind_a_probable_holiday_may_still_bring_papers() -> None:
    assert not mailing_day(day("2027-01-19")).is_mailing
    assert mailing_day(day("2027-01-19")).may_bring_papers
    assert not mailing_day(day("2026-01-20")).may_bring_papers
    assert not mailing_day(day("2027-01-16")).may_bring_papers


def test_before_it_kept_a_holiday_arxiv_did_not_keep_it() -> None:
    assert holiday_on(day("2012-07-04")) is None
    assert holiday_on(day("2012-01-16")) is None
    assert holiday_on(day("2012-11-22")) == Holiday(day("2012-11-22"), Occasion.THANKSGIVING, is_by_rule=True)


def test_a_new_years_day_on_a_weekend_is_not_made_up_for() -> None:
    assert not any(holiday_on(date(2028, 1, 1) + DAY * step) for step in range(-1, 3))


def test_christmas_has_been_listed_on_every_weekday_so_that_each_year_has_its_like() -> None:
    assert {date(year, 12, 25).weekday() for year in LISTED} == set(range(7))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_rules_for_public_holidays_agree_with_the_lists(year: int) -> None:
    own = {Occasion.OWN, Occasion.YEAR_END, Occasion.NEW_YEAR}
    listed = {(month, on): occasion for (month, on), occasion in LISTED[year].items() if occasion not in own}

    # 400 years have the same weekdays again.
    again = [date(year + 400, 1, 1) + DAY * number for number in range(365)]
    told = {(one.month, one.day): found.occasion for one in again if (found := holiday_on(one))}

    assert listed.items() <= told.items()


# -- from a submission to its announcement -----------------------------------------------------------


@pytest.mark.parametrize(
    ("submitted", "announced"),
    [
        ("2026-06-15 13:59", "2026-06-16"),  # Monday: announced on Monday evening, in Tuesday's feed
        ("2026-06-15 14:00", "2026-06-17"),
        ("2026-06-16 13:59", "2026-06-17"),
        ("2026-06-10 14:00", "2026-06-12"),
        ("2026-06-11 14:00", "2026-06-15"),  # Thursday afternoon: Sunday evening
        ("2026-06-12 13:59", "2026-06-15"),
        ("2026-06-12 14:00", "2026-06-16"),  # Friday afternoon: Monday evening
        ("2026-06-13 09:00", "2026-06-16"),
        ("2026-06-14 23:00", "2026-06-16"),
        ("2026-06-18 14:00", "2026-06-23"),  # the Friday is a holiday
        ("2026-01-16 14:00", "2026-01-21"),  # the Monday is one
        ("2026-01-19 12:00", "2026-01-21"),
        ("2026-12-24 14:00", "2026-12-29"),
        ("2026-12-28 14:00", "2026-12-31"),
        ("2016-03-01 15:59", "2016-03-02"),  # the cut-off was at 16:00 in those days
        ("2016-03-01 16:00", "2016-03-03"),
    ],
)
def test_a_submission_is_in_the_feed_of_the_weekday_after_its_list_was_closed(
    submitted: str, announced: str
) -> None:
    assert announcement_day(at(submitted)) == day(announced)
    assert announcement_day(at(submitted).astimezone(UTC)) == day(announced)


@pytest.mark.parametrize(
    ("submitted", "announced"),
    [
        ("2026-03-06T18:59Z", "2026-03-09"),  # the Friday before clocks go forward
        ("2026-03-06T19:00Z", "2026-03-10"),
        ("2026-03-09T17:59Z", "2026-03-10"),  # the Monday after: an hour earlier
        ("2026-03-09T18:00Z", "2026-03-11"),
        ("2026-11-02T18:59Z", "2026-11-03"),
    ],
)
def test_the_cut_off_moves_with_the_clocks_of_new_york(submitted: str, announced: str) -> None:
    assert announcement_day(datetime.fromisoformat(submitted)) == day(announced)


@given(submitted=moments)
def test_submissions_are_announced_on_mailing_days_in_their_order(submitted: datetime) -> None:
    announced = announcement_day(submitted)

    assert mailing_day(announced).is_mailing
    assert announced_at(announced) - submitted >= timedelta(hours=4)
    assert announced <= announcement_day(submitted + timedelta(hours=1))
    assert announced - submitted.date() <= 9 * DAY


def test_an_instant_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 6, 15, 12)  # noqa: DTZ001  # that is the point

    with pytest.raises(ValueError, match="time zone"):
        announcement_day(naive)
    with pytest.raises(ValueError, match="time zone"):
        feed_day(naive)


# -- hours -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "announced", "ready", "closes"),
    [
        ("2026-06-16", "2026-06-16T00:00Z", "2026-06-16T04:15Z", "2026-06-16T16:00Z"),
        ("2026-01-15", "2026-01-15T01:00Z", "2026-01-15T05:15Z", "2026-01-15T17:00Z"),
        ("2026-03-09", "2026-03-09T00:00Z", "2026-03-09T04:15Z", "2026-03-09T16:00Z"),
        ("2026-11-02", "2026-11-02T01:00Z", "2026-11-02T05:15Z", "2026-11-02T17:00Z"),
    ],
)
def test_a_batch_is_public_at_eight_ready_after_midnight_and_late_at_noon(
    on: str, announced: str, ready: str, closes: str
) -> None:
    assert announced_at(day(on)) == datetime.fromisoformat(announced)
    assert ready_at(day(on)) == datetime.fromisoformat(ready)
    assert closes_at(day(on)) == datetime.fromisoformat(closes)
    assert ready_at(day(on)).tzinfo is UTC


def test_the_day_of_a_feed_is_the_calendar_day_in_new_york() -> None:
    assert feed_day(datetime(2026, 6, 19, 3, 59, tzinfo=UTC)) == day("2026-06-18")
    assert feed_day(datetime(2026, 6, 19, 4, 0, tzinfo=UTC)) == day("2026-06-19")


# -- the line under the date -------------------------------------------------------------------------


def judge(
    on: str,
    now: str,
    *,
    has_batch: bool = False,
    newest: str | None = None,
    asked: bool = True,
    empty: bool = False,
    due: str | None = None,
) -> object:
    return judge_day(
        day(on),
        now=at(now),
        has_batch=has_batch,
        newest_batch=day(newest) if newest else None,
        asked_at_least_once=asked,
        is_honestly_empty=empty,
        next_due_at=at(due).astimezone(UTC) if due else None,
    )


def test_a_batch_that_came_is_there_whatever_the_calendar_says() -> None:
    assert judge("2026-06-17", "2026-06-17 00:20", has_batch=True) == There(day("2026-06-17"))
    assert judge("2027-01-19", "2027-01-19 00:20", has_batch=True) == There(day("2027-01-19"))


def test_weekends_and_holidays_are_honestly_empty() -> None:
    assert judge("2026-06-20", "2026-06-20 09:00") == Weekend(day("2026-06-20"))
    found = judge("2026-06-22", "2026-06-22 09:00", asked=False)
    assert isinstance(found, DayOff)
    assert found.holiday.occasion is Occasion.JUNETEENTH


def test_a_small_category_may_have_had_nothing() -> None:
    assert judge("2026-06-17", "2026-06-17 00:20", empty=True) == Quiet(day("2026-06-17"))


def test_before_its_time_or_the_first_question_a_batch_is_not_yet_there() -> None:
    due = NotYet(day("2026-06-17"), ready_at(day("2026-06-17")))

    assert judge("2026-06-17", "2026-06-16 21:00") == due
    assert judge("2026-06-17", "2026-06-17 00:14") == due
    assert judge("2026-06-17", "2026-06-17 00:40", asked=False) == due


def test_an_older_batch_while_todays_is_due_is_stale_and_says_when_it_is_tried_again() -> None:
    told = judge("2026-06-17", "2026-06-17 02:00", newest="2026-06-16", due="2026-06-17 03:05")
    guessed = judge("2026-06-17", "2026-06-17 02:00", due="2026-06-17 01:00")

    assert told == Stale(day("2026-06-17"), day("2026-06-16"), at("2026-06-17 03:05").astimezone(UTC))
    assert guessed == Stale(day("2026-06-17"), None, at("2026-06-17 03:00").astimezone(UTC))


def test_what_has_not_come_by_noon_is_missed_and_says_whether_it_was_asked_for() -> None:
    assert judge("2026-06-17", "2026-06-17 12:00") == Missed(day("2026-06-17"), was_asked=True)
    assert judge("2026-06-17", "2026-06-18 09:00", asked=False) == Missed(day("2026-06-17"), was_asked=False)


def test_a_day_that_a_newer_batch_has_overtaken_is_missed() -> None:
    assert judge("2026-06-17", "2026-06-17 09:00", newest="2026-06-18") == Missed(
        day("2026-06-17"), was_asked=True
    )


def test_every_verdict_has_a_word_of_its_own_for_the_catalogues() -> None:
    verdicts = (There, Weekend, DayOff, Quiet, NotYet, Stale, Missed)

    assert len({verdict.code for verdict in verdicts}) == len(verdicts)


@given(on=st.dates(date(2020, 1, 1), date(2035, 1, 1)), now=moments, asked=st.booleans())
def test_a_day_can_always_be_judged_and_only_a_day_that_is_over_is_missed(
    on: date,
    now: datetime,
    asked: bool,  # noqa: FBT001  # hypothesis names its arguments
) -> None:
    verdict = judge_day(on, now=now, has_batch=False, newest_batch=None, asked_at_least_once=asked)

    if isinstance(verdict, Missed):
        assert now >= closes_at(on)
    if isinstance(verdict, NotYet | Stale):
        assert now < closes_at(on)
        assert mailing_day(on).is_mailing
