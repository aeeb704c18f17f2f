"""Questions of the review page: doubtful pairs, and what was merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.tables import doubts, manifestations, merges
from academichub.errors import DoubtUnknown
from academichub.model.kinship import Doubt, DoubtState, MergeRow, Reason, ReviewPage
from academichub.store.reading import cards_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.shelf import Card
    from academichub.store.rows import SqlRow

MOST = 50


def review_page(connection: sa.Connection) -> ReviewPage:
    """Read what waits for a person, likeliest first, and what was merged, newest first."""
    open_ones = connection.execute(OPEN_DOUBTS).all()
    log = connection.execute(MERGES).all()
    shown = {one for row in open_ones for one in (row.one_id, row.other_id)}
    cards = cards_of(connection, shown | {row.kept_id for row in log})
    return ReviewPage(
        doubts=tuple(
            Doubt(
                doubt_id=row.id,
                one=cards[row.one_id],
                other=cards[row.other_id],
                score=row.score,
                reasons=_reasons(row.reasons),
                state=DoubtState(row.state),
                at=row.at,
            )
            for row in open_ones
            if row.one_id in cards and row.other_id in cards
        ),
        doubts_total=connection.execute(COUNT_DOUBTS).scalar_one(),
        merges=tuple(_merge(row, cards[row.kept_id]) for row in log if row.kept_id in cards),
        merges_total=connection.execute(COUNT_MERGES).scalar_one(),
    )


def doubt_pair(connection: sa.Connection, doubt_id: int) -> tuple[int, int]:
    """Give the two works of an open doubt.

    Raises:
        DoubtUnknown: There is no such doubt, or it was decided.
    """
    row = connection.execute(DOUBT, {"id": doubt_id}).one_or_none()
    if row is None or row.state != DoubtState.OPEN.value:
        raise DoubtUnknown(doubt=doubt_id)
    return row.one_id, row.other_id


def _merge(row: SqlRow, kept: Card) -> MergeRow:
    return MergeRow(
        merge_id=row.id,
        at=row.at,
        kept=kept,
        gone_title=row.snapshot.get("title") or row.title_plain or "",
        gone_venue=(row.snapshot.get("gone") or {}).get("venue") or row.venue or "",
        because=row.because,
        score=row.score,
        reasons=_reasons(row.reasons),
        undone_at=row.undone_at,
    )


def _reasons(written: Sequence[Sequence[Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(str(name), str(value), float(weight)) for name, value, weight in written)


OPEN_DOUBTS = (
    sa.select(doubts)
    .where(doubts.c.state == DoubtState.OPEN.value)
    .order_by(doubts.c.score.desc(), doubts.c.id)
    .limit(MOST)
)
DOUBT = sa.select(doubts).where(doubts.c.id == sa.bindparam("id"))
MERGES = (
    sa.select(merges, manifestations.c.title_plain, manifestations.c.venue)
    .select_from(merges.outerjoin(manifestations, manifestations.c.id == merges.c.manifestation_id))
    .order_by(merges.c.id.desc())
    .limit(MOST)
)
COUNT_DOUBTS = sa.select(sa.func.count()).where(doubts.c.state == DoubtState.OPEN.value)
COUNT_MERGES = sa.select(sa.func.count()).select_from(merges)
