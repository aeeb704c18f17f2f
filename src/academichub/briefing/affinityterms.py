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
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from academichub.model.briefing import Paper

Integers: TypeAlias = NDArray[np.int64]

TITLE_COUNT: Final = 2  # how often a word of the title counts
MOST_WORDS: Final = 40_000
MOST_TERMS: Final = 80_000  # words and pairs
MOST_SHARE: Final = 0.5  # of the papers; what more of them hold tells no field
LEAST_PAPERS: Final = (2, 8)  # that hold a term: in a small corpus, in a large one
_PAPERS_PER_LEAST: Final = 2_500
_BLOCK: Final = 4_000  # papers whose words are weighed at once: what bounds the memory
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
        readings = _read(papers, lambda word: self.number.get(word, _NONE))
        return self.weighed(_weighed(one, self.pairs, self.idf) for one in readings)

    def weighed(self, blocks: Iterator[sparse.csr_array]) -> sparse.csr_array:
        """Put the rows of blocks of papers below each other; no papers have no rows."""
        nothing = sparse.csr_array((0, len(self)), dtype=np.float32)
        rows: sparse.csr_array = sparse.vstack([*blocks, nothing], format="csr")
        return rows


def learn_terms(papers: Sequence[Paper]) -> tuple[Terms, sparse.csr_array]:
    """Learn the terms of a corpus, and give its rows as `Terms.rows` would.

    Source:
        Smoothed idf, ln((1 + papers) / (1 + papers with the term)) + 1.
    """
    seen: defaultdict[str, int] = defaultdict()
    seen.default_factory = seen.__len__
    readings = list(_read(papers, seen.__getitem__))
    fewest, most = LEAST_PAPERS
    least = min(max(len(papers) // _PAPERS_PER_LEAST, fewest), most)
    words, words_held, numbers = _choose_words(readings, list(seen), least, MOST_SHARE * len(papers))
    readings = [_Reading(numbers[one.words], one.lengths) for one in readings]
    pairs, pairs_held = _choose_pairs(readings, len(words), least)
    held = np.concatenate([words_held, pairs_held]).astype(np.float64)
    terms = Terms(
        words=words,
        pairs=pairs,
        idf=(np.log((1 + len(papers)) / (1 + held)) + 1).astype(np.float32),
        number={word: at for at, word in enumerate(words)},
    )
    return terms, terms.weighed(_weighed(one, terms.pairs, terms.idf) for one in readings)


def _choose_words(
    readings: Sequence[_Reading], names: Sequence[str], least: int, most: float
) -> tuple[tuple[str, ...], Integers, NDArray[np.int32]]:
    """Choose the words that are terms.

    Returns:
        The words by the alphabet; how many papers hold each; and the new number of every old one, with
        _NONE at the end for _NONE itself.
    """
    held = np.zeros(len(names), dtype=np.int64)
    for one in readings:
        is_word = one.words >= 0
        pairs = np.unique(one.of[is_word] * len(names) + one.words[is_word])
        held += np.bincount(pairs % len(names), minlength=len(names)) if len(pairs) else 0
    fits = np.flatnonzero((held >= least) & (held <= most)).tolist()
    chosen = sorted(fits, key=lambda at: (-held[at], names[at]))[:MOST_WORDS]
    chosen.sort(key=names.__getitem__)
    numbers = np.full(len(names) + 1, _NONE, dtype=np.int32)
    numbers[chosen] = np.arange(len(chosen))
    return tuple(names[at] for at in chosen), held[chosen], numbers


def _choose_pairs(readings: Sequence[_Reading], words: int, least: int) -> tuple[Integers, Integers]:
    """Choose the pairs of words that are terms: the commonest; give them ascending, and who holds each."""
    found, counts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for one in readings:
        of, keys, _ = _pairs(one, words)
        distinct, count = np.unique(np.unique(of * words**2 + keys) % max(words**2, 1), return_counts=True)
        found.append(distinct)
        counts.append(count)
    pairs, places = np.unique(np.concatenate(found), return_inverse=True)
    held = np.bincount(places, np.concatenate(counts), minlength=len(pairs)).astype(np.int64)
    common = np.flatnonzero(held >= least)
    common = np.sort(common[np.argsort(-held[common], kind="stable")][: MOST_TERMS - words])
    return pairs[common], held[common]


# -- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a block of papers one after another; runs end with _NONE."""

    words: NDArray[np.int32]
    lengths: Integers  # of title and abstract of each paper, in words and ends of runs

    @property
    def papers(self) -> int:
        return len(self.lengths) // 2

    @property
    def of(self) -> Integers:
        """The paper that each word is in."""
        return np.repeat(np.repeat(np.arange(self.papers), 2), self.lengths)

    @property
    def times(self) -> Integers:
        """What each word counts."""
        return np.repeat(np.tile([TITLE_COUNT, 1], self.papers), self.lengths)


def _read(papers: Sequence[Paper], number: Callable[[str], int]) -> Iterator[_Reading]:
    for first in range(0, len(papers), _BLOCK):
        words, lengths = array("i"), array("q")
        for paper in papers[first : first + _BLOCK]:
            for text in (paper.title, paper.abstract):
                before = len(words)
                for run in cut(text):
                    words.extend(map(number, run))
                    words.append(_NONE)
                lengths.append(len(words) - before)
        yield _Reading(np.array(words, dtype=np.int32), np.array(lengths, dtype=np.int64))


def _pairs(reading: _Reading, words: int) -> tuple[Integers, Integers, Integers]:
    """Give the pairs of neighbours: the paper, the pair's key and what it counts."""
    first, second = reading.words[:-1].astype(np.int64), reading.words[1:]
    both = (first >= 0) & (second >= 0)
    return reading.of[:-1][both], first[both] * words + second[both], reading.times[:-1][both]


def _weighed(reading: _Reading, pairs: Integers, idf: NDArray[np.float32]) -> sparse.csr_array:
    width = len(idf)
    words = width - len(pairs)
    is_word = reading.words >= 0
    of, keys, times = _pairs(reading, words)
    places = np.searchsorted(pairs, keys)
    is_known = np.append(pairs, _NONE)[places] == keys
    papers = np.concatenate([reading.of[is_word], of[is_known]])
    columns = np.concatenate([reading.words[is_word], words + places[is_known]])
    counts = np.concatenate([reading.times[is_word], times[is_known]])
    cells, at = np.unique(papers * max(width, 1) + columns, return_inverse=True)
    row, column = np.divmod(cells, max(width, 1))
    values = (1 + np.log(np.bincount(at, counts, minlength=len(cells)))) * idf[column]
    length = np.sqrt(np.bincount(row, values**2, minlength=reading.papers))
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=reading.papers))])
    weights = (values / length[row]).astype(np.float32)
    shape = (reading.papers, width)
    return sparse.csr_array((weights, column.astype(np.int32), starts.astype(np.int32)), shape=shape)
