"""Group the papers of a day in the ways that are simple: what our themes are measured beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import linalg
from scipy.cluster import hierarchy

from academichub.briefing.axes import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from academichub.text.terms import Matrix

DIRECTIONS: Final = 100  # of a day, as is usual
NEIGHBOURS: Final = 10
_LEAST_HOLDERS: Final = 3  # papers of the day that hold a term
_ROUNDS: Final = 50
_SEED: Final = 0


def day_places(rows: sparse.csr_array) -> Matrix:
    """Place papers on the strongest directions of their own words, at length 1."""
    holders = np.bincount(rows.indices, minlength=rows.shape[1])
    table = rows[:, np.flatnonzero(holders >= _LEAST_HOLDERS)]
    near = (table @ table.T).toarray()
    energy, turn = linalg.eigh(near, check_finite=False)
    kept = max(min(DIRECTIONS, len(near) - 1), 1)
    return unit(turn[:, -kept:] * np.sqrt(np.maximum(energy[-kept:], 0.0)))


def k_means(places: Matrix, groups: int) -> NDArray[np.int64]:
    """Group by Lloyd's method from seeds spread by squared distance, with a fixed start."""
    rng = np.random.default_rng(_SEED)
    middles = places[[int(rng.integers(len(places)))]]
    while len(middles) < groups:
        gap = np.min(_gaps(places, middles), axis=1)
        reach = np.cumsum(gap)
        at = min(int(np.searchsorted(reach, rng.random() * reach[-1], side="right")), len(places) - 1)
        middles = np.vstack([middles, places[at]])
    group = np.argmin(_gaps(places, middles), axis=1)
    for _ in range(_ROUNDS):
        for at in np.unique(group):
            middles[at] = places[group == at].mean(axis=0)
        moved = np.argmin(_gaps(places, middles), axis=1)
        if np.array_equal(moved, group):
            break
        group = moved
    return np.asarray(group, dtype=np.int64)


def ward(places: Matrix, groups: int) -> NDArray[np.int64]:
    """Join the papers whose union costs least until so many groups are left."""
    tree = hierarchy.linkage(places, method="ward")
    return np.asarray(hierarchy.fcluster(tree, groups, criterion="maxclust"), dtype=np.int64)


def spectral(places: Matrix, groups: int) -> NDArray[np.int64]:
    """Cut the graph of nearest neighbours by its first vectors and a pivoted QR.

    Source:
        Damle, Minden and Ying, Simple, direct and efficient multi-way spectral clustering (2019).
    """
    count = len(places)
    near = places @ places.T
    np.fill_diagonal(near, -np.inf)
    nearest = np.argsort(-near, axis=1, kind="stable")[:, : min(NEIGHBOURS, count - 1)]
    graph = np.zeros((count, count))
    rows = np.repeat(np.arange(count), nearest.shape[1])
    graph[rows, nearest.ravel()] = np.maximum(near[rows, nearest.ravel()], 0.0)
    graph = (graph + graph.T) / 2
    degree = np.sqrt(np.maximum(graph.sum(axis=1), 1e-12))
    scaled = graph / degree[:, None] / degree
    first = linalg.eigh(scaled, subset_by_index=[count - groups, count - 1], check_finite=False)[1]
    pivots = linalg.qr(first.T, pivoting=True, mode="r", check_finite=False)[1][:groups]
    left, _, right = linalg.svd(first[pivots].T, check_finite=False)
    return np.asarray(np.argmax(np.abs(first @ (left @ right)), axis=1), dtype=np.int64)


def _gaps(places: Matrix, middles: Matrix) -> Matrix:
    own = np.sum(places**2, axis=1)[:, None]
    return np.asarray(np.maximum(own - 2 * places @ middles.T + np.sum(middles**2, axis=1), 0.0))
