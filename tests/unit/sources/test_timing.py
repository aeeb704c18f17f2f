"""When a source is asked again: arXiv by the clock of its home, the others by their own wish."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.papers import Feed
from academichub.sources.timing import arxiv_day, next_after_answer, next_after_failure

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 6, 19, 12, 0, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # st adds it
dice = st.floats(0, 1, exclude_max=True)


def at(text: str) -> datetime:
    """Read a moment on New York's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def arxiv(now: str, *, has_batch: bool, thrown: float = 0.0) -> datetime:
    turn = next_after_answer(
        "arxiv",
        feed=None,
        has_batch=has_batch,
        now=at(now).astimezone(UTC),
        max_age_seconds=60,
        dice=thrown,
    )
    assert turn.tzinfo is UTC
    return turn.astimezone(NEW_YORK)


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        ("2026-06-16 00:20", "2026-06-17 00:15"),  # Tuesday, the batch just came
        ("2026-06-16 11:00", "2026-06-17 00:15"),
        ("2026-06-19 00:20", "2026-06-22 00:15"),  # Friday: the weekend is skipped
        ("2026-06-19 23:59", "2026-06-22 00:15"),
        ("2026-06-22 00:05", "2026-06-22 00:15"),  # before the day's batch can be there
    ],
)
def test_with_the_days_batch_the_next_turn_is_the_next_announcement(now: str, turn: str) -> None:
    assert arxiv(now, has_batch=True) == at(turn)


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        ("2026-06-20 00:20", "2026-06-22 00:15"),  # Saturday has no batch to miss
        ("2026-06-21 23:50", "2026-06-22 00:15"),
        ("2026-06-22 00:14", "2026-06-22 00:15"),
        ("2026-06-19 12:00", "2026-06-22 00:15"),  # a holiday: noon of a Friday ends the waiting
        ("2026-06-18 15:00", "2026-06-19 00:15"),
    ],
)
def test_where_no_batch_can_be_expected_none_is_waited_for(now: str, turn: str) -> None:
    assert arxiv(now, has_batch=False) == at(turn)


@pytest.mark.parametrize("now", ["2026-06-16 00:15", "2026-06-16 03:00", "2026-06-16 11:59"])
def test_a_missing_batch_is_looked_for_every_hour_until_noon(now: str) -> None:
    assert arxiv(now, has_batch=False) - at(now) == timedelta(minutes=54)
    assert arxiv(now, has_batch=False, thrown=0.999) - at(now) < timedelta(minutes=66)


def test_hubs_spread_their_turns_over_twenty_minutes() -> None:
    assert arxiv("2026-06-16 00:20", has_batch=True, thrown=0.5) == at("2026-06-17 00:25")
    assert arxiv("2026-06-16 00:20", has_batch=True, thrown=0.999) < at("2026-06-17 00:35")


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        ("2026-03-06T12:00Z", "2026-03-09T04:15Z"),  # New York's clocks go forward on the Sunday between
        ("2026-03-05T12:00Z", "2026-03-06T05:15Z"),
        ("2026-10-30T12:00Z", "2026-11-02T05:15Z"),  # and back
        ("2026-10-29T12:00Z", "2026-10-30T04:15Z"),
    ],
)
def test_summer_time_begins_and_ends_where_arxiv_lives(now: str, turn: str) -> None:
    found = next_after_answer(
        "arxiv", feed=None, has_batch=True, now=datetime.fromisoformat(now), max_age_seconds=None, dice=0.0
    )

    assert found == datetime.fromisoformat(turn)


def test_the_day_of_a_batch_is_the_calendar_day_in_new_york() -> None:
    assert f"{arxiv_day(datetime(2026, 6, 19, 3, 59, tzinfo=UTC))}" == "2026-06-18"
    assert f"{arxiv_day(datetime(2026, 6, 19, 4, 0, tzinfo=UTC))}" == "2026-06-19"


@given(now=moments, has_batch=st.booleans(), thrown=dice)
def test_arxiv_is_never_asked_on_a_weekend_nor_later_than_the_next_announcement(
    now: datetime,
    has_batch: bool,  # noqa: FBT001  # hypothesis names its arguments
    thrown: float,
) -> None:
    turn = next_after_answer(
        "arxiv", feed=None, has_batch=has_batch, now=now, max_age_seconds=None, dice=thrown
    )

    assert now < turn <= now + timedelta(days=3, hours=2)
    assert turn.astimezone(NEW_YORK).weekday() < 5


# -- other feeds -------------------------------------------------------------------------------------


def wait_of(ttl: int | None, max_age: int | None, *, thrown: float = 0.5) -> timedelta:
    feed = Feed(format="rss 2.0", parser="lxml", ttl_minutes=ttl)
    turn = next_after_answer(
        "feed", feed=feed, has_batch=False, now=NOW, max_age_seconds=max_age, dice=thrown
    )
    return turn - NOW


@pytest.mark.parametrize(
    ("ttl", "max_age", "hours"),
    [
        (None, None, 3),  # no wish at all
        (None, 0, 3),
        (360, None, 6),
        (None, 4 * 3600, 4),
        (360, 7200, 6),  # the longer of two wishes
        (5, 60, 1),  # never more than once an hour
        (60 * 24 * 30, None, 24),  # nor less than once a day
    ],
)
def test_a_feed_is_asked_as_often_as_it_wishes_between_an_hour_and_a_day(
    ttl: int | None, max_age: int | None, hours: int
) -> None:
    assert wait_of(ttl, max_age) == timedelta(hours=hours)


def test_feeds_that_are_alike_drift_apart() -> None:
    assert wait_of(None, None, thrown=0.0) == timedelta(hours=2.7)
    assert wait_of(None, None, thrown=1.0) == timedelta(hours=3.3)


def test_what_was_not_modified_keeps_to_the_wish_of_its_header() -> None:
    turn = next_after_answer("feed", feed=None, has_batch=False, now=NOW, max_age_seconds=6 * 3600, dice=0.5)

    assert turn == NOW + timedelta(hours=6)


# -- failures ----------------------------------------------------------------------------------------


def test_failures_in_a_row_double_the_wait_from_a_quarter_of_an_hour_to_a_day() -> None:
    waits = [
        (next_after_failure(failures=number, now=NOW, retry_after_seconds=None, dice=0.5) - NOW)
        / timedelta(minutes=15)
        for number in range(1, 10)
    ]

    assert waits == [1, 2, 4, 8, 16, 32, 64, 96, 96]


@given(failures=st.integers(1, 10_000), wish=st.floats(0, 86_400), thrown=dice)
def test_the_servers_wish_is_always_granted_and_a_day_is_never_much_exceeded(
    failures: int, wish: float, thrown: float
) -> None:
    wait = next_after_failure(failures=failures, now=NOW, retry_after_seconds=wish, dice=thrown) - NOW

    assert timedelta(seconds=wish) <= wait <= timedelta(hours=26.4)
    assert wait >= timedelta(minutes=13.5)
