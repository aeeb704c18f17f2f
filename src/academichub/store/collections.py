"""Readers' collections: what each is called, and which works are in it."""

from __future__ import annotations

import difflib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.keepingtables import collection_works, collections, library_entries
from academichub.db.tables import merges
from academichub.errors import CollectionUnknown, KeepingInvalid
from academichub.model.keeping import CollectionRow
from academichub.model.radar import LOCAL_READER
from academichub.store.keepinglists import COLLECTED, Stretch, stretch
from academichub.store.keepingnames import NAMES, here, hold_reader, note_keeping
from academichub.store.kinship import chunks
from academichub.store.log import storable
from academichub.store.whereabouts import whereabouts
from academichub.text.labels import clean_label, slugs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from academichub.store.rows import SqlRow

LONGEST_NAME: Final = 200  # characters
MOST_LISTED: Final = 1000
RESERVED: Final = frozenset({"new", "import", "export"})  # words that addresses need


class Found(NamedTuple):
    """A collection's row."""

    collection_id: int
    key: str
    name: str
    origin: str
    version: int | None  # of the library elsewhere, when it was last read


def create(
    connection: sa.Connection,
    name: str,
    *,
    now: datetime,
    origin: str = "",
    reader_id: int = LOCAL_READER,
) -> Found:
    """Make a collection; its key comes from its name, and is the reader's only one of that spelling.

    Raises:
        KeepingInvalid: The name is "empty" or "too-long".
    """
    cleaned = clean_name(name)
    hold_reader(connection, reader_id)
    taken = set(connection.execute(KEYS, {"reader_id": reader_id}).scalars())
    key = next(one for one in slugs(cleaned, word="collection", reserved=RESERVED) if one not in taken)
    row = {"reader_id": reader_id, "key": key, "name": cleaned, "origin": storable(origin), "version": None}
    connection.execute(sa.insert(collections), [{**row, "created_at": now, "changed_at": now}])
    note_keeping(connection)
    return find(connection, key, reader_id=reader_id)


def find(connection: sa.Connection, key: str, *, reader_id: int = LOCAL_READER) -> Found:
    """Find a reader's collection by its key.

    Raises:
        CollectionUnknown: There is none; the facts suggest the nearest key.
    """
    row = connection.execute(BY_KEY, {"reader_id": reader_id, "key": storable(key)}).one_or_none()
    if row is None:
        keys = connection.execute(KEYS, {"reader_id": reader_id}).scalars().all()
        near = difflib.get_close_matches(key[:LONGEST_NAME], keys, n=1)
        raise CollectionUnknown(collection=key, suggestion=near[0] if near else None)
    return Found(*row)


def hold(connection: sa.Connection, key: str, *, reader_id: int = LOCAL_READER) -> Found:
    """Find a collection to write in: nobody removes it while this transaction lasts.

    Raises:
        CollectionUnknown: As `find`.
    """
    hold_reader(connection, reader_id)
    return find(connection, key, reader_id=reader_id)


def find_by_name(connection: sa.Connection, name: str, *, reader_id: int = LOCAL_READER) -> Found | None:
    """Find the oldest collection of a name, spelled just so. Raises KeepingInvalid."""
    row = connection.execute(BY_NAME, {"reader_id": reader_id, "name": clean_name(name)}).first()
    return None if row is None else Found(*row)


def find_by_origin(connection: sa.Connection, origin: str, *, reader_id: int = LOCAL_READER) -> Found | None:
    """Find the oldest collection that came from somewhere."""
    row = connection.execute(BY_ORIGIN, {"reader_id": reader_id, "origin": storable(origin)}).first()
    return None if row is None else Found(*row)


def rows(
    connection: sa.Connection, *, reader_id: int = LOCAL_READER, key: str | None = None
) -> list[CollectionRow]:
    """List a reader's collections by name, or the one of a key, with what they hold."""
    found = connection.execute(ROWS, {"reader_id": reader_id, "key": key, "size": MOST_LISTED}).all()
    ids = [row.id for row in found]
    works = _works_in(connection, ids)
    waiting = {
        row.collection_id: row.entries
        for chunk in chunks(ids)
        for row in connection.execute(WAITING, {"ids": chunk})
    }
    listed = [
        CollectionRow(
            key=row.key,
            name=row.name,
            works=works[row.id],
            entries=waiting.get(row.id, 0),
            origin=row.origin,
            changed_at=row.changed_at,
        )
        for row in found
    ]
    return sorted(listed, key=lambda one: (one.name.casefold(), one.key))


