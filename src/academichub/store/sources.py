"""The sources on the shelf: what is subscribed, when it is due, how it is doing."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.tables import (
    announcements,
    day_tallies,
    fetches,
    harvests,
    manifestations,
    quarantine,
    sightings,
    source_days,
    sources,
)
from academichub.errors import SourceUnknown
from academichub.model.shelf import (
    DayMark,
    FetchRow,
    FetchStatus,
    Health,
    QuarantineRow,
    SourceRow,
)
from academichub.store.log import account_of, touch_pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from academichub.errors import AcademicHubError

FAILING_AFTER = 3  # failures in a row
OVERDUE_AFTER = timedelta(hours=2)
STRIP_DAYS = 30
REMEMBERED_ANSWERS = 40
# Files come by hand; services are asked when papers lack something.
UNFETCHED = ("file", "service")


@dataclass(frozen=True, slots=True)
class Subscription:
    """What `fetch` needs to know of a source."""

    source_id: int
    key: str
    kind: str
    title: str
    url: str
    is_paused: bool
    etag: str | None
    last_modified: str | None
    fingerprint: str | None
    next_due_at: datetime | None
    failures: int
    connector: str
    scope: str
    harvested_to: date | None
    patience: Mapping[str, Any] | None
    is_checked: bool  # an answer of it that held something has been judged


def add_source(
    connection: sa.Connection,
    *,
    key: str,
    kind: str,
    title: str,
    url: str,
    now: datetime,
    connector: str = "",
    scope: str = "",
) -> bool:
    """Subscribe a source, due at once; leave it alone where it is there. Says whether it was added."""
    due = None if kind in UNFETCHED else now
    added = connection.execute(
        insert_ignore(connection.dialect, sources),
        [
            {
                "key": key,
                "kind": kind,
                "title": title,
                "url": url,
                "is_paused": False,
                "created_at": now,
                "next_due_at": due,
                "failures": 0,
                "recent_ms": [],
                "connector": connector,
                "scope": scope,
            }
        ],
    )
    if added.rowcount:
        touch_pages(connection)
    return bool(added.rowcount)


def subscription(connection: sa.Connection, key: str) -> Subscription:
    """Find a source by its key.

    Raises:
        SourceUnknown: There is none; the facts suggest the nearest key.
    """
    row = connection.execute(SUBSCRIPTION.where(sources.c.key == key)).one_or_none()
    if row is None:
        keys = connection.execute(sa.select(sources.c.key).order_by(sources.c.key)).scalars().all()
        near = difflib.get_close_matches(key, keys, n=1)
        raise SourceUnknown(source=key, suggestion=near[0] if near else None)
    return _subscription(row)


def subscriptions(connection: sa.Connection) -> list[Subscription]:
    """List the sources that can be fetched, by key."""
    rows = connection.execute(SUBSCRIPTION.where(sources.c.kind.not_in(UNFETCHED)).order_by(sources.c.key))
    return [_subscription(row) for row in rows]


def due_sources(connection: sa.Connection, now: datetime) -> list[Subscription]:
    """List the sources whose time has come, longest waiting first."""
    rows = connection.execute(
        SUBSCRIPTION.where(
            sources.c.is_paused.is_(False), sources.c.kind.not_in(UNFETCHED), sources.c.next_due_at <= now
        ).order_by(sources.c.next_due_at, sources.c.id)
    )
    return [_subscription(row) for row in rows]


def ask_now(connection: sa.Connection, keys: Sequence[str] | None, now: datetime) -> int:
    """Make sources due at once, all that are not paused where `keys` is None; give how many."""
    statement = sa.update(sources).where(sources.c.kind.not_in(UNFETCHED)).values(next_due_at=now)
    if keys is None:
        statement = statement.where(sources.c.is_paused.is_(False))
    else:
        statement = statement.where(sources.c.key.in_(keys))
    asked = connection.execute(statement).rowcount
    touch_pages(connection)
    return int(asked)


def put_off(connection: sa.Connection, source: Subscription, until: datetime) -> None:
    """Move a source's turn, while its job is on the way; one that has changed since stays as it is."""
    is_same_turn = (
        sources.c.next_due_at.is_(None)
        if source.next_due_at is None
        else sources.c.next_due_at == source.next_due_at
    )
    connection.execute(
        sa.update(sources).where(sources.c.id == source.source_id, is_same_turn).values(next_due_at=until)
    )


