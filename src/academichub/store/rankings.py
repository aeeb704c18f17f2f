"""What radars showed, day by day, as it was when it was ranked; works are followed to where they are now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from academichub.db.bulk import insert_rows
from academichub.db.radartables import radar_days, radar_items, radars
from academichub.db.tables import works
from academichub.model.radar import (
    LOCAL_READER,
    Because,
    Inputs,
    Part,
    PartName,
    RadarDay,
    Ranked,
    Shown,
    Theme,
)
from academichub.model.radarpages import Badge
from academichub.store.kinship import chunks
from academichub.store.log import storable, touch_pages
from academichub.store.revisions import hold, hold_all
from academichub.store.whereabouts import names_of, standing, whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from academichub.store.rows import Row, SqlRow

MOST_BADGES = 3


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a radar's past."""

    radar_id: int
    on: date
    ranked_at: datetime
    candidates: int
    embedded: int
    likes: int
    shown: int


@dataclass(frozen=True, slots=True)
class Explained:
    """A work's place on one of a radar's days, and what that depended on."""

    on: date
    ranked_at: datetime
    inputs: Inputs
    ranked: Ranked
    text_hash: str  # of the text that was ranked


class Matched(NamedTuple):
    """A work by its best match on a day; also the place where the next page starts."""

    match: float
    work_id: int


def save_day(connection: sa.Connection, day: RadarDay, *, text_hashes: Mapping[int, str]) -> None:
    """Keep a radar's ranking of a day in the place of the one that was there.

    Args:
        connection: For writing.
        day: All of it.
        text_hashes: Of the text of every ranked work, by the work's number.

    Raises:
        RadarUnknown: Somebody removed the radar.
    """
    hold(connection, day.radar_id)
    save_days(connection, [day], text_hashes=text_hashes)


def save_days(connection: sa.Connection, days: Sequence[RadarDay], *, text_hashes: Mapping[int, str]) -> int:
    """Keep many radars' rankings at once, as `save_day` does.

    Give how many were kept: those of radars that somebody removed meanwhile are not.
    """
    there = hold_all(connection, {day.radar_id for day in days})
    kept = [day for day in days if day.radar_id in there]
    radars_by_day: dict[date, set[int]] = defaultdict(set)
    for day in kept:
        radars_by_day[day.on].add(day.radar_id)
    for on, radar_ids in sorted(radars_by_day.items()):
        for chunk in chunks(radar_ids):
            for table in (radar_items, radar_days):
                of_day = sa.and_(table.c.radar_id.in_(chunk), table.c.day == on)
                connection.execute(sa.delete(table).where(of_day))
    insert_rows(connection, radar_days, [_day_row(day) for day in kept])
    insert_rows(
        connection,
        radar_items,
        [_row_of(day, one, text_hashes[one.work_id]) for day in kept for one in day.ranked],
    )
    if kept:
        touch_pages(connection)
    return len(kept)


def read_day(connection: sa.Connection, radar_id: int, on: date) -> RadarDay | None:
    """Read a radar's ranking of a day, by place; None where it was not ranked.

    Works that were merged since stand under the number of the work that holds them now, once.
    """
    day = connection.execute(DAY, {"radar_id": radar_id, "day": on}).one_or_none()
    if day is None:
        return None
    rows = connection.execute(OF_DAY, {"radar_id": radar_id, "day": on}).all()
    now = whereabouts(connection, {row.work_id for row in rows})
    ranked: dict[int, Ranked] = {}
    for row in rows:
        if row.work_id in now:
            work_id = now[row.work_id]
            ranked.setdefault(work_id, replace(_ranked(row), work_id=work_id))
    return RadarDay(
        radar_id=radar_id,
        on=on,
        ranked_at=day.ranked_at,
        candidates=day.candidates,
        embedded=day.embedded,
        likes=day.likes,
        inputs=_inputs(day.inputs),
        themes=tuple(Theme(number, tuple(terms)) for number, terms in day.themes),
        ranked=tuple(ranked.values()),
    )


def days(
    connection: sa.Connection, radar_id: int, *, before: date | None = None, limit: int = 30
) -> list[DayLine]:
    """List a radar's days, newest first, those before a day where one is given."""
    statement = DAY_LINES.where(radar_days.c.radar_id == radar_id)
    if before is not None:
        statement = statement.where(radar_days.c.day < before)
    rows = connection.execute(statement.order_by(radar_days.c.day.desc()).limit(limit))
    return [DayLine(*row) for row in rows]


def neighbours(connection: sa.Connection, radar_id: int, on: date) -> tuple[date | None, date | None]:
    """Give the radar's nearest days before and after a day."""
    row = connection.execute(NEIGHBOURS, {"radar_id": radar_id, "day": on}).one()
    return row.earlier, row.later


