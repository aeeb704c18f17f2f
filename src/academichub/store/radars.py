"""Readers' radars on the shelf: what each is called, what it is interested in, whether it rests."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.radartables import (
    radar_days,
    radar_feedback,
    radar_items,
    radar_seeds,
    radars,
)
from academichub.errors import RadarUnknown
from academichub.model.radar import LOCAL_READER, Radar, Verdict
from academichub.store import feedback, interests
from academichub.store.kinship import chunks
from academichub.store.log import touch_pages
from academichub.store.revisions import hold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from academichub.model.radar import Interest
    from academichub.store.rows import SqlRow

MOST_LISTED = 500
LONGEST_NUMBER = 18  # digits; more would not be a number to the database


class ReaderRadar(NamedTuple):
    """A radar and whose it is."""

    reader_id: int
    radar: Radar


@dataclass(frozen=True, slots=True)
class Counts:
    """What a radar knows of its reader's taste."""

    seeds: int = 0
    linked: int = 0  # seeds whose work the hub has
    more: int = 0
    less: int = 0


def create(
    connection: sa.Connection, interest: Interest, *, now: datetime, reader_id: int = LOCAL_READER
) -> Radar:
    """Keep a new radar; its key comes from its name and is the reader's only one of that spelling.

    Raises:
        RadarInvalid: It cannot be kept so.
    """
    name = interests.clean_name(interest.name)
    row = {
        "reader_id": reader_id,
        "name": name,
        "interest": interests.written(interest),
        "revision": 1,
        "is_paused": False,
        "created_at": now,
        "changed_at": now,
    }
    taken = _keys(connection, reader_id)

    def draw(key: str) -> int | None:
        insert = insert_ignore(connection.dialect, radars).values(**row, key=key).returning(radars.c.id)
        return connection.execute(insert).scalar()

    # Another may take a key between looking and writing: then the next one is tried.
    drawn = (draw(key) for key in interests.keys_for(name) if key not in taken)
    radar_id = next(number for number in drawn if number is not None)
    touch_pages(connection)
    return by_id(connection, radar_id)


def radars_of(connection: sa.Connection, *, reader_id: int = LOCAL_READER) -> list[Radar]:
    """List a reader's radars, oldest first."""
    rows = connection.execute(OF_READER, {"reader_id": reader_id, "size": MOST_LISTED})
    return [_radar(row) for row in rows]


def radars_to_rank(connection: sa.Connection, *, after: int = 0, limit: int = 500) -> list[ReaderRadar]:
    """List radars of all readers that do not rest, by number, those behind `after`."""
    rows = connection.execute(TO_RANK, {"after": after, "size": limit})
    return [ReaderRadar(row.reader_id, _radar(row)) for row in rows]


def find(connection: sa.Connection, key: str, *, reader_id: int = LOCAL_READER) -> Radar:
    """Find a reader's radar by its key, or by its number.

    Raises:
        RadarUnknown: There is none; the facts suggest the nearest key.
    """
    row = connection.execute(BY_KEY, {"reader_id": reader_id, "key": key}).one_or_none()
    if row is None and key.isascii() and key.isdigit() and len(key) <= LONGEST_NUMBER:
        row = connection.execute(BY_NUMBER, {"reader_id": reader_id, "id": int(key)}).one_or_none()
    if row is None:
        near = difflib.get_close_matches(key, sorted(_keys(connection, reader_id)), n=1)
        raise RadarUnknown(radar=key, suggestion=near[0] if near else None)
    return _radar(row)


def by_id(connection: sa.Connection, radar_id: int) -> Radar:
    """Read a radar by its number, whosesoever it is.

    Raises:
        RadarUnknown: There is none.
    """
    row = connection.execute(BY_ID, {"id": radar_id}).one_or_none()
    if row is None:
        raise RadarUnknown(radar=str(radar_id), suggestion=None)
    return _radar(row)


def change(connection: sa.Connection, radar_id: int, interest: Interest, *, now: datetime) -> Radar:
    """Replace a radar's interest; the key stays, so that addresses do. The same again changes nothing.

    Raises:
        RadarInvalid: It cannot be kept so.
        RadarUnknown: There is no such radar.
    """
    name, kept = interests.clean_name(interest.name), interests.written(interest)
    hold(connection, radar_id)
    row = connection.execute(BY_ID, {"id": radar_id}).one()
    ranks_otherwise = interests.read(kept, name) != interests.read(row.interest, name)
    if ranks_otherwise or name != row.name:
        connection.execute(
            sa.update(radars)
            .where(radars.c.id == radar_id)
            .values(
                name=name, interest=kept, changed_at=now, revision=radars.c.revision + int(ranks_otherwise)
            )
        )
        touch_pages(connection)
    return by_id(connection, radar_id)