def has_announced(connection: sa.Connection, source_id: int, *, on: date) -> bool:
    """Tell whether a source has brought anything that was announced on a day."""
    return connection.execute(ANNOUNCED, {"source_id": source_id, "on": on}).first() is not None


def pause(connection: sa.Connection, key: str, *, is_paused: bool, now: datetime) -> None:
    """Stop fetching a source, or start again at once."""
    found = subscription(connection, key)
    connection.execute(
        sa.update(sources)
        .where(sources.c.id == found.source_id)
        .values(is_paused=is_paused, next_due_at=found.next_due_at if is_paused else now)
    )
    touch_pages(connection)


def remove_source(connection: sa.Connection, key: str) -> None:
    """Forget a source and its log. What it brought stays on the shelves."""
    found = subscription(connection, key)
    # A batch that is being shelved for it ends first; the next one finds it gone.
    connection.execute(sa.select(sources.c.id).where(sources.c.id == found.source_id).with_for_update())
    for table in (announcements, harvests, sightings, quarantine, fetches, source_days):
        connection.execute(sa.delete(table).where(table.c.source_id == found.source_id))
    connection.execute(sa.delete(sources).where(sources.c.id == found.source_id))
    touch_pages(connection)


def note_answer(  # noqa: PLR0913  # one column each; all are facts of one answer
    connection: sa.Connection,
    source_id: int,
    *,
    now: datetime,
    next_due_at: datetime | None,
    elapsed_ms: int,
    etag: str | None = None,
    last_modified: str | None = None,
    fingerprint: str | None = None,
    title: str | None = None,
    url: str | None = None,
    harvested_to: date | None = None,
    checked: Mapping[str, Any] | None = None,
    keeps_patience: bool = False,
) -> None:
    """Write down that a source answered; validators are kept where the answer brought none.

    `keeps_patience`: its own server has not answered, another one has in its place.
    """
    recent = connection.execute(sa.select(sources.c.recent_ms).where(sources.c.id == source_id)).scalar_one()
    values: dict[str, Any] = {
        "last_try_at": now,
        "last_ok_at": now,
        "next_due_at": next_due_at,
        "failures": 0,
        "error_code": None,
        "error_facts": None,
        "recent_ms": [*recent, elapsed_ms][-REMEMBERED_ANSWERS:],
    }
    if keeps_patience:
        values = {name: values[name] for name in ("last_try_at", "next_due_at")}
    else:
        values["patience"] = None
    optional = {
        "harvested_to": harvested_to,
        "checked": checked,
        "etag": etag,
        "last_modified": last_modified,
        "fingerprint": fingerprint,
        "title": title,
        "url": url,
    }
    values |= {name: value for name, value in optional.items() if value is not None}
    connection.execute(sa.update(sources).where(sources.c.id == source_id).values(**values))


def note_failure(
    connection: sa.Connection,
    source_id: int,
    *,
    error: AcademicHubError,
    now: datetime,
    next_due_at: datetime | None,
    patience: Mapping[str, Any] | None = None,
    checked: Mapping[str, Any] | None = None,
) -> None:
    """Write down that a fetch failed, and when it is tried again; None where only a person may try."""
    values: dict[str, Any] = {
        "last_try_at": now,
        "next_due_at": next_due_at,
        "failures": sources.c.failures + 1,
        "error_code": error.code,
        "error_facts": error.facts,
    }
    values |= {"patience": patience} if patience is not None else {}
    values |= {"checked": checked} if checked is not None else {}
    connection.execute(sa.update(sources).where(sources.c.id == source_id).values(**values))


