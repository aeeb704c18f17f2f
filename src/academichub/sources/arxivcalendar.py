"""Know on which days arXiv announces papers, and what a day without papers means. Pure: dates in, dates out.

Three days belong to every announcement:

* the *office day*, Monday to Friday, at whose cut-off (14:00 Eastern) the list is closed;
* the *evening* on which it is made public: 20:00 Eastern of the office day, of Sunday for Friday's list;
* the *feed day*, Monday to Friday: the day after that evening, which the feed carries as its `pubDate`.

arXiv's holidays are office days: nothing is closed on them. So it is the feed of the *next* weekday that
stays empty: Martin Luther King Jr. Day 2026 is Monday, January 19th; Monday's feed holds Friday's list, and
Tuesday's is empty. A holiday on a Friday empties Monday's feed.

Source: arXiv's schedule and holidays (info.arxiv.org/help/availability); the rules and the record of past
holidays in its open code (arXiv/arxiv-base, `arxiv_localtime.py` and `arxiv_holidays_seed.sql`). The dates of
real records agree: from June 2025 to May 2026 none or few carry just the eight feed days that are empty here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

ARXIV_ZONE: Final = ZoneInfo("America/New_York")
ANNOUNCED: Final = time(20, 0)  # of the evening before the feed day
READY: Final = time(0, 15)  # the feeds are rendered at midnight; a quarter of an hour later they are there
CLOSES: Final = time(12, 0)  # a batch that has not come by noon is not waited for any longer
RETRY: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MONDAY, THURSDAY, FRIDAY = 0, 3, 4

# The cut-off moved from 16:00 to 14:00 with the first announcement of 2017.
CUTOFF_HOUR: Final = 14
EARLIER_CUTOFF_HOUR: Final = 16
CUTOFF_MOVED_ON: Final = date(2017, 1, 2)


class Occasion(StrEnum):
    """Why arXiv closes no list on an office day."""

    NEW_YEAR = "new_year"
    KING = "king"
    JUNETEENTH = "juneteenth"
    INDEPENDENCE = "independence"
    LABOR = "labor"
    THANKSGIVING = "thanksgiving"
    CHRISTMAS = "christmas"
    YEAR_END = "year_end"
    OWN = "own"  # a retreat, a strike, an outage

    @property
    def english(self) -> str:
        """Name it in English."""
        return _NAMES[self][0]

    @property
    def chinese(self) -> str:
        """Name it in Chinese."""
        return _NAMES[self][1]


_NAMES: Final[Mapping[Occasion, tuple[str, str]]] = {
    Occasion.NEW_YEAR: ("New Year's Day", "元旦"),
    Occasion.KING: ("Martin Luther King Jr. Day", "马丁·路德·金纪念日"),
    Occasion.JUNETEENTH: ("Juneteenth", "六月节"),
    Occasion.INDEPENDENCE: ("Independence Day", "美国独立日"),
    Occasion.LABOR: ("Labor Day", "美国劳动节"),
    Occasion.THANKSGIVING: ("Thanksgiving Day", "感恩节"),
    Occasion.CHRISTMAS: ("Christmas", "圣诞节"),
    Occasion.YEAR_END: ("arXiv's year-end break", "arXiv 年末休假"),
    Occasion.OWN: ("a pause of arXiv's own", "arXiv 自定停发日"),
}


def _listed(**days: str) -> Mapping[tuple[int, int], Occasion]:
    """Read one year's holidays: an occasion, and its days as "MM-DD" with blanks between."""
    return {
        (int(day[:2]), int(day[3:])): Occasion(occasion)
        for occasion, text in days.items()
        for day in text.split()
    }


# What arXiv published or did; a year that is here is exact. Sunday, July 6th 2025, which arXiv lists too,
# only repeats what the Friday before it says.
LISTED: Final[Mapping[int, Mapping[tuple[int, int], Occasion]]] = {
    2018: _listed(
        new_year="01-01",
        own="03-26",
        labor="09-03",
        thanksgiving="11-22",
        christmas="12-25",
        year_end="12-24 12-27",
    ),
    2019: _listed(
        new_year="01-01",
        king="01-21",
        labor="09-02",
        own="11-07",
        thanksgiving="11-28",
        christmas="12-25",
        year_end="12-26 12-30",
    ),
    2020: _listed(
        new_year="01-01",
        king="01-20",
        own="06-09",
        thanksgiving="11-26",
        christmas="12-25",
        year_end="12-29 12-30",
    ),
    2021: _listed(
        new_year="01-01", own="10-20", thanksgiving="11-25", christmas="12-24", year_end="12-28 12-30"
    ),
    2022: _listed(
        king="01-17", juneteenth="06-20", labor="09-05", thanksgiving="11-24", year_end="12-27 12-29"
    ),
    2023: _listed(
        king="01-16",
        juneteenth="06-19",
        independence="07-04",
        labor="09-04",
        thanksgiving="11-23",
        christmas="12-25",
        year_end="12-27",
        own="06-14 08-17",
    ),
    2024: _listed(
        king="01-15",
        juneteenth="06-19",
        independence="07-04",
        labor="09-02",
        thanksgiving="11-28",
        christmas="12-25",
        year_end="12-26 12-31",
        own="05-22 10-08",
    ),
    2025: _listed(
        new_year="01-01",
        king="01-20",
        juneteenth="06-19",
        independence="07-04",
        labor="09-01",
        thanksgiving="11-27",
        christmas="12-25",
        year_end="12-30",
    ),
    2026: _listed(
        new_year="01-01",
        king="01-19",
        juneteenth="06-19",
        independence="07-03",
        labor="09-07",
        thanksgiving="11-26",
        christmas="12-25",
        year_end="12-29 12-31",
    ),
}
# The first year in which arXiv kept a public holiday that it had not kept before.
KEPT_SINCE: Final[Mapping[Occasion, int]] = {
    Occasion.LABOR: 2018,
    Occasion.KING: 2019,
    Occasion.JUNETEENTH: 2022,
    Occasion.INDEPENDENCE: 2023,
}
YEAR_END_BEGINS: Final = (12, 22)


