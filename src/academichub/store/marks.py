"""What readers say of works by marks, on or off, and taking it back.

Every action keeps what it changed. A mark is what the last action that changed it, and that was not taken
back, made of it; so taking one back never undoes what another did.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.keepingtables import mark_actions, mark_changes, marks
from academichub.db.tables import works
from academichub.model.keeping import Mark
from academichub.model.radar import LOCAL_READER
from academichub.store.keepingnames import NAMES, here, hold_reader, is_number, note_keeping
from academichub.store.kinship import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime


def mark(
    connection: sa.Connection,
    work_ids: Iterable[int],
    mark: Mark,
    *,
    on: bool,
    now: datetime,
    reader_id: int = LOCAL_READER,
) -> int:
    """Set a mark on works, or take it away; what is so already stays as it is.

    Args:
        connection: For writing.
        work_ids: Which works; one that was merged stands for the work that holds it now.
        mark: Which mark.
        on: Whether it is set.
        now: When.
        reader_id: Whose mark.

    Returns:
        The number of the action, for `take_back`.

    Raises:
        WorkUnknown: One of the works is not there; nothing is marked then.
    """
    hold_reader(connection, reader_id)
    found = list(dict.fromkeys(here(connection, work_ids).values()))
    return _act(connection, found, mark, on=on, now=now, reader_id=reader_id)


def mark_day(connection: sa.Connection, on: date, *, now: datetime, reader_id: int = LOCAL_READER) -> int:
    """Mark every work of a day as read; give the number of the action."""
    hold_reader(connection, reader_id)
    found = list(connection.execute(OF_DAY, {"day": on}).scalars())
    return _act(connection, found, Mark.READ, on=True, now=now, reader_id=reader_id)


def take_back(
    connection: sa.Connection, action: int, *, now: datetime, reader_id: int = LOCAL_READER
) -> bool:
    """Take an action back; false where that was done before, or the reader did no such thing.

    Marks that a later action changed stay as that one left them.
    """
    if not is_number(action):
        return False
    hold_reader(connection, reader_id)
    mine = {"action": action, "reader_id": reader_id}
    kind = connection.execute(ACTION, mine).one_or_none()
    if kind is None:
        return False
    connection.execute(sa.update(mark_actions).where(mark_actions.c.id == action).values(taken_back_at=now))
    whose = {"reader_id": reader_id, "mark": kind.mark}
    is_changed = False
    for chunk in chunks(connection.execute(CHANGED, {"action": action}).scalars().all()):
        at_hand = {**whose, "ids": chunk}
        are = {row.work_id: row.change_id for row in connection.execute(ARE_ON, at_hand)}
        words = {row.work_id: row for row in connection.execute(WORDS, at_hand)}  # the last one stays
        should = {work_id: row.id for work_id, row in words.items() if row.is_on}
        is_changed = is_changed or are != should
        wrong = [work_id for work_id, change_id in are.items() if should.get(work_id) != change_id]
        missing = {work_id: should[work_id] for work_id in should if are.get(work_id) != should[work_id]}
        _take_away(connection, wrong, reader_id, kind.mark)
        rows = [{**whose, "work_id": work_id, "change_id": missing[work_id]} for work_id in sorted(missing)]
        if rows:
            connection.execute(sa.insert(marks), rows)
    if is_changed:
        note_keeping(connection)
    return True


def _act(
    connection: sa.Connection, found: Sequence[int], mark: Mark, *, on: bool, now: datetime, reader_id: int
) -> int:
    """Do it to works that are there, each named once, and write down what it changed."""
    whose = {"reader_id": reader_id, "mark": mark.value}
    names: dict[int, list[int]] = defaultdict(list)  # under which numbers a work has the mark
    for chunk in chunks(found):
        for row in connection.execute(NAMED_ON, {**whose, "ids": chunk}):
            names[row.work_id].append(row.name_id)
    if on:
        changed = [work_id for work_id in found if work_id not in names]
    else:
        changed = [name_id for work_id in found for name_id in names.get(work_id, ())]
    action = connection.execute(
        sa.insert(mark_actions).values(**whose, is_on=on, at=now).returning(mark_actions.c.id)
    ).scalar_one()
    if not changed:
        return int(action)
    # From the last to the first: lists show what was marked last on top, and these in the order given.
    rows = [{"action_id": action, "work_id": work_id} for work_id in reversed(changed)]
    connection.execute(sa.insert(mark_changes), rows)
    if on:
        connection.execute(SET_BY, {**whose, "action": action})
    else:
        _take_away(connection, changed, reader_id, mark.value)
    note_keeping(connection)
    return int(action)


def _take_away(connection: sa.Connection, name_ids: Iterable[int], reader_id: int, mark: str) -> None:
    for chunk in chunks(name_ids):
        connection.execute(
            sa.delete(marks).where(
                marks.c.reader_id == reader_id, marks.c.mark == mark, marks.c.work_id.in_(chunk)
            )
        )


_WHOSE = sa.and_(marks.c.reader_id == sa.bindparam("reader_id"), marks.c.mark == sa.bindparam("mark"))
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
OF_DAY = (
    sa.select(works.c.id)
    .where(works.c.listed_on == sa.bindparam("day"))
    .order_by(works.c.order_key.desc(), works.c.id.desc())
)
ACTION = sa.select(mark_actions.c.mark).where(
    mark_actions.c.id == sa.bindparam("action"),
    mark_actions.c.reader_id == sa.bindparam("reader_id"),
    mark_actions.c.taken_back_at.is_(None),
)
CHANGED = (
    sa.select(mark_changes.c.work_id)
    .where(mark_changes.c.action_id == sa.bindparam("action"))
    .order_by(mark_changes.c.id)
)
ARE_ON = (
    sa.select(marks.c.work_id, marks.c.change_id)
    .where(_WHOSE, marks.c.work_id.in_(_IDS))
    .order_by(marks.c.work_id)
)
NAMED_ON = (
    sa.select(NAMES.c.work_id, NAMES.c.name_id)
    .join(marks, marks.c.work_id == NAMES.c.name_id)
    .where(_WHOSE)
    .order_by(NAMES.c.work_id, NAMES.c.name_id)
)
WORDS = (
    sa.select(mark_changes.c.id, mark_changes.c.work_id, mark_actions.c.is_on)
    .join(mark_actions, mark_actions.c.id == mark_changes.c.action_id)
    .where(
        mark_changes.c.work_id.in_(_IDS),
        mark_actions.c.reader_id == sa.bindparam("reader_id"),
        mark_actions.c.mark == sa.bindparam("mark"),
        mark_actions.c.taken_back_at.is_(None),
    )
    .order_by(mark_changes.c.id)
)
SET_BY = sa.insert(marks).from_select(
    ["reader_id", "work_id", "mark", "change_id"],
    sa.select(
        sa.bindparam("reader_id", type_=marks.c.reader_id.type),
        mark_changes.c.work_id,
        sa.bindparam("mark", type_=marks.c.mark.type),
        mark_changes.c.id,
    ).where(mark_changes.c.action_id == sa.bindparam("action")),
)
