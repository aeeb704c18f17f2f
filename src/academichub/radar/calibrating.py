"""Fit the calibrator that turns scores of all readers into one shared match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import linalg

from academichub.radar.scoring import Calibration, sigmoid

if TYPE_CHECKING:
    from academichub.text.terms import Matrix, Vector

_DONE: Final = 1e-8
_STEADY: Final = 1e-6  # keeps a column that never changes from breaking the solution


def calibrate(z: Vector, likes: Vector, happened: np.ndarray) -> Calibration:
    """Fit log-odds = bias + curve(z) + evidence log(1 + likes).

    Args:
        z: Shape (pairs,), of a reader and a paper.
        likes: Shape (pairs,), the evidence the reader's profile is worth.
        happened: Shape (pairs,), whether the reader chose the paper.

    Source:
        Newton steps of logistic regression; Platt, Probabilistic outputs for support vector machines (1999).
    """
    columns = np.column_stack(
        [np.ones(len(z)), np.minimum(z, 0.0), np.log1p(np.maximum(z, 0.0)), np.log1p(likes)]
    )
    wanted = happened.astype(np.float64)
    share = (wanted.sum() + 1.0) / (len(wanted) + 2.0)
    weights = np.array([np.log(share / (1.0 - share)), 0.0, 0.0, 0.0])
    likely = _likelihood(columns, wanted, weights)
    step = np.ones_like(weights)
    while np.abs(step).max() > _DONE:
        said = sigmoid(columns @ weights)
        bend = (columns * (said * (1.0 - said))[:, None]).T @ columns
        bend.flat[:: len(bend) + 1] += _STEADY
        step = linalg.solve(bend, columns.T @ (wanted - said) - _STEADY * weights, assume_a="pos")
        while (better := _likelihood(columns, wanted, weights + step)) < likely and np.abs(
            step
        ).max() > _DONE:
            step = step / 2
        weights = weights + step
        likely = better
    return Calibration(*(float(weight) for weight in weights))


def _likelihood(columns: Matrix, wanted: Vector, weights: Vector) -> float:
    """Give the log-likelihood that a step must not lower; where hits are rare a whole one overshoots."""
    logit = columns @ weights
    return float(wanted @ logit - np.logaddexp(0.0, logit).sum() - _STEADY / 2 * (weights @ weights))
