"""Give each concept a direction in the space of what is written about, and tell senses of a word apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.briefing.conceptcounting import Ints

Directions: TypeAlias = NDArray[np.float32]

DIRECTIONS: Final = 64
FEWEST_DIRECTIONS: Final = 8
MOST_PAPERS: Final = 20_000  # the latest; more cost time and say nothing new about the senses of words
_PAPERS_OF_AN_AXIS: Final = 150
_SPARE: Final = 16  # directions that are thrown away: they make the others exact
_ROUNDS: Final = 3
_SEED: Final = 0  # of the starting directions; the result hardly depends on it


def learn_directions(concept: Ints, paper: Ints, idf: NDArray[np.float64], papers: int) -> Directions:
    """Find the main directions of papers by concept, and where each concept points.

    Args:
        concept: Of each use, the number of the concept.
        paper: Of each use, the number of the paper, 0 to `papers`.
        idf: Of each concept.
        papers: How many there are.

    Returns:
        Shape (concepts, DIRECTIONS); rows of length 1, or 0 where nothing is known.

    Source:
        Latent semantic analysis by subspace iteration (Halko, Martinsson and Tropp, Finding structure with
        randomness, 2011). The mean of all is taken off, since it says nothing about any.
    """
    concepts = len(idf)
    # Few papers fill few axes: with more, words that never meet would be strangers though their fields agree.
    axes_wanted = min(DIRECTIONS, max(FEWEST_DIRECTIONS, papers // _PAPERS_OF_AN_AXIS))
    width = min(axes_wanted + _SPARE, concepts, papers)
    found = np.zeros((concepts, DIRECTIONS), dtype=np.float32)
    if width == 0 or not len(concept):
        return found
    weight = idf[concept]
    length = np.sqrt(np.bincount(paper, weight**2, minlength=papers))
    weight = weight / np.maximum(length[paper], 1e-12)
    table = sparse.csr_array((weight, (paper, concept)), shape=(papers, concepts))
    block = np.random.default_rng(_SEED).standard_normal((concepts, width))
    for _ in range(_ROUNDS):
        block, _unused = np.linalg.qr(np.asarray(table.T @ (table @ block)))
    _, _unused, axes = np.linalg.svd(np.asarray(table @ block), full_matrices=False)
    directions = block @ axes.T  # every axis counts alike: the strong ones only part the large fields
    directions = directions[:, :axes_wanted]
    directions *= np.where(directions.sum(axis=0) < 0, -1.0, 1.0)  # a sign of our own, not the library's
    uses = np.bincount(concept, minlength=concepts)
    found[:, : directions.shape[1]] = _unit(directions)
    found -= (uses @ found / uses.sum()).astype(np.float32)
    found[uses == 0] = 0
    return _unit(found)


def _unit(rows: NDArray[Any]) -> Directions:
    """Bring rows to length 1; those of no length stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Directions = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit


def mean_direction(
    concepts: Sequence[int], directions: NDArray[np.floating[Any]], idf: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give where concepts point together: their mean by idf, of length 1, or 0 where there is none."""
    numbers = np.array(concepts, dtype=np.int64)
    total: NDArray[np.float64] = idf[numbers] @ directions[numbers].astype(np.float64, copy=False)
    length = math.sqrt(total @ total)
    return total / length if length > 0 else total
