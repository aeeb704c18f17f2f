"""What the rows of readers' keeping share: numbers of works that were merged, and the revision that moves.

Whoever writes holds the reader first: what one action finds on or off is so until it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from academichub.db.dialect import upsert
from academichub.db.radartables import readers
from academichub.db.tables import counters, merges, works
from academichub.errors import WorkUnknown
from academichub.store.log import touch_pages
from academichub.store.whereabouts import whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST: Final = 2**63 - 1  # a number beyond it is none to the databases


def hold_reader(connection: sa.Connection, reader_id: int) -> None:
    """Keep others from changing what a reader keeps while this transaction lasts."""
    connection.execute(HELD, {"reader_id": reader_id})


def note_keeping(connection: sa.Connection) -> int:
    """Move the revision of what is kept, and the pages'; give it."""
    connection.execute(upsert(connection, counters, add=("value",)), [{"name": "keeping", "value": 1}])
    revision = marks_revision(connection)
    touch_pages(connection)
    return revision


def marks_revision(connection: sa.Connection) -> int:
    """Read the revision of what is kept: it grows with every change of marks, tags, notes, collections.

    A merge moves the store's change sequence, and not this one.
    """
    return int(connection.execute(REVISION).scalar() or 0)


def is_number(value: int) -> bool:
    """Tell a number that a row can have."""
    return 0 < value <= LARGEST


def here(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, int]:
    """Tell which works these are now, in the order asked for.

    Raises:
        WorkUnknown: One of them leads to no work.
    """
    wanted = list(dict.fromkeys(work_ids))
    found = whereabouts(connection, [work_id for work_id in wanted if is_number(work_id)])
    for work_id in wanted:
        if work_id not in found:
            raise WorkUnknown(work=str(work_id))
    return {work_id: found[work_id] for work_id in wanted}


HELD = (
    sa.select(readers.c.id)
    .where(readers.c.id == sa.bindparam("reader_id"))
    .with_for_update(key_share=True)  # rows that refer to the reader may be written meanwhile
)
REVISION = sa.select(counters.c.value).where(counters.c.name == "keeping")
# All numbers by which rows may name the works `ids`: made once, as `whereabouts.names_of` for each question.
_THESE = (
    sa.select(works.c.id.label("work_id"), works.c.id.label("name_id"))
    .where(works.c.id.in_(sa.bindparam("ids", expanding=True)))
    .cte("names", recursive=True)
)
NAMES = _THESE.union(
    sa.select(_THESE.c.work_id, merges.c.gone_id).where(
        merges.c.kept_id == _THESE.c.name_id, merges.c.gone_id.is_not(None), merges.c.undone_at.is_(None)
    )
)