@dataclass(frozen=True, slots=True)
class Holiday:
    """An office day on which arXiv closes no list."""

    on: date
    occasion: Occasion
    is_by_rule: bool  # arXiv's list of that year is not known here: probable, not certain


@dataclass(frozen=True, slots=True)
class Mailing:
    """What the calendar says of one feed day. Where there is no mailing it is a weekend or a holiday."""

    on: date
    is_mailing: bool
    is_weekend: bool = False
    holiday: Holiday | None = None

    @property
    def may_bring_papers(self) -> bool:
        """True where asking is worth a request: also behind a holiday that is only probable."""
        return self.is_mailing or (self.holiday is not None and self.holiday.is_by_rule)


# -- the calendar ---------------------------------------------------------------------------------


def holiday_on(day: date) -> Holiday | None:
    """Tell whether arXiv closes no list on an office day, and why."""
    listed = LISTED.get(day.year)
    occasion = _by_rule(day.year).get(day) if listed is None else listed.get((day.month, day.day))
    return Holiday(day, occasion, is_by_rule=listed is None) if occasion else None


def mailing_day(on: date) -> Mailing:
    """Tell whether the feeds of a day hold a batch, and why not.

    Args:
        on: A feed day: the calendar day at arXiv's home that the feed carries.
    """
    if on.weekday() > FRIDAY:
        return Mailing(on, is_mailing=False, is_weekend=True)
    back = 3 if on.weekday() == MONDAY else 1
    holiday = holiday_on(date.fromordinal(max(on.toordinal() - back, 1)))
    return Mailing(on, is_mailing=holiday is None, holiday=holiday)


def next_mailing(on: date) -> date:
    """Give the first feed day with a batch after a day."""
    on += DAY
    while not mailing_day(on).is_mailing:
        on += DAY
    return on


def previous_mailing(on: date) -> date:
    """Give the last feed day with a batch before a day."""
    on -= DAY
    while not mailing_day(on).is_mailing:
        on -= DAY
    return on


def mailing_days(since: date, until: date) -> tuple[date, ...]:
    """List the feed days with a batch from one day to another, both included, oldest first."""
    days = (date.fromordinal(number) for number in range(since.toordinal(), until.toordinal() + 1))
    return tuple([day for day in days if mailing_day(day).is_mailing])


def announcement_day(submitted_at: datetime) -> date:
    """Give the feed day that announces a submission, unless arXiv's moderation holds it back.

    A submission at the very second of the cut-off is late.

    Args:
        submitted_at: Aware; what arXiv calls the date of a version.

    Raises:
        ValueError: The instant has no time zone.
    """
    local = _at_home(submitted_at)
    day = local.date()
    if local.hour >= (CUTOFF_HOUR if day >= CUTOFF_MOVED_ON else EARLIER_CUTOFF_HOUR):
        day += DAY
    while day.weekday() > FRIDAY or holiday_on(day):
        day += DAY
    return day + DAY * (3 if day.weekday() == FRIDAY else 1)


def feed_day(now: datetime) -> date:
    """Tell the day of arXiv's newest feed: the calendar day at its home.

    Raises:
        ValueError: The instant has no time zone.
    """
    return _at_home(now).date()


def announced_at(on: date) -> datetime:
    """Give the instant (UTC) at which the batch of a feed day is made public: the evening before."""
    return datetime.combine(on - DAY, ANNOUNCED, ARXIV_ZONE).astimezone(UTC)


def ready_at(on: date) -> datetime:
    """Give the instant (UTC) from which the feeds of a day can be asked."""
    return datetime.combine(on, READY, ARXIV_ZONE).astimezone(UTC)


def closes_at(on: date) -> datetime:
    """Give the instant (UTC) from which a batch that has not come is no longer waited for."""
    return datetime.combine(on, CLOSES, ARXIV_ZONE).astimezone(UTC)


# -- what a day without papers means --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class There:
    """The day's batch is on the shelves."""

    code: ClassVar[str] = "there"
    on: date


@dataclass(frozen=True, slots=True)
class Weekend:
    """arXiv announces nothing for Saturdays and Sundays: honestly empty."""

    code: ClassVar[str] = "weekend"
    on: date


