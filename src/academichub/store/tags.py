"""What readers call works: tags, each of one spelling, gone with the last work that has it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from academichub.db.dialect import insert_ignore
from academichub.db.keepingtables import tags, work_tags
from academichub.db.tables import merges
from academichub.errors import KeepingInvalid
from academichub.model.keeping import TagRow
from academichub.model.radar import LOCAL_READER
from academichub.store.keepingnames import NAMES, here, hold_reader, note_keeping
from academichub.store.kinship import chunks
from academichub.store.whereabouts import whereabouts
from academichub.text.labels import clean_label, label_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from academichub.store.rows import SqlRow

LONGEST_TAG: Final = 100  # characters
MOST_TAGS: Final = 50  # of a work


class Tagged(NamedTuple):
    """What became of tags that were given to many works at once."""

    added: int
    left_out: int  # empty, too long, or more than a work can have


def set_tags(
    connection: sa.Connection,
    work_id: int,
    names: Iterable[str],
    *,
    now: datetime,
    reader_id: int = LOCAL_READER,
) -> None:
    """Give a work these tags and no others.

    Raises:
        KeepingInvalid: A tag is "empty" or "too-long", or they are "too-many".
        WorkUnknown: There is no such work.
    """
    wanted = {label_key(name): name for name in reversed([_checked(name) for name in names])}
    if len(wanted) > MOST_TAGS:
        raise KeepingInvalid(field="tags", reason="too-many")
    hold_reader(connection, reader_id)
    (found,) = here(connection, [work_id]).values()
    had = connection.execute(OF_WORKS, {"reader_id": reader_id, "ids": [found]}).all()
    dropped = [row for row in had if row.name_key not in wanted]
    known = {row.name_key for row in had}
    new = {key: name for key, name in reversed(wanted.items()) if key not in known}
    if not dropped and not new:
        return
    _drop(connection, dropped)
    _give(connection, {found: new}, now=now, reader_id=reader_id)
    note_keeping(connection)


def add_tags(
    connection: sa.Connection,
    names_by_work: Mapping[int, Iterable[str]],
    *,
    now: datetime,
    reader_id: int = LOCAL_READER,
) -> Tagged:
    """Give works tags besides those they have; names that cannot be kept are left out, and counted.

    Raises:
        WorkUnknown: One of the works is not there; nothing is tagged then.
    """
    hold_reader(connection, reader_id)
    found = here(connection, names_by_work)
    had: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks(set(found.values())):
        for row in connection.execute(OF_WORKS, {"reader_id": reader_id, "ids": chunk}):
            had[row.work_id].add(row.name_key)
    new: dict[int, dict[str, str]] = defaultdict(dict)
    left_out = 0
    for asked, names in names_by_work.items():
        known, arriving = had[found[asked]], new[found[asked]]
        for name in map(clean_label, names):
            key = label_key(name)
            if key in known or key in arriving:
                continue
            if not key or len(name) > LONGEST_TAG or len(known) + len(arriving) >= MOST_TAGS:
                left_out += 1
            else:
                arriving[key] = name
    added = _give(connection, new, now=now, reader_id=reader_id)
    if added:
        note_keeping(connection)
    return Tagged(added, left_out)


def all_tags(connection: sa.Connection, *, reader_id: int = LOCAL_READER) -> tuple[TagRow, ...]:
    """List a reader's tags by name, with how many works each has."""
    gone: dict[int, set[int]] = defaultdict(set)
    for row in connection.execute(GONE, {"reader_id": reader_id}):
        gone[row.tag_id].add(row.work_id)
    now = whereabouts(connection, set().union(*gone.values())) if gone else {}
    there: set[tuple[int, int]] = set()
    for chunk in chunks(set(now.values())):
        for row in connection.execute(AMONG, {"reader_id": reader_id, "ids": chunk}):
            there.add((row.tag_id, row.work_id))
    listed = []
    for row in connection.execute(TAGS, {"reader_id": reader_id}):
        moved = {now[name_id] for name_id in gone[row.id] if name_id in now}
        more = sum((row.id, work_id) not in there for work_id in moved)
        listed.append((row.name_key, TagRow(row.name, row.works - len(gone[row.id]) + more)))
    return tuple(tag for _, tag in sorted(listed))


