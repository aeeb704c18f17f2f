"""The replay's own time: it stands still, is moved by hand, or runs many times as fast as ours."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

EASTERN: Final = ZoneInfo("America/New_York")  # where arXiv's days begin and end


class ReplayClock:
    """Tells the time that the replayed web lives in. Threads may share it.

    `clock.now` fits wherever a clock is asked for, so that hub and web can live in one time.

    Args:
        at: The instant at which it starts, with a time zone.
        speed: Replayed seconds for each real one; 0 stands still.
        monotonic: Real seconds; for tests.

    Raises:
        ValueError: The instant has no time zone, or the speed is negative.
    """

    def __init__(
        self, at: datetime, *, speed: float = 0.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._lock = threading.Lock()
        self._monotonic = monotonic
        self._at = _utc(at)
        self._speed = _checked(speed)
        self._since = monotonic()

    @property
    def speed(self) -> float:
        """Say how many replayed seconds go by in a real one."""
        with self._lock:
            return self._speed

    def now(self) -> datetime:
        """Tell the time, in UTC."""
        with self._lock:
            return self._now()

    def advance(self, by: timedelta) -> datetime:
        """Move forward, and tell the new time.

        Raises:
            ValueError: The step leads back.
        """
        with self._lock:
            return self._move(self._now() + by)

    def travel(self, to: datetime) -> datetime:
        """Move forward to an instant, and tell it.

        Raises:
            ValueError: It has no time zone, or is over already.
        """
        with self._lock:
            return self._move(_utc(to))

    def run(self, speed: float) -> None:
        """Go on at another speed.

        Raises:
            ValueError: The speed is negative.
        """
        wanted = _checked(speed)
        with self._lock:
            self._at, self._since = self._now(), self._monotonic()
            self._speed = wanted

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=self._speed * (self._monotonic() - self._since))

    def _move(self, to: datetime) -> datetime:
        if to < self._now():
            message = f"the clock is at {self._now():%Y-%m-%dT%H:%M:%SZ} and never goes back"
            raise ValueError(message)
        self._at, self._since = to, self._monotonic()
        return to


def instant(text: str) -> datetime:
    """Read an instant such as "2026-05-04T04:20Z".

    Raises:
        ValueError: It is no ISO instant, or says no time zone.
    """
    return _utc(datetime.fromisoformat(text.strip()))


def eastern_day(at: datetime) -> date:
    """Tell the calendar day at arXiv's home."""
    return at.astimezone(EASTERN).date()


def eastern(on: date, hour: int = 0, minute: int = 0) -> datetime:
    """Give an instant of a day at arXiv's home, in its own zone: RSS writes its offset."""
    return datetime.combine(on, time_of_day(hour, minute), EASTERN)


def seconds_to_midnight(at: datetime) -> int:
    """Count the seconds until arXiv's next day begins, at least 1."""
    midnight = eastern(eastern_day(at) + timedelta(days=1))
    return max(int((midnight.astimezone(UTC) - at).total_seconds()), 1)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        message = f"{at.isoformat()} says no time zone"
        raise ValueError(message)
    return at.astimezone(UTC)


def _checked(speed: float) -> float:
    if not 0 <= speed < float("inf"):
        message = f"a clock cannot run at {speed} times real speed"
        raise ValueError(message)
    return speed
