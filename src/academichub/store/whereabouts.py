"""Follow works that were merged: rows that name a work keep its number, and reading finds where it is now.

A merge removes the row of the work that went; undoing it brings the row back under the same number. So
what readers said of a work is never rewritten, and nothing of it is lost either way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.tables import merges, works
from academichub.store.kinship import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_CHAIN = 32  # merges one after the other; a ring cannot be, for a gone work keeps nothing


def whereabouts(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, int]:
    """Tell which work holds each of these now: itself, or the one it was merged into.

    Numbers that lead to no work are left out.
    """
    found: dict[int, int] = {}
    searched = {work_id: work_id for work_id in work_ids}
    for _ in range(LONGEST_CHAIN):
        there: set[int] = set()
        for chunk in chunks(set(searched.values())):
            there.update(connection.execute(THERE, {"ids": chunk}).scalars())
        found |= {asked: now for asked, now in searched.items() if now in there}
        lost = {now for now in searched.values() if now not in there}
        if not lost:
            break
        kept_by_gone: dict[int, int] = {}
        for chunk in chunks(lost):
            for row in connection.execute(WENT, {"ids": chunk}):
                kept_by_gone[row.gone_id] = row.kept_id
        searched = {
            asked: kept_by_gone[now]
            for asked, now in searched.items()
            if now not in there and now in kept_by_gone
        }
    return found


def names_of(work_ids: Sequence[int]) -> sa.CTE:
    """Give all numbers by which rows may name these works: columns `work_id` and `name_id`."""
    names = (
        sa.select(works.c.id.label("work_id"), works.c.id.label("name_id"))
        .where(works.c.id.in_(work_ids))
        .cte("names", recursive=True)
    )
    return names.union(
        sa.select(names.c.work_id, merges.c.gone_id).where(
            merges.c.kept_id == names.c.name_id, merges.c.gone_id.is_not(None), merges.c.undone_at.is_(None)
        )
    )


def standing(named: sa.CTE) -> sa.Subquery:
    """Find where the works of some rows are, for those that are gone: columns `name_id` and `work_id`.

    Args:
        named: Rows with a column `work_id`; those whose works are there are left out.
    """
    gone = (
        sa.select(named.c.work_id.label("name_id"), named.c.work_id)
        .outerjoin(works, works.c.id == named.c.work_id)
        .where(works.c.id.is_(None))
        .cte("gone", recursive=True)
    )
    trail = gone.union(
        sa.select(gone.c.name_id, merges.c.kept_id).where(
            merges.c.gone_id == gone.c.work_id, merges.c.undone_at.is_(None)
        )
    )
    return sa.select(trail.c.name_id, trail.c.work_id).join(works, works.c.id == trail.c.work_id).subquery()


THERE = sa.select(works.c.id).where(works.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(works.c.id)
WENT = (
    sa.select(merges.c.gone_id, merges.c.kept_id)
    .where(merges.c.gone_id.in_(sa.bindparam("ids", expanding=True)), merges.c.undone_at.is_(None))
    .order_by(merges.c.id)
)
