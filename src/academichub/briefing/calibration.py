"""Turn scores into likelihoods that come true as often as they say, on works that were held out."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

Reals: TypeAlias = NDArray[np.float64]

_CAUTION: Final = 1.0  # weight of half the squared coefficients beside the summed loss
_ITERATIONS: Final = 200


def calibrate(features: Reals, happened: NDArray[np.bool_]) -> Reals:
    """Fit a logistic curve over a few features.

    The penalty is that of one standard normal prior for each coefficient: nothing beside thousands of cells,
    and a rein on a handful of them.

    Args:
        features: Shape (cells, features).
        happened: Shape (cells,).

    Returns:
        Shape (features + 1,): coefficients, then the bias.

    Source:
        Platt, Probabilistic outputs for support vector machines (1999).
    """
    cells, count = features.shape
    design = np.column_stack([features, np.ones(cells)])
    wanted = happened.astype(np.float64)
    share = (wanted.sum() + 0.5) / (cells + 1)
    start = np.append(np.zeros(count), np.log(share / (1 - share)))
    is_penalised = np.append(np.ones(count), 0.0)
    scale = max(cells, 1)

    def cost(weights: Reals) -> tuple[float, Reals]:
        logits = design @ weights
        loss = np.logaddexp(0, logits) - wanted * logits
        penalised = _CAUTION * is_penalised * weights
        value = (loss.sum() + penalised @ weights / 2) / scale
        return float(value), (design.T @ (expit(logits) - wanted) + penalised) / scale

    options = {"maxiter": _ITERATIONS, "ftol": 1e-13, "gtol": 1e-9}
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options=options)  # type: ignore[call-overload]  # the stubs know no options of the method
    return np.asarray(found.x)


def likelihood(features: Reals, weights: Reals) -> Reals:
    """Give the likelihood for features of any shape (..., features), each in (0, 1)."""
    return np.asarray(expit(features @ weights[:-1] + weights[-1]))