def note_try(connection: sa.Connection, source_id: int, *, now: datetime, next_due_at: datetime) -> None:
    """Write down that another server was asked in a source's place and failed: its own standing stays."""
    connection.execute(
        sa.update(sources).where(sources.c.id == source_id).values(last_try_at=now, next_due_at=next_due_at)
    )


def services(connection: sa.Connection) -> list[Subscription]:
    """List the providers that complete papers, by key."""
    rows = connection.execute(SUBSCRIPTION.where(sources.c.kind == "service").order_by(sources.c.key))
    return [_subscription(row) for row in rows]


def new_since(connection: sa.Connection, source_id: int, day: date) -> int:
    """Count what a source has brought that was new, from a day on."""
    found = sa.select(sa.func.coalesce(sa.func.sum(source_days.c.new), 0)).where(
        source_days.c.day >= day, source_days.c.source_id == source_id
    )
    return int(connection.execute(found).scalar_one())


def arxiv_sources(connection: sa.Connection) -> list[tuple[Subscription, datetime]]:
    """List arXiv's feeds that are not paused, with the instant each was subscribed."""
    rows = connection.execute(
        SUBSCRIPTION.add_columns(sources.c.created_at)
        .where(sources.c.kind == "arxiv", sources.c.is_paused.is_(False))
        .order_by(sources.c.key)
    )
    return [(_subscription(row[:-1]), row[-1]) for row in rows]


def source_rows(connection: sa.Connection, *, now: datetime, key: str | None = None) -> list[SourceRow]:
    """List sources with their health and thirty-day strip, by key."""
    statement = sa.select(sources).order_by(sources.c.kind, sources.c.key)
    if key is not None:
        statement = statement.where(sources.c.key == key)
    rows = connection.execute(statement).mappings().all()
    since = now.date() - timedelta(days=STRIP_DAYS - 1)
    days: dict[int, dict[date, sa.RowMapping]] = {}
    for day in connection.execute(DAYS, {"since": since}).mappings():
        days.setdefault(day["source_id"], {})[day["day"]] = day
    held: dict[int, int] = {
        row.source_id: row.entries
        for row in connection.execute(HELD, {"since": now - timedelta(days=STRIP_DAYS)})
    }
    return [_source_row(row, days.get(row["id"], {}), held.get(row["id"], 0), now) for row in rows]


def source_log(connection: sa.Connection, source_id: int, *, size: int = 20) -> list[FetchRow]:
    """List a source's last fetches, newest first."""
    rows = connection.execute(LOG, {"source_id": source_id, "size": size})
    return [
        FetchRow(
            fetch_id=row.id,
            source_key=row.key,
            status=FetchStatus(row.status),
            started_at=row.started_at,
            finished_at=row.finished_at,
            http_status=row.http_status,
            byte_count=row.byte_count,
            elapsed_ms=row.elapsed_ms,
            account=account_of(row),
            error_code=row.error_code,
            error_facts=row.error_facts or {},
            address=row.address,
        )
        for row in rows
    ]


def quarantined(connection: sa.Connection, source_id: int, *, size: int = 50) -> list[QuarantineRow]:
    """List a source's quarantined entries, newest first."""
    rows = connection.execute(QUARANTINE, {"source_id": source_id, "size": size})
    return [
        QuarantineRow(
            quarantine_id=row.id,
            source_key=row.key,
            received_at=row.received_at,
            position=row.position,
            external_id=row.external_id,
            title=row.title,
            error_code=row.error_code,
            error_facts=row.error_facts,
            excerpt=row.excerpt,
        )
        for row in rows
    ]


def count_works(connection: sa.Connection) -> int:
    """Count all works, from the tallies."""
    total = connection.execute(
        sa.select(sa.func.coalesce(sa.func.sum(day_tallies.c.works), 0)).where(day_tallies.c.facet == "all")
    )
    return int(total.scalar_one())


def _subscription(row: Sequence[Any]) -> Subscription:
    # An error, or an empty weekend, says nothing of what a source is good for.
    columns = (*row[:-1], bool(row[-1] and row[-1].get("entries")))
    return Subscription(*columns)


