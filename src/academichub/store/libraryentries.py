"""The entries that readers' libraries brought into collections, with or without a work of the hub.

An entry is kept whole, so that it can be given out again as it came. One that has a work is shown as that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.keepingtables import collection_works, library_entries
from academichub.model.keeping import LibraryEntry
from academichub.store.collections import NAMED_IN, note_change, place
from academichub.store.keepingnames import NAMES, here, is_number
from academichub.store.kinship import chunks
from academichub.store.log import storable
from academichub.store.rows import identifiers_of
from academichub.store.whereabouts import whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from academichub.store.rows import Row

BATCH: Final = 1000  # rows written by one statement
LATEST_YEAR: Final = 9999  # what is beyond stands in the whole entry alone


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry of a library, as it is to be kept."""

    position: int  # in its file
    line: int
    key: str  # citation key, or Zotero's item key
    type: str  # in CSL's terms
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str
    identifiers: tuple[str, ...]  # "scheme:value"
    url: str
    reference: Mapping[str, Any]  # the whole entry, as JSON values
    fingerprint: str  # tells entries of one collection apart, and knows one that comes again
    work_id: int | None = None


class KnownEntry(NamedTuple):
    """What an import must know of an entry that is there."""

    entry_id: int
    key: str
    fingerprint: str
    work_id: int | None  # as written: the work may have been merged since


class WaitingEntry(NamedTuple):
    """An entry whose work the hub does not have yet."""

    entry_id: int
    collection_id: int
    title: str
    authors: tuple[str, ...]
    year: int | None
    identifiers: tuple[str, ...]
    reference: Mapping[str, Any]


class KeptReference(NamedTuple):
    """An entry as it came, and the work that it is."""

    entry_id: int
    work_id: int | None  # where the work is now
    reference: Mapping[str, Any]


def known(connection: sa.Connection, collection_id: int) -> list[KnownEntry]:
    """List all entries of a collection, by position."""
    return [KnownEntry(*row) for row in connection.execute(KNOWN, {"collection_id": collection_id})]


def add(connection: sa.Connection, collection_id: int, entries: Iterable[NewEntry], *, now: datetime) -> int:
    """Keep entries, and put the works of those that have one into the collection; give how many are new.

    One whose fingerprint is there stays as it is.

    Raises:
        WorkUnknown: The work of one is not there; nothing is kept then.
    """
    arriving: dict[str, NewEntry] = {}
    for entry in entries:
        arriving.setdefault(entry.fingerprint, entry)
    there = _by_fingerprint(connection, collection_id, arriving)
    new = [entry for fingerprint, entry in arriving.items() if fingerprint not in there]
    if not new:
        return 0
    works = here(connection, (entry.work_id for entry in new if entry.work_id is not None))
    rows = [_row(entry, collection_id, works, now) for entry in new]
    for start in range(0, len(rows), BATCH):
        insert = insert_ignore(connection.dialect, library_entries)
        connection.execute(insert, rows[start : start + BATCH])
    tied = [row for row in rows if row["work_id"] is not None]
    ids = _by_fingerprint(connection, collection_id, (row["fingerprint"] for row in tied))
    brought: dict[int, int | None] = {}
    for row in tied:
        brought.setdefault(row["work_id"], ids[row["fingerprint"]])
    place(connection, collection_id, brought, now=now)
    note_change(connection, collection_id, now=now)
    return len(new)


def change(connection: sa.Connection, entry_id: int, entry: NewEntry, *, now: datetime) -> None:
    """Write an entry anew under its number: what its library says of it has changed, and maybe its work.

    Raises:
        WorkUnknown: Its work is not there.
    """
    was = connection.execute(BY_ID, {"ids": [entry_id]}).one_or_none()
    if was is None:
        return
    works = here(connection, () if entry.work_id is None else (entry.work_id,))
    row = _row(entry, was.collection_id, works, was.added_at)
    connection.execute(sa.update(library_entries).where(library_entries.c.id == entry_id).values(**row))
    if row["work_id"] != was.work_id:
        _let_go(connection, was.collection_id, [entry_id])
        if row["work_id"] is not None:
            place(connection, was.collection_id, {row["work_id"]: entry_id}, now=now)
    note_change(connection, was.collection_id, now=now)