def rename(connection: sa.Connection, collection_id: int, name: str, *, now: datetime) -> None:
    """Call a collection something else; its key stays. Raises KeepingInvalid."""
    cleaned = clean_name(name)
    updated = connection.execute(
        sa.update(collections)
        .where(collections.c.id == collection_id, collections.c.name != cleaned)
        .values(name=cleaned, changed_at=now)
    )
    if updated.rowcount:
        note_keeping(connection)


def remove(connection: sa.Connection, collection_id: int) -> None:
    """Remove a collection and the entries that were brought into it; works stay on the shelves."""
    for table in (collection_works, library_entries):
        connection.execute(sa.delete(table).where(table.c.collection_id == collection_id))
    connection.execute(sa.delete(collections).where(collections.c.id == collection_id))
    note_keeping(connection)


def set_version(connection: sa.Connection, collection_id: int, version: int | None) -> None:
    """Remember up to which version a library elsewhere was read."""
    connection.execute(
        sa.update(collections).where(collections.c.id == collection_id).values(version=version)
    )


def put_in(connection: sa.Connection, collection_id: int, work_ids: Iterable[int], *, now: datetime) -> int:
    """Put works into a collection, the first on top; those that are in it stay where they are.

    Returns:
        How many are new.

    Raises:
        WorkUnknown: One of the works is not there; none is put in then.
    """
    found = list(dict.fromkeys(here(connection, work_ids).values()))
    return place(connection, collection_id, dict.fromkeys(found), now=now)


def place(
    connection: sa.Connection,
    collection_id: int,
    entry_by_work: dict[int, int | None],
    *,
    now: datetime,
) -> int:
    """Put works that are there into a collection, each with the entry that brings it; count the new ones."""
    are_in: set[int] = set()
    for chunk in chunks(entry_by_work):
        named = connection.execute(NAMED_IN, {"collection_id": collection_id, "ids": chunk})
        are_in.update(row.work_id for row in named)
    new = [
        {"collection_id": collection_id, "work_id": work_id, "added_at": now, "entry_id": entry_id}
        for work_id, entry_id in reversed(entry_by_work.items())
        if work_id not in are_in
    ]
    if new:
        connection.execute(insert_ignore(connection.dialect, collection_works), new)
        note_change(connection, collection_id, now=now)
    return len(new)


def take_out(connection: sa.Connection, collection_id: int, work_ids: Iterable[int], *, now: datetime) -> int:
    """Take works out of a collection, and the entries that stand for them; give how many there were.

    Raises:
        WorkUnknown: One of the works is not there; none is taken out then.
    """
    named: list[SqlRow] = []
    entries: list[int] = []
    for chunk in chunks(set(here(connection, work_ids).values())):
        which = {"collection_id": collection_id, "ids": chunk}
        named += connection.execute(NAMED_IN, which)
        entries += connection.execute(ENTRIES_FOR, which).scalars()
    for chunk in chunks(row.id for row in named):
        connection.execute(sa.delete(collection_works).where(collection_works.c.id.in_(chunk)))
    for chunk in chunks(entries):
        connection.execute(sa.delete(library_entries).where(library_entries.c.id.in_(chunk)))
    if named or entries:
        note_change(connection, collection_id, now=now)
    return len({row.work_id for row in named})


def works_of(
    connection: sa.Connection, collection_id: int, *, after: int | None = None, size: int = 50
) -> Stretch:
    """Read some works of a collection, newest in first."""
    return stretch(connection, COLLECTED, {"collection_id": collection_id}, after=after, size=size)


def note_change(connection: sa.Connection, collection_id: int, *, now: datetime) -> None:
    """Say that a collection holds something else now, and move what pages and searches follow."""
    connection.execute(sa.update(collections).where(collections.c.id == collection_id).values(changed_at=now))
    note_keeping(connection)


