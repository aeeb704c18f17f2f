"""How often a source may be asked, and how much patience a failing one gets.

A *policy* is what the hub promises a server: bounds between two questions, and hours of the day to keep to.
*Patience* is what the hub remembers of a source that fails. It is stored with the source, so that a restart
asks nobody early. Pure: the clock and the dice are arguments.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from academichub.errors import SettingInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WEEKDAYS: Final = 7

# What a person may set: from once every quarter of an hour to once in thirty days.
FEWEST_HOURS: Final = 0.25
MOST_HOURS: Final = 720.0


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of the day in which a source may be asked, on the clock of a place.

    From `opens` up to `closes`, not included; a window that closes before it opens spans midnight.

    Raises:
        ValueError: The zone is unknown, or the window has no length.
    """

    zone: str  # "America/New_York"
    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuse what could never be open, or nowhere on earth."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder
            msg = f"no such time zone: {self.zone!r}"
            raise ValueError(msg) from error
        if self.opens == self.closes:
            msg = "a window must have a length"
            raise ValueError(msg)

    def is_open(self, at: datetime) -> bool:
        """Tell whether an instant is in the window."""
        clock = at.astimezone(ZoneInfo(self.zone)).time()
        if self.opens < self.closes:
            return self.opens <= clock < self.closes
        return clock >= self.opens or clock < self.closes

    def opens_next(self, at: datetime) -> datetime:
        """Give the first opening (UTC) after an instant at which the window is closed.

        On the day when clocks go forward an opening that the clock skips is passed at the clock's next hour.
        """
        zone = ZoneInfo(self.zone)
        day = at.astimezone(zone).date()
        opening = datetime.combine(day, self.opens, zone).astimezone(UTC)
        return opening if opening > at else datetime.combine(day + DAY, self.opens, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Policy:
    """How often one source may be asked.

    Raises:
        ValueError: The intervals are not in order, or every weekday is skipped.
    """

    kind: str
    min_interval: timedelta
    max_interval: timedelta
    usual_interval: timedelta  # while nothing is known of how often it changes
    window: Window | None = None
    skip_weekdays: frozenset[int] = frozenset()  # 0 is Monday; on the window's clock, or in UTC

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        if not timedelta() < self.min_interval <= self.usual_interval <= self.max_interval:
            msg = "intervals must be positive, and in order"
            raise ValueError(msg)
        if self.skip_weekdays >= set(range(WEEKDAYS)):
            msg = "a source must be asked on some weekday"
            raise ValueError(msg)

    def local(self, at: datetime) -> datetime:
        """Read an instant on the policy's clock."""
        return at.astimezone(ZoneInfo(self.window.zone) if self.window else UTC)


# arXiv's turns follow its calendar; its shortest interval only keeps two hands off one button, since the gate
# in front of arXiv holds every request to its three seconds. An interface is asked for what changed since the
# last time, so nothing is lost by asking seldom.
_INTERVALS: Final[Mapping[str, tuple[timedelta, timedelta, timedelta]]] = {
    "arxiv": (HOUR / 4, HOUR, 7 * DAY),
    "feed": (HOUR, 3 * HOUR, DAY),
    "api": (6 * HOUR, 12 * HOUR, 2 * DAY),
}


def policy_for(
    kind: str,
    *,
    min_hours: float | None = None,
    max_hours: float | None = None,
    window: Window | None = None,
    skip_weekdays: frozenset[int] = frozenset(),
) -> Policy:
    """Give the policy of a source: that of its kind, with what a person has set.

    A bound that a person sets moves the other one along where they would cross.

    Args:
        kind: "arxiv", "feed" or "api".
        min_hours: Shortest time between two questions, 0.25 to 720.
        max_hours: Longest time, 0.25 to 720. arXiv is asked by its calendar, whatever is set here.
        window: Hours to keep to.
        skip_weekdays: Weekdays on which it is not asked, 0 for Monday.

    Raises:
        SettingInvalid: A bound is no number in its range, the shortest time is above the longest, a weekday
            does not exist, or all of them are skipped.
        ValueError: There is no such kind.
    """
    if kind not in _INTERVALS:
        msg = f"no policy for the kind {kind!r}"
        raise ValueError(msg)
    if not skip_weekdays < set(range(WEEKDAYS)):
        _refuse("skip_weekdays", str(sorted(skip_weekdays)), "some of the weekdays 0 to 6")
    shortest, usual, longest = _INTERVALS[kind]
    at_least = _hours("min_hours", min_hours)
    at_most = _hours("max_hours", max_hours)
    if at_least and at_most and at_least > at_most:
        _refuse("min_hours", str(min_hours), "at most max_hours")
    low = at_least or min(shortest, at_most or shortest)
    high = at_most or max(longest, low)
    return Policy(kind, low, high, min(max(usual, low), high), window, skip_weekdays)


def _hours(name: str, value: float | None) -> timedelta | None:
    if value is None:
        return None
    if not FEWEST_HOURS <= value <= MOST_HOURS:  # false for what is no number, too
        _refuse(name, str(value), f"hours from {FEWEST_HOURS:g} to {MOST_HOURS:g}")
    return timedelta(hours=value)


def _refuse(name: str, value: str, wanted: str) -> NoReturn:
    raise SettingInvalid(name=name, where="source policy", value=value, wanted=wanted)


# -- patience -------------------------------------------------------------------------------------

FIRST_BACKOFF: Final = HOUR / 4
LONGEST_BACKOFF: Final = DAY
# A server may ask for a longer wait than ours; beyond this it is asked again, and may repeat its wish.
LONGEST_WISH: Final = 30 * DAY

GONE: Final = 410
NOT_FOUND: Final = 404
REFUSALS: Final = frozenset({403, 418, 451})
NOT_FOUND_DAYS: Final = 5
UNREADABLE_TIMES: Final = 3
PARKED: Final = 7 * DAY
# A page of excuses may stand in a feed's place for an hour; so parking is short at first.
PARKED_UNREADABLE: Final = (DAY, 2 * DAY, 4 * DAY, 7 * DAY)
# The answer came, and cannot be read: asking again soon brings the same bytes.
UNREADABLE: Final = frozenset(
    {
        "answer.unknown",
        "feed.failed",
        "feed.is_web_page",
        "feed.no_bytes",
        "feed.parser_stopped",
        "feed.too_deep",
        "feed.too_large",
        "feed.too_many_entries",
        "feed.unreadable",
        "source.garbled",
        "source.too_large",
    }
)


class Because(StrEnum):
    """Why a source is not asked for a while, or no more."""

    REFUSED = "refused"  # 403, 418, 451: it does not want us; other ways lead to its papers
    NOT_FOUND = "not_found"  # 404 on five days, and nothing else between
    UNREADABLE = "unreadable"  # three times in a row something came that is no feed
    GONE = "gone"  # 410: it says that it will not come back


@dataclass(frozen=True, slots=True)
class Patience:
    """What the hub remembers of a source's failures in a row. Without arguments: a source in good health."""

    failures: int = 0
    first_failure_on: date | None = None  # UTC day
    last_error_code: str = ""
    not_found_days: int = 0  # different days with 404 and nothing else, the last of them:
    not_found_on: date | None = None
    unreadable_times: int = 0  # in a row
    times_parked: int = 0  # since the last success
    parked_until: datetime | None = None  # UTC
    parked_because: Because | None = None
    is_disabled: bool = False  # only a person takes this back

    def is_parked(self, now: datetime) -> bool:
        """Tell whether it is left alone for now."""
        return self.parked_until is not None and now < self.parked_until

    @property
    def needs_another_way(self) -> bool:
        """True where the server refuses us: its papers are then asked of Crossref, by ISSN."""
        return self.parked_because is Because.REFUSED

    def as_json(self) -> dict[str, str | int | None]:
        """Give what is to be stored: JSON values, without those that say nothing."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value or name == "failures"
        }

    @classmethod
    def from_json(cls, stored: object) -> Patience:
        """Read what was stored; what cannot be read counts as never said.

        A later version may have stored more, or a person may have edited it. Neither may keep a source from
        being asked for ever.
        """
        said = stored if isinstance(stored, dict) else {}
        because = said.get("parked_because")
        return cls(
            failures=_count(said.get("failures")),
            first_failure_on=_day(said.get("first_failure_on")),
            last_error_code=str(said.get("last_error_code") or ""),
            not_found_days=_count(said.get("not_found_days")),
            not_found_on=_day(said.get("not_found_on")),
            unreadable_times=_count(said.get("unreadable_times")),
            times_parked=_count(said.get("times_parked")),
            parked_until=_instant(said.get("parked_until")),
            parked_because=Because(because) if because in list(Because) else None,
            is_disabled=said.get("is_disabled") is True,
        )


def after_success(patience: Patience) -> Patience:
    """Forget the failures: the source answered, and its answer could be read.

    "Not modified" and an honestly empty feed are successes. A disabled source that answers because a person
    tried it is enabled again.
    """
    return patience if patience == Patience() else Patience()


def after_failure(
    patience: Patience,
    *,
    error_code: str,
    http_status: int | None,
    retry_after_seconds: float | None,
    now: datetime,
    dice: float,
) -> tuple[Patience, datetime | None]:
    """Remember one more failure, and choose the next turn.

    Args:
        patience: What was remembered before.
        error_code: The error's stable code.
        http_status: The server's, if it answered.
        retry_after_seconds: What the server asked for, if it did.
        now: UTC.
        dice: A random number in [0, 1).

    Returns:
        What to remember, and the next turn (UTC): None where the source is disabled. A quarter of an hour,
        doubling to a day, give or take a tenth; the end of the parking where it is parked; never before
        the server's wish.
    """
    later = _one_more(patience, error_code, http_status, now)
    wish = now + _wish(retry_after_seconds)
    if http_status == GONE or patience.is_disabled:
        return replace(later, is_disabled=True, parked_because=Because.GONE), None
    parking = _parking(later, http_status)
    if parking is None:
        return later, max(now + backoff(later.failures, dice=dice), wish)
    because, length = parking
    # Up to a tenth longer, so that sources that were parked together do not come back together.
    until = max(now + length * (1 + 0.1 * dice), wish)
    # What led here stays counted: the same answer after the parking parks the source again at once.
    times = later.times_parked + 1
    return replace(later, times_parked=times, parked_until=until, parked_because=because), until


def backoff(failures: int, *, dice: float) -> timedelta:
    """Give the wait after so many failures in a row: min(15 min * 2**(n - 1), 24 h), give or take a tenth."""
    doubled = FIRST_BACKOFF * (1 << min(max(failures, 1) - 1, 10))
    return min(doubled, LONGEST_BACKOFF) * (0.9 + 0.2 * dice)


def _one_more(patience: Patience, error_code: str, http_status: int | None, now: datetime) -> Patience:
    """Count a failure; only one of the two special rows goes on, the other is broken."""
    today = now.astimezone(UTC).date()
    is_not_found = http_status == NOT_FOUND
    is_new_day = is_not_found and patience.not_found_on != today
    return replace(
        patience,
        failures=patience.failures + 1,
        first_failure_on=patience.first_failure_on or today,
        last_error_code=error_code,
        not_found_days=patience.not_found_days + is_new_day if is_not_found else 0,
        not_found_on=today if is_not_found else None,
        unreadable_times=patience.unreadable_times + 1 if error_code in UNREADABLE else 0,
        parked_until=None,
        parked_because=None,
    )


def _parking(patience: Patience, http_status: int | None) -> tuple[Because, timedelta] | None:
    if http_status in REFUSALS:
        return Because.REFUSED, PARKED
    if patience.not_found_days >= NOT_FOUND_DAYS:
        return Because.NOT_FOUND, PARKED
    if patience.unreadable_times >= UNREADABLE_TIMES:
        return Because.UNREADABLE, PARKED_UNREADABLE[min(patience.times_parked, len(PARKED_UNREADABLE) - 1)]
    return None


def _wish(seconds: float | None) -> timedelta:
    if seconds is None or math.isnan(seconds):
        return timedelta()
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_WISH.total_seconds()))


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _instant(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