def remove(connection: sa.Connection, collection_id: int, entry_ids: Iterable[int], *, now: datetime) -> int:
    """Remove entries of a collection, and the works that they alone brought; give how many there were.

    Marks, tags and notes of the works stay, and so do works that were put in by hand.
    """
    asked = {entry_id for entry_id in entry_ids if is_number(entry_id)}
    found = [
        row.id
        for chunk in chunks(asked)
        for row in connection.execute(BY_ID, {"ids": chunk})
        if row.collection_id == collection_id
    ]
    if not found:
        return 0
    _let_go(connection, collection_id, found)
    for chunk in chunks(found):
        connection.execute(sa.delete(library_entries).where(library_entries.c.id.in_(chunk)))
    note_change(connection, collection_id, now=now)
    return len(found)


def waiting(connection: sa.Connection, *, after: int = 0, limit: int = 500) -> list[WaitingEntry]:
    """List entries without a work, of all collections, by number, those behind `after`."""
    return [
        WaitingEntry(
            entry_id=row.id,
            collection_id=row.collection_id,
            title=row.title,
            authors=tuple(row.authors),
            year=row.year,
            identifiers=tuple(row.identifiers),
            reference=row.reference,
        )
        for row in connection.execute(WAITING, {"after": after, "size": limit})
    ]


def tie(connection: sa.Connection, work_by_entry: Mapping[int, int], *, now: datetime) -> int:
    """Give waiting entries their works, and put those into the collections; give how many were tied.

    Entries that have a work by now, or are gone, stay as they are.

    Raises:
        WorkUnknown: One of the works is not there; nothing is tied then.
    """
    works = here(connection, work_by_entry.values())
    tied: dict[int, dict[int, int | None]] = {}
    count = 0
    for chunk in chunks(work_by_entry):
        for row in connection.execute(BY_ID, {"ids": chunk}):
            if row.work_id is None:
                work_id = works[work_by_entry[row.id]]
                tied.setdefault(row.collection_id, {}).setdefault(work_id, row.id)
                connection.execute(
                    sa.update(library_entries).where(library_entries.c.id == row.id).values(work_id=work_id)
                )
                count += 1
    for collection_id, brought in sorted(tied.items()):
        place(connection, collection_id, brought, now=now)
        note_change(connection, collection_id, now=now)
    return count


def entries_of(connection: sa.Connection, collection_id: int, *, limit: int = 500) -> list[LibraryEntry]:
    """List entries of a collection that are no work of the hub, by position."""
    return [
        LibraryEntry(
            entry_id=row.id,
            title=row.title,
            authors=tuple(row.authors),
            year=row.year,
            venue=row.venue,
            identifiers=identifiers_of(row.identifiers),
            url=row.url,
        )
        for row in connection.execute(ENTRIES, {"collection_id": collection_id, "size": limit})
    ]


def references_of(
    connection: sa.Connection, collection_id: int, *, after: int = 0, size: int = 500
) -> list[KeptReference]:
    """List all entries of a collection as they came, by number, those behind `after`."""
    which = {"collection_id": collection_id, "after": after, "size": size}
    rows = connection.execute(REFERENCES, which).all()
    now = whereabouts(connection, {row.work_id for row in rows if row.work_id is not None})
    return [KeptReference(row.id, now.get(row.work_id), row.reference) for row in rows]


def _let_go(connection: sa.Connection, collection_id: int, entry_ids: Sequence[int]) -> None:
    """Take out works that entries brought; one that another entry stands for stays in its place by that."""
    leaving = set(entry_ids)
    brought = [row for chunk in chunks(entry_ids) for row in connection.execute(BROUGHT, {"ids": chunk})]
    for chunk in chunks(row.id for row in brought):
        connection.execute(sa.delete(collection_works).where(collection_works.c.id.in_(chunk)))
    now = whereabouts(connection, {row.work_id for row in brought})
    places = {now[row.work_id]: row for row in brought if row.work_id in now}
    staying: dict[int, Row] = {}
    for chunk in chunks(places):
        which = {"collection_id": collection_id, "ids": chunk}
        still_in = {row.work_id for row in connection.execute(NAMED_IN, which)}
        for row in connection.execute(STAND_FOR, which):
            if row.id in leaving or row.work_id in still_in:
                continue
            was = places[row.work_id]
            heir = {"id": was.id, "work_id": row.name_id, "added_at": was.added_at, "entry_id": row.id}
            staying.setdefault(row.work_id, {"collection_id": collection_id, **heir})
    if staying:
        connection.execute(sa.insert(collection_works), list(staying.values()))


