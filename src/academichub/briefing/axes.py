"""Learn from the papers of the past on which axes papers differ, and place new papers on them.

Axes that are learned from one day are that day's accidents: leave out a few papers and the groups fall apart.
Those of some twenty thousand papers hold still. A paper has two sets of coordinates, both from its words
alone: its place on the common directions of the words (latent semantic indexing), and how much it reads like
each field, which keeps fields apart that share their words.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import linalg, sparse

from academichub.briefing.conceptcounting import Reading
from academichub.briefing.conceptwords import is_joined
from academichub.briefing.topicmap import TopicMap, learn_map
from academichub.text.cutting import STOP_WORDS, cut, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from academichub.model.briefing import Paper
    from academichub.text.terms import Matrix, Vector

LEAST_PAPERS: Final = 5  # that hold a term; 2 in a small background
SMALL: Final = 2_000  # papers
MOST_SHARE: Final = 0.1  # of the papers, in a background that is not small
MOST_TERMS: Final = 30_000
TITLE_TIMES: Final = 2  # a word of the title counts so often
DIRECTIONS: Final = 120  # of which the fields are learned
PLACED: Final = 30  # of them, the strongest, are coordinates; more are not stable
FIELD_PAPERS: Final = 30  # the fewest of a field that is learned
FIELD_WEIGHT: Final = 0.4  # of how it reads beside the directions
SECONDARY: Final = 0.5  # of a paper's further categories, its primary being 1
_RIDGE: Final = 1e-3  # of the mean energy
_ROUNDS: Final = 4
_SPARE: Final = 20  # directions more while iterating, so that the last kept ones are right too
_SEED: Final = 20_011  # of the first guess; any does, but it must be the same one tomorrow
_EPSILON: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Axes:
    """What was learned. The arrays belong to it and are not written to."""

    terms: tuple[str, ...]  # stems, by the alphabet
    idf: Vector  # shape (terms,)
    directions: Matrix  # shape (terms, directions), orthonormal, the strongest first
    middle: Vector  # shape (directions,), where the background's papers lie in the mean
    fields: tuple[str, ...]  # categories, by the alphabet
    readings: Matrix  # shape (directions, fields): how a direction speaks for a field
    topics: TopicMap
    papers: int  # of the background
    common: frozenset[str]  # stems of more papers than a term may have
    column: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", {term: at for at, term in enumerate(self.terms)})

    def rows(self, reading: Reading) -> sparse.csr_array:
        """Weigh the words of papers by (1 + ln count) idf, at length 1; unknown ones are passed over.

        Returns:
            Shape (papers, terms). A paper without a known word has an empty row.

        Source:
            Salton and Buckley, Term-weighting approaches in automatic text retrieval (1988).
        """
        known = self.column
        spelled = [tuple(known[one] for one in stems if one in known) for stems in _stems(reading)]
        return _weighed(_counts(reading, spelled, len(self.terms)), self.idf)

    def place(self, rows: sparse.csr_array) -> Matrix:
        """Give papers their coordinates.

        Returns:
            Shape (papers, coordinates), at length 1; zeros for an empty row.
        """
        return _placed(np.asarray(rows @ self.directions), self.middle, self.readings)


def read(papers: Iterable[Paper]) -> Reading:
    """Read papers once for all that is done with them."""
    reading = Reading()
    reading.read(papers)
    return reading


def _stems(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Give the stems of each different token: of a word one, of a script without spaces its pairs."""
    for token in reading.number:
        bare = token[1:] if is_joined(token) else token
        if not bare.isascii():
            yield tuple(word for run in cut(bare) for word in run if not word.isdigit())
            continue
        word = bare.lower()
        is_word = len(word) > 1 and word.isalnum() and not word.isdigit() and word not in STOP_WORDS
        yield (stem(word),) if is_word else ()


def _counts(reading: Reading, spelled: Sequence[Sequence[int]], columns: int) -> sparse.csr_array:
    """Count what the tokens are spelled as, paper by paper; a title counts more."""
    token = np.frombuffer(reading.tokens, dtype=np.int32)
    ends = np.frombuffer(reading.ends, dtype=np.int64)
    title_ends = np.frombuffer(reading.title_ends, dtype=np.int64)
    places = np.arange(len(token))
    paper = np.searchsorted(ends, places, side="right")
    times = np.ones(len(token))
    if len(ends):
        times[places < title_ends[paper]] = TITLE_TIMES
    tokens = sparse.coo_array((times, (paper, token)), shape=(len(ends), len(spelled))).tocsr()
    starts = np.concatenate([[0], np.cumsum([len(one) for one in spelled])]).astype(np.int64)
    where = np.array([at for one in spelled for at in one], dtype=np.int64)
    spelling = sparse.csr_array((np.ones(len(where)), where, starts), shape=(len(spelled), columns))
    counted = sparse.csr_array(tokens @ spelling)
    counted.sum_duplicates()
    return counted