def _source_row(
    row: sa.RowMapping, days: Mapping[date, sa.RowMapping], held: int, now: datetime
) -> SourceRow:
    strip = tuple(_mark(now.date() - timedelta(days=back), days) for back in range(STRIP_DAYS - 1, -1, -1))
    tried = [mark for mark in strip if mark.health is not Health.NEVER]
    recent = sorted(row["recent_ms"])
    return SourceRow(
        source_id=row["id"],
        key=row["key"],
        kind=row["kind"],
        title=row["title"],
        url=row["url"],
        paused=row["is_paused"],
        health=_health(row, tried, now),
        last_try_at=row["last_try_at"],
        last_ok_at=row["last_ok_at"],
        next_due_at=None if row["is_paused"] else row["next_due_at"],
        failures=row["failures"],
        error_code=row["error_code"],
        error_facts=row["error_facts"] or {},
        new_per_day=sum(mark.new for mark in tried) / len(tried) if tried else 0.0,
        latency_p95_ms=recent[int(0.95 * (len(recent) - 1))] if recent else None,
        strip=strip,
        quarantined=held,
        connector=row["connector"],
        checked=row["checked"],
    )


def _mark(on: date, days: Mapping[date, sa.RowMapping]) -> DayMark:
    day = days.get(on)
    if day is None:
        return DayMark(on, Health.NEVER, 0)
    if day["good"]:
        return DayMark(on, Health.OK, day["new"])
    return DayMark(on, Health.QUIET if day["quiet"] else Health.FAILING, day["new"])


def _health(row: sa.RowMapping, tried: Sequence[DayMark], now: datetime) -> Health:
    if row["is_paused"]:
        return Health.PAUSED
    if row["last_try_at"] is None:
        return Health.NEVER
    if row["failures"]:
        return Health.FAILING if row["failures"] >= FAILING_AFTER else Health.LATE
    if row["next_due_at"] is not None and now > row["next_due_at"] + OVERDUE_AFTER:
        return Health.LATE
    return Health.QUIET if tried and tried[-1].health is Health.QUIET else Health.OK


SUBSCRIPTION = sa.select(
    sources.c.id,
    sources.c.key,
    sources.c.kind,
    sources.c.title,
    sources.c.url,
    sources.c.is_paused,
    sources.c.etag,
    sources.c.last_modified,
    sources.c.fingerprint,
    sources.c.next_due_at,
    sources.c.failures,
    sources.c.connector,
    sources.c.scope,
    sources.c.harvested_to,
    sources.c.patience,
    sources.c.checked,
)
ANNOUNCED = (
    sa.select(sightings.c.source_id)
    .join(manifestations, manifestations.c.id == sightings.c.manifestation_id)
    .where(
        manifestations.c.announced_on == sa.bindparam("on"),
        sightings.c.source_id == sa.bindparam("source_id"),
    )
    .limit(1)
)
DAYS = (
    sa.select(source_days)
    .where(source_days.c.day >= sa.bindparam("since"))
    .order_by(source_days.c.day, source_days.c.source_id)
)
HELD = (
    sa.select(quarantine.c.source_id, sa.func.count().label("entries"))
    .where(quarantine.c.received_at >= sa.bindparam("since"))
    .group_by(quarantine.c.source_id)
)
LOG = (
    sa.select(fetches, sources.c.key)
    .join(sources, sources.c.id == fetches.c.source_id)
    .where(fetches.c.source_id == sa.bindparam("source_id"))
    .order_by(fetches.c.started_at.desc(), fetches.c.id.desc())
    .limit(sa.bindparam("size"))
)
QUARANTINE = (
    sa.select(quarantine, sources.c.key)
    .join(sources, sources.c.id == quarantine.c.source_id)
    .where(quarantine.c.source_id == sa.bindparam("source_id"))
    .order_by(quarantine.c.received_at.desc(), quarantine.c.id.desc())
    .limit(sa.bindparam("size"))
)
