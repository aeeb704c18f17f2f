"""Learn from abstracts with human summaries which of their sentences come nearest to them.

Ridge regression of ROUGE-1 + ROUGE-2 of each sentence, less the mean of its abstract, on features, products
of features and phrases. Taking the mean out leaves what matters: which sentence of an abstract is better.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from academichub.briefing.cues import tokens
from academichub.briefing.rouge import rouge, rouge_words
from academichub.briefing.sentencefeatures import LONGEST_SENTENCE, MOST_SENTENCES, describe
from academichub.briefing.sentencescores import Weights, phrases, products, read_weights, scale, write_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.text.terms import Matrix, Vector

# Chosen by cross-validation over five parts of the training split (docs/extracting.md).
LEAST_PAPERS: Final = 30  # that hold a phrase
_RIDGE: Final = 100.0  # of features
_RIDGE_PHRASES: Final = 250.0
_RIDGE_PRODUCTS: Final = 6_250.0
_STEPS: Final = 400
_EXACT: Final = 1e-6
_LEAST_DEVIATION: Final = 1e-6  # of a feature; one that never varies says nothing


@dataclass(frozen=True, slots=True)
class Summarised:
    """An abstract and what people said of it."""

    title: str
    sentences: tuple[str, ...]  # at least one
    summaries: tuple[str, ...]  # at least one


@dataclass(frozen=True, slots=True)
class _Table:
    """The sentences of all papers, one below the other."""

    features: Matrix
    words: tuple[tuple[str, ...], ...]
    paper: np.ndarray  # shape (sentences,), number of the paper
    target: Vector  # shape (sentences,)


def learn(papers: Sequence[Summarised]) -> Weights:
    """Learn weights from at least one paper; the same papers give the same weights.

    The numbers are rounded as `write_weights` rounds them, so that fresh weights and shipped ones agree.
    """
    table = _lay_out(papers)
    means = table.features.mean(axis=0)
    deviations = table.features.std(axis=0)
    deviations = np.where(deviations < _LEAST_DEVIATION, 1.0, deviations)
    scaled = scale(table.features, means, deviations)
    crossed = products(scaled)
    spread = crossed.std(axis=0)
    spread = np.where(spread < _LEAST_DEVIATION, 1.0, spread)
    known, held = _phrases(table)
    of_features, of_products, of_phrases = _solve(table, scaled, crossed / spread, held)
    weights = Weights(
        means=means,
        deviations=deviations,
        linear=of_features,
        products=of_products / spread,
        phrases=dict(zip(known, map(float, of_phrases), strict=True)),
    )
    return read_weights(write_weights(weights))


def _lay_out(papers: Sequence[Summarised]) -> _Table:
    features: list[Matrix] = []
    words: list[tuple[str, ...]] = []
    targets: list[float] = []
    numbers: list[int] = []
    for number, paper in enumerate(papers):
        sentences = [one[:LONGEST_SENTENCE] for one in paper.sentences[:MOST_SENTENCES]]
        its = [tokens(one) for one in sentences]
        wanted = [rouge_words(one) for one in paper.summaries]
        found = [rouge(rouge_words(one), wanted) for one in sentences]
        features.append(describe(paper.title, sentences, its))
        words += its
        targets += [one.one + one.two for one in found]
        numbers += [number] * len(sentences)
    return _Table(np.vstack(features), tuple(words), np.array(numbers), np.array(targets))


def _phrases(table: _Table) -> tuple[list[str], sparse.csr_array]:
    """Find the phrases of enough papers, and which sentence holds which."""
    held = [phrases(its) for its in table.words]
    seen: dict[int, set[str]] = {}
    for number, its in zip(table.paper.tolist(), held, strict=True):
        seen.setdefault(number, set()).update(its)
    papers = Counter(one for its in seen.values() for one in its)
    known = sorted(one for one, count in papers.items() if count >= LEAST_PAPERS)
    column = {one: at for at, one in enumerate(known)}
    at = [(row, column[one]) for row, its in enumerate(held) for one in sorted(its) if one in column]
    rows, columns = [row for row, _ in at], [one for _, one in at]
    shape = (len(held), len(known))
    return known, sparse.csr_array((np.ones(len(at)), (rows, columns)), shape=shape)


def _solve(
    table: _Table, features: Matrix, crossed: Matrix, held: sparse.csr_array
) -> tuple[Vector, Vector, Vector]:
    """Solve the three ridges together by conjugate gradients; nothing is as large as phrases squared."""
    count = np.bincount(table.paper)

    def centred(values: Matrix) -> Matrix:
        sums = np.zeros((len(count), values.shape[1]))
        np.add.at(sums, table.paper, values)
        means: Matrix = (sums / count[:, None])[table.paper]
        return values - means

    dense = np.hstack([centred(features), centred(crossed)])
    target = centred(table.target[:, None])[:, 0]
    ridge = np.repeat(
        [_RIDGE, _RIDGE_PRODUCTS, _RIDGE_PHRASES], [features.shape[1], crossed.shape[1], held.shape[1]]
    )
    cut = dense.shape[1]

    def times(weights: Vector) -> Vector:
        said = dense @ weights[:cut] + centred((held @ weights[cut:])[:, None])[:, 0]
        return np.concatenate([dense.T @ said, held.T @ said]) + ridge * weights

    size = len(ridge)
    system = LinearOperator((size, size), matvec=times, dtype=np.float64)
    aim = np.concatenate([dense.T @ target, held.T @ target])
    inverse = LinearOperator((size, size), matvec=lambda one: one / ridge, dtype=np.float64)
    solution, _ = cg(system, aim, rtol=_EXACT, maxiter=_STEPS, M=inverse)
    of_features, of_products, of_phrases = np.split(solution, [features.shape[1], cut])
    return of_features, of_products, of_phrases
