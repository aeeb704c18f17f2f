"""Fit logistic regressions for many fields at once, by one quasi-Newton search over the whole matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

if TYPE_CHECKING:
    from scipy import sparse

Reals: TypeAlias = NDArray[np.float64]

PENALTY: Final = 3e-7  # of half the squared weights, beside the mean loss
ITERATIONS: Final = 60  # stopping early is part of the recipe: it keeps rare terms small
_MEMORY: Final = 6  # pairs of steps and gradients that the search remembers


def fit(rows: sparse.csr_array, labels: NDArray[np.bool_]) -> Reals:
    """Minimise the mean logistic loss, summed over fields, and a small ridge penalty.

    Args:
        rows: Shape (works, terms), float32; at least one work.
        labels: Shape (works, fields), whether a work belongs.

    Returns:
        Shape (terms + 1, fields); the last row is the bias, which is not penalised.

    Source:
        L-BFGS: Liu and Nocedal, On the limited memory BFGS method for large scale optimization (1989).
    """
    works, terms = rows.shape
    fields = labels.shape[1]
    share = (labels.sum(axis=0) + 0.5) / (works + 1)
    start = np.vstack([np.zeros((terms, fields)), np.log(share / (1 - share))])
    wanted = labels.astype(np.float32)
    columns = rows.T.tocsr()  # a product with the transpose itself is twice as slow

    def cost(flat: Reals) -> tuple[float, Reals]:
        weights = flat.reshape(terms + 1, fields)
        loss, slope = _loss(rows @ weights[:-1].astype(np.float32) + weights[-1].astype(np.float32), wanted)
        gradient = np.empty_like(weights)
        gradient[:-1] = columns @ slope
        gradient[:-1] += PENALTY * weights[:-1]
        gradient[-1] = slope.sum(axis=0, dtype=np.float64)
        return loss + PENALTY / 2 * float(np.square(weights[:-1]).sum()), gradient.ravel()

    options = {"maxiter": ITERATIONS, "maxcor": _MEMORY}
    found = minimize(cost, start.ravel(), jac=True, method="L-BFGS-B", options=options)  # type: ignore[call-overload]  # the stubs know no options of the method
    return np.asarray(found.x).reshape(terms + 1, fields)


def _loss(logits: NDArray[np.float32], wanted: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
    """Give the loss and its slope for each logit; safe for logits of any size."""
    small = np.exp(-np.abs(logits))
    loss = np.maximum(logits, 0) - logits * wanted + np.log1p(small)
    slope = (np.where(logits >= 0, 1.0, small) / (1 + small) - wanted) / len(logits)
    return float(loss.sum(dtype=np.float64)) / len(logits), slope.astype(np.float32)