def find_tag(connection: sa.Connection, name: str, *, reader_id: int = LOCAL_READER) -> int | None:
    """Find a tag's number by its name, however it is spelled."""
    found = connection.execute(BY_KEY, {"reader_id": reader_id, "keys": [label_key(name)]})
    return next((int(row.id) for row in found), None)


def _checked(name: str) -> str:
    cleaned = clean_label(name)
    if not cleaned:
        raise KeepingInvalid(field="tag", reason="empty")
    if len(cleaned) > LONGEST_TAG:
        raise KeepingInvalid(field="tag", reason="too-long")
    return cleaned


def _drop(connection: sa.Connection, rows: Iterable[SqlRow]) -> None:
    """Take tags off, under whichever number they were given; those without works go."""
    dropped = list(rows)
    for chunk in chunks(row.id for row in dropped):
        connection.execute(sa.delete(work_tags).where(work_tags.c.id.in_(chunk)))
    is_used = sa.exists().where(work_tags.c.tag_id == tags.c.id)
    for chunk in chunks({row.tag_id for row in dropped}):
        connection.execute(sa.delete(tags).where(tags.c.id.in_(chunk), ~is_used))


def _give(
    connection: sa.Connection,
    names_by_work: Mapping[int, Mapping[str, str]],
    *,
    now: datetime,
    reader_id: int,
) -> int:
    """Give works tags that they do not have, by key; a tag that is new gets the spelling given."""
    name_by_key: dict[str, str] = {}
    for names in names_by_work.values():
        for key, name in names.items():
            name_by_key.setdefault(key, name)
    if not name_by_key:
        return 0
    connection.execute(
        insert_ignore(connection.dialect, tags),
        [{"reader_id": reader_id, "name": name, "name_key": key} for key, name in name_by_key.items()],
    )
    ids: dict[str, int] = {}
    for chunk in chunks(name_by_key):
        asked: dict[str, Any] = {"reader_id": reader_id, "keys": chunk}
        ids.update((row.name_key, row.id) for row in connection.execute(BY_KEY, asked))
    rows = [
        {"tag_id": ids[key], "work_id": work_id, "at": now}
        for work_id, names in reversed(list(names_by_work.items()))  # lists show the last one first
        for key in names
    ]
    connection.execute(sa.insert(work_tags), rows)
    return len(rows)


_MINE = tags.c.reader_id == sa.bindparam("reader_id")
OF_WORKS = (
    sa.select(NAMES.c.work_id, work_tags.c.id, work_tags.c.tag_id, tags.c.name_key)
    .join(work_tags, work_tags.c.work_id == NAMES.c.name_id)
    .join(tags, tags.c.id == work_tags.c.tag_id)
    .where(tags.c.reader_id + 0 == sa.bindparam("reader_id"))  # so that SQLite begins with the works
    .order_by(NAMES.c.work_id, work_tags.c.id)
)
BY_KEY = (
    sa.select(tags.c.id, tags.c.name_key)
    .where(_MINE, tags.c.name_key.in_(sa.bindparam("keys", expanding=True)))
    .order_by(tags.c.id)
)
TAGS = (
    sa.select(tags.c.id, tags.c.name, tags.c.name_key, sa.func.count().label("works"))
    .join(work_tags, work_tags.c.tag_id == tags.c.id)
    .where(_MINE)
    .group_by(tags.c.id, tags.c.name, tags.c.name_key)
    .order_by(tags.c.id)
)
GONE = (
    sa.select(work_tags.c.tag_id, work_tags.c.work_id)
    .join(tags, tags.c.id == work_tags.c.tag_id)
    .join(merges, sa.and_(merges.c.gone_id == work_tags.c.work_id, merges.c.undone_at.is_(None)))
    .where(_MINE)
    .order_by(work_tags.c.id)
)
AMONG = (
    sa.select(work_tags.c.tag_id, work_tags.c.work_id)
    .join(tags, tags.c.id == work_tags.c.tag_id)
    .where(_MINE, work_tags.c.work_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(work_tags.c.id)
)