def clean_name(name: str) -> str:
    """Give a collection's name as it is kept.

    Raises:
        KeepingInvalid: It is "empty" or "too-long".
    """
    cleaned = clean_label(name)
    if not cleaned:
        raise KeepingInvalid(field="name", reason="empty")
    if len(cleaned) > LONGEST_NAME:
        raise KeepingInvalid(field="name", reason="too-long")
    return cleaned


def _works_in(connection: sa.Connection, ids: Iterable[int]) -> dict[int, int]:
    """Count the works of collections as they are now; copies that became one count once."""
    counts: dict[int, int] = defaultdict(int)
    gone: dict[int, set[int]] = defaultdict(set)
    for chunk in chunks(ids):
        counts.update((row.collection_id, row.works) for row in connection.execute(SIZES, {"ids": chunk}))
        for row in connection.execute(GONE, {"ids": chunk}):
            gone[row.collection_id].add(row.work_id)
    now = whereabouts(connection, set().union(*gone.values())) if gone else {}
    among: set[tuple[int, int]] = set()
    for chunk in chunks(set(now.values())):
        among.update((row.collection_id, row.work_id) for row in connection.execute(AMONG, {"ids": chunk}))
    for collection_id, names in gone.items():
        moved = {now[name_id] for name_id in names if name_id in now}
        more = sum((collection_id, work_id) not in among for work_id in moved)
        counts[collection_id] += more - len(names)
    return counts


_MINE = collections.c.reader_id == sa.bindparam("reader_id")
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_FOUND: Any = sa.select(
    collections.c.id, collections.c.key, collections.c.name, collections.c.origin, collections.c.version
).where(_MINE)
BY_KEY = _FOUND.where(collections.c.key == sa.bindparam("key"))
BY_NAME = _FOUND.where(collections.c.name == sa.bindparam("name")).order_by(collections.c.id).limit(1)
BY_ORIGIN = _FOUND.where(collections.c.origin == sa.bindparam("origin")).order_by(collections.c.id).limit(1)
KEYS = sa.select(collections.c.key).where(_MINE).order_by(collections.c.key)
ROWS = (
    sa.select(
        collections.c.id,
        collections.c.key,
        collections.c.name,
        collections.c.origin,
        collections.c.changed_at,
    )
    .where(
        _MINE, collections.c.key == sa.func.coalesce(sa.bindparam("key", type_=sa.String), collections.c.key)
    )
    .order_by(collections.c.id)
    .limit(sa.bindparam("size"))
)
WAITING = (
    sa.select(library_entries.c.collection_id, sa.func.count().label("entries"))
    .where(library_entries.c.collection_id.in_(_IDS), library_entries.c.work_id.is_(None))
    .group_by(library_entries.c.collection_id)
    .order_by(library_entries.c.collection_id)
)
SIZES = (
    sa.select(collection_works.c.collection_id, sa.func.count().label("works"))
    .where(collection_works.c.collection_id.in_(_IDS))
    .group_by(collection_works.c.collection_id)
    .order_by(collection_works.c.collection_id)
)
GONE = (
    sa.select(collection_works.c.collection_id, collection_works.c.work_id)
    .join(merges, sa.and_(merges.c.gone_id == collection_works.c.work_id, merges.c.undone_at.is_(None)))
    .where(collection_works.c.collection_id.in_(_IDS))
    .order_by(collection_works.c.id)
)
AMONG = (
    sa.select(collection_works.c.collection_id, collection_works.c.work_id)
    .where(collection_works.c.work_id.in_(_IDS))
    .order_by(collection_works.c.id)
)
NAMED_IN = (
    sa.select(collection_works.c.id, NAMES.c.work_id)
    .join(collection_works, collection_works.c.work_id == NAMES.c.name_id)
    .where(collection_works.c.collection_id == sa.bindparam("collection_id"))
    .order_by(collection_works.c.id)
)
ENTRIES_FOR = (
    sa.select(library_entries.c.id)
    .join(NAMES, NAMES.c.name_id == library_entries.c.work_id)
    .where(
        library_entries.c.collection_id + 0 == sa.bindparam("collection_id")
    )  # so that SQLite begins with the works
    .order_by(NAMES.c.work_id, library_entries.c.id)
)
