"""Weigh terms by how much more they are used in works of a field than in all the others. Counting only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

Reals: TypeAlias = NDArray[np.float64]

SMOOTHING: Final = 0.05  # what every term has in every field


def weigh(rows: sparse.csr_array, labels: NDArray[np.bool_]) -> Reals:
    """Give the log odds of each term for each field, against the field's complement.

    Args:
        rows: Shape (works, terms), weights >= 0.
        labels: Shape (works, fields), whether a work belongs.

    Returns:
        Shape (terms + 1, fields); the last row, the bias, is 0.

    Source:
        Complement naive Bayes, one against all others: Rennie, Shih, Teevan and Karger, Tackling the poor
        assumptions of naive Bayes text classifiers (2003).
    """
    inside = np.asarray(rows.T @ labels.astype(np.float64))
    outside = np.asarray(rows.sum(axis=0, dtype=np.float64)).reshape(-1, 1) - inside
    weights = _log_shares(inside) - _log_shares(np.maximum(outside, 0.0))
    return np.vstack([weights, np.zeros((1, labels.shape[1]))])


def _log_shares(sums: Reals) -> Reals:
    smooth = sums + SMOOTHING
    return np.asarray(np.log(smooth / smooth.sum(axis=0)))
