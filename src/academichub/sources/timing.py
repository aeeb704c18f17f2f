"""When to ask a source again. Pure: the clock and the dice are arguments."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.papers import Feed

# arXiv renders its feeds at midnight Eastern; a quarter of an hour later the day's batch is there.
ARXIV_ZONE: Final = ZoneInfo("America/New_York")
ARXIV_READY: Final = time(0, 15)
ARXIV_LATE: Final = time(12, 0)  # after this a missing batch is not looked for before the next day
ARXIV_RETRY: Final = timedelta(hours=1)
FRIDAY: Final = 4

SHORTEST: Final = timedelta(hours=1)
USUAL: Final = timedelta(hours=3)
LONGEST: Final = timedelta(hours=24)
FIRST_BACKOFF: Final = timedelta(minutes=15)


def next_after_answer(
    kind: str,
    *,
    feed: Feed | None,
    has_batch: bool,
    now: datetime,
    max_age_seconds: int | None,
    dice: float,
) -> datetime:
    """Choose the next turn after an honest answer.

    Args:
        kind: "arxiv" or "feed".
        feed: What came; None for "not modified".
        has_batch: The source has brought announcements of `arxiv_day(now)`, in this answer or before.
        now: UTC.
        max_age_seconds: The answer's Cache-Control, if any.
        dice: A random number in [0, 1): spreads sources that would otherwise march in step.

    Returns:
        For arXiv the next announcement, or an hour from now while the day's batch is missing; otherwise
        the longest of what the feed asks for, between one hour and one day, give or take a tenth.
    """
    if kind == "arxiv":
        return _next_arxiv(now, dice, has_batch=has_batch)
    ttl = timedelta(minutes=feed.ttl_minutes) if feed is not None and feed.ttl_minutes else timedelta()
    max_age = timedelta(seconds=max_age_seconds or 0)
    wait = min(max(ttl, max_age, USUAL if not (ttl or max_age) else SHORTEST), LONGEST)
    return now + wait * (0.9 + 0.2 * dice)


def next_after_failure(
    *, failures: int, now: datetime, retry_after_seconds: float | None, dice: float
) -> datetime:
    """Choose the next turn after a failure: 15 minutes, doubling to a day; never before the server's wish.

    Args:
        failures: Failures in a row, this one included, >= 1.
        now: UTC.
        retry_after_seconds: What the server asked for, if it did.
        dice: A random number in [0, 1).
    """
    doubled = FIRST_BACKOFF * (1 << min(failures - 1, 10))
    wait = min(doubled, LONGEST) * (0.9 + 0.2 * dice)
    wish = timedelta(seconds=retry_after_seconds or 0)
    return now + max(wait, wish)


def arxiv_day(now: datetime) -> date:
    """Tell the day of arXiv's newest batch, were it there already: the calendar day at its home."""
    return now.astimezone(ARXIV_ZONE).date()


def _next_arxiv(now: datetime, dice: float, *, has_batch: bool) -> datetime:
    local = now.astimezone(ARXIV_ZONE)
    is_weekday = local.weekday() <= FRIDAY
    if is_weekday and not has_batch and ARXIV_READY <= local.time() < ARXIV_LATE:
        return now + ARXIV_RETRY * (0.9 + 0.2 * dice)
    day = local.date() + timedelta(days=0 if local.time() < ARXIV_READY else 1)
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    opening = datetime.combine(day, ARXIV_READY, ARXIV_ZONE).astimezone(UTC)
    # Spread over twenty minutes, so that not every hub in the world asks at the same second.
    return opening + timedelta(minutes=20) * dice
