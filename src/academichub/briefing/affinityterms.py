"""Turn papers into rows of weighted words and pairs of neighbouring words, many papers at a time."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from academichub.text.cutting import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from academichub.model.briefing import Paper

Integers: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]

TITLE_COUNT: Final = 2  # how often a word of the title counts
MOST_WORDS: Final = 40_000
MOST_TERMS: Final = 80_000  # words and pairs
MOST_SHARE: Final = 0.5  # of the papers; what more of them hold tells no field
LEAST_PAPERS: Final = (2, 8)  # that hold a term: in a small corpus, in a large one
_PAPERS_PER_LEAST: Final = 2_500
_NONE: Final = -1  # a word that is no term, and the end of a run


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of a corpus and its pairs of words. Columns: words by the alphabet, then pairs."""

    words: tuple[str, ...]
    pairs: Integers  # number of the first word * len(words) + that of the second, ascending
    idf: NDArray[np.float32]  # shape (words + pairs,)
    number: Mapping[str, int]  # of each word

    def __len__(self) -> int:
        """Count words and pairs."""
        return len(self.words) + len(self.pairs)

    def rows(self, papers: Sequence[Paper]) -> sparse.csr_array:
        """Weigh the terms of each paper by (1 + ln count) idf, the row to length 1.

        Returns:
            Shape (papers, terms), float32. A paper without a known term has an empty row.

        Source:
            Salton and Buckley, Term-weighting approaches in automatic text retrieval (1988).
        """
        return _weighed(_read(papers, lambda word: self.number.get(word, _NONE)), self.pairs, self.idf)


def learn_terms(papers: Sequence[Paper]) -> tuple[Terms, sparse.csr_array]:
    """Learn the terms of a corpus, and give its rows as `Terms.rows` would.

    Source:
        Smoothed idf, ln((1 + papers) / (1 + papers with the term)) + 1.
    """
    seen: defaultdict[str, int] = defaultdict()
    seen.default_factory = seen.__len__
    reading = _read(papers, seen.__getitem__)
    names = list(seen)
    fewest, most = LEAST_PAPERS
    least = min(max(len(papers) // _PAPERS_PER_LEAST, fewest), most)
    held = _papers_with(reading.of[reading.words >= 0], reading.words[reading.words >= 0], len(names))
    fits = np.flatnonzero((held >= least) & (held <= MOST_SHARE * len(papers)))
    chosen = sorted(fits.tolist(), key=lambda at: (-held[at], names[at]))[:MOST_WORDS]
    chosen.sort(key=names.__getitem__)
    renumbered = np.full(len(names) + 1, _NONE, dtype=np.int64)  # the last one is for _NONE itself
    renumbered[chosen] = np.arange(len(chosen))
    reading = _Reading(renumbered[reading.words], reading.times, reading.of, reading.papers)

    of, keys, _ = _pairs(reading, len(chosen))
    distinct, places = np.unique(keys, return_inverse=True)
    pair_held = _papers_with(of, places, len(distinct))
    common = np.flatnonzero(pair_held >= least)
    common = common[np.argsort(-pair_held[common], kind="stable")][: MOST_TERMS - len(chosen)]
    common.sort()
    held = np.concatenate([held[chosen], pair_held[common]]).astype(np.float64)
    words = tuple(names[at] for at in chosen)
    terms = Terms(
        words=words,
        pairs=distinct[common],
        idf=(np.log((1 + len(papers)) / (1 + held)) + 1).astype(np.float32),
        number={word: at for at, word in enumerate(words)},
    )
    return terms, _weighed(reading, terms.pairs, terms.idf)


# -- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of papers one after another; runs end with _NONE."""

    words: Integers
    times: Integers  # what each counts
    of: Integers  # the paper each is in
    papers: int


def _read(papers: Sequence[Paper], number: Callable[[str], int]) -> _Reading:
    words, lengths = array("q"), array("q")
    for paper in papers:
        for text in (paper.title, paper.abstract):
            before = len(words)
            for run in cut(text):
                words.extend(map(number, run))
                words.append(_NONE)
            lengths.append(len(words) - before)
    parts = np.array(lengths, dtype=np.int64)
    return _Reading(
        words=np.array(words, dtype=np.int64),
        times=np.repeat(np.tile([TITLE_COUNT, 1], len(papers)), parts),
        of=np.repeat(np.repeat(np.arange(len(papers)), 2), parts),
        papers=len(papers),
    )


def _pairs(reading: _Reading, words: int) -> tuple[Integers, Integers, Integers]:
    """Give the pairs of neighbours: the paper, the pair's key and what it counts."""
    first, second = reading.words[:-1], reading.words[1:]
    both = (first >= 0) & (second >= 0)
    return reading.of[:-1][both], first[both] * words + second[both], reading.times[:-1][both]


def _papers_with(of: Integers, places: Integers, size: int) -> Integers:
    """Count the papers that hold each of `size` things."""
    return (
        np.bincount(np.unique(of * size + places) % size, minlength=size) if size else np.zeros(0, np.int64)
    )


def _weighed(reading: _Reading, pairs: Integers, idf: NDArray[np.float32]) -> sparse.csr_array:
    words = len(idf) - len(pairs)
    is_word = reading.words >= 0
    of, keys, times = _pairs(reading, words)
    places = np.searchsorted(pairs, keys)
    is_known = np.append(pairs, _NONE)[places] == keys
    papers = np.concatenate([reading.of[is_word], of[is_known]])
    columns = np.concatenate([reading.words[is_word], words + places[is_known]])
    counts = np.concatenate([reading.times[is_word], times[is_known]])
    cells, at = np.unique(papers * max(len(idf), 1) + columns, return_inverse=True)
    row, column = np.divmod(cells, max(len(idf), 1))
    values = (1 + np.log(np.bincount(at, counts, minlength=len(cells)))) * idf[column]
    length = np.sqrt(np.bincount(row, values**2, minlength=reading.papers))
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=reading.papers))])
    weights = (values / length[row]).astype(np.float32)
    return sparse.csr_array(
        (weights, column.astype(np.int32), starts.astype(np.int32)), shape=(reading.papers, len(idf))
    )