def _by_fingerprint(
    connection: sa.Connection, collection_id: int, fingerprints: Iterable[str]
) -> dict[str, int]:
    """Find the numbers of entries by their fingerprints, those that are there."""
    return {
        row.fingerprint: row.id
        for chunk in chunks(fingerprints)
        for row in connection.execute(BY_FINGERPRINT, {"collection_id": collection_id, "ids": chunk})
    }


def _row(entry: NewEntry, collection_id: int, works: Mapping[int, int], now: datetime) -> Row:
    return {
        "collection_id": collection_id,
        "position": entry.position,
        "line": entry.line,
        "key": storable(entry.key),
        "type": storable(entry.type),
        "title": storable(entry.title),
        "authors": list(_lines(entry.authors)),
        "year": entry.year if abs(entry.year or 0) <= LATEST_YEAR else None,
        "venue": storable(entry.venue),
        "identifiers": list(_lines(entry.identifiers)),
        "url": storable(entry.url),
        "reference": entry.reference,
        "fingerprint": entry.fingerprint,
        "work_id": None if entry.work_id is None else works[entry.work_id],
        "added_at": now,
    }


def _lines(values: Iterable[str]) -> Iterator[str]:
    """Write each on one line, as the column keeps them; the whole entry has them as they came."""
    return (line for line in (" ".join(storable(value).split()) for value in values) if line)


_OF = library_entries.c.collection_id == sa.bindparam("collection_id")
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
KNOWN: Any = (
    sa.select(
        library_entries.c.id, library_entries.c.key, library_entries.c.fingerprint, library_entries.c.work_id
    )
    .where(_OF)
    .order_by(library_entries.c.position, library_entries.c.id)
)
BY_FINGERPRINT = (
    sa.select(library_entries.c.id, library_entries.c.fingerprint)
    .where(_OF, library_entries.c.fingerprint.in_(sa.bindparam("ids", expanding=True)))
    .order_by(library_entries.c.id)
)
BY_ID = (
    sa.select(
        library_entries.c.id,
        library_entries.c.collection_id,
        library_entries.c.work_id,
        library_entries.c.added_at,
    )
    .where(library_entries.c.id.in_(_IDS))
    .order_by(library_entries.c.id)
)
WAITING = (
    sa.select(
        library_entries.c.id,
        library_entries.c.collection_id,
        library_entries.c.title,
        library_entries.c.authors,
        library_entries.c.year,
        library_entries.c.identifiers,
        library_entries.c.reference,
    )
    .where(library_entries.c.work_id.is_(None), library_entries.c.id > sa.bindparam("after"))
    .order_by(library_entries.c.id)
    .limit(sa.bindparam("size"))
)
ENTRIES = (
    sa.select(
        library_entries.c.id,
        library_entries.c.title,
        library_entries.c.authors,
        library_entries.c.year,
        library_entries.c.venue,
        library_entries.c.identifiers,
        library_entries.c.url,
    )
    .where(_OF, library_entries.c.work_id.is_(None))
    .order_by(library_entries.c.position, library_entries.c.id)
    .limit(sa.bindparam("size"))
)
REFERENCES = (
    sa.select(library_entries.c.id, library_entries.c.work_id, library_entries.c.reference)
    .where(_OF, library_entries.c.id > sa.bindparam("after"))
    .order_by(library_entries.c.id)
    .limit(sa.bindparam("size"))
)
BROUGHT = (
    sa.select(collection_works.c.id, collection_works.c.work_id, collection_works.c.added_at)
    .where(collection_works.c.entry_id.in_(_IDS))
    .order_by(collection_works.c.id)
)
STAND_FOR = (
    sa.select(library_entries.c.id, NAMES.c.work_id, NAMES.c.name_id)
    .join(NAMES, NAMES.c.name_id == library_entries.c.work_id)
    .where(
        library_entries.c.collection_id + 0 == sa.bindparam("collection_id")
    )  # so that SQLite begins with the works
    .order_by(NAMES.c.work_id, library_entries.c.id)
)
