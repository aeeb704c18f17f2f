"""Group a day's papers on one radar into a few themes, named by their own terms. Pure and deterministic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.model.radar import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

MOST_THEMES: Final = 6
LEAST_PAPERS: Final = 3  # a theme, on average; fewer papers make one theme
ROUNDS: Final = 12
TERMS: Final = 3


def find_themes(
    papers: csr_matrix, terms: Sequence[str], *, vectors: NDArray[np.float64] | None = None
) -> tuple[tuple[Theme, ...], tuple[int, ...]]:
    """Group papers by likeness: spherical k-means from seeds that lie far apart.

    Args:
        papers: Shape (n, m), rows of unit length or zero: weighted terms.
        terms: The m terms.
        vectors: Shape (n, d), rows of unit length or zero, where papers have embeddings; they count as
            much as the terms.

    Returns:
        The themes, largest first and numbered from 0, and each paper's number.

    Source:
        Dhillon & Modha 2001 (spherical k-means), Gonzalez 1985 (farthest-first seeds, which need no dice).
    """
    count = papers.shape[0]
    wanted = min(MOST_THEMES, count // LEAST_PAPERS)
    if wanted < 2:  # noqa: PLR2004  # one theme is no grouping
        return (
            ((Theme(0, _terms(papers, terms, np.zeros(count, int), 0)),), (0,) * count) if count else ((), ())
        )
    likeness = (papers @ papers.T).toarray()
    if vectors is not None:
        likeness = (likeness + vectors @ vectors.T) / 2
    labels = _grouped(likeness, wanted)
    sizes = np.bincount(labels, minlength=wanted)
    order = [group for group in sorted(range(wanted), key=lambda one: (-sizes[one], one)) if sizes[group]]
    number = {group: place for place, group in enumerate(order)}
    themes = tuple(Theme(place, _terms(papers, terms, labels, group)) for group, place in number.items())
    return themes, tuple(number[int(label)] for label in labels)


def _grouped(likeness: NDArray[np.float64], wanted: int) -> NDArray[np.intp]:
    """Group by likeness to each group's mean, which pairwise likenesses are enough for."""
    seeds = [0]  # the best paper of the day
    while len(seeds) < wanted:
        nearest = likeness[:, seeds].max(axis=1)
        nearest[seeds] = np.inf
        seeds.append(int(np.argmin(np.round(nearest, 9))))
    labels = np.argmax(np.round(likeness[:, seeds], 9), axis=1)
    labels[seeds] = range(wanted)
    for _ in range(ROUNDS):  # a few hundred papers settle in less; the rest cost next to nothing
        belongs = np.eye(wanted)[labels]
        sums = likeness @ belongs
        lengths = np.sqrt(np.maximum(np.einsum("nk,nk->k", belongs, sums), 1e-12))
        labels = np.argmax(np.round(sums / lengths, 9), axis=1)
    settled: NDArray[np.intp] = labels
    return settled


def _terms(papers: csr_matrix, terms: Sequence[str], labels: NDArray[np.intp], group: int) -> tuple[str, ...]:
    """Name a theme by what its papers have more of than the others; a term within another is left out."""
    inside = np.asarray(papers[labels == group].mean(axis=0)).ravel()
    others = papers[labels != group]
    outside = np.asarray(others.mean(axis=0)).ravel() if others.shape[0] else np.zeros_like(inside)
    lead = np.round(inside - outside, 9)
    chosen: list[str] = []
    order = np.lexsort((np.arange(len(lead)), -lead))[: 10 * TERMS]
    for term in [terms[int(place)] for place in order if lead[place] > 0]:
        if not any(term in one or one in term for one in chosen):
            chosen.append(term)
    return tuple(chosen[:TERMS])
