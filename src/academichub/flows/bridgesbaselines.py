"""Order pairs of papers of different archives by simple methods, to hold bridges against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from scipy import sparse

from academichub.briefing.fieldlift import Lifts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from academichub.briefing.concepts import Concepts
    from academichub.model.briefing import Paper

Pair: TypeAlias = tuple[int, int]

RARE: Final = 0.002  # of the background that uses a phrase
MOST_PAIRS: Final = 20_000  # that are put in order


@dataclass(frozen=True, slots=True)
class Table:
    """Which papers use which concepts."""

    uses: sparse.csr_array  # shape (papers, concepts), 1 where one is used
    categories: tuple[str, ...]  # of each paper
    concepts: Concepts


def lay_out(papers: Sequence[Paper], concepts: Concepts) -> Table:
    """Find the concepts of papers."""
    rows, columns = [], []
    for at, paper in enumerate(papers):
        numbers = sorted(concepts.of(paper).numbers)
        rows += [at] * len(numbers)
        columns += numbers
    uses = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(papers), len(concepts)))
    return Table(uses, tuple(paper.category for paper in papers), concepts)


def by_cosine(table: Table, archives: Sequence[str]) -> list[Pair]:
    """Order by the cosine of weighted phrases."""
    weighted = table.uses * table.concepts.idf[None, :]
    length = np.sqrt(np.asarray(weighted.power(2).sum(axis=1)).ravel())
    unit = sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1e-12)) @ weighted)
    return _ordered(np.asarray((unit @ unit.T).todense()), archives)


def by_rare(table: Table, archives: Sequence[str]) -> list[Pair]:
    """Order by how many rare phrases are shared, each by its idf."""
    concepts = table.concepts
    weight = np.where(concepts.df <= RARE * concepts.papers, concepts.idf, 0.0)
    weighted = sparse.csr_array(table.uses @ sparse.diags_array(weight))
    return _ordered(np.asarray((weighted @ table.uses.T).todense()), archives)


def by_lift(table: Table, archives: Sequence[str]) -> list[Pair]:
    """Order by the shared phrases, each by its idf and how differently the two fields use it."""
    concepts, lifts = table.concepts, Lifts(table.concepts)
    used = np.flatnonzero(np.asarray(table.uses.sum(axis=0)).ravel())
    names = sorted(set(table.categories))
    lift = np.array([[lifts.lift(int(one), name) for one in used] for name in names]).reshape(
        len(names), len(used)
    )
    uses, idf = sparse.csr_array(table.uses[:, used]), concepts.idf[used]
    members = [np.flatnonzero([one == name for one in table.categories]) for name in names]
    scores = np.zeros((len(archives), len(archives)))
    for one in range(len(names)):
        for other in range(one + 1, len(names)):
            weight = idf * np.abs(lift[one] - lift[other])
            left = sparse.csr_array(uses[members[one]] @ sparse.diags_array(weight))
            block = np.asarray((left @ uses[members[other]].T).todense())
            scores[np.ix_(members[one], members[other])] = block
            scores[np.ix_(members[other], members[one])] = block.T
    return _ordered(scores, archives)


def _ordered(scores: NDArray[np.float64], archives: Sequence[str]) -> list[Pair]:
    """Order the pairs of different archives that share anything, the best first; equal ones by place."""
    number = np.unique(np.array(archives), return_inverse=True)[1]
    one, other = np.nonzero(np.triu(number[:, None] != number[None, :]) & (scores > 0))
    order = np.argsort(-scores[one, other], kind="stable")[:MOST_PAIRS]
    return list(zip(one[order].tolist(), other[order].tolist(), strict=True))


BASELINES: Final[Mapping[str, Callable[[Table, Sequence[str]], list[Pair]]]] = {
    "cosine": by_cosine,
    "rare-phrases": by_rare,
    "field-lift": by_lift,
}
