"""Order papers so that neighbours in the list differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.radar.measuring import order

if TYPE_CHECKING:
    from academichub.radar.corpus import Papers
    from academichub.text.terms import Matrix, Vector

TOP: Final = 100
RELEVANCE: Final = 0.8


def diversify(scores: Vector, papers: Papers) -> np.ndarray:
    """Order all papers by score, the first hundred so that each is good and unlike those before it.

    Returns:
        Shape (papers,), their rows.

    Source:
        Carbonell and Goldstein, The use of MMR (1998): .8 of the score, brought to [0, 1] within the
        hundred, less .2 of the greatest cosine with a paper before it.
    """
    ranked = order(scores)
    top = ranked[:TOP]
    if len(top) < 2:  # noqa: PLR2004  # there is nothing to change places with
        return ranked
    alike = _cosines(papers.take(top))
    height = scores[top] - scores[top].min()
    height = height / max(height.max(), np.finfo(float).tiny)
    chosen: list[int] = []
    nearest = np.zeros(len(top))
    is_left = np.ones(len(top), dtype=bool)
    for _ in top:
        worth = np.where(is_left, RELEVANCE * height - (1 - RELEVANCE) * nearest, -np.inf)
        best = int(np.argmax(worth))
        chosen.append(best)
        is_left[best] = False
        nearest = np.maximum(nearest, alike[best])
    return np.concatenate([top[chosen], ranked[TOP:]])


def _cosines(papers: Papers) -> Matrix:
    """Give the cosines of the vectors, and of the words where a vector is missing."""
    by_words = (papers.words @ papers.words.T).toarray()
    length = np.sqrt(np.maximum(np.diag(by_words), np.finfo(float).tiny))
    by_words = by_words / np.outer(length, length)
    known = papers.has_vector
    return np.where(np.outer(known, known), papers.vectors @ papers.vectors.T, by_words)
