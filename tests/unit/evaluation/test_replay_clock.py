from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from evaluation.replay.clock import ReplayClock, eastern, eastern_day, instant, seconds_to_midnight

START = datetime(2026, 5, 4, 4, 20, tzinfo=UTC)


class Seconds:
    """Real seconds that go by when they are told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


def test_a_clock_that_stands_still_moves_only_by_hand() -> None:
    seconds = Seconds()
    clock = ReplayClock(START, monotonic=seconds)

    seconds.passed = 100.0
    before = clock.now()
    after = clock.advance(timedelta(hours=1))

    assert (before, after, clock.now()) == (START, START + timedelta(hours=1), START + timedelta(hours=1))


def test_a_running_clock_goes_so_many_times_as_fast_also_after_its_speed_changes() -> None:
    seconds = Seconds()
    clock = ReplayClock(START, speed=60.0, monotonic=seconds)

    seconds.passed = 10.0
    clock.run(1.0)
    seconds.passed = 15.0

    assert clock.now() == START + timedelta(seconds=605)
    assert clock.speed == 1.0


def test_a_clock_is_never_put_back() -> None:
    clock = ReplayClock(START)

    with pytest.raises(ValueError, match="never goes back"):
        clock.travel(START - timedelta(seconds=1))
    with pytest.raises(ValueError, match="never goes back"):
        clock.advance(timedelta(seconds=-1))


@pytest.mark.parametrize("speed", [-1.0, float("inf"), float("nan")])
def test_a_clock_cannot_run_at_an_impossible_speed(speed: float) -> None:
    with pytest.raises(ValueError, match="cannot run"):
        ReplayClock(START, speed=speed)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        instant("2026-05-04T04:20")


def test_an_instant_of_any_zone_is_told_in_utc() -> None:
    clock = ReplayClock(datetime(2026, 5, 4, 0, 20, tzinfo=timezone(-timedelta(hours=4))))

    assert clock.now() == START == instant("2026-05-04T04:20Z")
    assert clock.now().tzinfo is UTC


def test_arxivs_days_end_at_midnight_eastern_in_summer_and_in_winter() -> None:
    before_midnight = datetime(2026, 5, 4, 3, 59, 30, tzinfo=UTC)

    assert eastern_day(before_midnight) == date(2026, 5, 3)
    assert seconds_to_midnight(before_midnight) == 30
    assert seconds_to_midnight(datetime(2026, 1, 5, 4, 59, 59, tzinfo=UTC)) == 1
    assert eastern(date(2026, 5, 4)).astimezone(UTC) == datetime(2026, 5, 4, 4, tzinfo=UTC)


def test_the_day_on_which_clocks_go_forward_is_an_hour_shorter() -> None:
    midnight = eastern(date(2026, 3, 8)).astimezone(UTC)

    assert seconds_to_midnight(midnight) == 23 * 3600
