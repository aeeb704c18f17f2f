"""What was announced on a day, per source, and what of it is on the shelves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.dialect import upsert
from academichub.db.tables import announcements, fetches, identifiers, sightings, sources
from academichub.model.papers import Announcement
from academichub.model.shelf import AnnouncedDay, FetchStatus
from academichub.store.kinship import chunks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime


class Stored(NamedTuple):
    """How many papers that a source announced on a day are on the shelves, by type."""

    new: int = 0
    cross: int = 0
    replace: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.new + self.cross + self.replace


def stored_on(connection: sa.Connection, source_id: int, day: date) -> Stored:
    """Count what is on the shelves of a source's announcements of a day."""
    counted: Mapping[str, int] = {
        row.announcement: row.papers
        for row in connection.execute(STORED, {"source_id": source_id, "day": day})
    }
    return Stored(
        new=counted.get(Announcement.NEW.value, 0),
        cross=counted.get(Announcement.CROSS.value, 0),
        replace=counted.get(Announcement.REPLACE.value, 0) + counted.get(Announcement.REPLACE_CROSS.value, 0),
    )


def newest_batch(connection: sa.Connection, source_id: int) -> date | None:
    """Tell the newest day whose batch a source has brought."""
    found: date | None = connection.execute(NEWEST, {"source_id": source_id}).scalar()
    return found


def is_there_elsewhere(connection: sa.Connection, day: date) -> bool:
    """Tell whether any source has brought its batch of a day."""
    found = sa.select(announcements.c.source_id).where(
        announcements.c.day == day, announcements.c.verdict == "there"
    )
    return connection.execute(found.limit(1)).first() is not None


def is_failing(connection: sa.Connection, source_id: int) -> bool:
    """Tell whether a source's last fetch failed."""
    found = sa.select(sources.c.failures).where(sources.c.id == source_id)
    return bool(connection.execute(found).scalar())


def was_asked(connection: sa.Connection, source_id: int, *, since: datetime, until: datetime) -> bool:
    """Tell whether a source answered between two instants."""
    found = connection.execute(ASKED, {"source_id": source_id, "since": since, "until": until})
    return found.first() is not None


def note_day(  # one column each
    connection: sa.Connection,
    source_id: int,
    day: date,
    *,
    verdict: str,
    stored: Stored,
    newest: date | None,
    now: datetime,
) -> None:
    """Write down what a source's day is; what the server said it announced stays."""
    connection.execute(
        upsert(
            connection,
            announcements,
            take=("verdict", "newest", "stored_new", "stored_cross", "stored_replace", "judged_at"),
        ),
        [
            {
                "day": day,
                "source_id": source_id,
                "verdict": verdict,
                "newest": newest,
                "stored_new": stored.new,
                "stored_cross": stored.cross,
                "stored_replace": stored.replace,
                "healed": 0,
                "judged_at": now,
            }
        ],
    )


def note_said(
    connection: sa.Connection, source_id: int, day: date, *, new: int, cross: int, replace: int
) -> None:
    """Write down what the server itself says it announced."""
    connection.execute(
        sa.update(announcements)
        .where(announcements.c.day == day, announcements.c.source_id == source_id)
        .values(said_new=new, said_cross=cross, said_replace=replace)
    )


def note_healing(connection: sa.Connection, source_id: int, day: date, *, now: datetime) -> None:
    """Write down that a harvest was sent for to fill a day in."""
    connection.execute(
        sa.update(announcements)
        .where(announcements.c.day == day, announcements.c.source_id == source_id)
        .values(healing_at=now)
    )


def note_healed(connection: sa.Connection, source_id: int, day: date, *, stored: Stored) -> None:
    """Write down that a day was filled in from the archive, and what of it is on the shelves now.

    Where the archive has nothing of the day either, it was a quiet one. A batch that came late by the feed
    itself stays there.
    """
    connection.execute(
        sa.update(announcements)
        .where(
            announcements.c.day == day,
            announcements.c.source_id == source_id,
            announcements.c.verdict != "there",
        )
        .values(verdict="healed" if stored.total else "quiet", healed=stored.total)
    )
    note_stored(connection, source_id, day, stored=stored)


