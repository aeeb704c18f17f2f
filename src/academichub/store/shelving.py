"""Put judged drafts on the shelves: one transaction a batch, every table and tally in step."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.bulk import insert_rows
from academichub.db.dialect import upsert
from academichub.db.tables import (
    authors,
    blocks,
    categories,
    identifiers,
    manifestations,
    merges,
    sightings,
    ties,
    wanted,
    works,
)
from academichub.model.kinship import Stored
from academichub.model.lookalikes import Lookalikes
from academichub.model.papers import Flag, Known, New, Revised, Twin
from academichub.store import kinship, ordering
from academichub.store.log import next_change
from academichub.store.rows import (
    author_rows,
    identifier_lines,
    manifestation_row,
    merged_identifiers,
)
from academichub.store.works import (
    LONGEST_TITLE_KEY,
    Tallies,
    category_rows,
    flag_lines,
    notices,
    reface,
    refresh,
)
from academichub.text.titles import title_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from academichub.db.engine import Database
    from academichub.model.papers import Draft, Verdict
    from academichub.store.rows import Row


class Shelving:
    """One batch on its way to the shelves, inside one shelving transaction.

    `lookalikes` is read once for the whole batch; `save` and `rewrite` collect rows; `close` writes
    them. The caller judges in between and stays free of SQL.
    """

    def __init__(
        self, connection: sa.Connection, database: Database, *, source_id: int, now: datetime, size: int
    ) -> None:
        self._connection = connection
        self._source_id = source_id
        self._now = now
        self._work_ids = iter(database.take_ids(connection, works, size, but=merges.c.gone_id))
        self._manifestation_ids = iter(database.take_ids(connection, manifestations, size))
        self._rows: dict[sa.Table, list[Row]] = defaultdict(list)
        self._said: dict[int, Row] = {}  # sightings of versions that this source now tells differently
        self._tallies = Tallies()
        self._fresh: dict[int, Row] = {}  # works added by this batch, still in memory
        self._fresh_drafts: dict[int, tuple[Draft, Mapping[str, str]]] = {}  # likewise manifestations
        self._touched: dict[int, None] = {}
        self._joined: dict[int, None] = {}  # works that this source brings for the first time
        self._lookalikes = Lookalikes()

    def lookalikes(self, drafts: Sequence[Draft]) -> Lookalikes:
        """Read everything on the shelves that the drafts could be."""
        self._lookalikes = kinship.lookalikes(self._connection, drafts, source_id=self._source_id)
        return self._lookalikes

    def save(self, draft: Draft, verdict: Verdict, *, wants: tuple[str, str] | None = None) -> int:
        """Take in one judged draft; give the id of its work.

        A verdict that names a row to rewrite goes to `rewrite` instead.

        Args:
            draft: The arriving paper.
            verdict: What it was found to be.
            wants: (scheme, value) by which what it lacks can be asked for; None where nothing is missing.
        """
        if isinstance(verdict, New):
            work_id, manifestation_id = self._add_work(draft)
        elif isinstance(verdict, Revised):
            work_id = verdict.of
            manifestation_id = self._add_manifestation(draft, work_id)
            self._tally_revision(draft, work_id)
            self._touched[work_id] = None
        elif isinstance(verdict, Twin):
            work_id = verdict.of
            manifestation_id = self._add_manifestation(draft, work_id)
            self._touched[work_id] = None
            if verdict.because != "version":
                self._log_twin(work_id, manifestation_id, verdict.because)
        else:
            self._strengthen(verdict.work_id, draft)
            self._note_source(verdict.work_id, verdict.manifestation_id)
            self._see(verdict.manifestation_id, draft)
            return verdict.work_id
        self._see(manifestation_id, draft)
        if wants is not None:
            self._rows[wanted].append(
                {
                    "manifestation_id": manifestation_id,
                    "scheme": wants[0],
                    "value": wants[1],
                    "stage": 0,
                    "rounds": 0,
                    "next_try_at": self._now,
                }
            )
        return work_id

    def stored(self, manifestation_id: int) -> Stored:
        """Give a version as it stands, for completing; `first` is "" where this batch brought it."""
        fresh = self._fresh_drafts.get(manifestation_id)
        if fresh is not None:
            return Stored(fresh[0], fresh[1], first="")
        return kinship.stored(self._connection, manifestation_id)

    def rewrite(
        self,
        merged: Draft,
        origins: Mapping[str, str],
        *,
        said: Draft,
        work_id: int,
        manifestation_id: int,
        is_changed: bool,
    ) -> None:
        """Put a completed or corrected version in the place of its row.

        Args:
            merged: The version as it stands now.
            origins: Which of its fields are from which provider.
            said: What this source said.
            work_id: Its work.
            manifestation_id: The row.
            is_changed: False where the source said nothing that was not known.
        """
        self._strengthen(work_id, said)
        self._note_source(work_id, manifestation_id)
        self._see(manifestation_id, said, is_changed=True)
        if not is_changed:
            self._learn(merged, work_id, manifestation_id, said=said.fingerprint)
            return
        self._replace(merged, origins, work_id, manifestation_id)
        self._touched[work_id] = None
        self._learn(merged, work_id, manifestation_id, said=said.fingerprint)

    def note_blocks(self, work_id: int, keys: Sequence[int]) -> None:
        """Remember the keys by which a work is found for comparing."""
        self._rows[blocks] += [{"block": key, "work_id": work_id} for key in dict.fromkeys(keys)]

    def close(self) -> None:
        """Write everything that was saved."""
        connection = self._connection
        fresh = list(self._fresh.values())
        noticed = self._notices_of_fresh()
        for work_id in self._touched:
            if work_id in self._fresh:
                rows = [row for row in self._rows[manifestations] if row["work_id"] == work_id]
                reface(self._fresh[work_id], rows)
        for row in fresh:
            if row["id"] in noticed:
                row["flags"] = flag_lines([*noticed[row["id"]], *map(Flag, row["flags"])])
            self._tallies.count(row, 1)
            self._rows[categories] += category_rows(row)
        revised = [work_id for work_id in self._touched if work_id not in self._fresh]
        joined = [one for one in self._joined if one not in self._fresh and one not in self._touched]
        change = next_change(connection, len(fresh) + len(revised) + len(joined) + len(self._rows[merges]))
        for row in (*fresh, *self._rows[merges]):
            row["change"] = change = change + 1
        insert_rows(connection, works, fresh)
        self._write(manifestations, authors, categories, merges)
        self._write(identifiers, ties, wanted, blocks, ignore_known=True)
        for work_id in revised:
            change += 1
            refresh(connection, work_id, self._tallies, change=change, now=self._now)
        if joined:  # one more source finds them; nothing of their faces changes
            moved = [{"work_id": one, "moved": change + place} for place, one in enumerate(joined, start=1)]
            connection.execute(MOVE, moved)
        self._write(sightings, ignore_known=True)
        if self._said:
            # An archive's day is guessed from that of submission, and never too late: a list's own day stays.
            said = upsert(
                connection, sightings, take=("fingerprint",), take_later=("announced_on", "announcement")
            )
            connection.execute(said, list(self._said.values()))
        self._tallies.write(connection)
        self._flag_noticed()

    def _write(self, *tables: sa.Table, ignore_known: bool = False) -> None:
        for table in tables:
            insert_rows(self._connection, table, self._rows[table], ignore_known=ignore_known)

    # -- one draft --------------------------------------------------------------------------------

    def _add_work(self, draft: Draft) -> tuple[int, int]:
        work_id = next(self._work_ids)
        manifestation_id = self._add_manifestation(draft, work_id)
        self._fresh[work_id] = work_row(
            draft, work_id=work_id, manifestation_id=manifestation_id, now=self._now
        )
        return work_id, manifestation_id

    def _add_manifestation(self, draft: Draft, work_id: int) -> int:
        manifestation_id = next(self._manifestation_ids)
        self._rows[manifestations].append(
            manifestation_row(draft, manifestation_id=manifestation_id, work_id=work_id, now=self._now)
        )
        self._rows[authors] += author_rows(draft, manifestation_id)
        self._note_names(draft, work_id, manifestation_id)
        self._fresh_drafts[manifestation_id] = (draft, {})
        self._learn(draft, work_id, manifestation_id, said=draft.fingerprint)
        return manifestation_id

    def _replace(self, draft: Draft, origins: Mapping[str, str], work_id: int, manifestation_id: int) -> None:
        row = manifestation_row(
            draft, manifestation_id=manifestation_id, work_id=work_id, now=self._now, origins=origins
        )
        # One batch may hold an entry twice, and differently: what the first left waiting is void.
        waiting = self._rows[authors]
        self._rows[authors] = [one for one in waiting if one["manifestation_id"] != manifestation_id]
        if manifestation_id in self._fresh_drafts:
            rows = self._rows[manifestations]
            rows[:] = [one if one["id"] != manifestation_id else row for one in rows]
            self._fresh_drafts[manifestation_id] = (draft, origins)
        else:
            del row["received_at"]  # when it first arrived stays true
            self._connection.execute(
                sa.update(manifestations).where(manifestations.c.id == manifestation_id), row
            )
            self._connection.execute(sa.delete(authors).where(authors.c.manifestation_id == manifestation_id))
        self._rows[authors] += author_rows(draft, manifestation_id)
        self._note_names(draft, work_id, manifestation_id)

    def _see(self, manifestation_id: int, draft: Draft, *, is_changed: bool = False) -> None:
        row = {
            "manifestation_id": manifestation_id,
            "source_id": self._source_id,
            "announcement": draft.announcement.value if draft.announcement else None,
            "announced_on": draft.announced_on,
            "first_seen_at": self._now,
            "fingerprint": draft.fingerprint,
        }
        if is_changed:
            self._said[manifestation_id] = row
        else:
            self._rows[sightings].append(row)

    def _note_source(self, work_id: int, manifestation_id: int) -> None:
        """Remember a work that one more source brings: who follows the shelves must look at it again."""
        if not self._lookalikes.is_sighted(manifestation_id):
            self._joined[work_id] = None

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

    def _note_names(self, draft: Draft, work_id: int, manifestation_id: int) -> None:
        self._rows[identifiers] += [
            {"scheme": scheme, "value": value, "work_id": work_id}
            for scheme, value in draft.identifiers.pairs()
        ]
        self._rows[ties] += [
            {
                "scheme": one.scheme,
                "value": one.value,
                "manifestation_id": manifestation_id,
                "bond": one.bond.value,
                "work_id": work_id,
            }
            for one in draft.relations
        ]

    def _learn(self, draft: Draft, work_id: int, manifestation_id: int, *, said: str) -> None:
        ties_of = tuple((one.scheme, one.value) for one in draft.relations if one.bond.is_same_work)
        self._lookalikes.learn(
            Known(
                work_id=work_id,
                manifestation_id=manifestation_id,
                key=draft.key,
                fingerprint=draft.fingerprint,
                identifiers=draft.identifiers,
                said=said,
                ties=ties_of,
                is_record=draft.kind.is_record,
            )
        )

    def _log_twin(self, work_id: int, manifestation_id: int, because: str) -> None:
        self._rows[merges].append(
            {
                "at": self._now,
                "kept_id": work_id,
                "gone_id": None,
                "manifestation_id": manifestation_id,
                "because": because,
                "score": None,
                "reasons": [],
                "snapshot": {},
                "change": 0,
                "undone_at": None,
            }
        )

    # -- what belongs to whole works --------------------------------------------------------------

    def _tally_revision(self, draft: Draft, work_id: int) -> None:
        """Count a new version on its day, where its card stands on an earlier one."""
        fresh = self._fresh.get(work_id)
        listed_on = (
            fresh["listed_on"]
            if fresh is not None
            else self._connection.execute(LISTED_ON, {"id": work_id}).scalar_one()
        )
        if draft.announced_on is not None and draft.announced_on > listed_on:
            self._tallies.count_revision(draft.announced_on)

    def _notices_of_fresh(self) -> dict[int, list[Flag]]:
        """Find what papers already on the shelf say of this batch's new works."""
        names = {
            (row["scheme"], row["value"]): row["work_id"]
            for row in self._rows[identifiers]
            if row["work_id"] in self._fresh
        }
        found: dict[int, list[Flag]] = defaultdict(list)
        for pair, flags in notices(self._connection, names).items():
            found[names[pair]] += flags
        return found

    def _flag_noticed(self) -> None:
        """Flag the works that this batch's notices are about."""
        pairs = {
            (row["scheme"], row["value"])
            for row in self._rows[ties]
            if row["bond"] in {"retracts", "corrects", "raises-concern"}
        }
        noticed: dict[int, None] = {}
        for scheme, value in sorted(pairs):
            found = self._connection.execute(
                kinship.WORKS_OF_PAIRS, {"scheme": scheme, "values": [value]}
            ).first()
            if found is not None:
                noticed[found.work_id] = None
        if not noticed:
            return
        tallies = Tallies()
        change = next_change(self._connection, len(noticed))
        for place, work_id in enumerate(noticed, start=1):
            refresh(self._connection, work_id, tallies, change=change + place, now=self._now)
        tallies.write(self._connection)