def latest(connection: sa.Connection, radar_ids: Iterable[int]) -> dict[int, DayLine]:
    """Read the last day of each radar that was ever ranked."""
    rows = [row for chunk in chunks(set(radar_ids)) for row in connection.execute(LATEST, {"ids": chunk})]
    return {row.radar_id: DayLine(*row) for row in rows}


def shown_before(
    connection: sa.Connection, radar_id: int, work_ids: Iterable[int], *, before: date
) -> dict[int, frozenset[str]]:
    """Tell which works a radar showed on earlier days, and with which texts: the hashes of all of them.

    All, not the last: where two sources turn a text to and fro, no turn is news.
    """
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks(set(work_ids)):
        names = names_of(chunk)
        shown = (
            sa.select(names.c.work_id, radar_items.c.text_hash)
            .join(radar_items, radar_items.c.work_id == names.c.name_id)
            .where(radar_items.c.radar_id == radar_id, radar_items.c.day < before)
            .order_by(names.c.work_id, radar_items.c.day)
        )
        for work_id, digest in connection.execute(shown):
            found[work_id].add(digest)
    return {work_id: frozenset(digests) for work_id, digests in found.items()}


def explain(
    connection: sa.Connection, radar_id: int, work_id: int, *, on: date | None = None
) -> Explained | None:
    """Read what a radar said of a work when it showed it: last, or on a day. None where it did not.

    The answer is the stored one, so that it is the same for ever.
    """
    found = whereabouts(connection, [work_id]).get(work_id, work_id)
    names = names_of([found])
    statement = (
        sa.select(
            *ITEM, radar_items.c.day, radar_items.c.text_hash, radar_days.c.ranked_at, radar_days.c.inputs
        )
        .join(names, names.c.name_id == radar_items.c.work_id)
        .join(
            radar_days,
            sa.and_(radar_days.c.radar_id == radar_items.c.radar_id, radar_days.c.day == radar_items.c.day),
        )
        .where(radar_items.c.radar_id == radar_id)
        .order_by(radar_items.c.day.desc(), radar_items.c.place, radar_items.c.work_id)
        .limit(1)
    )
    if on is not None:
        statement = statement.where(radar_items.c.day == on)
    row = connection.execute(statement).first()
    if row is None:
        return None
    return Explained(
        on=row.day,
        ranked_at=row.ranked_at,
        inputs=_inputs(row.inputs),
        ranked=replace(_ranked(row), work_id=found),
        text_hash=row.text_hash,
    )


def badges(
    connection: sa.Connection, work_ids: Iterable[int], *, reader_id: int = LOCAL_READER
) -> dict[int, tuple[Badge, ...]]:
    """Tell which of a reader's radars showed works, the best match first, three at most.

    Of a radar that showed a work twice, the last day counts.
    """
    last: dict[int, dict[int, Badge]] = defaultdict(dict)
    for chunk in chunks(set(work_ids)):
        names = names_of(chunk)
        shown = (
            sa.select(names.c.work_id, radars.c.id, radars.c.key, radars.c.name, radar_items.c.match)
            .join(radar_items, radar_items.c.work_id == names.c.name_id)
            .join(radars, radars.c.id == radar_items.c.radar_id)
            .where(radars.c.reader_id == reader_id)
            .order_by(names.c.work_id, radar_items.c.day, radar_items.c.match, radars.c.id)
        )
        for row in connection.execute(shown):
            last[row.work_id][row.id] = Badge(row.key, row.name, row.match)
    return {
        work_id: tuple(sorted(found.values(), key=lambda one: (-one.match, one.key))[:MOST_BADGES])
        for work_id, found in last.items()
    }


def today(
    connection: sa.Connection,
    on: date,
    *,
    reader_id: int = LOCAL_READER,
    radar_id: int | None = None,
    after: Matched | None = None,
    limit: int = 50,
) -> list[Matched]:
    """List the works that a reader's radars showed on a day, by the best match.

    Args:
        connection: For reading.
        on: The day.
        reader_id: Whose radars.
        radar_id: Only this one of them.
        after: The last work of the page before.
        limit: How many at most.
    """
    best = _best(on, reader_id=reader_id, radar_id=radar_id)
    place = sa.tuple_(best.c.match, best.c.work_id)
    statement = sa.select(best.c.match, best.c.work_id).order_by(best.c.match.desc(), best.c.work_id.desc())
    if after is not None:
        statement = statement.where(place < sa.tuple_(after.match, after.work_id))
    return [Matched(row.match, row.work_id) for row in connection.execute(statement.limit(limit))]


def matched_total(
    connection: sa.Connection, on: date, *, reader_id: int = LOCAL_READER, radar_id: int | None = None
) -> int:
    """Count the works that a reader's radars showed on a day."""
    best = _best(on, reader_id=reader_id, radar_id=radar_id)
    return int(connection.execute(sa.select(sa.func.count()).select_from(best)).scalar_one())


