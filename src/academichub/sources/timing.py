"""When to ask a source again. Pure: the clock and the dice are arguments.

arXiv is asked by its own calendar, everything else as often as it changes and as it wishes, within the bounds
of its policy. Failures are `policy.after_failure`'s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from academichub.sources import arxivcalendar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.papers import Feed
    from academichub.sources.policy import Policy

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
HOURS: Final = 24
# Turns that would all begin with an opening are spread, so that no server sees every hub in the same second.
SPREAD: Final = timedelta(minutes=20)
# How far a turn may be moved: one Sunday's opening can fall into the hour that clocks skip in spring.
FARTHEST: Final = timedelta(days=15)
LONGEST_HINT: Final = timedelta(days=400)  # anything longer is cut by every policy, and might overflow

# The syndication module of RSS 1.0 (web.resource.org/rss/1.0/modules/syndication).
UPDATE_PERIODS: Final[Mapping[str, timedelta]] = {
    "hourly": timedelta(hours=1),
    "daily": DAY,
    "weekly": WEEK,
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
MOST_UPDATES: Final = 10_000
WEEKDAY_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a source says, and shows, of how often it wants to be asked. Nothing is known of what is None."""

    ttl_minutes: float | None = None  # RSS
    update_minutes: float | None = None  # the syndication module's period
    max_age_seconds: float | None = None  # Cache-Control
    retry_after_seconds: float | None = None
    entries_last_week: int | None = None  # that it announced in the last seven days
    skip_days: frozenset[int] = frozenset()  # 0 is Monday, in UTC
    skip_hours: frozenset[int] = frozenset()  # 0 to 23, in UTC


def wishes_of(
    feed: Feed | None,
    *,
    max_age_seconds: float | None = None,
    retry_after_seconds: float | None = None,
    entries_last_week: int | None = None,
    update_minutes: float | None = None,
) -> Wishes:
    """Gather the wishes of an answer; `feed` is None for "not modified".

    Days and hours to skip are read as RSS means them, in GMT; 24 is midnight. A feed that skips every day,
    or every hour, says nothing.
    """
    names = {name.strip().casefold()[:3] for name in feed.skip_days} if feed else set()
    days = frozenset(number for number, name in enumerate(WEEKDAY_NAMES) if name[:3] in names)
    hours = frozenset(hour % HOURS for hour in feed.skip_hours if 0 <= hour <= HOURS) if feed else frozenset()
    return Wishes(
        ttl_minutes=feed.ttl_minutes if feed else None,
        update_minutes=feed.update_minutes if update_minutes is None and feed else update_minutes,
        max_age_seconds=max_age_seconds,
        retry_after_seconds=retry_after_seconds,
        entries_last_week=entries_last_week,
        skip_days=days if len(days) < len(WEEKDAY_NAMES) else frozenset(),
        skip_hours=hours if len(hours) < HOURS else frozenset(),
    )


def update_minutes(period: str, frequency: str = "") -> float | None:
    """Read the syndication module's sy:updatePeriod and sy:updateFrequency.

    Args:
        period: "hourly", "daily", "weekly", "monthly" or "yearly"; left out, it means daily.
        frequency: How many times in a period, at least 1; left out, once.

    Returns:
        Minutes between two updates; None where the feed does not say, or says something else.
    """
    times = frequency.strip() or "1"
    length = UPDATE_PERIODS.get(period.strip().casefold() or "daily")
    is_said = bool(period.strip() or frequency.strip())
    if not is_said or length is None or not (times.isascii() and times.isdecimal()):
        return None
    count = min(int(times[:9]), MOST_UPDATES)
    return length / timedelta(minutes=1) / count if count else None


