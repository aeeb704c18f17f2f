"""Lists of kept works: pages, counts, and all their works at once, as the works are now.

A list is a statement that gives places and numbers of works. Of works that became one, the highest place
counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from academichub.db.keepingtables import collection_works, marks, notes, work_tags
from academichub.db.tables import merges
from academichub.store.keepingnames import LARGEST, NAMES
from academichub.store.kinship import chunks
from academichub.store.whereabouts import whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class KeptList:
    """The statements that a kind of list needs, made once."""

    batch: sa.Select[Any]  # rows below `after`, `size` of them, highest first
    newest: sa.Select[Any]  # the highest place of each of the works `ids`
    total: sa.Select[Any]
    everything: sa.Select[Any]
    gone: sa.Select[Any]  # numbers of works that were merged
    among: sa.Select[Any]  # which of the numbers `ids` are in the list


class Stretch(NamedTuple):
    """Works of a list, highest place first, and where the next ones begin."""

    work_ids: tuple[int, ...]
    next: int | None


def stretch(
    connection: sa.Connection, kept: KeptList, which: Mapping[str, Any], *, after: int | None, size: int
) -> Stretch:
    """Read some works of a list, those behind a place.

    Args:
        connection: For reading.
        kept: What kind of list.
        which: The parameters that name one of that kind.
        after: The `next` of the stretch before; None begins.
        size: How many works at most.
    """
    below = LARGEST if after is None else min(after, LARGEST)
    found: list[tuple[int, int]] = []
    while len(found) <= size:
        asked = size + 1 - len(found)
        rows = connection.execute(kept.batch, {**which, "after": below, "size": asked}).all()
        now = whereabouts(connection, [row.work_id for row in rows])
        newest: dict[int, int] = {}
        for chunk in chunks(set(now.values())):
            found_newest = connection.execute(kept.newest, {**which, "ids": chunk})
            newest.update((row.work_id, row.place) for row in found_newest)
        found += [
            (row.place, now[row.work_id])
            for row in rows
            if row.work_id in now and newest.get(now[row.work_id]) == row.place
        ]
        if len(rows) < asked:
            break
        below = rows[-1].place
    shown = found[:size]
    return Stretch(tuple(work_id for _, work_id in shown), shown[-1][0] if len(found) > size else None)


def count(connection: sa.Connection, kept: KeptList, which: Mapping[str, Any]) -> int:
    """Count the works of a list."""
    total = int(connection.execute(kept.total, which).scalar_one())
    gone, there = _merged(connection, kept, which)
    return total - len(gone) + len(there - _among(connection, kept, which, there))


def everything(connection: sa.Connection, kept: KeptList, which: Mapping[str, Any]) -> frozenset[int]:
    """Read all works of a list, in no order."""
    found = set(connection.execute(kept.everything, which).scalars())
    gone, there = _merged(connection, kept, which)
    return frozenset((found - gone) | there)


def _merged(connection: sa.Connection, kept: KeptList, which: Mapping[str, Any]) -> tuple[set[int], set[int]]:
    """Find the numbers in a list that no work has any more, and the works that hold them now."""
    gone = set(connection.execute(kept.gone, which).scalars())
    return gone, set(whereabouts(connection, gone).values()) if gone else set()


def _among(
    connection: sa.Connection, kept: KeptList, which: Mapping[str, Any], work_ids: Iterable[int]
) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(work_ids):
        found.update(connection.execute(kept.among, {**which, "ids": chunk}).scalars())
    return found


def _statements(table: sa.Table, place: sa.Column[Any], condition: sa.ColumnElement[bool]) -> KeptList:
    work_id = table.c.work_id
    batch = (
        sa.select(place.label("place"), work_id)
        .where(condition, place < sa.bindparam("after"))
        .order_by(place.desc(), work_id)
        .limit(sa.bindparam("size"))
    )
    newest = (
        sa.select(NAMES.c.work_id, sa.func.max(place).label("place"))
        .join(table, work_id == NAMES.c.name_id)
        .where(condition)
        .group_by(NAMES.c.work_id)
        .order_by(NAMES.c.work_id)
    )
    gone = (
        sa.select(work_id)
        .join(merges, sa.and_(merges.c.gone_id == work_id, merges.c.undone_at.is_(None)))
        .where(condition)
        .order_by(work_id)
    )
    return KeptList(
        batch=batch,
        newest=newest,
        total=sa.select(sa.func.count()).select_from(table).where(condition),
        everything=sa.select(work_id).where(condition),
        gone=gone,
        among=sa.select(work_id)
        .where(condition, work_id.in_(sa.bindparam("ids", expanding=True)))
        .order_by(work_id),
    )


MARKED = _statements(  # which: reader_id, mark
    marks,
    marks.c.change_id,
    sa.and_(marks.c.reader_id == sa.bindparam("reader_id"), marks.c.mark == sa.bindparam("mark")),
)
NOTED = _statements(notes, notes.c.place, notes.c.reader_id == sa.bindparam("reader_id"))
TAGGED = _statements(work_tags, work_tags.c.id, work_tags.c.tag_id == sa.bindparam("tag_id"))
COLLECTED = _statements(
    collection_works,
    collection_works.c.id,
    collection_works.c.collection_id == sa.bindparam("collection_id"),
)
