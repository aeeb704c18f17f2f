"""Make works one: those that a name ties together, and those that read alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.intake.kinship import best_match, notice_of
from academichub.store import kinship, merging

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from academichub.db.engine import Connection


def join_by_name(connection: Connection, joins: Iterable[tuple[int, int, str]], *, now: datetime) -> None:
    """Merge works that a paper's own word ties together, (one, other, because); the older card stays.

    A work that one word has merged is followed to its keeper, where another word ties it further.
    """
    keeper: dict[int, int] = {}
    for one, other, because in joins:
        kept, gone = sorted((_kept(one, keeper), _kept(other, keeper)))
        if merging.merge(connection, kept_id=kept, gone_id=gone, because=because, now=now) is not None:
            keeper[gone] = kept


def _kept(work_id: int, keeper: Mapping[int, int]) -> int:
    while work_id in keeper:
        work_id = keeper[work_id]
    return work_id


def join_by_text(
    connection: Connection,
    fresh: Mapping[int, Sequence[int]],
    *,
    now: datetime,
    at_arxiv: frozenset[int] = frozenset(),
) -> int:
    """Compare new works with those that share a key; merge the sure ones, keep the doubtful for a person.

    Args:
        connection: The transaction that shelved them.
        fresh: The new works with their keys; those that a name has merged meanwhile are only counted.
        now: For the log.
        at_arxiv: Those of the new works that are arXiv's.

    Returns:
        How many of the new cards went into others, by name or by text.
    """
    here = kinship.still_there(connection, fresh)
    merged = len(fresh) - len(here)
    gone: set[int] = set()
    wanted = {work_id: keys for work_id, keys in fresh.items() if work_id in here}
    for work_id, group in kinship.likenesses(connection, wanted, at_arxiv=at_arxiv).items():
        this, others = group[-1], [one for one in group[:-1] if one.work_id not in gone]
        if work_id in gone:
            continue
        notice = notice_of(this, others)
        if notice is not None:
            merging.note_tie(connection, this.work_id, notice, now=now)
            continue
        best = best_match(this, others)
        if best is None:
            continue
        if not best.is_sure:
            merging.doubt(connection, best.work_id, work_id, score=best.score, reasons=best.reasons, now=now)
            continue
        kept_id, gone_id = sorted((best.work_id, work_id))
        done = merging.merge(
            connection,
            kept_id=kept_id,
            gone_id=gone_id,
            because="text",
            score=best.score,
            reasons=best.reasons,
            now=now,
        )
        if done is not None:
            merged += 1
            gone.add(gone_id)
    return merged