def note_stored(connection: sa.Connection, source_id: int, day: date, *, stored: Stored) -> None:
    """Count anew what of a day is on the shelves."""
    connection.execute(
        sa.update(announcements)
        .where(announcements.c.day == day, announcements.c.source_id == source_id)
        .values(stored_new=stored.new, stored_cross=stored.cross, stored_replace=stored.replace)
    )


def not_on_shelf(connection: sa.Connection, names: Sequence[str]) -> list[str]:
    """Give those of arXiv's identifiers that no work has, in the order given."""
    known: set[str] = set()
    for chunk in chunks(set(names)):
        known.update(connection.execute(KNOWN_ARXIV, {"values": chunk}).scalars())
    return [name for name in dict.fromkeys(names) if name not in known]


def days_of(connection: sa.Connection, *, source_id: int, since: date) -> dict[date, AnnouncedDay]:
    """Read a source's days from one on."""
    rows = connection.execute(SINCE, {"source_id": source_id, "since": since})
    return {row.day: _day(row) for row in rows}


def on_day(connection: sa.Connection, day: date) -> list[AnnouncedDay]:
    """Read what all sources announced on a day, by key."""
    return [_day(row) for row in connection.execute(ON, {"day": day})]


def _day(row: sa.Row[tuple[object, ...]]) -> AnnouncedDay:
    fields = row._mapping  # noqa: SLF001  # SQLAlchemy's public-by-convention view
    return AnnouncedDay(
        source_key=fields["key"],
        title=fields["title"],
        on=fields["day"],
        verdict=fields["verdict"],
        newest=fields["newest"],
        said_new=fields["said_new"],
        said_cross=fields["said_cross"],
        said_replace=fields["said_replace"],
        stored_new=fields["stored_new"],
        stored_cross=fields["stored_cross"],
        stored_replace=fields["stored_replace"],
        healed=fields["healed"],
        healing_at=fields["healing_at"],
        next_try_at=fields["next_due_at"],
    )


KNOWN_ARXIV = sa.select(identifiers.c.value).where(
    identifiers.c.scheme == "arxiv", identifiers.c.value.in_(sa.bindparam("values", expanding=True))
)
# What a source announced, not what was announced first: late cross-lists are papers of earlier days.
STORED = (
    sa.select(sightings.c.announcement, sa.func.count().label("papers"))
    .where(
        sightings.c.source_id == sa.bindparam("source_id"), sightings.c.announced_on == sa.bindparam("day")
    )
    .group_by(sightings.c.announcement)
)
NEWEST = sa.select(sa.func.max(announcements.c.day)).where(
    announcements.c.source_id == sa.bindparam("source_id"), announcements.c.verdict == "there"
)
ASKED = (
    sa.select(fetches.c.id)
    .where(
        fetches.c.source_id == sa.bindparam("source_id"),
        fetches.c.started_at >= sa.bindparam("since"),
        fetches.c.started_at < sa.bindparam("until"),
        fetches.c.status.in_((FetchStatus.OK.value, FetchStatus.UNCHANGED.value, FetchStatus.EMPTY.value)),
    )
    .limit(1)
)
DAYS = sa.select(announcements, sources.c.key, sources.c.title, sources.c.next_due_at).join(
    sources, sources.c.id == announcements.c.source_id
)
SINCE = DAYS.where(
    announcements.c.source_id == sa.bindparam("source_id"), announcements.c.day >= sa.bindparam("since")
).order_by(announcements.c.day)
ON = (
    DAYS.where(announcements.c.day == sa.bindparam("day")).order_by(sources.c.kind, sources.c.key).limit(1000)
)