def _best(on: date, *, reader_id: int, radar_id: int | None) -> sa.Subquery:
    """Give each work of a day, where it is now, with its best match."""
    shown = (
        sa.select(radar_items.c.work_id, radar_items.c.match)
        .join(radars, radars.c.id == radar_items.c.radar_id)
        .where(radars.c.reader_id == reader_id, radar_items.c.day == on)
    )
    if radar_id is not None:
        shown = shown.where(radar_items.c.radar_id == radar_id)
    rows = shown.cte("shown")
    moved = standing(rows)
    work_id = sa.func.coalesce(moved.c.work_id, rows.c.work_id)
    return (
        sa.select(work_id.label("work_id"), sa.func.max(rows.c.match).label("match"))
        .select_from(
            rows.outerjoin(moved, moved.c.name_id == rows.c.work_id).join(works, works.c.id == work_id)
        )
        .group_by(work_id)
        .subquery()
    )


# -- rows -----------------------------------------------------------------------------------------


def _day_row(day: RadarDay) -> Row:
    return {
        "radar_id": day.radar_id,
        "day": day.on,
        "ranked_at": day.ranked_at,
        "candidates": day.candidates,
        "embedded": day.embedded,
        "likes": day.likes,
        "inputs": {each.name: getattr(day.inputs, each.name) for each in fields(Inputs)},
        "themes": [[theme.number, [storable(term) for term in theme.terms]] for theme in day.themes],
    }


def _row_of(day: RadarDay, one: Ranked, digest: str) -> Row:
    return {
        "radar_id": day.radar_id,
        "day": day.on,
        "work_id": one.work_id,
        "place": one.place,
        "score": one.score,
        "match": one.match,
        "shown": one.shown.value,
        "theme": one.theme,
        "text_hash": digest,
        "parts": [
            [
                part.name.value,
                part.value,
                [[each.kind, storable(each.text), each.share, each.work_id] for each in part.because],
            ]
            for part in one.parts
        ],
    }


def _ranked(row: SqlRow) -> Ranked:
    return Ranked(
        work_id=row.work_id,
        place=row.place,
        score=row.score,
        match=row.match,
        parts=tuple(
            Part(PartName(name), float(value), tuple(Because(*each) for each in because))
            for name, value, because in row.parts
        ),
        shown=Shown(row.shown),
        theme=row.theme,
    )


def _inputs(kept: Mapping[str, Any]) -> Inputs:
    return Inputs(**{each.name: kept.get(each.name, "") for each in fields(Inputs)})


DAY = sa.select(
    radar_days.c.ranked_at,
    radar_days.c.candidates,
    radar_days.c.embedded,
    radar_days.c.likes,
    radar_days.c.inputs,
    radar_days.c.themes,
).where(radar_days.c.radar_id == sa.bindparam("radar_id"), radar_days.c.day == sa.bindparam("day"))
ITEM = (
    radar_items.c.work_id,
    radar_items.c.place,
    radar_items.c.score,
    radar_items.c.match,
    radar_items.c.shown,
    radar_items.c.theme,
    radar_items.c.parts,
)
OF_DAY = (
    sa.select(*ITEM)
    .where(radar_items.c.radar_id == sa.bindparam("radar_id"), radar_items.c.day == sa.bindparam("day"))
    .order_by(radar_items.c.place, radar_items.c.work_id)
)
_SHOWN = (
    sa.select(sa.func.count())
    .where(radar_items.c.radar_id == radar_days.c.radar_id, radar_items.c.day == radar_days.c.day)
    .scalar_subquery()
)
DAY_LINES = sa.select(
    radar_days.c.radar_id,
    radar_days.c.day,
    radar_days.c.ranked_at,
    radar_days.c.candidates,
    radar_days.c.embedded,
    radar_days.c.likes,
    _SHOWN.label("shown"),
)
_LAST = (
    sa.select(radar_days.c.radar_id, sa.func.max(radar_days.c.day).label("day"))
    .where(radar_days.c.radar_id.in_(sa.bindparam("ids", expanding=True)))
    .group_by(radar_days.c.radar_id)
    .subquery()
)
LATEST = DAY_LINES.join(
    _LAST, sa.and_(_LAST.c.radar_id == radar_days.c.radar_id, _LAST.c.day == radar_days.c.day)
).order_by(radar_days.c.radar_id)
_OF_RADAR = radar_days.c.radar_id == sa.bindparam("radar_id")
NEIGHBOURS = sa.select(
    sa.select(sa.func.max(radar_days.c.day))
    .where(_OF_RADAR, radar_days.c.day < sa.bindparam("day"))
    .scalar_subquery()
    .label("earlier"),
    sa.select(sa.func.min(radar_days.c.day))
    .where(_OF_RADAR, radar_days.c.day > sa.bindparam("day"))
    .scalar_subquery()
    .label("later"),
)