def next_turn(policy: Policy, *, wishes: Wishes, has_batch: bool, now: datetime, dice: float) -> datetime:
    """Choose the next turn of a source after an honest answer.

    A source's wait is the longest of: seven days over the entries of the last seven days (within the bounds
    of the policy), its ttl, its update period, max-age and Retry-After; kept within the policy's bounds, and
    give or take a tenth where they leave room. The turn is then moved out of the hours and days that the
    feed skips, and into the policy's window. Where feed and policy together leave no time at all, the feed's
    wish is dropped.

    arXiv's wait ends at its next announcement, or after an hour while the day's batch is missing.

    Args:
        policy: The source's.
        wishes: What the source says; arXiv's calendar knows better than its feeds.
        has_batch: For arXiv: the source has brought announcements of `arxiv_day(now)`, now or before, or is
            known to have none that day.
        now: Aware.
        dice: A random number in [0, 1): spreads sources that would otherwise march in step.

    Returns:
        UTC, at least the policy's shortest interval from now.

    Source:
        The adaptive interval is Miniflux's `entry_frequency`.
    """
    if policy.kind == "arxiv":
        return _moved(policy, Wishes(), _arxiv_turn(policy, has_batch=has_batch, now=now, dice=dice), dice)
    wait = _wait(policy, wishes)
    least, most = max(wait * 0.9, policy.min_interval), min(wait * 1.1, policy.max_interval)
    return _moved(policy, wishes, now.astimezone(UTC) + least + (most - least) * dice, dice)


def arxiv_day(now: datetime) -> date:
    """Tell the day of arXiv's newest batch, were it there already: the calendar day at its home."""
    return arxivcalendar.feed_day(now)


def _arxiv_turn(policy: Policy, *, has_batch: bool, now: datetime, dice: float) -> datetime:
    today = arxivcalendar.feed_day(now)
    opens_at, closes_at = arxivcalendar.ready_at(today), arxivcalendar.closes_at(today)
    is_due = arxivcalendar.mailing_day(today).is_mailing and opens_at <= now < closes_at
    if is_due and not has_batch:
        turn = now.astimezone(UTC) + arxivcalendar.RETRY * (0.9 + 0.2 * dice)
    else:
        day = today if now < opens_at else today + DAY
        while not arxivcalendar.mailing_day(day).may_bring_papers:
            day += DAY
        turn = arxivcalendar.ready_at(day) + SPREAD * dice
    return max(turn, now.astimezone(UTC) + policy.min_interval)


def _wait(policy: Policy, wishes: Wishes) -> timedelta:
    said = max(
        _span(minutes=wishes.ttl_minutes),
        _span(minutes=wishes.update_minutes),
        _span(seconds=wishes.max_age_seconds),
        _span(seconds=wishes.retry_after_seconds),
    )
    if wishes.entries_last_week is None:
        wanted = said or policy.usual_interval
    elif wishes.entries_last_week > 0:
        wanted = max(said, WEEK / wishes.entries_last_week)
    else:
        wanted = policy.max_interval
    return min(max(wanted, policy.min_interval), policy.max_interval)


def _span(*, minutes: float | None = None, seconds: float | None = None) -> timedelta:
    """Read a wish: nothing said, and nonsense, is no time at all."""
    wished = 60.0 * (minutes or 0.0) + (seconds or 0.0)
    if math.isnan(wished):
        return timedelta()
    return timedelta(seconds=min(max(wished, 0.0), LONGEST_HINT.total_seconds()))


# -- hours and days to keep to --------------------------------------------------------------------


def _moved(policy: Policy, wishes: Wishes, turn: datetime, dice: float) -> datetime:
    """Move a turn to the next time at which the source may be asked."""
    landing = _landing(policy, wishes, turn)
    if landing is None:
        wishes = Wishes()
        landing = _landing(policy, wishes, turn) or turn
    spread = landing + SPREAD * dice
    return spread if landing > turn and _closed_until(policy, wishes, spread) is None else landing


def _landing(policy: Policy, wishes: Wishes, turn: datetime) -> datetime | None:
    landing = turn
    while landing < turn + FARTHEST:
        until = _closed_until(policy, wishes, landing)
        if until is None:
            return landing
        landing = until
    return None


def _closed_until(policy: Policy, wishes: Wishes, at: datetime) -> datetime | None:
    """Tell when to look again where a source may not be asked at an instant (UTC); None where it may."""
    if at.weekday() in wishes.skip_days:
        return datetime.combine(at.date() + DAY, time(), UTC)
    if at.hour in wishes.skip_hours:
        return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    local = policy.local(at)
    if local.weekday() in policy.skip_weekdays:
        return datetime.combine(local.date() + DAY, time(), local.tzinfo).astimezone(UTC)
    if policy.window is not None and not policy.window.is_open(at):
        return policy.window.opens_next(at)
    return None
