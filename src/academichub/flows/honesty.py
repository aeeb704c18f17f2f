"""Say what a day of arXiv's is, per category: there, a holiday, stale, missed; and have it filled in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.sources import arxivcalendar, timing
from academichub.store import announcements
from academichub.text import dates

if TYPE_CHECKING:
    from datetime import date, datetime

    from academichub.db.engine import Connection
    from academichub.model.papers import Feed
    from academichub.store.sources import Subscription


def has_batch(connection: Connection, source: Subscription, feed: Feed | None, *, now: datetime) -> bool:
    """Tell whether a source need not be asked again for today's batch: it is there, or there is none."""
    if source.kind != "arxiv":
        return True
    today = timing.arxiv_day(now)
    if announcements.stored_on(connection, source.source_id, today).total:
        return True
    return is_honestly_empty(feed, today, now=now) and not arxivcalendar.mailing_day(today).is_mailing


def is_honestly_empty(feed: Feed | None, day: date, *, now: datetime) -> bool:
    """Tell an answer that carries the day as its own and has no entries."""
    if feed is None or feed.records or feed.rejected:
        return False
    return _is_of(feed, day, now=now)


def _is_of(feed: Feed, day: date, *, now: datetime) -> bool:
    """Tell an answer that carries the day as its own."""
    said = dates.read_date(feed.updated, now=now) if feed.updated else None
    return said is not None and said.on == day


def judge_today(
    connection: Connection,
    source: Subscription,
    feed: Feed | None,
    *,
    now: datetime,
    next_due_at: datetime | None,
) -> None:
    """Write down what an arXiv source's day is after it was asked."""
    if source.kind != "arxiv":
        return
    day = timing.arxiv_day(now)
    judge_source_day(
        connection,
        source.source_id,
        day,
        now=now,
        next_due_at=next_due_at,
        is_honestly_empty=is_honestly_empty(feed, day, now=now),
        has_come=feed is not None and bool(feed.records) and _is_of(feed, day, now=now),
    )


def judge_source_day(
    connection: Connection,
    source_id: int,
    day: date,
    *,
    now: datetime,
    next_due_at: datetime | None,
    is_honestly_empty: bool = False,
    has_come: bool = False,
) -> str:
    """Judge one day of one source, write the verdict down, and give its code.

    While a missed day is being filled in, what is there of it does not make it whole: only the feed itself
    can (`has_come`: its answer carried the day), or the end of the harvest.
    """
    known = announcements.days_of(connection, source_id=source_id, since=day).get(day)
    stored = announcements.stored_on(connection, source_id, day)
    was_filled = known is not None and known.healing_at is not None
    is_quiet = known is not None and known.verdict == "quiet" and was_filled and not stored.total
    if known is not None and (known.verdict == "healed" or is_quiet):
        announcements.note_stored(connection, source_id, day, stored=stored)
        return known.verdict
    is_being_filled = known is not None and known.verdict == "missed" and was_filled
    newest = announcements.newest_batch(connection, source_id)
    ready_at = arxivcalendar.ready_at(day)
    verdict = arxivcalendar.judge_day(
        day,
        now=now,
        has_batch=stored.total > 0 and (has_come or not is_being_filled),
        newest_batch=newest,
        asked_at_least_once=announcements.was_asked(
            connection, source_id, since=ready_at, until=ready_at + timedelta(days=1)
        ),
        # An empty answer alone cannot tell a small category from a late rendering.
        is_honestly_empty=is_honestly_empty and announcements.is_there_elsewhere(connection, day),
        next_due_at=next_due_at,
    )
    code = verdict.code
    if code == "not_yet" and now >= ready_at and announcements.is_failing(connection, source_id):
        code = "failing"  # it is due, and the server does not answer
    announcements.note_day(connection, source_id, day, verdict=code, stored=stored, newest=newest, now=now)
    return code
