"""Say why a paper got its score, in parts that add up to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from academichub.radar.scoring import score
from academichub.radar.spaces import nearness
from academichub.text.terms import is_piece

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.radar.corpus import Corpus, Papers
    from academichub.radar.scoring import Fitted, Side
    from academichub.text.terms import Vector


@dataclass(frozen=True, slots=True)
class Share:
    """What one paper of the profile adds, in log-odds; `words + meaning`."""

    row: int  # in the profile's papers
    words: float
    meaning: float


@dataclass(frozen=True, slots=True)
class TermShare:
    """What a term of the paper adds to the part `words`."""

    term: str  # a stem, or two; "~" and four letters is a piece of a word
    logit: float
    rows: tuple[int, ...]  # of the wanted papers that hold it


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one paper got its score; all in log-odds.

    `sum(parts) = logit`. `words = sum(share.words) + middle_words = sum(term.logit) + middle_words`, and
    `meaning = sum(share.meaning) + middle_meaning`; the middle is what the average paper would get.
    """

    logit: float
    match: float
    parts: Mapping[str, float]
    shares: tuple[Share, ...]  # strongest first
    terms: tuple[TermShare, ...]  # all terms of the paper, strongest first
    middle_words: float
    middle_meaning: float

    def shared_terms(self, most: int) -> tuple[TermShare, ...]:
        """Give the strongest terms that speak for the paper and that a wanted paper holds; no pieces."""
        good = (term for term in self.terms if term.logit > 0 and term.rows and not is_piece(term.term))
        return tuple(term for term, _ in zip(good, range(most), strict=False))


def explain(fitted: Fitted, corpus: Corpus, paper: Papers) -> Explanation:
    """Explain the score of one paper, laid out in the corpus that the profile was fitted with.

    Raises:
        ValueError: There is not exactly one paper.
    """
    if len(paper) != 1:
        message = f"{len(paper)} papers, wanted one"
        raise ValueError(message)
    scores = score(fitted, paper)
    factor = float(fitted.calibration.factor(scores.z)[0])
    words = factor * fitted.words.gain
    meaning = factor * fitted.meaning.gain if paper.has_vector[0] else 0.0
    by_words = words * _word_shares(fitted, corpus, paper)
    by_meaning = meaning * _meaning_shares(fitted, corpus, paper)
    both = by_words + by_meaning
    shares = [
        Share(int(row), float(by_words[row]), float(by_meaning[row]))
        for row in np.argsort(-both, kind="stable")
    ]
    return Explanation(
        logit=float(scores.logit[0]),
        match=float(scores.match[0]),
        parts={name: float(values[0]) for name, values in scores.parts.items()},
        shares=tuple(shares),
        terms=_terms(fitted, corpus, paper, words),
        middle_words=-words * fitted.words.mean,
        middle_meaning=-meaning * fitted.meaning.mean,
    )


def _word_shares(fitted: Fitted, corpus: Corpus, paper: Papers) -> Vector:
    """Give each profile paper's share of the raw score by words."""
    side, papers = fitted.words, fitted.papers
    near = (papers.words @ paper.words.T).toarray()[:, 0]
    common = papers.word_coordinates @ (corpus.words.damping * paper.word_coordinates[0])
    return np.asarray(side.weights * (near - fitted.ridge * common))


def _meaning_shares(fitted: Fitted, corpus: Corpus, paper: Papers) -> Vector:
    side, papers = fitted.meaning, fitted.papers
    if corpus.meanings is None:
        return np.zeros(len(papers))
    near = nearness(papers.vectors, paper.vectors)[:, 0]
    common = papers.coordinates @ (corpus.meanings.damping @ paper.coordinates[0])
    return np.asarray(side.weights * (near - fitted.ridge * common))


def _terms(fitted: Fitted, corpus: Corpus, paper: Papers, factor: float) -> tuple[TermShare, ...]:
    """Split the part of the words by the terms of the paper: its weight times that of the ridge."""
    columns, values = paper.words.indices, paper.words.data
    held = fitted.papers.words[:, columns].tocsc()
    wanted = held.T @ fitted.words.weights
    logits = factor * values * (wanted - _common(fitted.words, corpus, columns))
    is_wanted = fitted.words.weights > 0
    strongest = np.argsort(-logits, kind="stable")
    return tuple(
        TermShare(
            term=corpus.vocabulary.terms[columns[at]],
            logit=float(logits[at]),
            rows=tuple(
                int(row)
                for row in np.sort(held.indices[held.indptr[at] : held.indptr[at + 1]])
                if is_wanted[row]
            ),
        )
        for at in strongest
    )


def _common(side: Side, corpus: Corpus, columns: np.ndarray) -> Vector:
    """Give what the background takes off the weight of each term; off a rare one, nothing."""
    space = corpus.words
    at = np.searchsorted(space.columns, columns)
    at = np.minimum(at, max(len(space.columns) - 1, 0))
    found = np.zeros(len(columns))
    if len(space.columns):
        is_in = space.columns[at] == columns
        found[is_in] = space.directions[at[is_in]] @ side.damped
    return found
