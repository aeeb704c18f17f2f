"""Which works a model may write about, and which texts of its making are there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.briefingtables import ai_texts, briefings
from academichub.db.radartables import radar_items
from academichub.model.briefingpages import AiKind, BriefingState
from academichub.store.kinship import chunks
from academichub.store.whereabouts import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class Made(NamedTuple):
    """A text of a model's that is there, or was refused, for one text of a work."""

    kind: AiKind
    language: str
    text_hash: str


def shown(connection: sa.Connection, *, since: date) -> set[int]:
    """Give the works that radars showed on a day or later, by the numbers they had then."""
    return set(connection.execute(SHOWN, {"since": since}).scalars())


def briefed(connection: sa.Connection, *, since: date, limit: int) -> list[str]:
    """Give the keys of the latest briefings that are done and end on a day or later, newest first."""
    wanted = {"since": since, "done": BriefingState.DONE.value, "size": limit}
    return list(connection.execute(BRIEFED, wanted).scalars())


def made(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, frozenset[Made]]:
    """Tell what was written of works under any of their numbers, what was refused included."""
    found: dict[int, set[Made]] = defaultdict(set)
    for chunk in chunks(set(work_ids)):
        names = names_of(chunk)
        statement = (
            sa.select(names.c.work_id, ai_texts.c.kind, ai_texts.c.language, ai_texts.c.text_hash)
            .join(ai_texts, ai_texts.c.work_id == names.c.name_id)
            .order_by(names.c.work_id, names.c.name_id, ai_texts.c.kind, ai_texts.c.language)
        )
        for row in connection.execute(statement):
            found[row.work_id].add(Made(AiKind(row.kind), row.language, row.text_hash))
    return {work_id: frozenset(some) for work_id, some in found.items()}


SHOWN = (
    sa.select(radar_items.c.work_id)
    .where(radar_items.c.day >= sa.bindparam("since"))
    .distinct()
    .order_by(radar_items.c.work_id)
)
BRIEFED = (
    sa.select(briefings.c.key)
    .where(briefings.c.state == sa.bindparam("done"), briefings.c.last >= sa.bindparam("since"))
    .order_by(briefings.c.last.desc(), briefings.c.number.desc(), briefings.c.id)
    .limit(sa.bindparam("size"))
)
