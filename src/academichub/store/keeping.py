"""What readers keep, asked about many works at once: states of cards, sets for searching, unread days."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from academichub.db.keepingtables import collection_works, collections, marks, notes, tags, work_tags
from academichub.db.tables import day_tallies, merges, works
from academichub.errors import CollectionUnknown
from academichub.model.keeping import Mark, Pile, State
from academichub.model.radar import LOCAL_READER
from academichub.store.collections import find
from academichub.store.keepinglists import (
    COLLECTED,
    MARKED,
    NOTED,
    TAGGED,
    Stretch,
    count,
    everything,
    stretch,
)
from academichub.store.keepingnames import NAMES, is_number, marks_revision
from academichub.store.kinship import chunks
from academichub.store.tags import find_tag

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from academichub.store.keepinglists import KeptList
    from academichub.store.rows import SqlRow

# marks_revision: made next door, looked for here.
__all__ = ["kept_count", "kept_works", "marks_revision", "members", "states", "unread_days"]

MARKS: Final = {mark.value: mark for mark in Mark}  # looked up, not constructed: a page reads hundreds


def states(
    connection: sa.Connection, work_ids: Iterable[int], *, reader_id: int = LOCAL_READER
) -> dict[int, State]:
    """Read what a reader holds about works that are there; those never touched are left out.

    One statement for four hundred works.
    """
    rows: dict[int, list[SqlRow]] = defaultdict(list)
    for chunk in chunks({work_id for work_id in work_ids if is_number(work_id)}):
        for row in connection.execute(STATES, {"reader_id": reader_id, "ids": chunk}):
            rows[row.work_id].append(row)
    return {work_id: _state(said) for work_id, said in rows.items()}


def members(connection: sa.Connection, reader_id: int, names: Collection[str]) -> dict[str, frozenset[int]]:
    """Read whole lists of works, as they are now, by the names that queries have for them.

    Args:
        connection: For reading.
        reader_id: Whose.
        names: "is:read", "is:starred", "is:later", "is:hidden", "is:noted", "tag:NAME", "in:KEY".

    Returns:
        By name, as asked. A tag or a collection that is not there has no works.

    Raises:
        ValueError: A name is of another kind.
    """
    return {name: _members(connection, reader_id, name) for name in names}


def kept_works(
    connection: sa.Connection,
    pile: Pile | None,
    tag: str,
    *,
    after: int | None,
    size: int,
    reader_id: int = LOCAL_READER,
) -> Stretch:
    """Read some works of a pile, or of a tag where no pile is named; what was marked last first."""
    kept, which = _list(connection, reader_id, pile, tag)
    return Stretch((), None) if which is None else stretch(connection, kept, which, after=after, size=size)


def kept_count(
    connection: sa.Connection, pile: Pile | None, tag: str, *, reader_id: int = LOCAL_READER
) -> int:
    """Count the works of a pile, or of a tag where no pile is named."""
    kept, which = _list(connection, reader_id, pile, tag)
    return 0 if which is None else count(connection, kept, which)


def unread_days(
    connection: sa.Connection, first: date, last: date, *, reader_id: int = LOCAL_READER
) -> dict[date, int]:
    """Count, for each day with works, those that are neither read nor hidden; 0 where all are."""
    which = {"reader_id": reader_id, "first": first, "last": last}
    unread = dict.fromkeys(connection.execute(DAYS, which).scalars(), 0)
    unread.update((row.listed_on, row.unread) for row in connection.execute(UNREAD, which))
    for row in connection.execute(DONE_BY_ANOTHER_NAME, which):
        if row.listed_on in unread:  # else the day came between two statements
            unread[row.listed_on] -= row.done
    return unread


def _state(rows: Iterable[SqlRow]) -> State:
    said: dict[str, dict[str, str]] = defaultdict(dict)  # by kind: what, and by what it is ordered
    for row in rows:
        said[row.kind][row.what] = row.rank
    return State(
        marks=frozenset(MARKS[what] for what in said["mark"]),
        tags=tuple(sorted(said["tag"], key=lambda what: (said["tag"][what], what))),
        collections=tuple(sorted(said["in"], key=lambda what: (said["in"][what].casefold(), what))),
        has_note=bool(said["note"]),
    )


def _members(connection: sa.Connection, reader_id: int, name: str) -> frozenset[int]:
    kind, _, value = name.partition(":")
    if kind == "in":
        try:
            collection_id = find(connection, value, reader_id=reader_id).collection_id
        except CollectionUnknown:
            return frozenset()
        return everything(connection, COLLECTED, {"collection_id": collection_id})
    if kind not in {"is", "tag"}:
        msg = f"no such list of works: {name}"
        raise ValueError(msg)
    kept, which = _list(connection, reader_id, Pile(value) if kind == "is" else None, value)
    return frozenset() if which is None else everything(connection, kept, which)


def _list(
    connection: sa.Connection, reader_id: int, pile: Pile | None, tag: str
) -> tuple[KeptList, dict[str, int | str] | None]:
    """Find the statements of a list and what they ask for; None for a tag that is not there."""
    if pile is Pile.NOTED:
        return NOTED, {"reader_id": reader_id}
    if pile is not None:
        return MARKED, {"reader_id": reader_id, "mark": Mark(pile.value).value}
    tag_id = find_tag(connection, tag, reader_id=reader_id)
    return TAGGED, None if tag_id is None else {"tag_id": tag_id}


_READER: sa.BindParameter[int] = sa.bindparam("reader_id")


def _said(
    kind: str, what: sa.ColumnElement[str], rank: sa.ColumnElement[str]
) -> sa.Select[tuple[int, str, str, str]]:
    said: sa.ColumnElement[str] = sa.literal_column(f"'{kind}'")
    return sa.select(NAMES.c.work_id, said.label("kind"), what.label("what"), rank.label("rank"))


# Readers' numbers plus 0: else SQLite would walk through all that a reader has ever tagged or collected.
STATES = sa.union_all(
    _said("mark", marks.c.mark, sa.literal_column("''"))
    .join(marks, marks.c.work_id == NAMES.c.name_id)
    .where(marks.c.reader_id == _READER),
    _said("tag", tags.c.name, tags.c.name_key)
    .join(work_tags, work_tags.c.work_id == NAMES.c.name_id)
    .join(tags, tags.c.id == work_tags.c.tag_id)
    .where(tags.c.reader_id + 0 == _READER),
    _said("in", collections.c.key, collections.c.name)
    .join(collection_works, collection_works.c.work_id == NAMES.c.name_id)
    .join(collections, collections.c.id == collection_works.c.collection_id)
    .where(collections.c.reader_id + 0 == _READER),
    _said("note", sa.literal_column("''"), sa.literal_column("''"))
    .join(notes, notes.c.work_id == NAMES.c.name_id)
    .where(notes.c.reader_id == _READER),
)
_IN_DAYS = works.c.listed_on.between(sa.bindparam("first"), sa.bindparam("last"))
_IS_DONE = sa.and_(marks.c.reader_id == _READER, marks.c.mark.in_((Mark.READ.value, Mark.HIDDEN.value)))
_ITSELF = marks.alias("itself")
_DONE_ITSELF = sa.exists().where(
    _ITSELF.c.work_id == works.c.id,
    _ITSELF.c.reader_id == _READER,
    _ITSELF.c.mark.in_((Mark.READ.value, Mark.HIDDEN.value)),
)
UNREAD = (
    sa.select(works.c.listed_on, sa.func.count().label("unread"))
    .where(_IN_DAYS, ~_DONE_ITSELF)
    .group_by(works.c.listed_on)
    .order_by(works.c.listed_on)
)
DAYS = (
    sa.select(day_tallies.c.listed_on)
    .where(
        day_tallies.c.facet == "all",
        day_tallies.c.listed_on.between(sa.bindparam("first"), sa.bindparam("last")),
        day_tallies.c.works > 0,
    )
    .order_by(day_tallies.c.listed_on)
)
# Of works that others became part of, which are few, those that were done under another number.
_JOINED = (
    sa.select(works.c.id.label("work_id"), merges.c.gone_id.label("name_id"))
    .join(merges, merges.c.kept_id == works.c.id)
    .where(_IN_DAYS, merges.c.gone_id.is_not(None), merges.c.undone_at.is_(None))
    .cte("joined", recursive=True)
)
_NAMED = _JOINED.union(
    sa.select(_JOINED.c.work_id, merges.c.gone_id).where(
        merges.c.kept_id == _JOINED.c.name_id, merges.c.gone_id.is_not(None), merges.c.undone_at.is_(None)
    )
)
DONE_BY_ANOTHER_NAME = (
    sa.select(works.c.listed_on, sa.func.count(works.c.id.distinct()).label("done"))
    .select_from(
        _NAMED.join(marks, sa.and_(marks.c.work_id == _NAMED.c.name_id, _IS_DONE)).join(
            works, works.c.id == _NAMED.c.work_id
        )
    )
    .where(~_DONE_ITSELF)
    .group_by(works.c.listed_on)
    .order_by(works.c.listed_on)
)
