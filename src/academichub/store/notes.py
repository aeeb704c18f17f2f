"""What readers write about works, in Markdown.

Of works that became one, all notes are shown together. Saving them covers those of the other works: they stay
in their rows, and come back as they were when the merge is undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa

from academichub.db.dialect import upsert
from academichub.db.keepingtables import notes
from academichub.errors import KeepingInvalid
from academichub.model.radar import LOCAL_READER
from academichub.store.keepingnames import NAMES, here, hold_reader, note_keeping
from academichub.store.kinship import chunks
from academichub.store.log import storable

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.store.rows import SqlRow

LONGEST_NOTE: Final = 100_000  # characters


class KeptNote(NamedTuple):
    """A note as it was written."""

    text: str
    changed_at: datetime


def read(connection: sa.Connection, work_id: int, *, reader_id: int = LOCAL_READER) -> KeptNote | None:
    """Read the note on a work; of several that came together by merges, the oldest first.

    Raises:
        WorkUnknown: There is no such work.
    """
    (found,) = here(connection, [work_id]).values()
    shown = _shown(_rows(connection, found, reader_id))
    if not shown:
        return None
    return KeptNote("\n\n".join(row.text for row in shown), max(row.changed_at for row in shown))


def save(
    connection: sa.Connection, work_id: int, text: str, *, now: datetime, reader_id: int = LOCAL_READER
) -> None:
    """Keep a note in the place of what was there; an empty one goes. The same again changes nothing.

    Raises:
        KeepingInvalid: It is "too-long".
        WorkUnknown: There is no such work.
    """
    kept = _cleaned(text)
    if len(kept) > LONGEST_NOTE:
        raise KeepingInvalid(field="note", reason="too-long")
    hold_reader(connection, reader_id)
    (found,) = here(connection, [work_id]).values()
    rows = _rows(connection, found, reader_id)
    if kept == "\n\n".join(row.text for row in _shown(rows)):
        return
    others = [row.name_id for row in rows if row.name_id != found]
    place = note_keeping(connection)
    if not kept:
        for chunk in chunks(row.name_id for row in rows):
            connection.execute(
                sa.delete(notes).where(notes.c.reader_id == reader_id, notes.c.work_id.in_(chunk))
            )
        return
    connection.execute(
        upsert(connection, notes, take=("text", "changed_at", "place", "covered_by")),
        [
            {
                "reader_id": reader_id,
                "work_id": found,
                "text": kept,
                "changed_at": now,
                "place": place,
                "covered_by": None,
            }
        ],
    )
    for chunk in chunks(others):
        connection.execute(
            sa.update(notes)
            .where(notes.c.reader_id == reader_id, notes.c.work_id.in_(chunk))
            .values(covered_by=found)
        )


def _rows(connection: sa.Connection, work_id: int, reader_id: int) -> list[SqlRow]:
    return list(connection.execute(OF_WORK, {"reader_id": reader_id, "ids": [work_id]}))


def _shown(rows: list[SqlRow]) -> list[SqlRow]:
    """Leave out notes that another one took in, as long as that one is there."""
    there = {row.name_id for row in rows}
    return [row for row in rows if row.covered_by not in there]


def _cleaned(text: str) -> str:
    return storable(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


OF_WORK = (
    sa.select(NAMES.c.name_id, notes.c.text, notes.c.changed_at, notes.c.covered_by)
    .join(notes, notes.c.work_id == NAMES.c.name_id)
    .where(notes.c.reader_id == sa.bindparam("reader_id"))
    .order_by(notes.c.place, notes.c.work_id)
)