@dataclass(frozen=True, slots=True)
class DayOff:
    """arXiv closed no list on the office day before, for a holiday: honestly empty."""

    code: ClassVar[str] = "holiday"
    on: date
    holiday: Holiday


@dataclass(frozen=True, slots=True)
class Quiet:
    """arXiv announced papers, and this feed's answer of the day honestly holds none."""

    code: ClassVar[str] = "quiet"
    on: date


@dataclass(frozen=True, slots=True)
class NotYet:
    """The batch is not due before `ready_at`, or is due and has not been asked for."""

    code: ClassVar[str] = "not_yet"
    on: date
    ready_at: datetime


@dataclass(frozen=True, slots=True)
class Stale:
    """The server answers, but with an older batch or none; it is asked again at `next_try_at`."""

    code: ClassVar[str] = "stale"
    on: date
    newest_on: date | None  # the newest batch the source has brought; None where it never brought any
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """The feed is no longer waited for and brought nothing: to be filled in from the OAI interface."""

    code: ClassVar[str] = "missed"
    on: date
    was_asked: bool  # False: the hub did not ask while the batch was there


DayVerdict: TypeAlias = There | Weekend | DayOff | Quiet | NotYet | Stale | Missed


def judge_day(
    on: date,
    *,
    now: datetime,
    has_batch: bool,
    newest_batch: date | None,
    asked_at_least_once: bool,
    is_honestly_empty: bool = False,
    next_due_at: datetime | None = None,
) -> DayVerdict:
    """Say what one arXiv source's day is, for the line under the date.

    What came wins over what the calendar says, so a batch on a probable holiday is simply there.

    Args:
        on: The feed day.
        now: Aware.
        has_batch: The source has brought announcements of that day.
        newest_batch: The newest day whose announcements it has brought.
        asked_at_least_once: It has answered between `ready_at(on)` and the end of that day at arXiv's home.
        is_honestly_empty: Such an answer carried that day as its own and had no entries, while other sources
            of arXiv brought their batch: the category had nothing. Small categories have such days.
        next_due_at: When the source is asked next, if that is known; otherwise an hour from now is said.

    Raises:
        ValueError: `now` has no time zone.
    """
    mailing = mailing_day(on)
    if has_batch:
        return There(on)
    if mailing.is_weekend:
        return Weekend(on)
    if mailing.holiday is not None:
        return DayOff(on, mailing.holiday)
    if is_honestly_empty:
        return Quiet(on)
    return _without_batch(
        on,
        now=_at_home(now),
        newest=newest_batch,
        was_asked=asked_at_least_once,
        next_due_at=next_due_at,
    )


def _without_batch(
    on: date, *, now: datetime, newest: date | None, was_asked: bool, next_due_at: datetime | None
) -> DayVerdict:
    is_overtaken = newest is not None and newest > on
    if now >= closes_at(on) or is_overtaken:
        return Missed(on, was_asked)
    if now < ready_at(on) or not was_asked:
        return NotYet(on, ready_at(on))
    is_ahead = next_due_at is not None and next_due_at > now
    return Stale(on, newest, next_due_at if next_due_at and is_ahead else now.astimezone(UTC) + RETRY)


# -- other years ----------------------------------------------------------------------------------


def _by_rule(year: int) -> Mapping[date, Occasion]:
    """Foretell a year's holidays: public ones by law, the year's end as arXiv last did.

    A public holiday on a Saturday is kept on Friday, one on a Sunday on Monday; New Year's Day is not made
    up for. The days around Christmas follow no rule that arXiv has told: they are those of the last listed
    year in which Christmas fell on the same weekday.
    """
    public = {
        Occasion.KING: _nth(year, 1, MONDAY, 3),
        Occasion.JUNETEENTH: _observed(date(year, 6, 19)),
        Occasion.INDEPENDENCE: _observed(date(year, 7, 4)),
        Occasion.LABOR: _nth(year, 9, MONDAY, 1),
        Occasion.THANKSGIVING: _nth(year, 11, THURSDAY, 4),
    }
    days = {day: occasion for occasion, day in public.items() if year >= KEPT_SINCE.get(occasion, year)}
    new_year = date(year, 1, 1)
    if new_year.weekday() <= FRIDAY:
        days[new_year] = Occasion.NEW_YEAR
    weekday = date(year, 12, 25).weekday()
    like = max(listed for listed in LISTED if date(listed, 12, 25).weekday() == weekday)
    for (month, day), occasion in LISTED[like].items():
        if (month, day) >= YEAR_END_BEGINS:
            days[date(year, month, day)] = occasion
    return days


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + DAY * ((weekday - first.weekday()) % 7 + 7 * (count - 1))


def _observed(day: date) -> date:
    """Move a public holiday off the weekend, as US federal law does (5 U.S.C. 6103)."""
    return day + DAY * {5: -1, 6: 1}.get(day.weekday(), 0)


def _at_home(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        msg = "an instant must have its time zone"
        raise ValueError(msg)
    return moment.astimezone(ARXIV_ZONE)
