"""How often a source may be asked, and how much patience a failing one gets."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import SettingInvalid
from academichub.sources.policy import (
    Because,
    Patience,
    Policy,
    Window,
    after_failure,
    after_success,
    backoff,
    policy_for,
)

NOW = datetime(2026, 6, 17, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
dice = st.floats(0, 1, exclude_max=True)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # st adds it


# -- how often ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "low", "usual", "high"),
    [("arxiv", 0.25, 1, 168), ("feed", 1, 3, 24), ("api", 6, 12, 48)],
)
def test_every_kind_has_its_bounds(kind: str, low: float, usual: float, high: float) -> None:
    policy = policy_for(kind)

    assert policy == Policy(kind, low * HOUR, high * HOUR, usual * HOUR)
    assert (policy.window, policy.skip_weekdays) == (None, frozenset())


@pytest.mark.parametrize(
    ("min_hours", "max_hours", "bounds"),
    [
        (2, None, (2, 3, 24)),
        (6, None, (6, 6, 24)),
        (48, None, (48, 48, 48)),  # the other bound moves along
        (None, 0.5, (0.5, 0.5, 0.5)),
        (None, 2, (1, 2, 2)),
        (5, 5, (5, 5, 5)),
    ],
)
def test_a_person_sets_one_bound_and_the_others_make_room(
    min_hours: float | None, max_hours: float | None, bounds: tuple[float, float, float]
) -> None:
    policy = policy_for("feed", min_hours=min_hours, max_hours=max_hours)

    found = (policy.min_interval, policy.usual_interval, policy.max_interval)
    assert found == tuple(bound * HOUR for bound in bounds)


@pytest.mark.parametrize("hours", [0, -1, 0.1, 721, float("nan"), float("inf")])
def test_bounds_that_cannot_be_kept_are_refused_by_name(hours: float) -> None:
    with pytest.raises(SettingInvalid) as low:
        policy_for("feed", min_hours=hours)
    with pytest.raises(SettingInvalid) as high:
        policy_for("feed", max_hours=hours)

    assert (low.value.facts["name"], high.value.facts["name"]) == ("min_hours", "max_hours")
    assert low.value.facts["wanted"] == "hours from 0.25 to 720"


def test_a_shortest_time_above_the_longest_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="at most max_hours"):
        policy_for("feed", min_hours=5, max_hours=4)


@pytest.mark.parametrize("weekdays", [frozenset(range(7)), frozenset({7}), frozenset({-1, 2})])
def test_weekdays_that_do_not_exist_and_all_of_them_cannot_be_skipped(weekdays: frozenset[int]) -> None:
    with pytest.raises(SettingInvalid, match="skip_weekdays"):
        policy_for("feed", skip_weekdays=weekdays)


def test_a_policy_that_is_no_policy_is_a_fault_in_the_program() -> None:
    with pytest.raises(ValueError, match="no policy for the kind 'file'"):
        policy_for("file")
    with pytest.raises(ValueError, match="in order"):
        Policy("feed", 2 * HOUR, HOUR, HOUR)
    with pytest.raises(ValueError, match="in order"):
        Policy("feed", timedelta(), HOUR, HOUR)
    with pytest.raises(ValueError, match="some weekday"):
        Policy("feed", HOUR, HOUR, HOUR, skip_weekdays=frozenset(range(7)))


# -- windows -----------------------------------------------------------------------------------------

NIGHT = Window("Asia/Shanghai", time(22), time(6))
MORNING = Window("America/New_York", time(2, 30), time(5))


def test_a_window_is_read_on_the_clock_of_its_place() -> None:
    assert NIGHT.is_open(datetime(2026, 6, 17, 14, 0, tzinfo=UTC))  # 22:00 in Shanghai
    assert NIGHT.is_open(datetime(2026, 6, 17, 21, 59, tzinfo=UTC))
    assert not NIGHT.is_open(datetime(2026, 6, 17, 22, 0, tzinfo=UTC))
    assert not MORNING.is_open(datetime(2026, 6, 17, 9, 0, tzinfo=UTC))
    assert MORNING.is_open(datetime(2026, 1, 15, 9, 0, tzinfo=UTC))  # winter


def test_a_window_opens_next_today_or_tomorrow() -> None:
    assert NIGHT.opens_next(NOW) == datetime(2026, 6, 17, 14, 0, tzinfo=UTC)
    assert MORNING.opens_next(NOW) == datetime(2026, 6, 18, 6, 30, tzinfo=UTC)


def test_an_opening_that_the_clock_skips_is_an_hour_on() -> None:
    # On March 8th 2026, at 02:00, New York's clocks go to 03:00.
    opening = MORNING.opens_next(datetime(2026, 3, 8, 5, 0, tzinfo=UTC))

    assert opening == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert MORNING.is_open(opening)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "America", "\0"])
def test_a_place_that_has_no_clock_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="no such time zone"):
        Window(zone, time(1), time(2))


def test_a_window_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        Window("UTC", time(1), time(1))


@given(now=moments, opens=st.times(), closes=st.times(), zone=st.sampled_from(["UTC", "America/New_York"]))
def test_a_closed_window_opens_within_a_day_and_an_hour(
    now: datetime, opens: time, closes: time, zone: str
) -> None:
    if opens == closes:
        return
    opening = Window(zone, opens, closes).opens_next(now)

    assert now < opening <= now + timedelta(hours=25)


# -- patience ----------------------------------------------------------------------------------------


def fail(
    patience: Patience,
    code: str = "source.unreachable",
    *,
    status: int | None = 503,
    now: datetime = NOW,
    retry_after: float | None = None,
    thrown: float = 0.5,
) -> tuple[Patience, datetime | None]:
    return after_failure(
        patience, error_code=code, http_status=status, retry_after_seconds=retry_after, now=now, dice=thrown
    )


def test_failures_in_a_row_double_the_wait_from_a_quarter_of_an_hour_to_a_day() -> None:
    patience, quarters = Patience(), []
    for _ in range(9):
        patience, due = fail(patience)
        assert due is not None
        quarters.append((due - NOW) / (HOUR / 4))

    assert quarters == [1, 2, 4, 8, 16, 32, 64, 96, 96]
    assert (patience.failures, patience.first_failure_on) == (9, NOW.date())
    assert patience.last_error_code == "source.unreachable"
    assert not patience.is_parked(NOW)


def test_the_servers_wish_is_granted_where_it_is_longer() -> None:
    assert fail(Patience(), retry_after=7200)[1] == NOW + 2 * HOUR
    assert fail(Patience(), retry_after=60)[1] == NOW + HOUR / 4
    assert fail(Patience(), status=403, retry_after=20 * 86_400)[1] == NOW + 20 * DAY


@pytest.mark.parametrize("wish", [float("nan"), -5.0, float("-inf")])
def test_a_senseless_wish_is_not_heard(wish: float) -> None:
    assert fail(Patience(), retry_after=wish)[1] == NOW + HOUR / 4


def test_an_endless_wish_is_heard_for_a_month() -> None:
    assert fail(Patience(), retry_after=float("inf"))[1] == NOW + 30 * DAY


def test_what_is_gone_is_not_asked_again_until_a_person_tries_it() -> None:
    gone, due = fail(Patience(), "source.gone", status=410)
    tried, still = fail(gone, status=503)

    assert (gone.is_disabled, gone.parked_because, due) == (True, Because.GONE, None)
    assert (tried.is_disabled, tried.parked_because, still, tried.failures) == (True, Because.GONE, None, 2)
    assert after_success(tried) == Patience()


@pytest.mark.parametrize("status", [403, 418, 451])
def test_who_refuses_us_is_left_alone_for_a_week_and_asked_of_another(status: int) -> None:
    patience, due = fail(Patience(), "source.refused", status=status, thrown=0.0)

    assert due == patience.parked_until == NOW + 7 * DAY
    assert patience.parked_because is Because.REFUSED
    assert patience.needs_another_way
    assert patience.is_parked(NOW + 6 * DAY)
    assert not patience.is_parked(NOW + 7 * DAY)


def test_sources_that_were_parked_together_come_back_apart() -> None:
    first, second = (fail(Patience(), status=403, thrown=thrown)[1] for thrown in (0.0, 0.9))

    assert first is not None
    assert second is not None
    assert HOUR < second - first < DAY


def test_another_failure_after_the_parking_ends_it() -> None:
    parked, _due = fail(Patience(), status=403)

    later, due = fail(parked, status=503, now=NOW + 8 * DAY)

    assert (later.parked_until, later.parked_because, later.needs_another_way) == (None, None, False)
    assert due == NOW + 8 * DAY + HOUR / 2


def test_an_address_not_found_on_five_days_is_parked_and_then_at_once_again() -> None:
    patience = Patience()
    for number in range(5):
        assert not patience.is_parked(NOW + number * DAY)
        patience, _due = fail(patience, "source.not_found", status=404, now=NOW + number * DAY)
        same_day, _due = fail(patience, "source.not_found", status=404, now=NOW + number * DAY + HOUR)
        assert same_day.not_found_days == patience.not_found_days == number + 1

    assert patience.parked_because is Because.NOT_FOUND
    assert not patience.needs_another_way
    again, due = fail(patience, "source.not_found", status=404, now=NOW + 12 * DAY, thrown=0.0)
    assert (again.times_parked, due) == (2, NOW + 19 * DAY)


def test_another_failure_between_begins_the_five_days_anew() -> None:
    patience = Patience()
    for number in range(4):
        patience, _due = fail(patience, "source.not_found", status=404, now=NOW + number * DAY)

    between, _due = fail(patience, now=NOW + 4 * DAY)
    last, _due = fail(between, "source.not_found", status=404, now=NOW + 5 * DAY)

    assert (between.not_found_days, between.not_found_on) == (0, None)
    assert (last.not_found_days, last.parked_because) == (1, None)


def test_what_cannot_be_read_three_times_is_parked_longer_each_time() -> None:
    patience, waits = Patience(), []
    for code in ["feed.unreadable", "feed.is_web_page", *["feed.unreadable"] * 6]:
        patience, due = fail(patience, code, status=200, thrown=0.0)
        assert due is not None
        waits.append((due - NOW) / DAY)

    assert [round(wait, 2) for wait in waits] == [0.01, 0.02, 1, 2, 4, 7, 7, 7]
    assert patience.parked_because is Because.UNREADABLE


def test_a_trouble_on_the_way_between_two_unreadable_answers_breaks_their_row() -> None:
    patience = Patience()
    for code in ("feed.unreadable", "feed.unreadable", "source.too_slow", "feed.unreadable"):
        patience, _due = fail(patience, code, status=None)

    assert (patience.unreadable_times, patience.failures, patience.parked_because) == (1, 4, None)


def test_a_success_forgets_everything() -> None:
    parked, _due = fail(Patience(), status=403)
    healthy = Patience()

    assert after_success(parked) == healthy
    assert after_success(healthy) is healthy


@given(failures=st.integers(-5, 100_000), thrown=dice)
def test_a_wait_is_never_much_longer_than_a_day(failures: int, thrown: float) -> None:
    assert timedelta(minutes=13.5) <= backoff(failures, dice=thrown) <= timedelta(hours=26.4)


# -- kept over a restart -----------------------------------------------------------------------------

codes = st.sampled_from(["source.unreachable", "feed.unreadable", "source.not_found", "", "source.refused"])
statuses = st.sampled_from([None, 200, 401, 403, 404, 410, 429, 451, 500, 503])
wishes = st.none() | st.floats(allow_nan=True, allow_infinity=True)


@given(story=st.lists(st.tuples(codes, statuses, wishes, dice, st.integers(1, 200)), max_size=30))
def test_a_story_of_failures_survives_its_storing_and_never_asks_early(
    story: list[tuple[str, int | None, float | None, float, int]],
) -> None:
    patience, now = Patience(), NOW
    for code, status, wish, thrown, hours in story:
        now += hours * HOUR
        patience, due = fail(patience, code, status=status, now=now, retry_after=wish, thrown=thrown)

        assert Patience.from_json(json.loads(json.dumps(patience.as_json()))) == patience
        assert (due is None) == patience.is_disabled
        if due is not None:
            assert now + timedelta(minutes=13.5) <= due <= now + 31 * DAY
            assert not patience.is_parked(due)
        assert patience.failures >= max(patience.not_found_days, patience.unreadable_times)


def test_health_is_stored_in_a_word() -> None:
    assert Patience().as_json() == {"failures": 0}
    assert Patience.from_json({"failures": 0}) == Patience()


def test_what_is_stored_can_be_read_by_people() -> None:
    parked, _due = fail(Patience(), "source.refused", status=403, thrown=0.0)

    assert parked.as_json() == {
        "failures": 1,
        "first_failure_on": "2026-06-17",
        "last_error_code": "source.refused",
        "times_parked": 1,
        "parked_until": "2026-06-24T12:00:00+00:00",
        "parked_because": "refused",
    }


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "failures",
        7,
        {"failures": "many", "first_failure_on": 3, "parked_until": "soon", "parked_because": ["gone"]},
        {"failures": True, "not_found_days": -3, "is_disabled": "yes", "first_failure_on": "yesterday"},
        {"parked_until": "2026-06-24T12:00:00", "times_parked": None, "unreadable_times": 1.5, "new": 1},
    ],
)
def test_what_cannot_be_read_counts_as_never_said(stored: object) -> None:
    assert Patience.from_json(stored) == Patience()


def test_a_stored_instant_of_another_zone_is_the_same_instant() -> None:
    read = Patience.from_json({"parked_until": "2026-06-24T20:00:00+08:00", "first_failure_on": "2026-06-17"})

    assert read.parked_until == datetime(2026, 6, 24, 12, tzinfo=UTC)
    assert read.parked_until.tzinfo is UTC
    assert read.first_failure_on == date(2026, 6, 17)
