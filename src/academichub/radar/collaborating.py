"""Let readers who agreed help each other. Only for a hub with enough readers who said yes.

Readers are near who like the same papers; a paper that many like says less. A reader's raw scores are
smoothed over near readers: S = G (G + penalty I)^-1 applied to the raw scores of all. It is kernel ridge
regression from readers to scores, so nothing is drawn at random and nothing is trained.

Source:
    Two-sided kernel ridge regression, e.g. Pahikkala et al., A two-step learning approach for solving full
    and almost full cold start problems in dyadic prediction (2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import linalg

from academichub.radar import scoring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy import sparse

    from academichub.radar.corpus import Papers
    from academichub.radar.scoring import Fitted
    from academichub.text.terms import Matrix

FEWEST_READERS: Final = 50  # with fewer, "readers like you" are one or two people
PENALTY: Final = 3.0
POPULARITY: Final = 0.5  # power of the number of a paper's readers that is taken off it
READERS_SHARE: Final = 0.7  # of the smoothed scores beside the reader's own
WORDS: Final = 0.1  # beside the meaning, in what readers bring to each other


def smoothing(likes: sparse.csr_array) -> Matrix:
    """Learn how much each reader's scores say about each other's.

    Args:
        likes: Shape (readers, papers), 1 where the reader likes the paper.

    Returns:
        Shape (readers, readers), symmetric, eigenvalues in [0, 1); row u times all raw scores is what u is
        offered.
    """
    readers = np.maximum(np.asarray(likes.sum(axis=0)).ravel(), 1.0)
    weighed = likes.multiply(readers**-POPULARITY).tocsr()
    alike = (weighed @ weighed.T).toarray().astype(np.float64)
    ridged = alike.copy()
    ridged.flat[:: len(ridged) + 1] += PENALTY
    factor = linalg.cho_factor(ridged, lower=True, overwrite_a=True, check_finite=False)
    return np.asarray(linalg.cho_solve(factor, alike, overwrite_b=True, check_finite=False))


def blend(own: Matrix, theirs: Matrix, around: Matrix) -> Matrix:
    """Measure the smoothed scores and add them to each reader's own.

    Args:
        own: The readers' own z, shape (readers, candidates).
        theirs: Smoothed evidence, of the same shape.
        around: Smoothed evidence of the reference papers, shape (readers, reference papers).
    """
    deviation = around.std(axis=1, keepdims=True)
    z = (theirs - around.mean(axis=1, keepdims=True)) / np.where(deviation > 0, deviation, 1.0)
    return np.asarray((1 - READERS_SHARE) * own + READERS_SHARE * z)


def evidence(fitted: Sequence[Fitted], papers: Papers) -> Matrix:
    """Give what readers bring to each other: raw scores times the likes they rest on.

    A paper without a vector brings what the average one does. Shape (readers, papers).
    """
    return np.array(
        [
            one.likes * (WORDS * words + np.nan_to_num(meaning, nan=one.meaning.mean))
            for one, (words, meaning) in zip(fitted, scoring.raw_many(fitted, papers), strict=True)
        ]
    )
