"""Make one order of two: of what matches by words, and of what is near by meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

DEPTH: Final = 200  # hits of either order that are fused
_MEANING: Final = 0.5  # share of the order by meaning; docs/search.md has the figures that chose it


class Scored(NamedTuple):
    """A work and its score in one of the orders."""

    work_id: int
    score: float


class Fused(NamedTuple):
    """A hit in the order of both."""

    work_id: int
    score: float  # 0 to 1
    is_by_words: bool
    is_by_meaning: bool


def fuse(
    by_words: Sequence[Scored], by_meaning: Sequence[Scored], *, matching: Collection[int] = ()
) -> list[Fused]:
    """Order works by a weighted sum of their two scores, best first, equals by number.

    Scores are stretched so that the best of an order has 1. The lowest of the words has 0 where the order is
    cut there; where it is whole, it keeps its share of the best: a work that is not in it would have 0, and a
    lone hit is worth something. Cosines have no such zero: the lowest one always has 0.

    Args:
        by_words: The first `DEPTH` works in the order of words, best first.
        by_meaning: As many in the order of meaning.
        matching: Those of `by_meaning` that match by words too, though not among the first.

    Source:
        Convex combination of scores after min-max normalisation: Bruch, Gai, Ingber, An analysis of fusion
        functions for hybrid retrieval (2023).
    """
    scores: dict[int, float] = {}
    floor = by_words[-1].score if len(by_words) >= DEPTH else 0.0
    for work_id, share in _stretched(by_words, floor):
        scores[work_id] = (1 - _MEANING) * share
    floor = by_meaning[-1].score if by_meaning else 0.0
    for work_id, share in _stretched(by_meaning, floor):
        scores[work_id] = scores.get(work_id, 0.0) + _MEANING * share
    words = {*(one.work_id for one in by_words), *matching}
    meaning = {one.work_id for one in by_meaning}
    return [
        Fused(work_id, scores[work_id], work_id in words, work_id in meaning)
        for work_id in sorted(scores, key=lambda one: (-scores[one], one))
    ]


def _stretched(order: Sequence[Scored], floor: float) -> Iterator[tuple[int, float]]:
    """Give each work its place between the floor and the best; all have 1 where those are one."""
    if not order:
        return
    height = order[0].score - floor
    for work_id, score in order:
        yield work_id, (score - floor) / height if height > 0 else 1.0
