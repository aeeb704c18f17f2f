"""The rankers of our peers, written anew, to be measured beside ours on the same features.

Source:
    Rocchio, Relevance feedback in information retrieval (1971). The formula of zotero-arxiv-daily and the
    classifier of arxiv-sanity-lite as their public sources had them in 2026. Newton steps: Keerthi and
    DeCoste, A modified finite Newton method for fast solution of large scale linear SVMs (2005).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from academichub.text.terms import Matrix, Vector

SVM_COST: Final = 0.01
_NEWTON_STEPS: Final = 30
_CONJUGATE_STEPS: Final = 60
_HALVINGS: Final = 12
_SMALL_GRADIENT: Final = 1e-4  # of the first one


def recency_weights(count: int) -> Vector:
    """Weigh a library as zotero-arxiv-daily does, the newest first: 1 / (1 + log10(place)), to a sum of 1."""
    weights = 1.0 / (1.0 + np.log10(np.arange(1, count + 1)))
    return np.asarray(weights / weights.sum())


def support_vectors(
    features: sparse.csr_array, liked: sparse.csr_array, *, tolerance: float = _SMALL_GRADIENT
) -> Matrix:
    """Train a linear SVM for each reader: liked papers against all others, both sides of equal weight.

    Minimises |w|²/2 + cost Σ weight max(0, 1 - y w'x)², the intercept being one more feature, as
    scikit-learn's LinearSVC(class_weight="balanced", C=0.01) does; here by Newton steps, which need no
    order of the samples.

    Args:
        features: Shape (papers, terms).
        liked: Shape (readers, papers), nonzero where liked; each reader likes some but not all.
        tolerance: The gradient's length, against that at zero, at which a reader is done.

    Returns:
        Shape (terms + 1, readers); the last row is the intercept.
    """
    papers = int(features.shape[0])
    intercept = sparse.csr_array(np.ones((papers, 1)))
    widened: sparse.csr_array = sparse.csr_array(sparse.hstack([features, intercept]))
    across = widened.T.tocsr()
    is_liked = (liked.toarray() != 0).T
    signs = np.where(is_liked, 1.0, -1.0)
    likes = is_liked.sum(axis=0)
    costs = SVM_COST * np.where(
        is_liked, papers / (2.0 * likes), papers / (2.0 * np.maximum(papers - likes, 1))
    )
    weights = np.zeros((widened.shape[1], signs.shape[1]))
    going = np.arange(signs.shape[1])
    first = np.full(signs.shape[1], np.nan)
    for _ in range(_NEWTON_STEPS):
        sign, cost, here = signs[:, going], costs[:, going], weights[:, going]
        slack = 1.0 - sign * (widened @ here)
        active = cost * (slack > 0)
        gradient = here - 2.0 * (across @ (active * slack * sign))
        length = np.linalg.norm(gradient, axis=0)
        first[going] = np.where(np.isnan(first[going]), length, first[going])
        is_open = length > tolerance * first[going]
        if not is_open.any():
            break
        going = going[is_open]
        step = _direction(widened, across, active[:, is_open], gradient[:, is_open])
        weights[:, going] = _descend(widened, weights[:, going], step, (sign[:, is_open], cost[:, is_open]))
    return weights


def _direction(rows: sparse.csr_array, across: sparse.csr_array, active: Matrix, gradient: Matrix) -> Matrix:
    """Solve the Newton equation for all readers at once by conjugate gradients."""
    step = np.zeros_like(gradient)
    rest = -gradient
    way = rest.copy()
    size = (rest**2).sum(axis=0)
    goal = size * 1e-4
    for _ in range(_CONJUGATE_STEPS):
        if np.all(size <= goal):
            break
        bent = way + 2.0 * (across @ (active * (rows @ way)))
        far = np.where(size > goal, size / np.maximum((way * bent).sum(axis=0), np.finfo(float).tiny), 0.0)
        step += far * way
        rest -= far * bent
        new = (rest**2).sum(axis=0)
        way = rest + (new / np.maximum(size, np.finfo(float).tiny)) * way
        size = new
    return step


def _descend(rows: sparse.csr_array, here: Matrix, step: Matrix, sides: tuple[Matrix, Matrix]) -> Matrix:
    """Take the whole step, or for a reader whom it does not help the half of it, and so on."""
    sign, cost = sides
    margin, change = rows @ here, rows @ step

    def loss(far: Vector) -> Vector:
        slack = np.maximum(0.0, 1.0 - sign * (margin + far * change))
        return np.asarray(0.5 * ((here + far * step) ** 2).sum(axis=0) + (cost * slack**2).sum(axis=0))

    far = np.ones(here.shape[1])
    start = loss(np.zeros(here.shape[1]))
    for _ in range(_HALVINGS):
        is_worse = loss(far) > start
        if not is_worse.any():
            break
        far = np.where(is_worse, far / 2, far)
    return here + far * step
