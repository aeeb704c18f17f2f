"""Keep a work in step with its manifestations: face, categories, identifiers, flags, tallies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.dialect import upsert
from academichub.db.tables import categories, day_tallies, manifestations, ties, works
from academichub.model.papers import Bond, Flag, Kind
from academichub.store import ordering
from academichub.store.rows import merged_identifiers
from academichub.text.titles import title_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from academichub.store.rows import Row

# What another paper's word makes of this one.
FLAG_BY_NOTICE = {
    Bond.RETRACTS.value: Flag.RETRACTED,
    Bond.RAISES_CONCERN.value: Flag.CONCERN,
    Bond.CORRECTS.value: Flag.CORRECTED,
}
LONGEST_TITLE_KEY = 400


class Tallies:
    """What a transaction changes of the days' counts."""

    def __init__(self) -> None:
        self._works: Counter[tuple[date, str, str]] = Counter()
        self._minutes: Counter[tuple[date, str, str]] = Counter()

    def count(self, work: Mapping[str, Any], sign: int) -> None:
        """Count a work in, or out with sign -1, under all its facets."""
        day, minutes = work["listed_on"], sign * work["minutes"]
        facets = [("all", ""), ("venue", work["venue"]), ("kind", work["kind"])]
        for facet, value in facets + [("category", name) for name in work["categories"]]:
            self._works[day, facet, value] += sign
            self._minutes[day, facet, value] += minutes

    def count_revision(self, day: date, sign: int = 1) -> None:
        """Count a new version of a work whose card stands on an earlier day."""
        self._works[day, "revised", ""] += sign

    def write(self, connection: sa.Connection) -> None:
        """Add everything that was counted to the stored tallies."""
        rows = [
            {
                "listed_on": day,
                "facet": facet,
                "value": value,
                "works": count,
                "minutes": self._minutes[day, facet, value],
            }
            for (day, facet, value), count in sorted(self._works.items())
            if count or self._minutes[day, facet, value]
        ]
        if rows:
            connection.execute(upsert(connection, day_tallies, add=("works", "minutes")), rows)


def reface(work: Row, rows: Sequence[Row], *, noticed: Iterable[Flag] = ()) -> None:
    """Choose a work's face and gather what belongs to the whole work; its listing never changes.

    Args:
        work: The row of `works`, changed in place.
        rows: All its manifestations, with the columns of `FACES`.
        noticed: What other papers say of it.
    """
    face = max(rows, key=lambda row: (*_face_rank(row), -row["id"]))
    merged: dict[str, None] = {}
    identifiers: list[str] = []
    flags = set(noticed)
    for row in sorted(rows, key=lambda row: (row["id"] != face["id"], row["id"])):
        merged.update(dict.fromkeys(row["categories"]))
        identifiers = merged_identifiers(identifiers, row["identifiers"])
        flags.update(map(Flag, row["flags"]))
    work |= {
        "face_id": face["id"],
        "kind": face["kind"],
        "venue": face["venue"],
        "categories": list(merged),
        "identifiers": merged_identifiers(identifiers, work["identifiers"]),
        "flags": flag_lines(flags),
        "manifestation_count": len(rows),
        "minutes": ordering.reading_minutes(face["title_plain"], face["abstract_plain"] or ""),
        "title_key": title_key(face["title_plain"])[:LONGEST_TITLE_KEY],
    }


def refresh(connection: sa.Connection, work_id: int, tallies: Tallies, *, change: int, now: datetime) -> None:
    """Bring a work on the shelf in step with its manifestations."""
    before = connection.execute(WORK, {"id": work_id}).mappings().one()
    rows = [dict(row) for row in connection.execute(FACES, {"id": work_id}).mappings()]
    work = dict(before)
    pairs = [line.split(":", 1) for row in rows for line in row["identifiers"]]
    noticed = notices(connection, [(scheme, value) for scheme, value in pairs])
    reface(work, rows, noticed=[flag for flags in noticed.values() for flag in flags])
    tallies.count(dict(before), -1)
    tallies.count(work, 1)
    if work["categories"] != before["categories"]:
        connection.execute(sa.delete(categories).where(categories.c.work_id == work_id))
        if added := category_rows(work):
            connection.execute(sa.insert(categories), added)
    work |= {"changed_at": now, "change": change}
    connection.execute(sa.update(works).where(works.c.id == work_id), work)


def notices(
    connection: sa.Connection, pairs: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Flag, ...]]:
    """Find what papers on the shelf say of others by their names: retracts, corrects, raises concern."""
    by_scheme: dict[str, set[str]] = {}
    for scheme, value in pairs:
        by_scheme.setdefault(scheme, set()).add(value)
    found: dict[tuple[str, str], tuple[Flag, ...]] = {}
    for scheme, values in sorted(by_scheme.items()):
        ordered = sorted(values)
        for start in range(0, len(ordered), 400):
            chunk = ordered[start : start + 400]
            for row in connection.execute(NOTICES, {"scheme": scheme, "values": chunk}):
                pair = (scheme, row.value)
                found[pair] = (*found.get(pair, ()), FLAG_BY_NOTICE[row.bond])
    return found


def flag_lines(flags: Iterable[Flag]) -> list[str]:
    """Write flags down, worst first."""
    kept = set(flags)
    return [flag.value for flag in Flag if flag in kept]


def category_rows(work: Mapping[str, Any]) -> list[Row]:
    """Make the rows that find a work by its categories."""
    return [
        {
            "category": name,
            "listed_on": work["listed_on"],
            "order_key": work["order_key"],
            "work_id": work["id"],
            "is_primary": position == 0,
        }
        for position, name in enumerate(work["categories"])
    ]


def _face_rank(row: Row) -> tuple[int, int, int, int]:
    return ordering.face_rank(
        has_abstract=row["abstract_plain"] is not None,
        is_teaser=row["is_teaser"],
        kind=Kind(row["kind"]),
        version=row["version"],
    )


WORK = sa.select(works).where(works.c.id == sa.bindparam("id"))
FACES = (
    sa.select(
        manifestations.c.id,
        manifestations.c.kind,
        manifestations.c.venue,
        manifestations.c.version,
        manifestations.c.is_teaser,
        manifestations.c.title_plain,
        manifestations.c.abstract_plain,
        manifestations.c.categories,
        manifestations.c.identifiers,
        manifestations.c.flags,
    )
    .where(manifestations.c.work_id == sa.bindparam("id"))
    .order_by(manifestations.c.id)
)
NOTICES = (
    sa.select(ties.c.value, ties.c.bond)
    .where(
        ties.c.scheme == sa.bindparam("scheme"),
        ties.c.value.in_(sa.bindparam("values", expanding=True)),
        ties.c.bond.in_(tuple(FLAG_BY_NOTICE)),
    )
    .order_by(ties.c.value, ties.c.bond)
    .distinct()
)
