"""What readers said of works on their radars: every word is kept, the last not taken back holds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.radartables import radar_feedback
from academichub.errors import WorkUnknown
from academichub.model.radar import Feedback, LessReason, Verdict
from academichub.store.kinship import chunks
from academichub.store.revisions import hold, note_change
from academichub.store.whereabouts import names_of, whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from academichub.store.rows import SqlRow


def say(
    connection: sa.Connection,
    radar_id: int,
    work_id: int,
    verdict: Verdict,
    *,
    now: datetime,
    reason: LessReason | None = None,
) -> bool:
    """Note what a reader says of a work. False where they said just that before, and it holds.

    Args:
        connection: For writing.
        radar_id: On which radar.
        work_id: Of which work; one that was merged stands for the work that holds it now.
        verdict: More of it, or less.
        now: When.
        reason: Why less; "more" has none.

    Raises:
        RadarUnknown: There is no such radar.
        WorkUnknown: There is no such work.
    """
    found = whereabouts(connection, [work_id]).get(work_id)
    if found is None:
        raise WorkUnknown(work=str(work_id))
    hold(connection, radar_id)
    kept_reason = reason if verdict is Verdict.LESS else None
    last = _last(connection, radar_id, found)
    if last is not None and (last.verdict, last.reason) == (verdict, kept_reason):
        return False
    row = {
        "radar_id": radar_id,
        "work_id": found,
        "verdict": verdict.value,
        "reason": kept_reason.value if kept_reason else None,
        "at": now,
    }
    connection.execute(sa.insert(radar_feedback), [row])
    note_change(connection, radar_id, now=now)
    return True


def take_back(connection: sa.Connection, radar_id: int, work_id: int, *, now: datetime) -> Feedback | None:
    """Take back the last word on a work; the one before it holds again. May be repeated.

    Returns:
        What holds now; None where nothing does.

    Raises:
        RadarUnknown: There is no such radar.
    """
    found = whereabouts(connection, [work_id]).get(work_id, work_id)
    hold(connection, radar_id)
    last = _last(connection, radar_id, found)
    if last is None:
        return None
    connection.execute(
        sa.update(radar_feedback).where(radar_feedback.c.id == last.id).values(taken_back_at=now)
    )
    note_change(connection, radar_id, now=now)
    before = _last(connection, radar_id, found)
    return None if before is None else _feedback(before, found)


def of_radar(connection: sa.Connection, radar_id: int) -> list[Feedback]:
    """Read what holds on a radar, in the order in which it was said; works as they are now."""
    return of_radars(connection, [radar_id])[radar_id]


def of_radars(connection: sa.Connection, radar_ids: Iterable[int]) -> dict[int, list[Feedback]]:
    """Read what holds on several radars. Of works that became one the last word holds."""
    wanted = set(radar_ids)
    rows = [row for ids in chunks(wanted) for row in connection.execute(HOLDING, {"ids": ids})]
    now = whereabouts(connection, {row.work_id for row in rows})
    holding: dict[int, dict[int, Feedback]] = defaultdict(dict)
    for row in rows:
        if row.work_id in now:
            said = holding[row.radar_id]
            said.pop(now[row.work_id], None)  # so that the last word stands last
            said[now[row.work_id]] = _feedback(row, now[row.work_id])
    return {radar_id: list(holding[radar_id].values()) for radar_id in wanted}


def _last(connection: sa.Connection, radar_id: int, work_id: int) -> SqlRow | None:
    """Find the word that holds on a work, under whichever number it was said."""
    names = names_of([work_id])
    found = (
        sa.select(*COLUMNS)
        .join(names, names.c.name_id == radar_feedback.c.work_id)
        .where(radar_feedback.c.radar_id == radar_id, radar_feedback.c.taken_back_at.is_(None))
        .order_by(radar_feedback.c.id.desc())
        .limit(1)
    )
    return connection.execute(found).first()


def _feedback(row: SqlRow, work_id: int) -> Feedback:
    return Feedback(
        work_id=work_id,
        verdict=Verdict(row.verdict),
        reason=LessReason(row.reason) if row.reason else None,
        at=row.at,
    )


COLUMNS = (
    radar_feedback.c.id,
    radar_feedback.c.radar_id,
    radar_feedback.c.work_id,
    radar_feedback.c.verdict,
    radar_feedback.c.reason,
    radar_feedback.c.at,
)
HOLDING = (
    sa.select(*COLUMNS)
    .where(
        radar_feedback.c.radar_id.in_(sa.bindparam("ids", expanding=True)),
        radar_feedback.c.taken_back_at.is_(None),
    )
    .order_by(radar_feedback.c.radar_id, radar_feedback.c.id)
)