def rename(connection: sa.Connection, radar_id: int, name: str, *, now: datetime) -> Radar:
    """Call a radar something else; its key stays, and its ranking is the same.

    Raises:
        RadarInvalid: The name cannot be kept.
        RadarUnknown: There is no such radar.
    """
    _update(connection, radar_id, name=interests.clean_name(name), changed_at=now)
    return by_id(connection, radar_id)


def pause(connection: sa.Connection, radar_id: int, *, is_paused: bool, now: datetime) -> None:
    """Let a radar rest, or wake it; what it showed stays.

    Raises:
        RadarUnknown: There is no such radar.
    """
    _update(connection, radar_id, is_paused=is_paused, changed_at=now)


def remove(connection: sa.Connection, radar_id: int) -> None:
    """Forget a radar and everything that was said to it.

    Raises:
        RadarUnknown: There is no such radar.
    """
    hold(connection, radar_id)  # whoever writes for it ends first; the next one finds it gone
    for table in (radar_items, radar_days, radar_feedback, radar_seeds):
        connection.execute(sa.delete(table).where(table.c.radar_id == radar_id))
    connection.execute(sa.delete(radars).where(radars.c.id == radar_id))
    touch_pages(connection)


def counts(connection: sa.Connection, radar_ids: Iterable[int]) -> dict[int, Counts]:
    """Count what radars know of their readers' taste."""
    wanted = sorted(set(radar_ids))
    seeds = {row.radar_id: row for ids in chunks(wanted) for row in connection.execute(SEEDS, {"ids": ids})}
    said = {
        radar_id: Counter(one.verdict for one in holding)
        for radar_id, holding in feedback.of_radars(connection, wanted).items()
    }
    return {
        radar_id: Counts(
            seeds=seeds[radar_id].seeds if radar_id in seeds else 0,
            linked=seeds[radar_id].linked if radar_id in seeds else 0,
            more=said[radar_id][Verdict.MORE],
            less=said[radar_id][Verdict.LESS],
        )
        for radar_id in wanted
    }


def _update(connection: sa.Connection, radar_id: int, **values: object) -> None:
    updated = connection.execute(sa.update(radars).where(radars.c.id == radar_id).values(**values))
    if not updated.rowcount:
        raise RadarUnknown(radar=str(radar_id), suggestion=None)
    touch_pages(connection)


def _keys(connection: sa.Connection, reader_id: int) -> set[str]:
    return set(connection.execute(KEYS, {"reader_id": reader_id}).scalars())


def _radar(row: SqlRow) -> Radar:
    return Radar(
        id=row.id,
        key=row.key,
        interest=interests.read(row.interest, row.name),
        revision=row.revision,
        created_at=row.created_at,
        changed_at=row.changed_at,
        is_paused=row.is_paused,
    )


RADARS = sa.select(
    radars.c.id,
    radars.c.reader_id,
    radars.c.key,
    radars.c.name,
    radars.c.interest,
    radars.c.revision,
    radars.c.is_paused,
    radars.c.created_at,
    radars.c.changed_at,
)
OF_READER = (
    RADARS.where(radars.c.reader_id == sa.bindparam("reader_id"))
    .order_by(radars.c.id)
    .limit(sa.bindparam("size"))
)
TO_RANK = (
    RADARS.where(radars.c.id > sa.bindparam("after"), radars.c.is_paused.is_(False))
    .order_by(radars.c.id)
    .limit(sa.bindparam("size"))
)
BY_ID = RADARS.where(radars.c.id == sa.bindparam("id"))
BY_KEY = RADARS.where(radars.c.reader_id == sa.bindparam("reader_id"), radars.c.key == sa.bindparam("key"))
BY_NUMBER = BY_ID.where(radars.c.reader_id == sa.bindparam("reader_id"))
KEYS = sa.select(radars.c.key).where(radars.c.reader_id == sa.bindparam("reader_id")).order_by(radars.c.key)
SEEDS = (
    sa.select(
        radar_seeds.c.radar_id,
        sa.func.count().label("seeds"),
        sa.func.count(radar_seeds.c.work_id).label("linked"),
    )
    .where(radar_seeds.c.radar_id.in_(sa.bindparam("ids", expanding=True)))
    .group_by(radar_seeds.c.radar_id)
    .order_by(radar_seeds.c.radar_id)
)
