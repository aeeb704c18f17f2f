"""Put judged drafts on the shelves: one transaction a batch, every table and tally in step."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.bulk import insert_rows
from academichub.db.dialect import upsert
from academichub.db.tables import (
    authors,
    categories,
    day_tallies,
    identifiers,
    manifestations,
    sightings,
    works,
)
from academichub.model.lookalikes import Lookalikes
from academichub.model.papers import Kind, Known, New, Revised, Twin
from academichub.store import ordering
from academichub.store.log import next_change
from academichub.store.rows import (
    author_rows,
    identifier_lines,
    known_of,
    manifestation_row,
    merged_identifiers,
)
from academichub.text.titles import title_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from academichub.db.engine import Database
    from academichub.model.papers import Draft, Verdict
    from academichub.store.rows import Row

CHUNK = 400  # values in one IN list; SQLite's oldest limit on variables is 999


class Shelving:
    """One batch on its way to the shelves, inside one shelving transaction.

    `lookalikes` is read once for the whole batch; `save` collects rows; `close` writes them. The
    caller judges in between and stays free of SQL.
    """

    def __init__(
        self, connection: sa.Connection, database: Database, *, source_id: int, now: datetime, size: int
    ) -> None:
        self._connection = connection
        self._source_id = source_id
        self._now = now
        self._work_ids = iter(database.take_ids(connection, works, size))
        self._manifestation_ids = iter(database.take_ids(connection, manifestations, size))
        self._rows: dict[sa.Table, list[Row]] = defaultdict(list)
        self._tallies: Counter[tuple[Any, str, str]] = Counter()
        self._minutes: Counter[tuple[Any, str, str]] = Counter()
        self._fresh: dict[int, Row] = {}  # works added by this batch, still in memory
        self._fresh_drafts: dict[int, Draft] = {}  # manifestations added by this batch
        self._touched: dict[int, list[tuple[int | None, Draft]]] = defaultdict(list)
        self._lookalikes = Lookalikes()

    def lookalikes(self, drafts: Iterable[Draft]) -> Lookalikes:
        """Read everything on the shelves that the drafts could be."""
        items: dict[str, set[str]] = defaultdict(set)
        pairs: dict[str, set[str]] = defaultdict(set)
        for draft in drafts:
            items[draft.key.place].add(draft.key.item)
            for scheme, value in draft.identifiers.pairs():
                pairs[scheme].add(value)
        found: set[int] = set()
        for place, values in items.items():
            for chunk in _chunks(values):
                found.update(
                    self._connection.execute(WORKS_OF_ITEMS, {"place": place, "items": chunk}).scalars()
                )
        for scheme, values in pairs.items():
            for chunk in _chunks(values):
                found.update(
                    self._connection.execute(WORKS_OF_PAIRS, {"scheme": scheme, "values": chunk}).scalars()
                )
        for chunk in _chunks(found):
            for row in self._connection.execute(KNOWN, {"ids": chunk}):
                self._lookalikes.learn(known_of(row))
        return self._lookalikes

    def save(self, draft: Draft, verdict: Verdict) -> int:
        """Take in one judged draft; give the id of its work."""
        if isinstance(verdict, New):
            work_id, manifestation_id = self._add_work(draft)
        elif isinstance(verdict, Revised):
            work_id = verdict.of
            manifestation_id = self._revise(draft, verdict)
        elif isinstance(verdict, Twin):
            work_id = verdict.of
            manifestation_id = self._add_manifestation(draft, work_id)
            self._touched[work_id].append((None, draft))
        else:
            work_id, manifestation_id = verdict.work_id, verdict.manifestation_id
            self._strengthen(work_id, draft)
        self._rows[sightings].append(
            {
                "manifestation_id": manifestation_id,
                "source_id": self._source_id,
                "announcement": draft.announcement.value if draft.announcement else None,
                "announced_on": draft.announced_on,
                "first_seen_at": self._now,
            }
        )
        return work_id

    def close(self) -> None:
        """Write everything that was saved."""
        connection = self._connection
        fresh = list(self._fresh.values())
        for work_id, changes in self._touched.items():
            if work_id in self._fresh:
                self._refresh_in_memory(work_id, changes)
        for row in fresh:
            self._tally(row, row["categories"], 1)
            self._rows[categories] += _category_rows(row)
        revised = [work_id for work_id in self._touched if work_id not in self._fresh]
        change = next_change(connection, len(fresh) + len(revised))
        for row in fresh:
            row["change"] = change = change + 1
        insert_rows(connection, works, fresh)
        self._write(manifestations, authors, categories)
        self._write(identifiers, ignore_known=True)
        for work_id in revised:
            change += 1
            self._refresh_on_shelf(work_id, change)
        self._write(sightings, ignore_known=True)
        self._write_tallies()

    def _write(self, *tables: sa.Table, ignore_known: bool = False) -> None:
        for table in tables:
            insert_rows(self._connection, table, self._rows[table], ignore_known=ignore_known)

    # -- one draft --------------------------------------------------------------------------------

    def _add_work(self, draft: Draft) -> tuple[int, int]:
        work_id = next(self._work_ids)
        manifestation_id = self._add_manifestation(draft, work_id)
        self._fresh[work_id] = {
            "id": work_id,
            "face_id": manifestation_id,
            "kind": draft.kind.value,
            "venue": draft.venue,
            "listed_on": ordering.listing_day(draft, self._now.date()),
            "order_key": ordering.order_key(draft),
            "announcement": draft.announcement.value if draft.announcement else None,
            "minutes": _minutes(draft),
            "manifestation_count": 1,
            "categories": list(draft.categories),
            "identifiers": identifier_lines(draft.identifiers),
            "title_key": title_key(draft.title.plain)[:400],
            "first_seen_at": self._now,
            "changed_at": self._now,
            "change": 0,
        }
        return work_id, manifestation_id

    def _add_manifestation(self, draft: Draft, work_id: int) -> int:
        manifestation_id = next(self._manifestation_ids)
        self._rows[manifestations].append(
            manifestation_row(draft, manifestation_id=manifestation_id, work_id=work_id, now=self._now)
        )
        self._rows[authors] += author_rows(draft, manifestation_id)
        self._note_identifiers(draft, work_id)
        self._fresh_drafts[manifestation_id] = draft
        self._learn(draft, work_id, manifestation_id)
        return manifestation_id

    def _revise(self, draft: Draft, verdict: Revised) -> int:
        if verdict.manifestation_id is None:
            manifestation_id = self._add_manifestation(draft, verdict.of)
            self._tally_revision(draft, verdict.of)
            self._touched[verdict.of].append((None, draft))
            return manifestation_id
        manifestation_id = verdict.manifestation_id
        self._rewrite(draft, verdict.of, manifestation_id)
        self._touched[verdict.of].append((manifestation_id, draft))
        self._learn(draft, verdict.of, manifestation_id)
        return manifestation_id

    def _rewrite(self, draft: Draft, work_id: int, manifestation_id: int) -> None:
        row = manifestation_row(draft, manifestation_id=manifestation_id, work_id=work_id, now=self._now)
        # One batch may hold an entry twice, and differently: what the first left waiting is void.
        waiting = self._rows[authors]
        self._rows[authors] = [one for one in waiting if one["manifestation_id"] != manifestation_id]
        if manifestation_id in self._fresh_drafts:
            rows = self._rows[manifestations]
            rows[:] = [one if one["id"] != manifestation_id else row for one in rows]
            self._fresh_drafts[manifestation_id] = draft
        else:
            del row["received_at"]  # when it first arrived stays true
            self._connection.execute(
                sa.update(manifestations).where(manifestations.c.id == manifestation_id), row
            )
            self._connection.execute(sa.delete(authors).where(authors.c.manifestation_id == manifestation_id))
        self._rows[authors] += author_rows(draft, manifestation_id)
        self._note_identifiers(draft, work_id)

    def _strengthen(self, work_id: int, draft: Draft) -> None:
        """Keep the strongest announcement of the listing day: what is new here is a cross-list there."""
        if draft.announcement is None:
            return
        fresh = self._fresh.get(work_id)
        if fresh is not None:
            known = fresh["announcement"]
            if fresh["listed_on"] == draft.announced_on and _is_stronger(draft.announcement.value, known):
                fresh["announcement"] = draft.announcement.value
            return
        weaker = [one.value for one in type(draft.announcement) if one.strength < draft.announcement.strength]
        if weaker:
            self._connection.execute(
                STRENGTHEN,
                {
                    "work_id": work_id,
                    "day": draft.announced_on,
                    "announced": draft.announcement.value,
                    "weaker": weaker,
                },
            )

    def _note_identifiers(self, draft: Draft, work_id: int) -> None:
        self._rows[identifiers] += [
            {"scheme": scheme, "value": value, "work_id": work_id}
            for scheme, value in draft.identifiers.pairs()
        ]

    def _learn(self, draft: Draft, work_id: int, manifestation_id: int) -> None:
        self._lookalikes.learn(
            Known(
                work_id=work_id,
                manifestation_id=manifestation_id,
                key=draft.key,
                fingerprint=draft.fingerprint,
                identifiers=draft.identifiers,
                abstract_length=len(draft.abstract.plain) if draft.abstract else 0,
                is_teaser=draft.is_teaser,
            )
        )

    # -- works whose manifestations changed -------------------------------------------------------

    def _refresh_in_memory(self, work_id: int, changes: Sequence[tuple[int | None, Draft]]) -> None:
        work = self._fresh[work_id]
        rows = [row for row in self._rows[manifestations] if row["work_id"] == work_id]
        for _manifestation_id, draft in changes:
            work["identifiers"] = merged_identifiers(work["identifiers"], identifier_lines(draft.identifiers))
        self._reface(work, rows)

    def _refresh_on_shelf(self, work_id: int, change: int) -> None:
        connection = self._connection
        before = connection.execute(WORK, {"id": work_id}).mappings().one()
        rows = [dict(row) for row in connection.execute(FACES, {"id": work_id}).mappings()]
        work = dict(before)
        for row in rows:
            work["identifiers"] = merged_identifiers(work["identifiers"], row["identifiers"])
        self._reface(work, rows)
        self._tally(dict(before), before["categories"], -1)
        self._tally(work, work["categories"], 1)
        if work["categories"] != before["categories"]:
            connection.execute(sa.delete(categories).where(categories.c.work_id == work_id))
            added = _category_rows(work)
            if added:
                connection.execute(sa.insert(categories), added)
        work |= {"changed_at": self._now, "change": change}
        connection.execute(sa.update(works).where(works.c.id == work_id), work)

    def _reface(self, work: Row, rows: Sequence[Row]) -> None:
        """Choose the face again and gather what belongs to the whole work; listing never changes."""
        face = max(rows, key=lambda row: (*_face_rank(row), -row["id"]))
        merged: dict[str, None] = {}
        for row in sorted(rows, key=lambda row: (row["id"] != face["id"], row["id"])):
            merged.update(dict.fromkeys(row["categories"]))
        work |= {
            "face_id": face["id"],
            "kind": face["kind"],
            "venue": face["venue"],
            "categories": list(merged),
            "manifestation_count": len(rows),
            "minutes": ordering.reading_minutes(face["title_plain"], face["abstract_plain"] or ""),
            "title_key": title_key(face["title_plain"])[:400],
        }

    # -- counting ---------------------------------------------------------------------------------

    def _tally(self, work: Row, names: Sequence[str], sign: int) -> None:
        day = work["listed_on"]
        facets = [("all", ""), ("venue", work["venue"]), ("kind", work["kind"])]
        for facet, value in facets + [("category", name) for name in names]:
            self._tallies[day, facet, value] += sign
            self._minutes[day, facet, value] += sign * work["minutes"]

    def _tally_revision(self, draft: Draft, work_id: int) -> None:
        """Count a new version on its day, where its card stands on an earlier one."""
        fresh = self._fresh.get(work_id)
        listed_on = (
            fresh["listed_on"]
            if fresh is not None
            else self._connection.execute(LISTED_ON, {"id": work_id}).scalar_one()
        )
        if draft.announced_on is not None and draft.announced_on > listed_on:
            self._tallies[draft.announced_on, "revised", ""] += 1

    def _write_tallies(self) -> None:
        rows = [
            {
                "listed_on": day,
                "facet": facet,
                "value": value,
                "works": count,
                "minutes": self._minutes[day, facet, value],
            }
            for (day, facet, value), count in sorted(self._tallies.items())
            if count or self._minutes[day, facet, value]
        ]
        if rows:
            self._connection.execute(
                upsert(self._connection, day_tallies, add=("works", "minutes")),
                rows,
            )


def _chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _category_rows(work: Row) -> list[Row]:
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


def _minutes(draft: Draft) -> int:
    return ordering.reading_minutes(draft.title.plain, draft.abstract.plain if draft.abstract else "")


def _face_rank(row: Row) -> tuple[int, int, int]:
    return ordering.face_rank(
        has_abstract=bool(row["abstract_plain"]),
        is_teaser=row["is_teaser"],
        kind=Kind(row["kind"]),
        version=row["version"],
    )


def _is_stronger(announced: str, known: str | None) -> bool:
    order = ("replace-cross", "replace", "cross", "new")
    return known is None or order.index(announced) > order.index(known)


WORKS_OF_ITEMS = (
    sa.select(manifestations.c.work_id)
    .where(
        manifestations.c.place == sa.bindparam("place"),
        manifestations.c.item.in_(sa.bindparam("items", expanding=True)),
    )
    .distinct()
)
WORKS_OF_PAIRS = (
    sa.select(identifiers.c.work_id)
    .where(
        identifiers.c.scheme == sa.bindparam("scheme"),
        identifiers.c.value.in_(sa.bindparam("values", expanding=True)),
    )
    .distinct()
)
KNOWN = (
    sa.select(
        manifestations.c.id,
        manifestations.c.work_id,
        manifestations.c.place,
        manifestations.c.item,
        manifestations.c.version,
        manifestations.c.fingerprint,
        works.c.identifiers.label("work_identifiers"),
        sa.func.length(manifestations.c.abstract_plain).label("abstract_length"),
        manifestations.c.is_teaser,
    )
    .join(works, works.c.id == manifestations.c.work_id)
    .where(manifestations.c.work_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(manifestations.c.id)
)
LISTED_ON = sa.select(works.c.listed_on).where(works.c.id == sa.bindparam("id"))
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
    )
    .where(manifestations.c.work_id == sa.bindparam("id"))
    .order_by(manifestations.c.id)
)
STRENGTHEN = (
    sa.update(works)
    .where(
        works.c.id == sa.bindparam("work_id"),
        works.c.listed_on == sa.bindparam("day"),
        sa.or_(
            works.c.announcement.is_(None),
            works.c.announcement.in_(sa.bindparam("weaker", expanding=True)),
        ),
    )
    .values(announcement=sa.bindparam("announced"))
)
