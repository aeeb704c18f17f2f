"""The fields that works are likely of interest to besides their own, as a model of affinity judged them.

A work has one judgement: that of the model that looked at it last. A merge moves `works.change`, so the
work that is left is looked at again, and what was said of the one that went waits for an undo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.briefingtables import work_affinities
from academichub.db.dialect import upsert
from academichub.db.tables import works
from academichub.model.briefingpages import Belongs
from academichub.store.kinship import chunks
from academichub.store.log import touch_pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime


def waiting(connection: sa.Connection, model: str, *, since: date, limit: int) -> list[int]:
    """List works that a model has not judged, or that have changed since, newest first.

    Args:
        connection: For reading.
        model: Whose judgements.
        since: Only works listed on this day or later.
        limit: How many at most.
    """
    found = connection.execute(WAITING, {"model": model, "since": since, "size": limit})
    return list(found.scalars())


def save(
    connection: sa.Connection,
    model: str,
    rows: Mapping[int, tuple[Belongs, ...]],
    *,
    changes: Mapping[int, int],
    now: datetime,
) -> None:
    """Keep judgements in the place of those that were there; pages follow where a card changes by it.

    Args:
        connection: For writing.
        model: Who judged.
        rows: What each work belongs to, the likeliest first; nothing is a judgement too.
        changes: `works.change` of every judged work, when its text was read (`corpus.WorkText.change`).
        now: The present, UTC.
    """
    written = {work_id: [[one.archive, one.likelihood] for one in rows[work_id]] for work_id in sorted(rows)}
    if not written:
        return
    known: dict[int, Any] = {}
    for chunk in chunks(written):
        known.update((row.work_id, row.belongs) for row in connection.execute(OF_WORKS, {"ids": chunk}))
    connection.execute(
        upsert(connection, work_affinities, take=("model", "change", "belongs", "at")),
        [  # in one order, so that two that save the same never wait for each other
            {"work_id": work_id, "model": model, "change": changes[work_id], "belongs": belongs, "at": now}
            for work_id, belongs in written.items()
        ],
    )
    if any(belongs != known.get(work_id, []) for work_id, belongs in written.items()):
        touch_pages(connection)


def of_works(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, tuple[Belongs, ...]]:
    """Read what works belong to, the likeliest first; those that nobody has judged are left out."""
    return {
        row.work_id: tuple(Belongs(archive, float(likelihood)) for archive, likelihood in row.belongs)
        for chunk in chunks(set(work_ids))
        for row in connection.execute(OF_WORKS, {"ids": chunk})
    }


def forget_others(connection: sa.Connection, model: str) -> int:
    """Forget what other models judged; give of how many works."""
    forgotten = connection.execute(
        sa.delete(work_affinities).where(work_affinities.c.model != model)
    ).rowcount
    if forgotten:
        touch_pages(connection)
    return int(forgotten)


WAITING = (
    sa.select(works.c.id)
    .outerjoin(work_affinities, work_affinities.c.work_id == works.c.id)
    .where(
        works.c.listed_on >= sa.bindparam("since"),
        sa.or_(
            work_affinities.c.work_id.is_(None),
            work_affinities.c.model != sa.bindparam("model"),
            work_affinities.c.change != works.c.change,
        ),
    )
    .order_by(works.c.listed_on.desc(), works.c.id.desc())
    .limit(sa.bindparam("size"))
)
OF_WORKS = (
    sa.select(work_affinities.c.work_id, work_affinities.c.belongs)
    .where(work_affinities.c.work_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(work_affinities.c.work_id)
)
