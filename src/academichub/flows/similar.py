"""Find works that are like one: by their vectors, or by rare words in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.flows.meanings import Near

if TYPE_CHECKING:
    from academichub.flows.meanings import Snapshot
    from academichub.index.fulltext import Index
    from academichub.store.indexing import Shelved


def similar_by_meaning(snapshot: Snapshot, work_id: int, *, size: int) -> list[Near] | None:
    """Give the works whose vectors are nearest to a work's own; None where it has none.

    The likeness is the cosine, 0 where it is below.
    """
    vector = snapshot.of(work_id)
    if vector is None or not vector.any():
        return None
    near = snapshot.nearest(vector, most=size + 1)
    return [Near(one.work_id, min(max(one.cosine, 0.0), 1.0)) for one in near if one.work_id != work_id][
        :size
    ]


def similar_by_words(index: Index, work: Shelved, *, size: int) -> list[Near]:
    """Give the works that share the rarest words with a work. Raises IndexBroken.

    The likeness is the score by words as a share of what the work itself would have: 1 for the same text.
    """
    found = index.like(work.title, work.abstract, size=size + 1)
    best = max((one.score for one in found), default=0.0)
    itself = next((one.score for one in found if one.work_id == work.work_id), best)
    others = [one for one in found if one.work_id != work.work_id][:size]
    return [Near(one.work_id, min(one.score / itself, 1.0) if itself > 0 else 0.0) for one in others]
