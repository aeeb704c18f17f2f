"""Measure how near two papers are, less what every paper shares: ridge regression in closed form.

A reader's likes are labelled 1 and the background papers 0. The ridge solution scores a paper c by the sum
over the likes i of a_i (k(c, i) - s(c, i)), where k is the similarity and s the part of it that the
background explains:

    s(c, i) = f(c)' diag(e / (e + penalty)) f(i),

f being the coordinates of a paper on the principal directions of the background and e the background's
energy along them. The background is the same for all readers, so its directions are found once for a
corpus, and a reader costs a sum.

Source:
    Ridge regression and its dual: Hoerl and Kennard (1970); Saunders, Gammerman and Vovk (1998). Principal
    directions of words: subspace iteration, Halko, Martinsson and Tropp (2011). Of meanings: Williams and
    Seeger, Using the Nystroem method to speed up kernel machines (2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import linalg

if TYPE_CHECKING:
    from scipy import sparse

    from academichub.text.terms import Matrix, Vector

WORD_PENALTY: Final = 16 / 11_000  # per background paper
WORD_DIRECTIONS: Final = 256
COMMON_TERMS: Final = 30_000  # only these have a part in the directions; rarer ones have no energy
_ROUNDS: Final = 4
_SPARE: Final = 16  # directions more while iterating, so that the last kept ones are right too
_SEED: Final = 20_011  # of the first guess; any does, but it must be the same one tomorrow

MEANING_PENALTY: Final = 10 / 11_000  # per background paper
SHARPNESS: Final = 3.0  # of the similarity of meanings
LANDMARKS: Final = 2048
_JITTER: Final = 1e-4  # keeps doubled landmarks apart


@dataclass(frozen=True, slots=True)
class WordSpace:
    """The common directions of a background's words."""

    columns: np.ndarray  # of the terms that take part, ascending
    directions: Matrix  # shape (columns, directions)
    damping: Vector  # shape (directions,), in [0, 1)

    def coordinates(self, rows: sparse.csr_array) -> Matrix:
        """Place papers on the common directions. Shape (papers, directions)."""
        return np.asarray(rows[:, self.columns] @ self.directions)


def learn_words(background: sparse.csr_array) -> WordSpace:
    """Find the common directions of the background's words, strongest first."""
    papers, terms = background.shape
    holders = np.bincount(background.indices, minlength=terms)
    columns = np.sort(np.lexsort((np.arange(terms), -holders))[:COMMON_TERMS])
    common = background[:, columns]
    kept = min(WORD_DIRECTIONS, papers, len(columns))
    tried = min(kept + _SPARE, papers, len(columns))
    basis = np.random.default_rng(_SEED).standard_normal((len(columns), tried))
    for _ in range(_ROUNDS):
        basis = linalg.qr(common.T @ (common @ basis), mode="economic", check_finite=False)[0]
    seen = common @ basis
    energy, turn = linalg.eigh(seen.T @ seen, check_finite=False)
    strongest = np.argsort(-energy, kind="stable")[:kept]
    energy = np.maximum(energy[strongest], 0.0)
    return WordSpace(columns, basis @ turn[:, strongest], energy / (energy + WORD_PENALTY * max(papers, 1)))


@dataclass(frozen=True, slots=True)
class MeaningSpace:
    """The middle of a background's vectors, and landmarks that carry its common directions."""

    centre: Vector  # shape (dimensions,)
    landmarks: Matrix  # shape (landmarks, dimensions), centred unit vectors
    damping: Matrix  # shape (landmarks, landmarks), symmetric

    def centred(self, vectors: Matrix) -> Matrix:
        """Measure vectors from the middle, at length 1; zeros are a paper without one and stay so."""
        moved = np.asarray(vectors, dtype=np.float64) - self.centre
        moved[~np.any(vectors, axis=1)] = 0.0
        length = np.linalg.norm(moved, axis=1, keepdims=True)
        return moved / np.where(length > 0, length, 1.0)

    def coordinates(self, centred: Matrix) -> Matrix:
        """Tell how near papers are to the landmarks. Shape (papers, landmarks)."""
        return nearness(centred, self.landmarks)


def nearness(some: Matrix, others: Matrix) -> Matrix:
    """Tell how near unit vectors are: exp(sharpness (cosine - 1)), in (0, 1].

    Sharper than the cosine, so that a reader with three interests is not offered what lies between them.
    """
    near = some @ others.T
    near -= 1.0
    near *= SHARPNESS
    return np.asarray(np.exp(near, out=near))


def learn_meanings(vectors: Matrix) -> MeaningSpace:
    """Find the middle and the common directions of a background's vectors.

    Args:
        vectors: Shape (papers, dimensions), unit length, at least one.
    """
    bare = MeaningSpace(
        np.asarray(vectors, dtype=np.float64).mean(axis=0), np.empty((0, 0)), np.empty((0, 0))
    )
    centred = bare.centred(vectors)
    count = min(LANDMARKS, len(centred))
    landmarks = centred[np.linspace(0, len(centred) - 1, count).astype(np.int64)]
    among = nearness(landmarks, landmarks)
    among.flat[:: count + 1] += _JITTER
    seen = nearness(centred, landmarks)
    penalty = MEANING_PENALTY * len(centred)
    whole = linalg.inv(among, check_finite=False)
    rest = linalg.inv(penalty * among + seen.T @ seen, check_finite=False)
    damping = whole - penalty * rest
    return MeaningSpace(bare.centre, landmarks, (damping + damping.T) / 2)
