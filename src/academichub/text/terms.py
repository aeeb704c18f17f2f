"""Turn texts into rows of weighted terms: words, pairs of words, and the pieces of a title's words."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from academichub.text.cutting import cut, is_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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
        return self.weighed(tally(texts, self.column.get))

    def weighed(self, counted: Tally) -> sparse.csr_array:
        """Weigh counted terms, whose numbers are columns; see `rows`."""
        papers = len(counted.starts) - 1
        row = np.repeat(np.arange(papers), np.diff(counted.starts))
        order = np.lexsort((counted.terms, row))
        columns = counted.terms[order]
        weights = (1 + np.log(counted.times[order])) * self.idf[columns]
        is_piece = columns >= self.first_piece
        block = 2 * row + is_piece
        length = np.sqrt(np.bincount(block, weights**2, minlength=2 * papers))
        weights *= np.where(is_piece, np.sqrt(PIECE_WEIGHT), 1.0) / length[block]
        return sparse.csr_array((weights, columns, counted.starts), shape=(papers, len(self.terms)))


@dataclass(frozen=True, slots=True)
class Tally:
    """The terms of texts, counted, text after text."""

    terms: NDArray[np.int64]  # their numbers
    times: NDArray[np.int64]  # how often each is in its text
    starts: NDArray[np.int64]  # shape (texts + 1,), where each text's terms begin

    def renumbered(self, numbers: NDArray[np.int64]) -> Tally:
        """Give terms other numbers, and leave out those whose number is below zero."""
        terms = numbers[self.terms]
        stays = terms >= 0
        starts = np.concatenate([[0], np.cumsum(stays)])[self.starts]
        return Tally(terms[stays], self.times[stays], starts)

    def first(self, texts: int) -> Tally:
        """Give the first texts alone."""
        end = self.starts[texts]
        return Tally(self.terms[:end], self.times[:end], self.starts[: texts + 1])


def tally(texts: Iterable[str], number: Callable[[str], int | None]) -> Tally:
    """Count the terms of texts by their numbers; terms without one are passed over."""
    terms, times, starts = array("q"), array("q"), array("q", [0])
    for text in texts:
        for term, count in count_terms(text).items():
            at = number(term)
            if at is not None:
                terms.append(at)
                times.append(count)
        starts.append(len(terms))
    return Tally(*(np.array(each, dtype=np.int64) for each in (terms, times, starts)))


def learn(texts: Sequence[str], *, others: Sequence[str] = ()) -> tuple[Vocabulary, sparse.csr_array]:
    """Learn the terms of a corpus: those of two papers to a tenth of all; if too many, the most common.

    Each text is read once, since reading is most of the cost.

    Args:
        texts: Those whose rows are wanted.
        others: Those that only help to know which terms are common.

    Returns:
        The vocabulary, and the rows of `texts` as its `rows` would give them.

    Source:
        Smoothed idf, ln((1 + papers) / (1 + papers with the term)) + 1.
    """
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    counted = tally((*texts, *others), number.__getitem__)
    names = list(number)
    count = len(texts) + len(others)
    papers = np.bincount(counted.terms, minlength=len(names))
    most = MOST_SHARE * count if count >= FEWEST_FOR_SHARE else count
    kept = sorted(
        (-int(papers[at]), names[at]) for at in np.flatnonzero((papers >= LEAST_PAPERS) & (papers <= most))
    )
    terms = tuple(sorted((term for _, term in kept[:MOST_TERMS]), key=lambda term: (is_piece(term), term)))
    places = np.array([number[term] for term in terms], dtype=np.int64)
    column = np.full(len(names), -1, dtype=np.int64)
    column[places] = np.arange(len(terms))
    vocabulary = Vocabulary(
        terms=terms,
        idf=np.log((1 + count) / (1 + papers[places].astype(np.float64))) + 1,
        column={term: at for at, term in enumerate(terms)},
        first_piece=sum(not is_piece(term) for term in terms),
    )
    return vocabulary, vocabulary.weighed(counted.first(len(texts)).renumbered(column))


def is_piece(term: str) -> bool:
    """Tell a piece of a word from a word; no word of ours begins with the mark."""
    return term.startswith(PIECE_MARK)
