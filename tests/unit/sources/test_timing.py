"""When a source is asked again: arXiv by the clock of its home, the others by their own wish."""

from __future__ import annotations

import heapq
import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.papers import Feed
from academichub.sources.arxivcalendar import mailing_day
from academichub.sources.policy import Policy, Window, policy_for
from academichub.sources.timing import (
    Wishes,
    arxiv_day,
    next_turn,
    update_minutes,
    wishes_of,
)

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 6, 17, 12, 0, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)
SPREAD = timedelta(minutes=20)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # st adds it
dice = st.floats(0, 1, exclude_max=True)


def at(text: str) -> datetime:
    """Read a moment on New York's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def arxiv(now: str, *, has_batch: bool, thrown: float = 0.0) -> datetime:
    turn = next_turn(
        policy_for("arxiv"),
        wishes=Wishes(max_age_seconds=60),
        has_batch=has_batch,
        now=at(now).astimezone(UTC),
        dice=thrown,
    )
    assert turn.tzinfo is UTC
    return turn.astimezone(NEW_YORK)


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        ("2026-06-16 00:20", "2026-06-17 00:15"),  # Tuesday, the batch just came
        ("2026-06-16 11:00", "2026-06-17 00:15"),
        ("2026-06-12 00:20", "2026-06-15 00:15"),  # Friday: the weekend is skipped
        ("2026-06-12 23:59", "2026-06-15 00:15"),
        ("2026-06-19 00:20", "2026-06-23 00:15"),  # a Friday that is a holiday: Monday's feed is empty
        ("2026-01-19 00:20", "2026-01-21 00:15"),  # a Monday that is one: Tuesday's is
        ("2026-12-25 00:20", "2026-12-29 00:15"),
        ("2026-12-29 00:20", "2026-12-31 00:15"),
        ("2026-12-31 00:20", "2027-01-04 00:15"),  # behind a holiday that is only probable
        ("2026-06-23 00:00", "2026-06-23 00:15"),  # before the day's batch can be there
    ],
)
def test_with_the_days_batch_the_next_turn_is_the_next_announcement(now: str, turn: str) -> None:
    assert arxiv(now, has_batch=True) == at(turn)


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        ("2026-06-13 00:20", "2026-06-15 00:15"),  # Saturday has no batch to miss
        ("2026-06-14 23:50", "2026-06-15 00:15"),
        ("2026-06-22 00:20", "2026-06-23 00:15"),  # nor has the Monday after a holiday
        ("2027-01-04 00:20", "2027-01-05 00:15"),  # once is enough behind a probable one
        ("2026-06-12 12:00", "2026-06-15 00:15"),  # noon ends the waiting
        ("2026-06-18 15:00", "2026-06-19 00:15"),
    ],
)
def test_where_no_batch_can_be_expected_none_is_waited_for(now: str, turn: str) -> None:
    assert arxiv(now, has_batch=False) == at(turn)


def test_a_question_just_before_the_opening_is_not_followed_by_another_at_once() -> None:
    assert arxiv("2026-06-15 00:14", has_batch=False) == at("2026-06-15 00:29")


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
    found = next_turn(
        policy_for("arxiv"), wishes=Wishes(), has_batch=True, now=datetime.fromisoformat(now), dice=0.0
    )

    assert found == datetime.fromisoformat(turn)


def test_the_day_of_a_batch_is_the_calendar_day_in_new_york() -> None:
    assert f"{arxiv_day(datetime(2026, 6, 19, 3, 59, tzinfo=UTC))}" == "2026-06-18"
    assert f"{arxiv_day(datetime(2026, 6, 19, 4, 0, tzinfo=UTC))}" == "2026-06-19"


def test_a_window_that_somebody_set_holds_for_arxiv_too() -> None:
    evening = Window("Asia/Shanghai", time(20), time(22))
    policy = policy_for("arxiv", window=evening)

    turn = next_turn(policy, wishes=Wishes(), has_batch=True, now=NOW, dice=0.0)

    assert turn == datetime(2026, 6, 18, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai, the batch still there


@given(now=moments, has_batch=st.booleans(), thrown=dice)
def test_arxiv_is_asked_on_days_that_may_bring_papers_and_no_later_than_the_next_of_them(
    now: datetime,
    has_batch: bool,  # noqa: FBT001  # hypothesis names its arguments
    thrown: float,
) -> None:
    turn = next_turn(policy_for("arxiv"), wishes=Wishes(), has_batch=has_batch, now=now, dice=thrown)

    assert now + timedelta(minutes=15) <= turn <= now + timedelta(days=5, hours=2)
    assert mailing_day(arxiv_day(turn)).may_bring_papers
    days = (arxiv_day(now) + timedelta(days=step) for step in range(1, 9))
    assert arxiv_day(turn) <= next(day for day in days if mailing_day(day).may_bring_papers)


# -- other feeds -------------------------------------------------------------------------------------


def turn_of(policy: Policy, wishes: Wishes, *, now: datetime = NOW, thrown: float = 0.5) -> datetime:
    return next_turn(policy, wishes=wishes, has_batch=False, now=now, dice=thrown)


def wait_of(ttl: int | None, max_age: int | None, *, thrown: float = 0.5) -> timedelta:
    feed = Feed(format="rss 2.0", parser="lxml", ttl_minutes=ttl)
    return turn_of(policy_for("feed"), wishes_of(feed, max_age_seconds=max_age), thrown=thrown) - NOW


@pytest.mark.parametrize(
    ("ttl", "max_age", "hours"),
    [
        (None, None, 3),  # no wish at all
        (None, 0, 3),
        (360, None, 6),
        (None, 4 * 3600, 4),
        (360, 7200, 6),  # the longer of two wishes
    ],
)
def test_a_feed_is_asked_as_often_as_it_wishes(ttl: int | None, max_age: int | None, hours: int) -> None:
    assert wait_of(ttl, max_age) == hours * HOUR


@pytest.mark.parametrize("thrown", [0.0, 0.5, 0.999])
def test_a_feed_is_asked_at_most_once_an_hour_and_at_least_once_a_day(thrown: float) -> None:
    assert HOUR <= wait_of(5, 60, thrown=thrown) <= 1.1 * HOUR
    assert 21.6 * HOUR <= wait_of(60 * 24 * 30, None, thrown=thrown) <= 24 * HOUR
    assert 21.6 * HOUR <= wait_of(10**9, 10**12, thrown=thrown) <= 24 * HOUR


def test_feeds_that_are_alike_drift_apart() -> None:
    assert wait_of(None, None, thrown=0.0) == timedelta(hours=2.7)
    assert wait_of(None, None, thrown=1.0) == timedelta(hours=3.3)
    assert wait_of(5, 60, thrown=0.0) < wait_of(5, 60, thrown=0.9)


def test_what_was_not_modified_keeps_to_the_wish_of_its_header() -> None:
    assert turn_of(policy_for("feed"), wishes_of(None, max_age_seconds=6 * 3600)) == NOW + 6 * HOUR


@pytest.mark.parametrize(
    ("entries", "ttl", "hours"),
    [
        (14, None, 12),  # two a day
        (14, 900, 15),  # the feed wishes for more time
        (14, 60, 12),
        (56, None, 3),
        (0, None, 22.8),  # nothing came: once a day, within the tenth that the bound leaves
        (10_000, None, 1.05),
        (None, None, 3),
    ],
)
def test_a_feed_is_asked_as_often_as_it_announces(entries: int | None, ttl: int | None, hours: float) -> None:
    turn = turn_of(policy_for("feed"), Wishes(entries_last_week=entries, ttl_minutes=ttl))

    assert turn - NOW == pytest.approx(hours * HOUR, abs=timedelta(seconds=1))


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(ttl_minutes=300),
        Wishes(update_minutes=300.0),
        Wishes(max_age_seconds=18_000),
        Wishes(retry_after_seconds=18_000.0),
    ],
)
def test_every_kind_of_wish_is_heard(wishes: Wishes) -> None:
    assert turn_of(policy_for("feed"), wishes) == NOW + 5 * HOUR


@pytest.mark.parametrize("wish", [float("nan"), float("-inf"), -1.0])
def test_nonsense_is_no_wish(wish: float) -> None:
    assert turn_of(policy_for("feed"), Wishes(max_age_seconds=wish)) == NOW + 3 * HOUR


def test_an_endless_wish_ends_at_the_policys_bound() -> None:
    assert turn_of(policy_for("feed"), Wishes(ttl_minutes=float("inf"))) <= NOW + 24 * HOUR


# -- what a feed says of itself ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "frequency", "minutes"),
    [
        ("hourly", "2", 30),
        ("hourly", "", 60),
        (" Daily ", " 4 ", 360),
        ("", "2", 720),  # a period left out is a day
        ("weekly", "1", 10_080),
        ("yearly", "1", 525_600),
        ("monthly", "999999999999", 4.32),
    ],
)
def test_the_syndication_module_is_read(period: str, frequency: str, minutes: float) -> None:
    assert update_minutes(period, frequency) == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("period", "frequency"),
    [("", ""), ("often", "1"), ("daily", "0"), ("daily", "-1"), ("daily", "1.5"), ("daily", "²")],
)
def test_what_the_syndication_module_cannot_mean_is_not_said(period: str, frequency: str) -> None:
    assert update_minutes(period, frequency) is None


def test_the_wishes_of_a_feed_are_gathered() -> None:
    feed = Feed(
        format="rss 2.0",
        parser="lxml",
        ttl_minutes=90,
        skip_days=(" Saturday", "SUN", "someday"),
        skip_hours=(0, 24, 7, 25, -1),
    )

    assert wishes_of(
        feed, max_age_seconds=60, retry_after_seconds=5.0, entries_last_week=3, update_minutes=30.0
    ) == Wishes(90, 30.0, 60, 5.0, 3, skip_days=frozenset({5, 6}), skip_hours=frozenset({0, 7}))
    assert wishes_of(None) == Wishes()


def test_a_feed_that_skips_every_hour_or_every_day_says_nothing() -> None:
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    feed = Feed(format="rss 2.0", parser="lxml", skip_days=names, skip_hours=tuple(range(24)))

    assert wishes_of(feed) == Wishes()


# -- hours and days to keep to -----------------------------------------------------------------------


def test_a_turn_in_a_skipped_hour_is_moved_behind_it_and_spread() -> None:
    wishes = Wishes(skip_hours=frozenset({15, 16}))

    assert turn_of(policy_for("feed"), wishes) == datetime(2026, 6, 17, 17, 10, tzinfo=UTC)


def test_a_turn_on_a_skipped_day_is_moved_to_the_next_one_in_gmt() -> None:
    wishes = Wishes(ttl_minutes=24 * 60, skip_days=frozenset({3, 4}))

    assert turn_of(policy_for("feed"), wishes) == datetime(2026, 6, 20, 0, 10, tzinfo=UTC)


def test_a_turn_is_moved_into_the_window() -> None:
    policy = policy_for("feed", window=Window("Asia/Shanghai", time(1), time(6)))

    assert turn_of(policy, Wishes()) == datetime(2026, 6, 17, 17, 10, tzinfo=UTC)


def test_a_window_too_short_for_spreading_is_met_at_its_opening() -> None:
    policy = policy_for("feed", window=Window("UTC", time(17), time(17, 5)))

    assert turn_of(policy, Wishes()) == datetime(2026, 6, 17, 17, 0, tzinfo=UTC)


def test_skipped_weekdays_are_those_of_the_windows_clock() -> None:
    window = Window("Asia/Shanghai", time(0), time(23))
    policy = policy_for("feed", window=window, skip_weekdays=frozenset({2}))

    assert turn_of(policy, Wishes()) == datetime(2026, 6, 17, 16, 10, tzinfo=UTC)  # Thursday in Shanghai


def test_where_feed_and_window_leave_no_time_the_window_wins() -> None:
    policy = policy_for("feed", window=Window("UTC", time(17), time(18)))

    assert turn_of(policy, Wishes(skip_hours=frozenset({17}))) == datetime(2026, 6, 17, 17, 10, tzinfo=UTC)


def test_a_sunday_window_that_spring_swallows_is_waited_for_until_the_next_one() -> None:
    sundays = Policy(
        "feed",
        HOUR,
        HOUR,
        HOUR,
        Window("America/New_York", time(2, 15), time(2, 45)),
        skip_weekdays=frozenset(range(6)),
    )

    turn = turn_of(sundays, Wishes(), now=at("2026-03-02 12:00"), thrown=0.0)

    assert turn.astimezone(NEW_YORK) == at("2026-03-15 02:15")


zones = st.sampled_from(
    ["UTC", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/St_Johns"]
)
quarters = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
windows = st.none() | st.builds(
    lambda zone, opens, hours: Window(zone, opens, opens.replace(hour=(opens.hour + hours) % 24)),
    zones,
    quarters,
    st.integers(1, 23),
)
skipped_days = st.frozensets(st.integers(0, 6), max_size=5)
wished = st.builds(
    Wishes,
    ttl_minutes=st.none() | st.integers(0, 10**9),
    update_minutes=st.none() | st.floats(0, 10**6),
    max_age_seconds=st.none() | st.integers(0, 10**10),
    retry_after_seconds=st.none() | st.floats(0, 10**6),
    entries_last_week=st.none() | st.integers(0, 10**5),
    skip_days=skipped_days,
    skip_hours=st.frozensets(st.integers(0, 23), max_size=20),
)


@given(
    now=moments,
    hours=st.tuples(st.floats(0.25, 300), st.floats(0.25, 300)),
    window=windows,
    weekdays=skipped_days,
    wishes=wished,
    thrown=dice,
)
def test_a_turn_keeps_to_every_bound(
    now: datetime,
    hours: tuple[float, float],
    window: Window | None,
    weekdays: frozenset[int],
    wishes: Wishes,
    thrown: float,
) -> None:
    policy = policy_for(
        "feed", min_hours=min(hours), max_hours=max(hours), window=window, skip_weekdays=weekdays
    )

    turn = turn_of(policy, wishes, now=now, thrown=thrown)
    unmoved = turn_of(
        policy_for("feed", min_hours=min(hours), max_hours=max(hours)),
        replace(wishes, skip_days=frozenset(), skip_hours=frozenset()),
        now=now,
        thrown=thrown,
    )

    assert policy.min_interval <= unmoved - now <= policy.max_interval
    assert unmoved <= turn <= unmoved + timedelta(days=15) + SPREAD
    assert window is None or window.is_open(turn)
    assert policy.local(turn).weekday() not in weekdays
    if window is None and not weekdays:
        assert turn.weekday() not in wishes.skip_days
        assert turn.hour not in wishes.skip_hours
    if window is None and not weekdays and not wishes.skip_days and not wishes.skip_hours:
        assert turn == unmoved


@given(now=moments, wishes=wished, thrown=dice)
def test_without_a_policy_of_its_own_a_feeds_skipped_time_is_always_kept(
    now: datetime, wishes: Wishes, thrown: float
) -> None:
    turn = turn_of(policy_for("feed"), wishes, now=now, thrown=thrown)

    assert turn.weekday() not in wishes.skip_days
    assert turn.hour not in wishes.skip_hours
    assert turn >= now + HOUR


# -- a week of two hundred sources -------------------------------------------------------------------


def made_up_source(fate: random.Random) -> tuple[Policy, Wishes]:
    """Make up a source, with bounds and wishes as they are met."""
    kind = fate.choice(["arxiv", "feed", "feed", "feed", "api"])
    window = fate.choice([None, None, Window("Europe/Berlin", time(22), time(5, 30))])
    return (
        policy_for(kind, window=window),
        Wishes(
            ttl_minutes=fate.choice([None, 15, 60, 720]),
            max_age_seconds=fate.choice([None, 0, 600, 86_400]),
            entries_last_week=fate.choice([None, 0, 3, 40, 700]),
            skip_days=fate.choice([frozenset[int](), frozenset({5, 6})]),
            skip_hours=fate.choice([frozenset[int](), frozenset(range(2, 7))]),
        ),
    )


@pytest.mark.parametrize("start", [datetime(2026, 12, 28, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)])
def test_in_a_week_of_two_hundred_sources_none_is_asked_too_early_and_none_is_forgotten(
    start: datetime,
) -> None:
    fate = random.Random(20_260_617)  # noqa: S311  # no secret
    known = [made_up_source(fate) for _ in range(200)]
    due = [(start + fate.random() * HOUR, number) for number in range(200)]
    asked: dict[int, list[datetime]] = {number: [] for number in range(200)}

    heapq.heapify(due)
    while due[0][0] < start + timedelta(days=7):
        now, number = heapq.heappop(due)
        asked[number].append(now)
        policy, wishes = known[number]
        has_batch = fate.random() < 0.7
        turn = next_turn(policy, wishes=wishes, has_batch=has_batch, now=now, dice=fate.random())
        heapq.heappush(due, (turn, number))

    for number, (policy, _wishes) in enumerate(known):
        waits = [after - before for before, after in zip(asked[number], asked[number][1:], strict=False)]
        assert all(wait >= policy.min_interval for wait in waits)
        assert len(waits) >= 1
    together = [moment.replace(second=0, microsecond=0) for times in asked.values() for moment in times]
    assert max(together.count(minute) for minute in set(together)) < 20