def work_row(draft: Draft, *, work_id: int, manifestation_id: int, now: datetime) -> Row:
    """Make the row of a work that has one manifestation."""
    return {
        "id": work_id,
        "face_id": manifestation_id,
        "kind": draft.kind.value,
        "venue": draft.venue,
        "listed_on": ordering.listing_day(draft, now.date()),
        "order_key": ordering.order_key(draft),
        "announcement": draft.announcement.value if draft.announcement else None,
        "minutes": ordering.reading_minutes(
            draft.title.plain, draft.abstract.plain if draft.abstract else ""
        ),
        "manifestation_count": 1,
        "categories": list(draft.categories),
        "identifiers": merged_identifiers([], identifier_lines(draft.identifiers)),
        "flags": flag_lines(draft.flags),
        "title_key": title_key(draft.title.plain)[:LONGEST_TITLE_KEY],
        "first_seen_at": now,
        "changed_at": now,
        "change": 0,
    }


def _is_stronger(announced: str, known: str | None) -> bool:
    order = ("replace-cross", "replace", "cross", "new")
    return known is None or order.index(announced) > order.index(known)


LISTED_ON = sa.select(works.c.listed_on).where(works.c.id == sa.bindparam("id"))
MOVE = sa.update(works).where(works.c.id == sa.bindparam("work_id")).values(change=sa.bindparam("moved"))
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
