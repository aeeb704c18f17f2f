"""The papers that stand for an interest: works of the hub, or texts until their work comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.radartables import radar_seeds
from academichub.model.radar import Seed, SeedKind
from academichub.store.corpus import text_hash
from academichub.store.kinship import chunks
from academichub.store.log import storable
from academichub.store.revisions import hold, hold_all, note_change
from academichub.store.whereabouts import whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from academichub.store.rows import Row, SqlRow


@dataclass(frozen=True, slots=True)
class SeedRow:
    """A seed on the shelf; its `work_id` is where the work is now."""

    seed_id: int
    seed: Seed
    text_hash: str
    added_at: datetime


class Unlinked(NamedTuple):
    """A seed whose work the hub does not have yet."""

    seed_id: int
    radar_id: int
    title: str
    abstract: str
    label: str
    identifiers: tuple[str, ...]  # "scheme:value"


def add(connection: sa.Connection, radar_id: int, seeds: Iterable[Seed], *, now: datetime) -> int:
    """Keep seeds; one whose text or work is there already is not kept twice. Give how many are new.

    One that is there as a text alone learns its work where the same text now comes with it.

    Raises:
        RadarUnknown: There is no such radar.
    """
    hold(connection, radar_id)
    kept = {row.text_hash: row for row in connection.execute(OF_RADAR, {"radar_id": radar_id})}
    arriving: dict[str, Row] = {}
    for seed in seeds:
        row = _row(seed, radar_id, now)
        arriving.setdefault(row["text_hash"], row)
    places = _places(connection, kept.values())
    known = set(places.values())
    coming = whereabouts(connection, {row["work_id"] for row in arriving.values() if row["work_id"]})
    fresh: list[Row] = []
    learnt: dict[int, int] = {}
    for digest, row in arriving.items():
        work_id = coming.get(row["work_id"])
        if digest in kept:
            if work_id is not None and kept[digest].work_id is None:
                learnt[kept[digest].id] = work_id
        elif work_id is None or work_id not in known:
            fresh.append(row | {"work_id": work_id})
            known.add(work_id or 0)
    if fresh:
        connection.execute(sa.insert(radar_seeds), fresh)
    if _link(connection, learnt) or fresh:
        note_change(connection, radar_id, now=now)
    return len(fresh)


def of_radar(connection: sa.Connection, radar_id: int) -> list[SeedRow]:
    """List a radar's seeds in the order they came. Seeds that have become one work count once."""
    rows = connection.execute(OF_RADAR, {"radar_id": radar_id}).all()
    places = _places(connection, rows)
    found: list[SeedRow] = []
    seen: set[int] = set()
    for row in rows:
        work_id = places.get(row.id)
        if work_id is None or work_id not in seen:
            found.append(_seed_row(row, work_id))
        if work_id is not None:
            seen.add(work_id)
    return found


def remove(connection: sa.Connection, radar_id: int, seed_id: int, *, now: datetime) -> bool:
    """Take a seed off a radar, and those that have become the same work; False where it is not there.

    Raises:
        RadarUnknown: There is no such radar.
    """
    hold(connection, radar_id)
    rows = connection.execute(OF_RADAR, {"radar_id": radar_id}).all()
    if all(row.id != seed_id for row in rows):
        return False
    places = _places(connection, rows)
    same = {one for one, place in places.items() if place == places.get(seed_id)}
    for chunk in chunks(same | {seed_id}):
        connection.execute(sa.delete(radar_seeds).where(radar_seeds.c.id.in_(chunk)))
    note_change(connection, radar_id, now=now)
    return True


def _places(connection: sa.Connection, rows: Iterable[SqlRow]) -> dict[int, int]:
    """Tell where the works of seeds are now, by the seed's number."""
    named = {row.id: row.work_id for row in rows if row.work_id is not None}
    now = whereabouts(connection, set(named.values()))
    return {seed_id: now[work_id] for seed_id, work_id in named.items() if work_id in now}


def unlinked(connection: sa.Connection, *, after: int = 0, limit: int = 500) -> list[Unlinked]:
    """List seeds of all radars whose work has not come, by number, those behind `after`."""
    return [
        Unlinked(row.id, row.radar_id, row.title, row.abstract, row.label, tuple(row.identifiers))
        for row in connection.execute(UNLINKED, {"after": after, "size": limit})
    ]


def link(connection: sa.Connection, work_by_seed: Mapping[int, int], *, now: datetime) -> int:
    """Give seeds the works that have come for them; those that have one keep it. Give how many changed."""
    waiting = {
        radar_id
        for chunk in chunks(work_by_seed)
        for radar_id in connection.execute(RADARS_OF, {"ids": chunk}).scalars()
    }
    hold_all(connection, waiting)
    radars = _link(connection, work_by_seed)
    if radars:
        note_change(connection, *set(radars), now=now)
    return len(radars)


def _link(connection: sa.Connection, work_by_seed: Mapping[int, int]) -> list[int]:
    """Write the links; give the radar of each seed that changed."""
    radars: list[int] = []
    for seed_id, work_id in sorted(work_by_seed.items()):
        linked = (
            sa.update(radar_seeds)
            .where(radar_seeds.c.id == seed_id, radar_seeds.c.work_id.is_(None))
            .values(work_id=work_id)
            .returning(radar_seeds.c.radar_id)
        )
        radars += connection.execute(linked).scalars()
    return radars


def _row(seed: Seed, radar_id: int, now: datetime) -> Row:
    title, abstract, label = storable(seed.title), storable(seed.abstract), storable(seed.label)
    has_text = bool(title.strip() or abstract.strip())
    return {
        "radar_id": radar_id,
        "kind": seed.kind.value,
        "work_id": seed.work_id,
        "title": title,
        "abstract": abstract,
        "label": label,
        "origin": storable(seed.origin),
        "identifiers": [storable(line) for line in seed.identifiers],
        "text_hash": text_hash(title, abstract) if has_text else text_hash(f"label {label}", None),
        "added_at": now,
    }


def _seed_row(row: SqlRow, work_id: int | None) -> SeedRow:
    seed = Seed(
        kind=SeedKind(row.kind),
        title=row.title,
        abstract=row.abstract,
        work_id=work_id,
        label=row.label,
        origin=row.origin,
        identifiers=tuple(row.identifiers),
    )
    return SeedRow(row.id, seed, row.text_hash, row.added_at)


COLUMNS = (
    radar_seeds.c.id,
    radar_seeds.c.radar_id,
    radar_seeds.c.kind,
    radar_seeds.c.work_id,
    radar_seeds.c.title,
    radar_seeds.c.abstract,
    radar_seeds.c.label,
    radar_seeds.c.origin,
    radar_seeds.c.identifiers,
    radar_seeds.c.text_hash,
    radar_seeds.c.added_at,
)
OF_RADAR = (
    sa.select(*COLUMNS).where(radar_seeds.c.radar_id == sa.bindparam("radar_id")).order_by(radar_seeds.c.id)
)
RADARS_OF = (
    sa.select(radar_seeds.c.radar_id)
    .where(radar_seeds.c.id.in_(sa.bindparam("ids", expanding=True)))
    .distinct()
    .order_by(radar_seeds.c.radar_id)
)
UNLINKED = (
    sa.select(*COLUMNS)
    .where(radar_seeds.c.work_id.is_(None), radar_seeds.c.id > sa.bindparam("after"))
    .order_by(radar_seeds.c.id)
    .limit(sa.bindparam("size"))
)
