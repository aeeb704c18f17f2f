"""Turn texts into rows of weighted terms: words, pairs of words, and the pieces of a title's words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from academichub.radar.cutting import cut, is_alone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Vector: TypeAlias = NDArray[np.float64]
Matrix: TypeAlias = NDArray[np.float64]

LEAST_PAPERS: Final = 2  # that hold a term
MOST_SHARE: Final = 0.1  # of the papers
FEWEST_FOR_SHARE: Final = 200  # papers; in a smaller corpus no term is too common
MOST_TERMS: Final = 300_000
PIECE: Final = 4  # letters
PIECE_MARK: Final = "~"  # before a piece, so that none is taken for a word
PIECE_WEIGHT: Final = 0.5  # of the pieces' similarity beside that of the words


def count_terms(text: str) -> Counter[str]:
    """Count the words of a text, pairs of neighbours, and pieces of the words of its first line.

    A piece is four letters of a longer word, its ends marked: with a dozen words in a title,
    "photoreceptor" and "phototransduction" should not be strangers.
    """
    counts: Counter[str] = Counter()
    title, _, body = text.partition("\n")
    for part in (title, body):
        for run in cut(part):
            counts.update(run)
            if not is_alone(run[0]):
                counts.update(map(" ".join, pairwise(run)))
                if part is title:
                    counts.update(piece for word in run if len(word) > PIECE for piece in _pieces(word))
    return counts


def _pieces(word: str) -> Iterator[str]:
    marked = f"^{word}$"
    return (PIECE_MARK + marked[at : at + PIECE] for at in range(len(marked) - PIECE + 1))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of a corpus in the order of their columns: pieces last, each group by the alphabet."""

    terms: tuple[str, ...]
    idf: Vector  # shape (terms,)
    column: Mapping[str, int]
    first_piece: int  # column

    def rows(self, texts: Sequence[str]) -> sparse.csr_array:
        """Weigh the terms of each text by (1 + ln count) idf; unknown terms are passed over.

        Returns:
            Shape (texts, terms). The words of a row have length 1 together and so, times the root of
            `PIECE_WEIGHT`, have its pieces; what is not there has none.

        Source:
            Salton and Buckley, Term-weighting approaches in automatic text retrieval (1988).
        """
        column = self.column
        counted = [
            sorted(
                (at, times)
                for term, times in count_terms(text).items()
                if (at := column.get(term)) is not None
            )
            for text in texts
        ]
        starts = np.zeros(len(counted) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in counted], out=starts[1:])
        total = int(starts[-1])
        columns = np.fromiter((at for row in counted for at, _ in row), dtype=np.int64, count=total)
        times = np.fromiter((n for row in counted for _, n in row), dtype=np.float64, count=total)
        weights = (1 + np.log(times)) * self.idf[columns]
        is_piece = columns >= self.first_piece
        block = 2 * np.repeat(np.arange(len(counted)), np.diff(starts)) + is_piece
        length = np.sqrt(np.bincount(block, weights**2, minlength=2 * len(counted)))
        weights *= np.where(is_piece, np.sqrt(PIECE_WEIGHT), 1.0) / length[block]
        return sparse.csr_array((weights, columns, starts), shape=(len(counted), len(self.terms)))


def learn(texts: Sequence[str]) -> Vocabulary:
    """Learn the terms of a corpus: those of two papers to a tenth of all; if too many, the most common.

    Source:
        Smoothed idf, ln((1 + papers) / (1 + papers with the term)) + 1.
    """
    found: Counter[str] = Counter()
    for text in texts:
        found.update(count_terms(text).keys())
    most = MOST_SHARE * len(texts) if len(texts) >= FEWEST_FOR_SHARE else len(texts)
    kept = sorted((-papers, term) for term, papers in found.items() if LEAST_PAPERS <= papers <= most)
    terms = tuple(sorted((term for _, term in kept[:MOST_TERMS]), key=lambda term: (is_piece(term), term)))
    papers = np.array([found[term] for term in terms], dtype=np.float64)
    return Vocabulary(
        terms=terms,
        idf=np.log((1 + len(texts)) / (1 + papers)) + 1,
        column={term: at for at, term in enumerate(terms)},
        first_piece=sum(not is_piece(term) for term in terms),
    )


def is_piece(term: str) -> bool:
    """Tell a piece of a word from a word; no word of ours begins with the mark."""
    return term.startswith(PIECE_MARK)