def learn_axes(papers: Sequence[Paper]) -> Axes:
    """Learn axes from the papers of the past, in whatever order they come. 0.3 ms a paper.

    Args:
        papers: Some twenty thousand are plenty. Of none, nothing is learned and no paper has a place.

    Source:
        Latent semantic indexing: Deerwester et al. (1990). Subspace iteration: Halko, Martinsson and Tropp,
        Finding structure with randomness (2011). Fields: ridge regression, Hoerl and Kennard (1970).
    """
    ordered = sorted(papers, key=lambda paper: (paper.listed_on, paper.work_id, paper.title, paper.abstract))
    reading = read(ordered)
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    spelled = [tuple(number[one] for one in stems) for stems in _stems(reading)]
    counted = _counts(reading, spelled, len(number))
    chosen, terms, idf, common = _vocabulary(counted, list(number))
    rows = _weighed(counted[:, chosen], idf)
    directions = _directions(rows)
    seen = np.asarray(rows @ directions)
    middle = seen.mean(axis=0) if ordered else np.zeros(directions.shape[1])
    fields, readings = _fields(ordered, seen - middle)
    return Axes(
        terms=terms,
        idf=idf,
        directions=directions,
        middle=middle,
        fields=fields,
        readings=readings,
        topics=learn_map(_placed(seen, middle, readings)),
        papers=len(ordered),
        common=common,
    )


def _vocabulary(
    counted: sparse.csr_array, names: Sequence[str]
) -> tuple[np.ndarray, tuple[str, ...], Vector, frozenset[str]]:
    """Choose the stems that tell papers apart, and weigh them by ln((1 + papers) / (1 + holders)) + 1.

    Returns:
        Their columns, their names, by the alphabet, and their weights; and what was too common.
    """
    papers = counted.shape[0]
    holders = np.bincount(counted.indices, minlength=len(names))
    is_small = papers < SMALL
    least, most = (2, papers) if is_small else (LEAST_PAPERS, MOST_SHARE * papers)
    fit = np.flatnonzero((holders >= least) & (holders <= most))
    kept = sorted((-int(holders[at]), names[at], at) for at in map(int, fit))[:MOST_TERMS]
    by_name = sorted((name, at) for _, name, at in kept)
    chosen = np.array([at for _, at in by_name], dtype=np.int64)
    idf = np.log((1 + papers) / (1.0 + holders[chosen])) + 1
    common = frozenset(names[int(at)] for at in np.flatnonzero(holders > most))
    return chosen, tuple(name for name, _ in by_name), idf, common


def _weighed(counted: sparse.csr_array, idf: Vector) -> sparse.csr_array:
    counted.sort_indices()
    weights = (1 + np.log(counted.data)) * idf[counted.indices]
    row = np.repeat(np.arange(counted.shape[0]), np.diff(counted.indptr))
    length = np.sqrt(np.bincount(row, weights**2, minlength=counted.shape[0]))
    return sparse.csr_array((weights / length[row], counted.indices, counted.indptr), shape=counted.shape)


def _directions(rows: sparse.csr_array) -> Matrix:
    """Find the strongest directions of the rows. Shape (terms, directions); see `Axes`."""
    papers, terms = rows.shape
    kept = min(DIRECTIONS, papers, terms)
    tried = min(kept + _SPARE, papers, terms)
    basis = np.random.default_rng(_SEED).standard_normal((terms, tried))
    for _ in range(_ROUNDS):
        basis = linalg.qr(rows.T @ (rows @ basis), mode="economic", check_finite=False)[0]
    seen = rows @ basis
    energy, turn = linalg.eigh(seen.T @ seen, check_finite=False)
    found: Matrix = basis @ turn[:, np.argsort(-energy, kind="stable")[:kept]]
    return found


def _fields(papers: Sequence[Paper], moved: Matrix) -> tuple[tuple[str, ...], Matrix]:
    """Learn by ridge regression how a paper of each field lies; of one field alone nothing is learned."""
    members: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, paper in enumerate(papers):
        for rank, name in enumerate(dict.fromkeys(paper.categories)):
            members[name].append((at, SECONDARY if rank else 1.0))
    names = tuple(sorted(name for name, held in members.items() if len(held) >= FIELD_PAPERS))
    if len(names) < 2:  # noqa: PLR2004 - two, to tell one from the other
        return (), np.zeros((moved.shape[1], 0))
    membership = np.zeros((len(papers), len(names)))
    for at, name in enumerate(names):
        rows, weights = zip(*members[name], strict=True)
        membership[list(rows), at] = weights
    energy = moved.T @ moved
    energy.flat[:: len(energy) + 1] += _RIDGE * np.trace(energy) / len(energy) + _EPSILON
    membership -= membership.mean(axis=0)
    return names, np.asarray(linalg.solve(energy, moved.T @ membership, assume_a="pos", check_finite=False))


def _placed(seen: Matrix, middle: Vector, readings: Matrix) -> Matrix:
    is_empty = ~np.any(seen, axis=1)
    reads = (seen - middle) @ readings
    reads[is_empty] = 0.0
    return unit(np.hstack([unit(seen[:, :PLACED]), FIELD_WEIGHT * unit(reads)]))


def unit(rows: Matrix) -> Matrix:
    """Bring rows to length 1; zeros stay."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > _EPSILON, length, np.inf))
